// Histories of users in journeys, as the fold takes them, with and without some batches.
import { selectJourneyEvents, selectProductEvents, type LoggedEvent } from '../../db/queries/histories.ts';
import type { Transaction } from '../../db/client.ts';
import { eventTypes } from '../contract/index.ts';
import { factsOf, type Facts, type HistoryEvent } from '../fold/index.ts';
import type { Generation } from './generation.ts';

/** An event of a history, and the batch that it came with. */
export type BatchedEvent = HistoryEvent & { readonly batchId: number };

function toHistoryEvent(event: LoggedEvent): BatchedEvent {
  const type = eventTypes[event.eventType];
  if (type === undefined)
    throw new Error(`The log holds an event of type ${event.eventType}, which is unknown here`);
  const { id, at, sequence, entryId, stepId, outcome, platform, reason, name, properties, batchId } = event;
  return { id, type, at, sequence, entryId, stepId, outcome, platform, reason, name, properties, batchId };
}

/**
 * Of how many users histories are loaded at once. Of many where they are short, since each statement takes a millisecond to
 * plan over the partitions of the log; of few where they are long, so that memory holds about as many events whatever the
 * users are like. The first portion is small, and each tells how large the next may be.
 */
export class PortionSize {
  users = 50;

  /** @param events how many events these users had */
  learn(users: number, events: number): void {
    const fitting = Math.floor((eventsAtOnce * users) / Math.max(events, 1));
    // The next may have longer ones than these.
    this.users = Math.min(Math.max(fitting, 1), users * 4, mostUsersAtOnce);
  }
}

const eventsAtOnce = 20_000;
const mostUsersAtOnce = 1_000;

/** Histories by journey and user, and product events by user. */
export class Histories {
  /** How many events they have. */
  size = 0;
  readonly #journeys = new Map<string, BatchedEvent[]>();
  readonly #products = new Map<number, BatchedEvent[]>();

  addJourneyEvents(events: readonly LoggedEvent[]): void {
    this.size += events.length;
    for (const event of events) {
      const key = `${event.journeyNumber} ${event.userId}`;
      const list = this.#journeys.get(key);
      if (list) list.push(toHistoryEvent(event));
      else this.#journeys.set(key, [toHistoryEvent(event)]);
    }
  }

  addProductEvents(events: readonly LoggedEvent[]): void {
    this.size += events.length;
    for (const event of events) {
      const list = this.#products.get(event.userId);
      if (list) list.push(toHistoryEvent(event));
      else this.#products.set(event.userId, [toHistoryEvent(event)]);
    }
  }

  /** How many events of the journey itself a user has, of those whose batch is counted. */
  countOwn(journeyNumber: number, userId: number, counted: (batchId: number) => boolean): number {
    const own = this.#journeys.get(`${journeyNumber} ${userId}`) ?? [];
    return own.reduce((count, event) => (counted(event.batchId) ? count + 1 : count), 0);
  }

  /** What the fold takes of a user under a generation's rules: those events whose batch is counted. */
  history(generation: Generation, userId: number, counted: (batchId: number) => boolean): HistoryEvent[] {
    const own = this.#journeys.get(`${generation.journeyNumber} ${userId}`) ?? [];
    const history: HistoryEvent[] = own.filter((event) => counted(event.batchId));
    // Without an event of the journey there is no entry, and product events alone say nothing.
    const { conversion } = generation.rules;
    if (history.length > 0 && conversion) {
      for (const event of this.#products.get(userId) ?? []) {
        if (event.name === conversion.event && counted(event.batchId)) history.push(event);
      }
    }
    return history;
  }

  /** The facts of a user under a generation's rules, from those events whose batch is counted. */
  facts(generation: Generation, userId: number, counted: (batchId: number) => boolean): Facts {
    return factsOf(generation.rules, this.history(generation, userId, counted));
  }
}

/** Loads what the fold needs of some users in some journeys. */
export async function loadHistories(
  tx: Transaction,
  workspaceId: number,
  pairs: readonly { journeyNumber: number; userId: number }[],
  conversionNames: readonly string[],
): Promise<Histories> {
  const histories = new Histories();
  for (const [journeyNumber, ofJourney] of Map.groupBy(pairs, (pair) => pair.journeyNumber)) {
    const users = ofJourney.map((pair) => pair.userId);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    histories.addJourneyEvents(await selectJourneyEvents(tx, workspaceId, journeyNumber, users));
  }
  const userIds = [...new Set(pairs.map((pair) => pair.userId))];
  histories.addProductEvents(await selectProductEvents(tx, workspaceId, userIds, conversionNames));
  return histories;
}

/** The names of product events that may convert in any of these generations. */
export function conversionNamesOf(generations: readonly Generation[]): string[] {
  return [...new Set(generations.flatMap(({ rules }) => (rules.conversion ? [rules.conversion.event] : [])))];
}
