// One BFF and one way to get tokens: every element that names the same two shares the token and the requests.
import { failureOf, LoadFailure } from './load-failure.ts';
import { Resource, type Answer } from './resource.ts';
import { TokenSource, type GetToken } from './token-source.ts';

const timeOut = 15_000;
/** Resources nobody draws are kept for a while, since a range is often chosen again. */
const kept = 20;

export class Connection {
  readonly #base: URL;
  readonly #tokens: TokenSource;
  readonly #resources = new Map<string, Resource>();
  #watching = 0;

  /** @throws TypeError for an endpoint that is no http or https address */
  constructor(endpoint: string, getToken: GetToken) {
    const base = new URL(endpoint, document.baseURI);
    if (base.protocol !== 'https:' && base.protocol !== 'http:') {
      throw new TypeError('endpoint must be an http or https address');
    }
    base.pathname = `${base.pathname.replace(/\/+$/, '')}/`;
    this.#base = base;
    this.#tokens = new TokenSource(getToken);
  }

  /** The resource at `path`, such as `v1/journeys/welcome/flow`. One for all who ask. */
  resource(path: string): Resource {
    const known = this.#resources.get(path);
    if (known) return known;
    const resource = new Resource((etag, signal, urgent) => this.#get(path, etag, signal, urgent));
    this.#resources.set(path, resource);
    if (this.#resources.size > kept) {
      for (const [old, { watched }] of this.#resources) {
        if (watched || old === path) continue;
        this.#resources.delete(old);
        break;
      }
    }
    return resource;
  }

  /** Says that an element is there, until the returned function is called: live updates run only then. */
  attach(): () => void {
    this.#watching += 1;
    if (this.#watching === 1) {
      document.addEventListener('visibilitychange', this.#onVisibility);
      addEventListener('online', this.#onOnline);
      this.#tokens.setActive(true);
    }
    let attached = true;
    return () => {
      if (!attached) return;
      attached = false;
      this.#watching -= 1;
      if (this.#watching > 0) return;
      document.removeEventListener('visibilitychange', this.#onVisibility);
      removeEventListener('online', this.#onOnline);
      this.#tokens.setActive(false);
    };
  }

  readonly #onVisibility = (): void => {
    if (!document.hidden) this.#tokens.forgetFailures();
    for (const resource of this.#resources.values()) {
      if (document.hidden) resource.pause();
      else resource.resume();
    }
  };

  readonly #onOnline = (): void => {
    this.#tokens.forgetFailures();
    for (const resource of this.#resources.values()) resource.resume();
  };

  async #get(path: string, etag: string | null, signal: AbortSignal, urgent: boolean): Promise<Answer> {
    if (urgent) this.#tokens.forgetFailures();
    const token = await this.#tokens.token();
    signal.throwIfAborted();
    let response = await this.#fetch(path, token, etag, signal);
    if (response.status === 401) {
      const renewed = await this.#tokens.replace(token);
      signal.throwIfAborted();
      response = await this.#fetch(path, renewed, etag, signal);
    }
    if (response.status === 304) return 'unchanged';
    if (!response.ok) throw await failureOf(response);
    try {
      return { data: await response.json(), etag: response.headers.get('ETag') };
    } catch (cause) {
      signal.throwIfAborted();
      throw new LoadFailure('invalid_answer', { status: response.status, cause });
    }
  }

  async #fetch(path: string, token: string, etag: string | null, signal: AbortSignal): Promise<Response> {
    const headers = new Headers({ Authorization: `Bearer ${token}`, Accept: 'application/json' });
    if (etag !== null) headers.set('If-None-Match', etag);
    try {
      return await fetch(new URL(path, this.#base), {
        headers,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeOut)]),
      });
    } catch (cause) {
      signal.throwIfAborted();
      const late = cause instanceof DOMException && cause.name === 'TimeoutError';
      throw new LoadFailure(late ? 'timeout' : 'network', { cause });
    }
  }
}

/** Connections live as long as the host's getToken does, so that tokens are never kept longer. */
const connections = new WeakMap<GetToken, Map<string, Connection>>();

/** The connection for an endpoint and a getToken. @throws TypeError for an endpoint that is no http address */
export function connectionFor(endpoint: string, getToken: GetToken): Connection {
  let ofToken = connections.get(getToken);
  if (!ofToken) {
    ofToken = new Map();
    connections.set(getToken, ofToken);
  }
  const known = ofToken.get(endpoint);
  if (known) return known;
  const connection = new Connection(endpoint, getToken);
  ofToken.set(endpoint, connection);
  return connection;
}
