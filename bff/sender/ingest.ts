// Sends events to the service in batches, and again until they are acknowledged. One request is under way at a time, so that
// a service in trouble is not asked for more.
import { backOffMilliseconds } from './back-off.ts';
import { IngestError, type IngestErrorCode } from './ingest-error.ts';
import { eventOf, queuedEvent, type IngestEvent, type QueuedEvent } from './ingest-event.ts';
import { bytesOfARequest, checkOptions, type CheckedOptions, type IngestOptions } from './ingest-options.ts';
import { postBatch, type Outcome } from './post-batch.ts';

export interface Ingest {
  /**
   * Takes an event, at once and in any case, and never throws. Resolves when there is room for the next: whoever awaits it
   * before going on keeps the queue within `queueBytes`.
   */
  enqueue(event: IngestEvent): Promise<void>;
  /** Sends what waits. Resolves when all that was enqueued before is stored, or told to `onRejected` or `onError`. Never rejects. */
  flush(): Promise<void>;
  /**
   * Takes no more events, and sends what waits. Resolves when that is done, or after the time given (default 10 s); events
   * that are not acknowledged by then are told to `onError`. Never rejects. Events that wait when a process ends without it
   * are lost: the sender's timers do not keep a process alive.
   */
  shutdown(options?: { readonly timeoutMilliseconds?: number }): Promise<void>;
}

interface Waiting {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function waiting(): Waiting {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

class BatchingIngest implements Ingest {
  readonly #options: CheckedOptions;
  /** The events that wait; those under way are taken out. */
  readonly #queue: QueuedEvent[] = [];
  /** Of the events that wait, and of these and those under way. */
  #queuedBytes = 0;
  #bytes = 0;
  #enqueued = 0;
  /** How many were stored or told to a callback. They are settled in the order in which they came. */
  #settled = 0;
  #flushes: (Waiting & { readonly upTo: number })[] = [];
  #room: Waiting | undefined;
  #isSending = false;
  #dueTimer: NodeJS.Timeout | undefined;
  #pauseTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  /** Cuts the pause short that the sender makes of its own accord, once the process waits for its end. */
  readonly #hurry = new AbortController();
  readonly #over = new AbortController();

  constructor(options: CheckedOptions) {
    this.#options = options;
  }

  enqueue(event: IngestEvent): Promise<void> {
    const { delayMilliseconds, queueBytes } = this.#options;
    let queued: QueuedEvent;
    try {
      queued = queuedEvent(event, performance.now() + delayMilliseconds);
    } catch {
      this.#tellError('invalid_event', 'An event cannot be written as JSON', () => [event]);
      return Promise.resolve();
    }
    if (this.#closing || queued.bytes + 2 > bytesOfARequest) {
      const code = this.#closing ? 'shut_down' : 'invalid_event';
      const message = this.#closing
        ? 'An event came after shutdown'
        : 'An event is more than a request holds';
      this.#tellError(code, message, () => [eventOf(queued)]);
      return Promise.resolve();
    }
    this.#queue.push(queued);
    this.#enqueued += 1;
    this.#queuedBytes += queued.bytes;
    this.#bytes += queued.bytes;
    if (this.#bytes > queueBytes) this.#room ??= waiting();
    this.#advance();
    return this.#room?.promise ?? Promise.resolve();
  }

  flush(): Promise<void> {
    if (this.#settled >= this.#enqueued) return Promise.resolve();
    const flush = { ...waiting(), upTo: this.#enqueued };
    this.#flushes.push(flush);
    this.#advance();
    return flush.promise;
  }

  shutdown({ timeoutMilliseconds = 10_000 }: { readonly timeoutMilliseconds?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(timeoutMilliseconds);
    return this.#closing;
  }

  async #close(milliseconds: number): Promise<void> {
    const flushed = this.flush();
    const timer = setTimeout(() => {
      this.#over.abort();
    }, milliseconds);
    this.#hurry.abort();
    await flushed;
    clearTimeout(timer);
  }

  /** Whether somebody waits for events to be sent, who must not wait for a process that has ended. */
  get #isAwaited(): boolean {
    return this.#flushes.length > 0 || this.#room !== undefined;
  }

  #isDue(oldest: QueuedEvent): boolean {
    return (
      this.#isAwaited ||
      this.#queue.length >= this.#options.eventsPerRequest ||
      this.#queuedBytes >= this.#options.bytesPerRequest ||
      performance.now() >= oldest.dueAt
    );
  }

  /** Does what is next: sends, or waits until the oldest event is due. */
  #advance(): void {
    if (this.#isAwaited) this.#pauseTimer?.ref();
    const [oldest] = this.#queue;
    if (this.#isSending || !oldest) return;
    if (this.#isDue(oldest)) {
      clearTimeout(this.#dueTimer);
      this.#dueTimer = undefined;
      this.#isSending = true;
      void this.#sendDue();
      return;
    }
    this.#dueTimer ??= setTimeout(
      () => {
        this.#dueTimer = undefined;
        this.#advance();
      },
      Math.ceil(oldest.dueAt - performance.now()),
    ).unref();
  }

  async #sendDue(): Promise<void> {
    for (let [oldest] = this.#queue; oldest && this.#isDue(oldest); [oldest] = this.#queue) {
      const batch = this.#takeBatch();
      await this.#deliver(batch);
      this.#settle(batch);
    }
    this.#isSending = false;
    this.#advance();
  }

  #takeBatch(): QueuedEvent[] {
    const { eventsPerRequest, bytesPerRequest } = this.#options;
    let count = 0;
    // The brackets, and a comma after each.
    let bytes = 2;
    for (const event of this.#queue) {
      const isFull = count >= eventsPerRequest || bytes + event.bytes + 1 > bytesPerRequest;
      if (isFull && count > 0) break;
      count += 1;
      bytes += event.bytes + 1;
    }
    const batch = this.#queue.splice(0, count);
    for (const event of batch) this.#queuedBytes -= event.bytes;
    return batch;
  }

