// Reads what of many users' histories an export needs, in the order of its rows, as the served numbers know them: without
// what is not rolled up yet.
import {
  isLargeShare,
  listEventsInOrder,
  listUsers,
  selectWantedEvents,
  type WantedEvent,
  type WantedEvents,
} from '../../db/queries/exported-rows.ts';
import { selectPendingBatches } from '../../db/queries/work.ts';
import { eventTypes, type EventType } from '../contract/index.ts';
import type { HistoryEvent } from '../fold/index.ts';
import type { Reading } from '../metrics/read-journey.ts';
import type { Selection } from '../metrics/selection.ts';
import type { Generation } from '../rollup/generation.ts';
import { shardOf, shards } from '../rollup/shards.ts';
import { neededEventsOf } from './needed-events.ts';

/** How many users are looked up at once, and how many events are read at once otherwise. */
const usersAtOnce = 2_000;
const eventsAtOnce = 4_000;

/** A user and the needed part of their history, in any order. */
export interface Person {
  readonly externalId: string;
  readonly history: HistoryEvent[];
}

export interface HistorySource {
  /** Reads users in order of External ID by code point, some at a time. @param userIds ascending */
  read(userIds: Uint32Array): AsyncGenerator<Person[], void, void>;
}

type IsCounted = (userId: number, batchId: number) => boolean;

/** Tells which events of a user are in the served numbers, by their batches; null: all. */
async function countedBatches(reading: Reading): Promise<IsCounted | null> {
  const waiting = new Map<number, ReadonlySet<number>>();
  for (const shard of shards) {
    const { batches } = await selectPendingBatches(reading.tx, reading.numbers.workspaceId, shard);
    if (batches.length > 0) waiting.set(shard, new Set(batches.map((batch) => batch.batchId)));
  }
  return waiting.size === 0 ? null : (userId, batchId) => waiting.get(shardOf(userId))?.has(batchId) !== true;
}

/** What an export of a fact reads of the log. */
function wantedEventsOf(
  { journeyNumber, rules }: Generation,
  { metric, stepId, detail }: Selection,
  columns: { readonly batch: boolean; readonly reason: boolean },
): WantedEvents {
  const { anywhere, atStep, conversions } = neededEventsOf(metric.fact);
  const numbersOf = (types: readonly EventType[]) => types.map((type) => eventTypes.indexOf(type));
  const also: WantedEvents['also'][number][] = [];
  if (columns.batch) also.push('batch_id');
  if (columns.reason) also.push('reason');
  // The fold reads the outcome of every outcome event, and the platform where the selection names one.
  if (metric.byOutcome) also.push('outcome');
  if (metric.byPlatform && detail !== '') also.push('platform');
  return {
    journeyNumber,
    types: numbersOf(anywhere),
    stepTypes: numbersOf(atStep),
    stepId,
    productName: conversions ? (rules.conversion?.event ?? null) : null,
    also,
  };
}

function toHistoryEvent(row: WantedEvent, productName: string | null): HistoryEvent {
  const type = eventTypes[row.event_type];
  if (type === undefined)
    throw new Error(`The log holds an event of type ${row.event_type}, which is unknown here`);
  return {
    id: row.event_id,
    type,
    at: row.at,
    sequence: Number(row.sequence),
    entryId: row.entry_id,
    stepId: row.step_id,
    outcome: row.outcome ?? null,
    platform: row.platform ?? null,
    reason: row.reason ?? null,
    // Of product events none but those of this name are read.
    name: type === 'track' ? productName : null,
    properties: row.properties ?? null,
  };
}

/** Finds out what an export of a selection reads. @param hasReason whether the reasons of its events matter */
export async function openHistories(
  reading: Reading,
  generation: Generation,
  selection: Selection,
  hasReason: boolean,
): Promise<HistorySource> {
  const { tx } = reading;
  const { workspaceId } = reading.numbers;
  const isCounted = await countedBatches(reading);
  const wanted = wantedEventsOf(generation, selection, { batch: isCounted !== null, reason: hasReason });
  const counts = (row: WantedEvent) => !isCounted || isCounted(row.user_id, Number(row.batch_id));

  /** Looks up the events of some users at a time. */
  async function* lookUp(userIds: Uint32Array): AsyncGenerator<Person[], void, void> {
    for await (const users of listUsers(tx, workspaceId, userIds, usersAtOnce)) {
      const histories = new Map(users.map(({ userId }): [number, HistoryEvent[]] => [userId, []]));
      const rows = await selectWantedEvents(tx, workspaceId, [...histories.keys()], wanted);
      for (const row of rows) {
        if (counts(row)) histories.get(row.user_id)?.push(toHistoryEvent(row, wanted.productName));
      }
      yield users.map(({ userId, externalId }) => ({ externalId, history: histories.get(userId) ?? [] }));
    }
  }

  /** Reads all events that matter, sorted by the database, and parts them by user. */
  async function* readThrough(userIds: Uint32Array): AsyncGenerator<Person[], void, void> {
    let person: Person | undefined;
    for await (const rows of listEventsInOrder(tx, workspaceId, userIds, wanted, eventsAtOnce)) {
      const whole: Person[] = [];
      for (const row of rows) {
        if (person?.externalId !== row.external_id) {
          if (person) whole.push(person);
          person = { externalId: row.external_id, history: [] };
        }
        if (counts(row)) person.history.push(toHistoryEvent(row, wanted.productName));
      }
      yield whole;
    }
    if (person) yield [person];
  }

  return {
    async *read(userIds) {
      yield* (await isLargeShare(tx, userIds.length)) ? readThrough(userIds) : lookUp(userIds);
    },
  };
}
