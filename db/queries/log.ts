// Writing the log: ids, users, journeys, events and the batches that the rollup will take.
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../client.ts';
import { outsideWorkspaces } from '../client.ts';
import { anyOf, plainArray, textArray } from '../array-text.ts';

/** Makes the partition of a month of `at` when the month has one of its own. */
export async function createEventsPartition(database: Database, year: number, month: number): Promise<void> {
  await outsideWorkspaces(database, (tx) =>
    tx.execute(sql`SELECT journey_analytics.create_events_partition(${year}::integer, ${month}::integer)`),
  );
}

/** Takes ids of events that nobody took before. @returns the hashes that were new. */
export async function claimEventIds(
  tx: Transaction,
  workspaceId: number,
  sortedHashes: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.execute<{ hash: string }>(sql`
    INSERT INTO journey_analytics.event_ids (workspace_id, event_id_hash)
    SELECT ${workspaceId}::integer, hash FROM unnest(${plainArray(sortedHashes)}::uuid[]) AS hash
    ON CONFLICT DO NOTHING
    RETURNING replace(event_id_hash::text, '-', '') AS hash`);
  return new Set(rows.map((row) => row.hash));
}

async function selectUsers(tx: Transaction, workspaceId: number, externalIds: readonly string[]) {
  return tx.execute<{ external_id: string; user_id: number }>(sql`
    SELECT external_id, user_id FROM journey_analytics.user_numbers
    WHERE workspace_id = ${workspaceId} AND external_id = ${anyOf(textArray(externalIds), 'text')}`);
}

/** Finds the numbers of users, and gives numbers to those who have none yet. */
export async function numberUsers(
  tx: Transaction,
  workspaceId: number,
  externalIds: Iterable<string>,
): Promise<Map<string, number>> {
  const wanted = [...externalIds];
  const numbers = new Map<string, number>();
  for (const row of await selectUsers(tx, workspaceId, wanted)) numbers.set(row.external_id, row.user_id);
  // In one order everywhere, so that two transactions that meet the same new users wait for each other, never in a circle.
  const missing = wanted.filter((externalId) => !numbers.has(externalId)).toSorted();
  if (missing.length === 0) return numbers;
  const added = await tx.execute<{ external_id: string; user_id: number }>(sql`
    WITH added AS (
      INSERT INTO journey_analytics.user_numbers (workspace_id, external_id, user_id)
      SELECT ${workspaceId}::integer, external_id, nextval('journey_analytics.user_ids')
      FROM unnest(${textArray(missing)}::text[]) AS external_id
      ON CONFLICT DO NOTHING
      RETURNING external_id, user_id
    ), named AS (
      INSERT INTO journey_analytics.users (workspace_id, user_id, external_id)
      SELECT ${workspaceId}::integer, user_id, external_id FROM added
    )
    SELECT external_id, user_id FROM added`);
  for (const row of added) numbers.set(row.external_id, row.user_id);
  const raced = missing.filter((externalId) => !numbers.has(externalId));
  if (raced.length > 0) {
    for (const row of await selectUsers(tx, workspaceId, raced)) numbers.set(row.external_id, row.user_id);
  }
  return numbers;
}

async function selectJourneys(tx: Transaction, workspaceId: number, journeyIds: readonly string[]) {
  return tx.execute<{ journey_id: string; journey_number: number; has_events: boolean }>(sql`
    SELECT journey_id, journey_number, has_events FROM journey_analytics.journeys
    WHERE workspace_id = ${workspaceId} AND journey_id = ${anyOf(textArray(journeyIds), 'text')}`);
}

/** Finds the numbers of journeys that events name, whether they are defined or not, and marks that they have events. */
export async function numberJourneys(
  tx: Transaction,
  workspaceId: number,
  journeyIds: Iterable<string>,
): Promise<Map<string, number>> {
  const wanted = [...journeyIds].toSorted();
  if (wanted.length === 0) return new Map();
  const found = await selectJourneys(tx, workspaceId, wanted);
  const eventful = new Set(found.filter((row) => row.has_events).map((row) => row.journey_id));
  const unmarked = wanted.filter((journeyId) => !eventful.has(journeyId));
  const numbers = new Map(found.map((row) => [row.journey_id, row.journey_number]));
  if (unmarked.length === 0) return numbers;
  const marked = await tx.execute<{ journey_id: string; journey_number: number }>(sql`
    INSERT INTO journey_analytics.journeys (workspace_id, journey_id, has_events)
    SELECT ${workspaceId}::integer, journey_id, true FROM unnest(${textArray(unmarked)}::text[]) AS journey_id
    ON CONFLICT (workspace_id, journey_id) DO UPDATE SET has_events = true
    RETURNING journey_id, journey_number`);
  for (const row of marked) numbers.set(row.journey_id, row.journey_number);
  return numbers;
}

