// Stores parsed events: one transaction, durable when it returns.
import { hash } from 'node:crypto';
import { inWorkspace, retryConflicts, type Database } from '../../db/client.ts';
import { lockAgainstErasure } from '../../db/queries/locks.ts';
import {
  claimEventIds,
  createEventsPartition,
  insertBatch,
  insertEvents,
  nextBatchId,
  numberJourneys,
  numberUsers,
  type BatchShare,
  type EventColumns,
} from '../../db/queries/log.ts';
import { eventTypes, type EventType, type ParsedEvent } from '../contract/index.ts';
import { shardOf } from '../rollup/shards.ts';

/** The journey number under which product events stand in the log. */
export const noJourney = 0;

const typeNumbers = new Map<EventType, number>(eventTypes.map((type, index) => [type, index]));

/** Months, as year × 12 + month, whose partition is known to exist in a database. */
const knownPartitions = new WeakMap<Database, Set<number>>();

async function createPartitions(database: Database, candidates: Iterable<Candidate>): Promise<void> {
  const known = knownPartitions.get(database) ?? new Set<number>();
  knownPartitions.set(database, known);
  for (const { event } of candidates) {
    const at = new Date(event.at);
    const year = at.getUTCFullYear();
    const month = year * 12 + at.getUTCMonth();
    if (year < 2020 || year > 2039 || known.has(month)) continue;
    await createEventsPartition(database, year, at.getUTCMonth() + 1);
    known.add(month);
  }
}

/** How an event's id is known to the workspace for good: 128 bits of its SHA-256, in hex. */
function hashOfId(id: string): string {
  return hash('sha256', id, 'hex').slice(0, 32);
}

function numberOf(numbers: ReadonlyMap<string, number>, id: string): number {
  const number = numbers.get(id);
  if (number === undefined) throw new Error('A user or journey of a stored event has no number');
  return number;
}

function columnsOf(
  events: readonly ParsedEvent[],
  users: ReadonlyMap<string, number>,
  journeys: ReadonlyMap<string, number>,
): EventColumns {
  const columns: EventColumns = {
    journeyNumbers: [],
    userIds: [],
    at: [],
    eventIds: [],
    eventTypes: [],
    sequences: [],
    entryIds: [],
    stepIds: [],
    outcomes: [],
    platforms: [],
    reasons: [],
    names: [],
    properties: [],
  };
  for (const event of events) {
    columns.journeyNumbers.push('journeyId' in event ? numberOf(journeys, event.journeyId) : noJourney);
    columns.userIds.push(numberOf(users, event.userId));
    columns.at.push(event.at);
    columns.eventIds.push(event.id);
    columns.eventTypes.push(typeNumbers.get(event.type) ?? -1);
    columns.sequences.push(event.sequence);
    columns.entryIds.push('entryId' in event ? (event.entryId ?? null) : null);
    columns.stepIds.push('stepId' in event ? event.stepId : null);
    columns.outcomes.push('outcome' in event ? event.outcome : null);
    columns.platforms.push('platform' in event ? (event.platform ?? null) : null);
    columns.reasons.push('reason' in event ? (event.reason ?? null) : null);
    columns.names.push('name' in event ? event.name : null);
    columns.properties.push('properties' in event ? (event.properties ?? null) : null);
  }
  return columns;
}

/** Divides a batch among the shards of users, naming each pair of journey and user once. */
function sharesOf(columns: EventColumns): BatchShare[] {
  const shares = new Map<
    number,
    { shard: number; eventCount: number; pairs: Map<string, [number, number]> }
  >();
  columns.userIds.forEach((userId, index) => {
    const shard = shardOf(userId);
    const share = shares.get(shard) ?? { shard, eventCount: 0, pairs: new Map<string, [number, number]>() };
    shares.set(shard, share);
    share.eventCount += 1;
    const journey = columns.journeyNumbers[index] ?? noJourney;
    share.pairs.set(`${journey} ${userId}`, [journey, userId]);
  });
  return [...shares.values()].map(({ shard, eventCount, pairs }) => ({
    shard,
    eventCount,
    journeyNumbers: Array.from(pairs.values(), ([journey]) => journey),
    userIds: Array.from(pairs.values(), ([, user]) => user),
  }));
}

export interface Stored {
  readonly accepted: number;
  readonly duplicates: number;
}

/** An event that may be stored, and the position of the batch that it came with. */
interface Candidate {
  readonly event: ParsedEvent;
  readonly batch: number;
}

/**
 * Stores batches of events of one workspace. Of several with one id the first is stored; ids that were ever seen in the
 * workspace count as duplicates. When this returns, the accepted events are durable and will be rolled up once.
 * @returns for each batch what became of its events
 * @throws what the database throws; then nothing is stored.
 */
export async function storeBatches(
  database: Database,
  workspaceId: number,
  batches: readonly (readonly ParsedEvent[])[],
): Promise<Stored[]> {
  const byHash = new Map<string, Candidate>();
  batches.forEach((events, batch) => {
    for (const event of events) {
      const id = hashOfId(event.id);
      if (!byHash.has(id)) byHash.set(id, { event, batch });
    }
  });
  const told = (accepted: readonly Candidate[]): Stored[] => {
    const counts = batches.map(() => 0);
    for (const { batch } of accepted) counts[batch] = (counts[batch] ?? 0) + 1;
    return batches.map((events, batch) => {
      const count = counts[batch] ?? 0;
      return { accepted: count, duplicates: events.length - count };
    });
  };
  if (byHash.size === 0) return told([]);
  await createPartitions(database, byHash.values());
  return retryConflicts(() =>
    inWorkspace(database, workspaceId, async (tx) => {
      await lockAgainstErasure(tx, workspaceId);
      const fresh = await claimEventIds(tx, workspaceId, [...byHash.keys()].toSorted());
      const accepted: Candidate[] = [];
      for (const [id, candidate] of byHash) if (fresh.has(id)) accepted.push(candidate);
      if (accepted.length === 0) return told([]);
      const events = accepted.map(({ event }) => event);
      const users = await numberUsers(tx, workspaceId, new Set(events.map((event) => event.userId)));
      const journeyIds = events.flatMap((event) => ('journeyId' in event ? [event.journeyId] : []));
      const journeys = await numberJourneys(tx, workspaceId, new Set(journeyIds));
      const columns = columnsOf(events, users, journeys);
      const batchId = await nextBatchId(tx);
      await insertEvents(tx, workspaceId, batchId, columns);
      await insertBatch(tx, workspaceId, batchId, sharesOf(columns));
      return told(accepted);
    }),
  );
}

/** Stores one batch, as `storeBatches` does. */
export async function storeEvents(
  database: Database,
  workspaceId: number,
  events: readonly ParsedEvent[],
): Promise<Stored> {
  const [stored = { accepted: 0, duplicates: 0 }] = await storeBatches(database, workspaceId, [events]);
  return stored;
}
