// One BFF and one way to get tokens: every element that names the same two shares the token and the requests.
import { LiveChanges } from './live-changes.ts';
import { changesPath, journeyOfPath } from './paths.ts';
import { Requests } from './requests.ts';
import { Resource, type Answer } from './resource.ts';
import { TokenSource, type GetToken } from './token-source.ts';

/** Resources nobody draws are kept for a while, since a range is often chosen again. */
const kept = 20;

export class Connection {
  readonly #tokens: TokenSource;
  readonly #requests: Requests;
  readonly #resources = new Map<string, Resource>();
  /** By the journey's part of the path. */
  readonly #live = new Map<string, LiveChanges>();
  #watching = 0;

  /** @throws TypeError for an endpoint that is no http or https address */
  constructor(endpoint: string, getToken: GetToken) {
    this.#tokens = new TokenSource(getToken);
    this.#requests = new Requests(endpoint, this.#tokens);
  }

  /** The resource at `path`, such as `v1/journeys/welcome/flow`. One for all who ask. */
  resource(path: string): Resource {
    const known = this.#resources.get(path);
    if (known) return known;
    const journey = journeyOfPath(path);
    const resource = new Resource(
      (etag, signal, urgent) => this.#get(path, etag, signal, urgent),
      () => this.#followChanges(journey),
    );
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

  /** Asks for something to be made; see the contract for what comes back. @throws LoadFailure */
  async post(path: string, signal: AbortSignal, body?: unknown): Promise<unknown> {
    return this.#requests.post(path, signal, body);
  }

  /** Asks once for what is no resource. @throws LoadFailure */
  async ask(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#requests.get(path, null, signal);
    return answer === 'unchanged' ? undefined : answer.data;
  }

  /** An address that the BFF gave, in full; undefined for one of another server. */
  resolve(address: string): URL | undefined {
    return this.#requests.resolve(address);
  }

  /** What the token allows, to show or not to show a button; undefined when the token does not tell. */
  async scopes(): Promise<readonly string[] | undefined> {
    return this.#tokens.scopes();
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
    for (const journey of this.#live.keys()) this.#followChanges(journey);
  };

  readonly #onOnline = (): void => {
    this.#tokens.forgetFailures();
    for (const resource of this.#resources.values()) resource.resume();
    for (const live of this.#live.values()) live.hurry();
  };

  /** Opens the journey's stream while somebody looks at its numbers on a page that can be seen, else closes it. */
  #followChanges(journey: string | undefined): void {
    if (journey === undefined) return;
    const wanted = !document.hidden && this.#watched(journey).length > 0;
    let live = this.#live.get(journey);
    if (!live) {
      if (!wanted) return;
      live = new LiveChanges(
        (signal) => this.#requests.open(changesPath(journey), signal),
        () => this.#watched(journey),
      );
      this.#live.set(journey, live);
    }
    live.follow(wanted);
    // One that joins a stream that is open already need not ask by time.
    if (live.live) for (const resource of this.#watched(journey)) resource.setLive(true);
  }

  #watched(journey: string): Resource[] {
    return [...this.#resources]
      .filter(([path, { watched }]) => watched && journeyOfPath(path) === journey)
      .map(([, resource]) => resource);
  }

  async #get(path: string, etag: string | null, signal: AbortSignal, urgent: boolean): Promise<Answer> {
    if (urgent) this.#tokens.forgetFailures();
    return this.#requests.get(path, etag, signal);
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
