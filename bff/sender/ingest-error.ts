// What is told of events that were not stored. Neither the API key nor an event is in its text or in what a log prints of it.
import type { IngestEvent } from './ingest-event.ts';

/**
 * `refused`: the service does not want the request, so sending it again would not help (401, 403, 413 and others).
 * `gave_up`: the service could not be reached, or could not store them, for as long as the options say.
 * `shut_down`: they were not acknowledged before the end of `shutdown`, or came after its beginning.
 * `invalid_event`: an event that is no JSON, or more than a request can hold.
 */
export type IngestErrorCode = 'refused' | 'gave_up' | 'shut_down' | 'invalid_event';

export class IngestError extends Error {
  readonly code: IngestErrorCode;
  /** Of the last answer; null: there was none. */
  readonly status: number | null;
  /** By which the operator of the service finds the last request in the log. */
  readonly requestId: string | null;
  readonly #events: () => readonly IngestEvent[];

  constructor(
    code: IngestErrorCode,
    message: string,
    events: () => readonly IngestEvent[],
    answer?: { readonly status: number | null; readonly requestId: string | null },
  ) {
    super(message);
    this.name = 'IngestError';
    this.code = code;
    this.status = answer?.status ?? null;
    this.requestId = answer?.requestId ?? null;
    this.#events = events;
  }

  /** The events that it is about, with their ids: to be kept elsewhere or enqueued again. Some of them may be stored. */
  get events(): readonly IngestEvent[] {
    return this.#events();
  }
}
