// What the rollup has still to do: batches, and blocks of users that a new generation must fold.
import { sql } from 'drizzle-orm';
import { outsideWorkspaces, type Database, type Transaction } from '../client.ts';
import { anyOf, plainArray } from '../array-text.ts';

/** The workspaces that have batches or refolds. */
export async function selectWorkspacesWithWork(database: Database): Promise<number[]> {
  const rows = await outsideWorkspaces(database, (tx) =>
    tx.execute<{ workspace_id: number }>(
      sql`SELECT workspace_id FROM journey_analytics.workspaces_with_work() AS workspace_id ORDER BY 1`,
    ),
  );
  return rows.map((row) => row.workspace_id);
}

/** What waits for the rollup in all workspaces together. */
export interface Backlog {
  readonly events: number;
  /** The age of the oldest batch; 0 when none waits. */
  readonly oldestSeconds: number;
}

export async function selectBacklog(database: Database): Promise<Backlog> {
  const [row] = await outsideWorkspaces(database, (tx) =>
    tx.execute<{ events: string; seconds: number }>(sql`
      SELECT events, coalesce(extract(epoch FROM clock_timestamp() - oldest), 0)::float8 AS seconds
      FROM journey_analytics.rollup_backlog()`),
  );
  return { events: Number(row?.events ?? 0), oldestSeconds: Math.max(0, row?.seconds ?? 0) };
}

/** How many events wait in batches, by shard of a workspace, and the shards in which blocks of users are to be folded. */
export async function selectShardsWithWork(
  tx: Transaction,
  workspaceId: number,
): Promise<{ batches: Map<number, number>; refolds: Set<number> }> {
  const rows = await tx.execute<{ is_refold: boolean; shard: number; events: string }>(sql`
    SELECT false AS is_refold, shard, sum(event_count) AS events FROM journey_analytics.batches
    WHERE workspace_id = ${workspaceId} GROUP BY shard
    UNION ALL
    SELECT DISTINCT true, shard, 0 FROM journey_analytics.refolds WHERE workspace_id = ${workspaceId}`);
  const ofBatches = rows.filter((row) => !row.is_refold);
  return {
    batches: new Map(ofBatches.map((row) => [row.shard, Number(row.events)])),
    refolds: new Set(rows.filter((row) => row.is_refold).map((row) => row.shard)),
  };
}

export interface PendingBatch {
  readonly batchId: number;
  readonly eventCount: number;
}

/** The batches of a shard that are not rolled up yet, oldest first, and the database's time just before they were read. */
export async function selectPendingBatches(
  tx: Transaction,
  workspaceId: number,
  shard: number,
): Promise<{ batches: PendingBatch[]; snapshotAt: string }> {
  const [clock] = await tx.execute<{ at: string }>(sql`SELECT clock_timestamp()::text AS at`);
  const rows = await tx.execute<{ batch_id: string; event_count: number }>(sql`
    SELECT batch_id, event_count FROM journey_analytics.batches
    WHERE workspace_id = ${workspaceId} AND shard = ${shard} ORDER BY batch_id`);
  return {
    batches: rows.map((row) => ({ batchId: Number(row.batch_id), eventCount: row.event_count })),
    snapshotAt: clock?.at ?? '',
  };
}

/** Which users batches touch, and in which journeys (0: product events). A pair may come more than once. */
export async function selectTouched(
  tx: Transaction,
  workspaceId: number,
  shard: number,
  batchIds: readonly number[],
): Promise<{ journeyNumber: number; userId: number }[]> {
  const rows = await tx.execute<{ journey_numbers: number[]; user_ids: number[] }>(sql`
    SELECT journey_numbers, user_ids FROM journey_analytics.batches
    WHERE workspace_id = ${workspaceId} AND shard = ${shard} AND batch_id = ${anyOf(plainArray(batchIds), 'bigint')}`);
  return rows.flatMap((row) =>
    row.user_ids.map((userId, index) => ({ userId, journeyNumber: row.journey_numbers[index] ?? 0 })),
  );
}

export async function deleteBatches(
  tx: Transaction,
  workspaceId: number,
  shard: number,
  batchIds: readonly number[],
): Promise<void> {
  await tx.execute(sql`
    DELETE FROM journey_analytics.batches
    WHERE workspace_id = ${workspaceId} AND shard = ${shard} AND batch_id = ${anyOf(plainArray(batchIds), 'bigint')}`);
}

export interface Refold {
  readonly journeyNumber: number;
  readonly generation: number;
  readonly userBlock: number;
}

/** The blocks of users that generations have still to fold: of one shard, or of one journey in all shards. */
export async function selectRefolds(
  tx: Transaction,
  workspaceId: number,
  of: { shard: number } | { journeyNumber: number },
): Promise<Refold[]> {
  const condition = 'shard' in of ? sql`shard = ${of.shard}` : sql`journey_number = ${of.journeyNumber}`;
  const rows = await tx.execute<{ journey_number: number; generation: string; user_block: number }>(sql`
    SELECT journey_number, generation, user_block FROM journey_analytics.refolds
    WHERE workspace_id = ${workspaceId} AND ${condition} AND NOT folded ORDER BY generation, user_block`);
  return rows.map((row) => ({
    journeyNumber: row.journey_number,
    generation: Number(row.generation),
    userBlock: row.user_block,
  }));
}

/** Adds events that were rolled up to the blocks that are still to be folded with them in it, each block named once. */
export async function addToRefolds(
  tx: Transaction,
  workspaceId: number,
  added: readonly { journeyNumber: number; userBlock: number; events: number }[],
): Promise<void> {
  if (added.length === 0) return;
  await tx.execute(sql`
    UPDATE journey_analytics.refolds AS refold SET event_count = refold.event_count + added.events
    FROM unnest(
      ${plainArray(added.map((each) => each.journeyNumber))}::integer[],
      ${plainArray(added.map((each) => each.userBlock))}::integer[],
      ${plainArray(added.map((each) => each.events))}::integer[]) AS added (journey_number, user_block, events)
    WHERE refold.workspace_id = ${workspaceId}
      AND refold.journey_number = added.journey_number AND refold.user_block = added.user_block`);
}

/** Notes that a block is folded: forgotten when its generation serves, else kept until it does. */
export async function finishRefold(
  tx: Transaction,
  workspaceId: number,
  refold: Refold,
  serving: boolean,
): Promise<void> {
  const change = serving
    ? sql`DELETE FROM journey_analytics.refolds`
    : sql`UPDATE journey_analytics.refolds SET folded = true`;
  await tx.execute(sql`${change}
    WHERE workspace_id = ${workspaceId} AND journey_number = ${refold.journeyNumber}
      AND generation = ${refold.generation} AND user_block = ${refold.userBlock}`);
}
