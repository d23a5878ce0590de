// The stored numbers of a generation: counts with their sets, histograms, closings of counting windows.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { plainArray, textArray } from '../array-text.ts';

/** Which numbers: those of one generation of one journey. */
export interface Numbers {
  readonly workspaceId: number;
  readonly journeyNumber: number;
  readonly generation: number;
}

/** One stored count with its set. */
export interface RollupRow {
  readonly level: number;
  readonly factKey: string;
  readonly block: number;
  readonly fact: string;
  readonly stepId: string;
  readonly detail: string;
  readonly count: number;
  readonly users: number;
  readonly members: Uint8Array | null;
}

type RollupKey = Pick<RollupRow, 'level' | 'factKey' | 'block'>;

const generationIs = (numbers: Numbers) => sql`
  workspace_id = ${numbers.workspaceId} AND journey_number = ${numbers.journeyNumber}
  AND generation = ${numbers.generation}::bigint`;

/**
 * The row of each wanted key, found one by one in the index: OFFSET 0 keeps PostgreSQL from joining otherwise, for which
 * it may read all rows of the generation, while it has no statistics and also later.
 */
const eachWanted = (numbers: Numbers, shard: number, columns: string) => sql`
  SELECT ${sql.raw(columns)} FROM journey_analytics.rollups AS rollup
  WHERE rollup.workspace_id = ${numbers.workspaceId} AND rollup.journey_number = ${numbers.journeyNumber}
    AND rollup.generation = ${numbers.generation}::bigint AND rollup.level = wanted.level
    AND rollup.fact_key = wanted.fact_key AND rollup.block = wanted.block AND rollup.shard = ${shard}
  OFFSET 0`;

const keyColumns = (rows: readonly RollupKey[]) => sql`
  ${plainArray(rows.map((row) => row.level))}::smallint[], ${plainArray(rows.map((row) => row.factKey))}::uuid[],
  ${plainArray(rows.map((row) => row.block))}::integer[]`;

/** Bytes as one hex text for all, since an array of buffers is escaped byte by byte. */
const hexOf = (bytes: Uint8Array | null) =>
  bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** The stored state of some numbers of a shard, by `level block factKey`. */
export async function selectRollupsByKey(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly RollupKey[],
): Promise<Map<string, { count: number; users: number; members: Uint8Array | null }>> {
  const rows = await tx.execute<{
    level: number;
    block: number;
    fact_key: string;
    count: string;
    users: number;
    members: Uint8Array | null;
  }>(sql`
    SELECT level, block, replace(fact_key::text, '-', '') AS fact_key, stored.count, stored.users, stored.members
    FROM unnest(${keyColumns(keys)}) AS wanted (level, fact_key, block)
    CROSS JOIN LATERAL (${eachWanted(numbers, shard, 'count, users, members')}) AS stored`);
  return new Map(
    rows.map((row) => [
      `${row.level} ${row.block} ${row.fact_key}`,
      { count: Number(row.count), users: row.users, members: row.members },
    ]),
  );
}

/**
 * Writes rows as they now are. The caller holds the shard.
 * @param stored whether they are stored already; to insert without looking for another is cheaper by a third
 */