  #settle(batch: readonly QueuedEvent[]): void {
    this.#settled += batch.length;
    for (const event of batch) this.#bytes -= event.bytes;
    if (this.#bytes <= this.#options.queueBytes) {
      this.#room?.resolve();
      this.#room = undefined;
    }
    for (const { upTo, resolve } of this.#flushes) if (upTo <= this.#settled) resolve();
    this.#flushes = this.#flushes.filter(({ upTo }) => upTo > this.#settled);
  }

  /** Sends a batch until it is stored, refused or given up, and tells of what is not stored. */
  async #deliver(batch: readonly QueuedEvent[]): Promise<void> {
    const { url, apiKey, requestMilliseconds: milliseconds, retryMilliseconds } = this.#options;
    const { signal } = this.#over;
    const events = batch.map(({ json }) => json);
    const until = performance.now() + retryMilliseconds;
    let outcome: Outcome | undefined;
    for (let failures = 1; !signal.aborted; failures += 1) {
      outcome = await postBatch({ url, apiKey, events, milliseconds, signal });
      if (outcome.kind === 'stored') {
        this.#tellRejected(batch, outcome.rejected);
        return;
      }
      if (outcome.kind === 'refused') {
        this.#tellLost(batch, 'refused', `the service refuses them (${outcome.status})`, outcome);
        return;
      }
      const left = until - performance.now();
      const isClosing = this.#closing !== undefined;
      const pause = outcome.retryAfter ?? backOffMilliseconds(failures, isClosing);
      const isOfOwnAccord = outcome.retryAfter === null && !isClosing;
      if (left > 0) await this.#pause(Math.min(pause, left), isOfOwnAccord ? this.#hurry.signal : signal);
      if (pause >= left && !signal.aborted) {
        this.#tellLost(batch, 'gave_up', outcome.reason, outcome);
        return;
      }
    }
    const reason = outcome?.kind === 'failed' ? outcome.reason : 'there was no time';
    this.#tellLost(batch, 'shut_down', reason, outcome?.kind === 'failed' ? outcome : undefined);
  }

  /** Waits; the process may end meanwhile unless somebody waits for the events. */
  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#pauseTimer = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      if (!this.#isAwaited) timer.unref();
      this.#pauseTimer = timer;
      signal.addEventListener('abort', end, { once: true });
    });
  }

  #tellRejected(
    batch: readonly QueuedEvent[],
    rejected: Extract<Outcome, { kind: 'stored' }>['rejected'],
  ): void {
    if (rejected.length === 0) return;
    const rejections = rejected.flatMap(({ index, errors }) => {
      const event = batch[index];
      return event ? [{ event: eventOf(event), errors }] : [];
    });
    this.#tell(this.#options.onRejected, rejections);
  }

  #tellLost(
    batch: readonly QueuedEvent[],
    code: IngestErrorCode,
    reason: string,
    answer?: { readonly status: number | null; readonly requestId: string | null },
  ): void {
    const message = `${batch.length} events are given up: ${reason}`;
    this.#tellError(code, message, () => batch.map(eventOf), answer);
  }

  #tellError(...[code, message, events, answer]: ConstructorParameters<typeof IngestError>): void {
    this.#tell(this.#options.onError, new IngestError(code, message, events, answer));
  }

  /** What a callback throws is the host's own, and must not stop the sender; a process warning tells of it. */
  #tell<Value>(callback: (value: Value) => unknown, value: Value): void {
    new Promise((resolve) => {
      resolve(callback(value));
    }).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : typeof error;
      process.emitWarning(`A callback of the sender threw (${name})`, 'JourneyAnalyticsWarning');
    });
  }
}

/**
 * Makes a sender of events for one workspace. Make one a process and keep it.
 * @throws TypeError, RangeError when an option is not what it must be
 */
export function createIngest(options: IngestOptions): Ingest {
  return new BatchingIngest(checkOptions(options));
}
