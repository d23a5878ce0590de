// The public keys of one identity provider, fetched from the URL that was registered for it and from nowhere else.
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';
import { describeError, type DescribedError } from '../describe-error.ts';

/** How keys are fetched and kept; times in milliseconds. */
export interface KeyFetching {
  /** How long fetched keys are used before they are fetched again. */
  readonly cacheMaxAge: number;
  /** How soon after a fetch a token with an unknown key may cause the next. */
  readonly cooldownDuration: number;
  /** How long a fetch may take. */
  readonly timeoutDuration: number;
  /** How long after a fetch that failed the next is tried. */
  readonly retryDuration: number;
}

export const defaultKeyFetching: KeyFetching = {
  cacheMaxAge: 600_000,
  cooldownDuration: 30_000,
  timeoutDuration: 5_000,
  retryDuration: 5_000,
};

/** More than any set of keys is long. */
const longestSet = 1_000_000;

/** The keys cannot be had, so nothing can be said about a token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  /** When to try again. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super('The keys of an identity provider cannot be had', options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

async function readBounded(response: Response): Promise<Response> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > longestSet) throw new Error('The set of keys is too long');
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: response.status });
}

/**
 * Finds the key of a token among those of a provider.
 * @param report told of each fetch that fails
 * @returns what throws jose's error when no one key fits the token, and KeysUnavailable when the keys cannot be had
 */
export function providerKeys(
  url: string,
  fetching: KeyFetching,
  report: (failure: DescribedError) => void,
): JWTVerifyGetKey {
  const { retryDuration, ...options } = fetching;
  let retryAt = 0;
  // Strangers can ask for a fetch, by a token with an unknown key; while the provider fails they cannot ask often.
  const fetchAgain: FetchImplementation = async (address, how) => {
    if (Date.now() < retryAt) throw new Error('The last fetch has failed just now');
    try {
      const response = await fetch(address, how);
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error('The set of keys was not answered with 200');
      }
      return await readBounded(response);
    } catch (error) {
      retryAt = Date.now() + retryDuration;
      report(describeError(error));
      throw error;
    }
  };
  const keys = createRemoteJWKSet(new URL(url), { ...options, [customFetch]: fetchAgain });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const saysNo = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
      if (saysNo.some((kind) => error instanceof kind)) throw error;
      const wait = Math.max(retryAt - Date.now(), 1_000);
      throw new KeysUnavailable(Math.ceil(wait / 1_000), { cause: error });
    }
  };
}