/** Events as columns, all of one length: what is written fastest. Times are milliseconds since 1970. */
export interface EventColumns {
  readonly journeyNumbers: number[];
  readonly userIds: number[];
  readonly at: number[];
  readonly eventIds: string[];
  readonly eventTypes: number[];
  readonly sequences: number[];
  readonly entryIds: (string | null)[];
  readonly stepIds: (string | null)[];
  readonly outcomes: (string | null)[];
  readonly platforms: (string | null)[];
  readonly reasons: (string | null)[];
  readonly names: (string | null)[];
  readonly properties: (string | null)[];
}

export async function insertEvents(
  tx: Transaction,
  workspaceId: number,
  batchId: number,
  columns: EventColumns,
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO journey_analytics.events (
      workspace_id, journey_number, user_id, at, event_id, event_type, sequence,
      entry_id, step_id, outcome, platform, reason, name, properties, batch_id)
    SELECT ${workspaceId}::integer, journey_number, user_id, to_timestamp(at / 1000), event_id, event_type, sequence,
      entry_id, step_id, outcome, platform, reason, name, properties, ${batchId}::bigint
    FROM unnest(
      ${plainArray(columns.journeyNumbers)}::integer[], ${plainArray(columns.userIds)}::integer[],
      ${plainArray(columns.at)}::float8[], ${textArray(columns.eventIds)}::text[],
      ${plainArray(columns.eventTypes)}::smallint[], ${plainArray(columns.sequences)}::bigint[],
      ${textArray(columns.entryIds)}::text[], ${textArray(columns.stepIds)}::text[],
      ${textArray(columns.outcomes)}::text[], ${textArray(columns.platforms)}::text[],
      ${textArray(columns.reasons)}::text[], ${textArray(columns.names)}::text[],
      ${textArray(columns.properties)}::text[]::json[]
    ) AS event (journey_number, user_id, at, event_id, event_type, sequence,
      entry_id, step_id, outcome, platform, reason, name, properties)`);
}

/** What a batch leaves for the rollup of one shard: which users it touches in which journeys (0: product events). */
export interface BatchShare {
  readonly shard: number;
  readonly eventCount: number;
  readonly journeyNumbers: number[];
  readonly userIds: number[];
}

export async function nextBatchId(tx: Transaction): Promise<number> {
  const [row] = await tx.execute<{ batch_id: string }>(
    sql`SELECT nextval('journey_analytics.batch_ids') AS batch_id`,
  );
  return Number(row?.batch_id);
}

export async function insertBatch(
  tx: Transaction,
  workspaceId: number,
  batchId: number,
  shares: readonly BatchShare[],
): Promise<void> {
  for (const share of shares) {
    await tx.execute(sql`
      INSERT INTO journey_analytics.batches
        (workspace_id, shard, batch_id, event_count, accepted_at, journey_numbers, user_ids)
      VALUES (${workspaceId}, ${share.shard}, ${batchId}, ${share.eventCount}, clock_timestamp(),
        ${plainArray(share.journeyNumbers)}::integer[], ${plainArray(share.userIds)}::integer[])`);
  }
  const journeyNumbers = shares.flatMap((share) => share.journeyNumbers);
  const userIds = shares.flatMap((share) => share.userIds);
  await tx.execute(sql`
    INSERT INTO journey_analytics.journey_users (workspace_id, user_id, journey_number)
    SELECT ${workspaceId}::integer, user_id, journey_number
    FROM unnest(${plainArray(userIds)}::integer[], ${plainArray(journeyNumbers)}::integer[])
      AS touched (user_id, journey_number)
    WHERE journey_number <> 0
    ORDER BY user_id, journey_number
    ON CONFLICT DO NOTHING`);
}
