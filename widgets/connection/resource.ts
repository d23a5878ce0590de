// One path of the API, kept up to date for all elements that draw it.
import { backOff } from './back-off.ts';
import type { Followed } from './live-changes.ts';
import { LoadFailure } from './load-failure.ts';

const pollEvery = 15_000;
const pollWhilePending = 2_000;
/** While the stream tells of changes, only what time itself changes is asked for: counting windows that close. */
const pollWhileLive = 60_000;
const missesToBeStale = 2;

/** What an element knows of a resource. The last good data stay when a later request fails. */
export interface ResourceState<T> {
  readonly data: T | undefined;
  readonly failure: LoadFailure | undefined;
  readonly loading: boolean;
  /** When the last good answer came, a 304 included; milliseconds since 1970. */
  readonly confirmedAt: number | undefined;
  /** Whether the data could not be refreshed: one missed refresh that nobody waited for says nothing yet. */
  readonly stale: boolean;
}

export type ResourceChange = 'loading' | 'data' | 'confirmed' | 'failure';
export type Subscriber = (change: ResourceChange) => void;

/** What a request gives: data with their tag, or the word that nothing changed. */
export type Answer = { readonly data: unknown; readonly etag: string | null } | 'unchanged';
export type Load = (etag: string | null, signal: AbortSignal, urgent: boolean) => Promise<Answer>;

function asOfOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('asOf' in data)) return undefined;
  return typeof data.asOf === 'string' ? data.asOf : undefined;
}

function isPending(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('pendingEvents' in data)) return false;
  return typeof data.pendingEvents === 'number' && data.pendingEvents > 0;
}

export class Resource implements Followed {
  readonly #load: Load;
  readonly #watchedChanged: () => void;
  readonly #subscribers = new Set<Subscriber>();
  #state: ResourceState<unknown> = {
    data: undefined,
    failure: undefined,
    loading: false,
    confirmedAt: undefined,
    stale: false,
  };
  #etag: string | null = null;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #dueAt = 0;
  #live = false;
  /** A change that came while a request was on its way, which may be answered from before it. */
  #owed: string | undefined;

  /** @param watchedChanged called when the first one looks, and when the last one leaves */
  constructor(load: Load, watchedChanged: () => void = () => undefined) {
    this.#load = load;
    this.#watchedChanged = watchedChanged;
  }

  get state(): ResourceState<unknown> {
    return this.#state;
  }

  get watched(): boolean {
    return this.#subscribers.size > 0;
  }

  /** Keeps the resource up to date until the returned function is called; the last to leave aborts and stops it. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    if (this.#subscribers.size === 1) {
      this.#wake();
      this.#watchedChanged();
    }
    return () => {
      if (!this.#subscribers.delete(subscriber) || this.watched) return;
      this.#stop();
      this.#watchedChanged();
    };
  }

  /** Asks now, as for a person who waits. */
  refresh(): void {
    this.#failures = 0;
    this.#start(true);
  }

  /** Goes on after the page was hidden or offline. */
  resume(): void {
    if (!this.watched) return;
    if (this.#state.failure?.retryable) this.#failures = 0;
    if (this.#state.failure?.retryable || Date.now() >= this.#dueAt) this.#start(false);
    else this.#schedule(this.#dueAt - Date.now());
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  setLive(live: boolean): void {
    if (this.#live === live) return;
    this.#live = live;
    const { data, failure, loading } = this.#state;
    if (!this.watched || loading || failure || data === undefined || isPending(data)) return;
    this.#schedule(live ? pollWhileLive : Math.min(pollEvery, Math.max(0, this.#dueAt - Date.now())));
  }

  /** @param certain whether the change is new; the first word of a stream may be what is drawn already */
  changed(asOf: string, certain: boolean): void {
    const { data, failure } = this.#state;
    const known = asOfOf(data);
    if (known === undefined ? !certain && data !== undefined : known >= asOf) {
      this.confirm();
      return;
    }
    if (this.#abort) this.#owed = asOf;
    // What failed is tried again at its own time: a busy journey must not make that sooner.
    else if (!failure) this.#start(false);
  }

  confirm(): void {
    const { data, failure, loading } = this.#state;
    if (!this.watched || data === undefined || failure || loading) return;
    this.#set({ ...this.#state, confirmedAt: Date.now() }, 'confirmed');
  }

  #wake(): void {
    if (Date.now() >= this.#dueAt) this.#start(false);
    else this.#schedule(this.#dueAt - Date.now());
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = undefined;
    this.#live = false;
    this.#owed = undefined;
    if (this.#state.loading) this.#state = { ...this.#state, loading: false };
  }

  #start(urgent: boolean): void {
    if (!this.watched) return;
    if (this.#abort && !urgent) return;
    this.#abort?.abort();
    clearTimeout(this.#timer);
    const abort = new AbortController();
    this.#abort = abort;
    this.#set({ ...this.#state, loading: true }, 'loading');
    void this.#ask(abort, urgent);
  }

  async #ask(abort: AbortController, urgent: boolean): Promise<void> {
    const outcome = await this.#load(
      this.#state.data === undefined ? null : this.#etag,
      abort.signal,
      urgent,
    ).catch((error: unknown) =>
      error instanceof LoadFailure ? error : new LoadFailure('network', { cause: error }),
    );
    // Nobody waits for it any more, or a later request has taken its place.
    if (abort.signal.aborted) return;
    this.#abort = undefined;
    if (outcome instanceof LoadFailure) this.#refuse(outcome, urgent);
    else this.#accept(outcome);
  }

  #accept(answer: Answer): void {
    this.#failures = 0;
    const data = answer === 'unchanged' ? this.#state.data : answer.data;
    if (answer !== 'unchanged') this.#etag = answer.etag;
    this.#schedule(isPending(data) ? pollWhilePending : this.#live ? pollWhileLive : pollEvery);
    this.#set(
      { data, failure: undefined, loading: false, confirmedAt: Date.now(), stale: false },
      answer === 'unchanged' ? 'confirmed' : 'data',
    );
    const owed = this.#owed;
    this.#owed = undefined;
    if (owed !== undefined && (asOfOf(data) ?? '') < owed) this.#start(false);
  }

  #refuse(failure: LoadFailure, urgent: boolean): void {
    this.#failures += 1;
    // What a person must not see any more goes; numbers that only could not be refreshed stay.
    const gone = failure.status === 403 || failure.status === 404;
    if (gone) this.#etag = null;
    this.#schedule(failure.retryable ? Math.max(backOff(this.#failures), failure.retryAfter) : pollEvery * 4);
    const data = gone ? undefined : this.#state.data;
    const stale = data !== undefined && (urgent || this.#failures >= missesToBeStale || this.#state.stale);
    this.#set({ ...this.#state, data, failure, loading: false, stale }, 'failure');
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = Date.now() + wait;
    if (!this.watched || document.hidden) return;
    this.#timer = setTimeout(() => this.#start(false), wait);
  }

  #set(state: ResourceState<unknown>, change: ResourceChange): void {
    this.#state = state;
    for (const subscriber of this.#subscribers) subscriber(change);
  }
}
