// Gives an element the numbers of one path, kept up to date while the element is on the page.
import type { ReactiveController } from 'lit';
import { connectionFor, type Connection } from '../connection/connection.ts';
import { LoadFailure } from '../connection/load-failure.ts';
import type { PathParts } from '../connection/paths.ts';
import type { Resource, ResourceChange, ResourceState } from '../connection/resource.ts';
import type { GetToken } from '../connection/token-source.ts';
import { DataLoadEvent } from '../events/data-load.ts';
import { LoadErrorEvent } from '../events/load-error.ts';
import type { JourneyElement } from '../internal/journey-element.ts';
import { MissingSettings } from '../internal/missing-settings.ts';

const nothingYet: ResourceState<never> = {
  data: undefined,
  failure: undefined,
  loading: false,
  confirmedAt: undefined,
  stale: false,
};

export interface JourneyResourceOptions<T> {
  /** The path to ask for, or null for nothing. Not called before endpoint, getToken and journey are known. */
  readonly path: (parts: PathParts) => string | null;
  /** What the host gave itself: then nothing is requested. */
  readonly given?: () => T | null;
  /** Whether the answer has the shape of T, as far as drawing needs it. */
  readonly isComplete: (data: unknown) => data is T;
  /** Whether the element tells the host what happens; parts of a whole do not. */
  readonly speaks?: () => boolean;
  /** Whether a failure may be told by now. One that may not is told when it may, if it has not passed until then. */
  readonly tellsFailure?: () => boolean;
}

export class JourneyResource<T> implements ReactiveController {
  readonly #host: JourneyElement;
  readonly #options: JourneyResourceOptions<T>;
  readonly #missing = new MissingSettings();
  #connection: Connection | undefined;
  #resource: Resource | undefined;
  #leave: (() => void) | undefined;
  #silenced = false;
  #untold = false;
  #misuse: LoadFailure | undefined;

  constructor(host: JourneyElement, options: JourneyResourceOptions<T>) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  get state(): ResourceState<T> {
    const given = this.#options.given?.() ?? null;
    if (given !== null) {
      // Hosts give what they got from a proxy of their own, so it is looked at like an answer.
      if (this.#options.isComplete(given)) return { ...nothingYet, data: given };
      return { ...nothingYet, failure: new LoadFailure('invalid_answer', { retryable: false }) };
    }
    if (this.#misuse) return { ...nothingYet, failure: this.#misuse };
    const state = this.#resource?.state ?? nothingYet;
    if (state.data === undefined || this.#options.isComplete(state.data)) return state as ResourceState<T>;
    return { ...state, data: undefined, failure: new LoadFailure('invalid_answer') };
  }

  /** Whether the host has taken the failure over by cancelling `load-error`. */
  get silenced(): boolean {
    return this.#silenced;
  }

  /** Whether a failure has not been told yet, since it may not be told by now. */
  get untold(): boolean {
    return this.#untold;
  }

  refresh(): void {
    this.#resource?.refresh();
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#missing.stop();
    this.#leave?.();
    this.#leave = undefined;
    this.#connection = undefined;
    this.#resource = undefined;
  }

  hostUpdate(): void {
    if (!this.#host.isConnected) return;
    const { endpoint, getToken, journey, from, to, compare } = this.#host.settings;
    const given = this.#options.given?.() ?? null;
    if (given === null) this.#missing.watch(this.#host.localName, () => this.#host.settings);
    else this.#missing.stop();
    const wanted = given === null && endpoint !== null && getToken !== null && journey !== null;
    const path = wanted ? this.#options.path({ journey, from, to, compare }) : null;
    const connection = wanted && path !== null ? this.#connect(endpoint, getToken) : undefined;
    const resource = path === null ? undefined : connection?.resource(path);
    if (connection === this.#connection && resource === this.#resource) {
      if (this.#untold && !this.state.loading) this.#tellFailure();
      return;
    }
    const before = this.#leave;
    this.#connection = connection;
    this.#resource = resource;
    this.#leave = undefined;
    this.#silenced = false;
    this.#untold = false;
    if (connection && resource) {
      const detach = connection.attach();
      const unsubscribe = resource.subscribe((change) => this.#changed(change));
      this.#leave = () => {
        unsubscribe();
        detach();
      };
    }
    // Only now, so that a connection used before and after is never idle in between.
    before?.();
  }

  #connect(endpoint: string, getToken: GetToken): Connection | undefined {
    try {
      const connection = connectionFor(endpoint, getToken);
      this.#misuse = undefined;
      return connection;
    } catch (cause) {
      this.#misuse = new LoadFailure('invalid_endpoint', { retryable: false, cause });
      return undefined;
    }
  }

  #changed(change: ResourceChange): void {
    this.#host.requestUpdate();
    if (this.#options.speaks?.() === false) return;
    const { data, failure } = this.state;
    if (failure) {
      if (change !== 'loading') this.#tellFailure();
      return;
    }
    this.#silenced = false;
    this.#untold = false;
    if (change !== 'data' || typeof data !== 'object' || data === null || !('asOf' in data)) return;
    if (typeof data.asOf === 'string') this.#host.dispatchEvent(new DataLoadEvent({ asOf: data.asOf }));
  }

  #tellFailure(): void {
    const { failure } = this.state;
    if (!failure) return;
    this.#untold = this.#options.tellsFailure?.() === false;
    if (this.#untold) return;
    const { code, status, retryable, requestId } = failure;
    const event = new LoadErrorEvent({ code, status, retryable, requestId });
    this.#silenced = !this.#host.dispatchEvent(event);
  }
}
