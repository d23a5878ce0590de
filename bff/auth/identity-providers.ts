// Tokens that a host's own identity provider signs. Which provider, and so which workspace, is decided by the issuer.
import { hash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';
import { withIssuerHash, type Database } from '../../db/client.ts';
import { selectIdentityProvider, type IdentityProviderRow } from '../../db/queries/credentials.ts';
import { providerTokenClaimsSchema, type ProviderTokenClaims } from '../contract/index.ts';
import type { DescribedError } from '../describe-error.ts';
import { defaultKeyFetching, providerKeys, type KeyFetching } from './provider-keys.ts';
import { isOfItsTime, tokenRules } from './token-rules.ts';

/** Signatures with a public key only: with a shared secret, whoever verifies could sign. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** How long it is remembered which provider an issuer is, and that it is none: so soon a removal is heeded. */
const rememberMilliseconds = 5_000;
/** How many issuers are remembered; strangers can claim any number. */
const rememberedIssuers = 1_000;

export function hashOfIssuer(issuer: string): string {
  return hash('sha256', issuer, 'hex');
}

/** Who a token says has signed it, which nobody has verified; undefined when it says nothing of the kind. */
export function claimedIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

interface Remembered {
  readonly until: number;
  readonly provider: Promise<IdentityProviderRow | undefined>;
}

export class IdentityProviders {
  readonly #database: Database;
  readonly #report: (identityProviderId: string, failure: DescribedError) => void;
  readonly #fetching: KeyFetching;
  /** By the hash of the issuer, those asked for last at the end. */
  readonly #remembered = new Map<string, Remembered>();
  /** By the provider's id and URL. There are as many as operators have registered. */
  readonly #keys = new Map<string, { readonly url: string; readonly keys: JWTVerifyGetKey }>();

  /** @param report told when a provider's keys cannot be fetched */
  constructor(
    database: Database,
    report: (identityProviderId: string, failure: DescribedError) => void,
    fetching: KeyFetching = defaultKeyFetching,
  ) {
    this.#database = database;
    this.#report = report;
    this.#fetching = fetching;
  }

  /**
   * Verifies a token.
   * @param issuer whom the token claims to be of; only a registered one leads to any fetch, and to its own URL
   * @returns the provider and the claims, or undefined when the token is none of a registered provider
   * @throws KeysUnavailable
   */
  async verify(
    token: string,
    issuer: string,
  ): Promise<{ provider: IdentityProviderRow; claims: ProviderTokenClaims } | undefined> {
    const provider = await this.#find(issuer);
    if (!provider) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#keysOf(provider), {
        ...tokenRules,
        algorithms,
        issuer,
      });
      if (!isOfItsTime(payload)) return undefined;
      const claims = v.safeParse(providerTokenClaimsSchema, payload);
      return claims.success ? { provider, claims: claims.output } : undefined;
    } catch (error) {
      // Whatever jose refuses is no token; that keys cannot be had is thrown on.
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async #find(issuer: string): Promise<IdentityProviderRow | undefined> {
    const digest = hashOfIssuer(issuer);
    const known = this.#remembered.get(digest);
    if (known && Date.now() < known.until) return known.provider;
    const provider = withIssuerHash(this.#database, digest, (tx) => selectIdentityProvider(tx, digest));
    const remembered = { until: Date.now() + rememberMilliseconds, provider };
    this.#remembered.delete(digest);
    this.#remembered.set(digest, remembered);
    if (this.#remembered.size > rememberedIssuers) {
      const oldest = this.#remembered.keys().next();
      if (!oldest.done) this.#remembered.delete(oldest.value);
    }
    try {
      return await provider;
    } catch (error) {
      // That the database could not be asked is no answer.
      if (this.#remembered.get(digest) === remembered) this.#remembered.delete(digest);
      throw error;
    }
  }

  #keysOf({ identityProviderId, jwksUrl }: IdentityProviderRow): JWTVerifyGetKey {
    const known = this.#keys.get(identityProviderId);
    if (known?.url === jwksUrl) return known.keys;
    const keys = providerKeys(jwksUrl, this.#fetching, (failure) => {
      this.#report(identityProviderId, failure);
    });
    this.#keys.set(identityProviderId, { url: jwksUrl, keys });
    return keys;
  }
}
