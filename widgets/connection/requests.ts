// Requests to one BFF: with the token in the header, once more with a new one after a 401, and with a limit of time.
import { failureOf, LoadFailure } from './load-failure.ts';
import type { Answer } from './resource.ts';
import type { TokenSource } from './token-source.ts';

const timeOut = 15_000;

interface RequestParts {
  readonly method?: 'GET' | 'POST';
  readonly accept?: string;
  readonly etag?: string | null;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export class Requests {
  readonly #base: URL;
  readonly #tokens: TokenSource;

  /** @throws TypeError for an endpoint that is no http or https address */
  constructor(endpoint: string, tokens: TokenSource) {
    // The typed client also runs where there is no document; an endpoint is then written in full.
    const base = new URL(endpoint, typeof document === 'undefined' ? undefined : document.baseURI);
    if (base.protocol !== 'https:' && base.protocol !== 'http:') {
      throw new TypeError('endpoint must be an http or https address');
    }
    base.pathname = `${base.pathname.replace(/\/+$/, '')}/`;
    this.#base = base;
    this.#tokens = tokens;
  }

  /** An address that the BFF gave, in full: it writes them from its own root, which may lie behind a path. */
  resolve(address: string): URL | undefined {
    const base = this.#base;
    const own = address.startsWith('/') ? address.replace(/^\/+/, '') : address;
    if (!URL.canParse(own, base)) return undefined;
    const resolved = new URL(own, base);
    return resolved.origin === base.origin ? resolved : undefined;
  }

  async get(path: string, etag: string | null, signal: AbortSignal): Promise<Answer> {
    const response = await this.#authorized(path, { etag }, signal);
    if (response.status === 304) return 'unchanged';
    return { data: await jsonOf(response, signal), etag: response.headers.get('ETag') };
  }

  /** Asks for something to be made, as a link to an export. */
  async post(path: string, signal: AbortSignal, body?: unknown): Promise<unknown> {
    return jsonOf(await this.#authorized(path, { method: 'POST', body }, signal), signal);
  }

  /** Opens a stream: the limit of time is only for its beginning. */
  async open(path: string, signal: AbortSignal): Promise<Response> {
    return this.#authorized(path, { accept: 'text/event-stream' }, signal);
  }

  async #authorized(path: string, parts: RequestParts, signal: AbortSignal): Promise<Response> {
    const token = await this.#tokens.token();
    signal.throwIfAborted();
    let response = await this.#fetch(path, token, parts, signal);
    if (response.status === 401) {
      const renewed = await this.#tokens.replace(token);
      signal.throwIfAborted();
      response = await this.#fetch(path, renewed, parts, signal);
    }
    if (!response.ok && response.status !== 304) throw await failureOf(response);
    return response;
  }

  async #fetch(
    path: string,
    token: string,
    { method = 'GET', accept = 'application/json', etag = null, body }: RequestParts,
    signal: AbortSignal,
  ): Promise<Response> {
    // A body must come in time too, but for a stream, whose body is meant to go on.
    const endless = accept === 'text/event-stream';
    const headers = new Headers({ Authorization: `Bearer ${token}`, Accept: accept });
    if (etag !== null) headers.set('If-None-Match', etag);
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('no answer', 'TimeoutError')), timeOut);
    try {
      return await fetch(new URL(path, this.#base), {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.any([signal, endless ? late.signal : AbortSignal.timeout(timeOut)]),
      });
    } catch (cause) {
      signal.throwIfAborted();
      const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
      throw new LoadFailure(timedOut ? 'timeout' : 'network', { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function jsonOf(response: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    signal.throwIfAborted();
    throw new LoadFailure('invalid_answer', { status: response.status, cause });
  }
}