export async function writeRollups(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  rows: readonly RollupRow[],
  stored: boolean,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    INSERT INTO journey_analytics.rollups (workspace_id, journey_number, generation, shard,
      level, fact_key, block, fact, step_id, detail, count, users, members)
    SELECT ${numbers.workspaceId}::integer, ${numbers.journeyNumber}::integer, ${numbers.generation}::bigint,
      ${shard}::smallint, level, fact_key, block, fact, step_id, detail, count, users, decode(members, 'hex')
    FROM unnest(${keyColumns(rows)},
      ${textArray(rows.map((row) => row.fact))}::text[], ${textArray(rows.map((row) => row.stepId))}::text[],
      ${textArray(rows.map((row) => row.detail))}::text[], ${plainArray(rows.map((row) => row.count))}::bigint[],
      ${plainArray(rows.map((row) => row.users))}::integer[],
      ${textArray(rows.map((row) => hexOf(row.members)))}::text[]
    ) AS changed (level, fact_key, block, fact, step_id, detail, count, users, members)
    ${
      stored
        ? sql`ON CONFLICT (workspace_id, journey_number, generation, level, fact_key, block, shard)
            DO UPDATE SET count = excluded.count, users = excluded.users, members = excluded.members`
        : sql``
    }`);
}

export async function deleteRollups(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly RollupKey[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx.execute(sql`
    DELETE FROM journey_analytics.rollups WHERE ctid = ANY(ARRAY(
      SELECT stored.place FROM unnest(${keyColumns(keys)}) AS wanted (level, fact_key, block)
      CROSS JOIN LATERAL (${eachWanted(numbers, shard, 'ctid AS place')}) AS stored))`);
}

/** Consecutive blocks of one level, first and last inclusive. */
export interface Span {
  readonly level: number;
  readonly first: number;
  readonly last: number;
}

const inSpans = (spans: readonly Span[]) =>
  sql.join(
    spans.map((span) => sql`(level = ${span.level} AND block BETWEEN ${span.first} AND ${span.last})`),
    sql` OR `,
  );

export interface DayTotal {
  readonly factKey: string;
  readonly day: number;
  readonly count: number;
  readonly users: number;
}

/** Counts and users by day of entry of some facts, from `first` to `last` inclusive, in order of day. */
export async function selectDays(
  tx: Transaction,
  numbers: Numbers,
  factKeys: readonly string[],
  days: { first: number | null; last: number | null },
): Promise<DayTotal[]> {
  const rows = await tx.execute<{ fact_key: string; block: number; count: string; users: string }>(sql`
    SELECT replace(fact_key::text, '-', '') AS fact_key, block, sum(count) AS count, sum(users) AS users
    FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = 0 AND fact_key = ANY(${sql.param(factKeys)}::uuid[])
      AND (${days.first}::integer IS NULL OR block >= ${days.first}::integer)
      AND (${days.last}::integer IS NULL OR block <= ${days.last}::integer)
    GROUP BY fact_key, block ORDER BY block`);
  return rows.map((row) => ({
    factKey: row.fact_key,
    day: row.block,
    count: Number(row.count),
    users: Number(row.users),
  }));
}

/** The first and the last day on which a fact occurs, or null when it never does. */
export async function selectDayBounds(
  tx: Transaction,
  numbers: Numbers,
  factKey: string,
): Promise<{ first: number; last: number } | null> {
  const [row] = await tx.execute<{ first: number | null; last: number | null }>(sql`
    SELECT min(block) AS first, max(block) AS last FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = 0 AND fact_key = ${factKey}::uuid`);
  return row === undefined || row.first === null || row.last === null
    ? null
    : { first: row.first, last: row.last };
}

/** One stored histogram: counts by bucket. */
export interface DistributionRow {
  readonly level: number;
  readonly block: number;
  readonly fact: string;
  readonly stepId: string;
  readonly buckets: ReadonlyMap<number, number>;
}

type DistributionKey = Pick<DistributionRow, 'level' | 'block' | 'fact' | 'stepId'>;

function toBuckets(row: { buckets: number[]; counts: string[] }): Map<number, number> {
  return new Map(row.buckets.map((bucket, index) => [bucket, Number(row.counts[index])]));
}

/** As eachWanted, for histograms. */
const eachWantedHistogram = (numbers: Numbers, shard: number, columns: string) => sql`
  SELECT ${sql.raw(columns)} FROM journey_analytics.distributions AS histogram
  WHERE histogram.workspace_id = ${numbers.workspaceId} AND histogram.journey_number = ${numbers.journeyNumber}
    AND histogram.generation = ${numbers.generation}::bigint AND histogram.level = wanted.level
    AND histogram.fact = wanted.fact COLLATE "C" AND histogram.step_id = wanted.step_id COLLATE "C"
    AND histogram.block = wanted.block AND histogram.shard = ${shard}
  OFFSET 0`;

/** The stored state of some histograms of a shard, in the order of the keys; empty where there is none. */
export async function selectDistributionsByKey(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly DistributionKey[],
): Promise<Map<number, number>[]> {
  const found = keys.map(() => new Map<number, number>());
  if (keys.length === 0) return found;
  const rows = await tx.execute<{ position: string; buckets: number[]; counts: string[] }>(sql`
    SELECT wanted.position, stored.buckets, stored.counts
    FROM unnest(
      ${plainArray(keys.map((key) => key.level))}::smallint[], ${plainArray(keys.map((key) => key.block))}::integer[],
      ${textArray(keys.map((key) => key.fact))}::text[], ${textArray(keys.map((key) => key.stepId))}::text[]
    ) WITH ORDINALITY AS wanted (level, block, fact, step_id, position)
    CROSS JOIN LATERAL (${eachWantedHistogram(numbers, shard, 'buckets, counts')}) AS stored`);
  for (const row of rows) found[Number(row.position) - 1] = toBuckets(row);
  return found;
}

/** Writes histograms as they now are; an empty one is deleted. */
export async function writeDistributions(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  rows: readonly DistributionRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const keys = (some: readonly DistributionRow[]) => sql`
    ${plainArray(some.map((row) => row.level))}::smallint[], ${plainArray(some.map((row) => row.block))}::integer[],
    ${textArray(some.map((row) => row.fact))}::text[], ${textArray(some.map((row) => row.stepId))}::text[]`;
  const gone = rows.filter((row) => row.buckets.size === 0);
  if (gone.length > 0) {
    await tx.execute(sql`
      DELETE FROM journey_analytics.distributions WHERE ctid = ANY(ARRAY(
        SELECT stored.place FROM unnest(${keys(gone)}) AS wanted (level, block, fact, step_id)
        CROSS JOIN LATERAL (${eachWantedHistogram(numbers, shard, 'ctid AS place')}) AS stored))`);
  }
  const kept = rows.filter((row) => row.buckets.size > 0);
  if (kept.length === 0) return;
  // An array of arrays must be rectangular, so each histogram travels as a text that PostgreSQL reads as an array.
  const inOrder = (row: DistributionRow) => [...row.buckets].toSorted(([a], [b]) => a - b);
  await tx.execute(sql`
    INSERT INTO journey_analytics.distributions
      (workspace_id, journey_number, generation, shard, level, block, fact, step_id, buckets, counts)
    SELECT ${numbers.workspaceId}::integer, ${numbers.journeyNumber}::integer, ${numbers.generation}::bigint,
      ${shard}::smallint, level, block, fact, step_id, buckets::integer[], counts::bigint[]
    FROM unnest(${keys(kept)},
      ${textArray(kept.map((row) => plainArray(inOrder(row).map(([bucket]) => bucket))))}::text[],
      ${textArray(kept.map((row) => plainArray(inOrder(row).map(([, count]) => count))))}::text[]
    ) AS changed (level, block, fact, step_id, buckets, counts)
    ON CONFLICT (workspace_id, journey_number, generation, level, fact, step_id, block, shard)
    DO UPDATE SET buckets = excluded.buckets, counts = excluded.counts`);
}

/** Entries of a day whose counting window closes at a time (milliseconds since 1970): how many more, or fewer. */
export interface Closing {
  readonly day: number;
  readonly closesAt: number;
  readonly count: number;
}

/**
 * Adds to the closings of counting windows. A window that closed before `since` can never be counted as open again, so
 * it is not written.
 */
export async function addClosings(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  closings: readonly Closing[],
  since: number,
): Promise<void> {
  const open = closings.filter((closing) => closing.closesAt >= since);
  if (open.length === 0) return;
  await tx.execute(sql`
    INSERT INTO journey_analytics.window_closings AS stored
      (workspace_id, journey_number, generation, shard, closes_at, day, count)
    SELECT ${numbers.workspaceId}::integer, ${numbers.journeyNumber}::integer, ${numbers.generation}::bigint,
      ${shard}::smallint, to_timestamp(closes_at / 1000), day, count
    FROM unnest(${plainArray(open.map((closing) => closing.closesAt))}::float8[],
      ${plainArray(open.map((closing) => closing.day))}::integer[],
      ${plainArray(open.map((closing) => closing.count))}::integer[]) AS changed (closes_at, day, count)
    ON CONFLICT (workspace_id, journey_number, generation, closes_at, day, shard)
    DO UPDATE SET count = stored.count + excluded.count`);
  await tx.execute(sql`
    DELETE FROM journey_analytics.window_closings
    WHERE ${generationIs(numbers)} AND shard = ${shard} AND (closes_at < to_timestamp(${since}::float8 / 1000)
      OR (count = 0 AND closes_at IN (
        SELECT to_timestamp(closes_at / 1000)
        FROM unnest(${plainArray(open.map((closing) => closing.closesAt))}::float8[]) AS closes_at)))`);
}

/** How many entries' windows are open at a time, of days from `first` to `last`. */
export async function countOpenWindows(
  tx: Transaction,
  numbers: Numbers,
  now: number,
  days: { first: number | null; last: number | null },
): Promise<number> {
  const [row] = await tx.execute<{ open: string }>(sql`
    SELECT coalesce(sum(count), 0) AS open FROM journey_analytics.window_closings
    WHERE ${generationIs(numbers)} AND closes_at >= to_timestamp(${now}::float8 / 1000)
      AND (${days.first}::integer IS NULL OR day >= ${days.first}::integer)
      AND (${days.last}::integer IS NULL OR day <= ${days.last}::integer)`);
  return Number(row?.open);
}

/** Every stored count of a generation with its set, for the audit. */
export async function selectAllRollups(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
): Promise<Omit<RollupRow, 'factKey'>[]> {
  const rows = await tx.execute<{
    level: number;
    block: number;
    fact: string;
    step_id: string;
    detail: string;
    count: string;
    users: number;
    members: Uint8Array | null;
  }>(sql`
    SELECT level, block, fact, step_id, detail, count, users, members FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND shard = ${shard}`);
  return rows.map((row) => ({
    level: row.level,
    block: row.block,
    fact: row.fact,
    stepId: row.step_id,
    detail: row.detail,
    count: Number(row.count),
    users: row.users,
    members: row.members,
  }));
}

/** Every stored histogram of a generation, for the audit. */
export async function selectAllDistributions(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
): Promise<DistributionRow[]> {
  const rows = await tx.execute<{
    level: number;
    block: number;
    fact: string;
    step_id: string;
    buckets: number[];
    counts: string[];
  }>(sql`
    SELECT level, block, fact, step_id, buckets, counts FROM journey_analytics.distributions
    WHERE ${generationIs(numbers)} AND shard = ${shard}`);
  return rows.map((row) => ({
    level: row.level,
    block: row.block,
    fact: row.fact,
    stepId: row.step_id,
    buckets: toBuckets(row),
  }));
}

/** Every stored closing of a shard from a time on, for the audit. */
export async function selectAllClosings(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  from: number,
): Promise<Closing[]> {
  const rows = await tx.execute<{ day: number; closes_at: number; count: number }>(sql`
    SELECT day, round(date_part('epoch', closes_at) * 1000) AS closes_at, count
    FROM journey_analytics.window_closings
    WHERE ${generationIs(numbers)} AND shard = ${shard} AND closes_at >= to_timestamp(${from}::float8 / 1000)`);
  return rows.map((row) => ({ day: row.day, closesAt: row.closes_at, count: row.count }));
}

/** The stored sets of one fact in some blocks, of all shards. */
export async function selectMembers(
  tx: Transaction,
  numbers: Numbers,
  factKey: string,
  spans: readonly Span[],
): Promise<Uint8Array[]> {
  if (spans.length === 0) return [];
  const rows = await tx.execute<{ members: Uint8Array }>(sql`
    SELECT members FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND fact_key = ${factKey}::uuid AND (${inSpans(spans)})`);
  return rows.map((row) => row.members);
}
