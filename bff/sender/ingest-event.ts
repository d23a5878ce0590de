// An event as a sender hands it over.
import type { EventInput } from '../contract/event.ts';

type WithOptionalId<Event> = Event extends { id: string }
  ? Omit<Event, 'id'> & { readonly id?: string | undefined }
  : never;

/** An event of the contract. Without an `id` it is given one before it is queued, so that sending it again is harmless. */
export type IngestEvent = WithOptionalId<EventInput>;

/** An event that waits to be sent, as the JSON it had when it was handed over. */
export interface QueuedEvent {
  readonly json: string;
  readonly bytes: number;
  /** When it is to be sent at the latest, by performance.now(). */
  readonly dueAt: number;
}

/** @throws what JSON.stringify throws, of cycles and bigints */
export function queuedEvent(event: IngestEvent, dueAt: number): QueuedEvent {
  const json = JSON.stringify({ ...event, id: event.id ?? crypto.randomUUID() });
  return { json, bytes: Buffer.byteLength(json), dueAt };
}

export function eventOf({ json }: QueuedEvent): IngestEvent {
  return JSON.parse(json) as IngestEvent; // it was written by queuedEvent
}
