// The history of one user, and the order of its events.
import { compareCodePoints, type EventType } from '../contract/index.ts';

/**
 * One event of one user, as the log holds it. `journey.*`, `step.*` and `message.*` events are those of the one journey
 * that is folded; `track` events are the user's.
 */
export interface HistoryEvent {
  readonly id: string;
  readonly type: EventType;
  /** Milliseconds since 1970 in UTC. */
  readonly at: number;
  readonly sequence: number;
  readonly entryId: string | null;
  readonly stepId: string | null;
  readonly outcome: string | null;
  readonly platform: string | null;
  readonly reason: string | null;
  readonly name: string | null;
  /** JSON text of an object. */
  readonly properties: string | null;
}

/** The place of a type among events of one time and sequence. Messages share one: among them the id decides. */
const typeRanks: Readonly<Record<EventType, number>> = {
  'journey.entered': 0,
  'step.entered': 1,
  'step.outcome': 2,
  'message.sent': 3,
  'message.failed': 3,
  'message.delivered': 3,
  'message.shown': 3,
  'message.clicked': 3,
  'message.held': 3,
  'message.skipped': 3,
  'message.bounced': 3,
  'message.unsubscribed': 3,
  'message.complained': 3,
  track: 4,
  'journey.exited': 5,
};

/** The order inside one user's history: time, then sequence, then type, then id by code point. */
export function compareEvents(left: HistoryEvent, right: HistoryEvent): number {
  return (
    left.at - right.at ||
    left.sequence - right.sequence ||
    typeRanks[left.type] - typeRanks[right.type] ||
    compareCodePoints(left.id, right.id)
  );
}

/** @returns the history in order: itself when it is so already, since that is how a log mostly reads. */
export function inOrder(history: readonly HistoryEvent[]): readonly HistoryEvent[] {
  let before: HistoryEvent | undefined;
  for (const event of history) {
    if (before && compareEvents(before, event) > 0) return history.toSorted(compareEvents);
    before = event;
  }
  return history;
}
