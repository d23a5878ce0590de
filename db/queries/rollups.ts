// The stored numbers of a generation: counts with their sets, histograms, closings of counting windows.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { numbersOf, plainArray, textArray } from '../array-text.ts';
import { joinEarlier, splitEarlier } from '../earlier-users.ts';
import { FactLists, type FactList } from '../fact-lists.ts';

/** Which numbers: those of one generation of one journey. */
export interface Numbers {
  readonly workspaceId: number;
  readonly journeyNumber: number;
  readonly generation: number;
}

/** Which row: the facts of a step ('' for the journey as a whole) in a block of days, or a part of them. */
export interface RollupKey {
  readonly level: number;
  readonly block: number;
  readonly stepId: string;
  readonly part: number;
}

/** One stored count with its set, where the level has sets. */
export interface StoredFact {
  readonly fact: string;
  readonly detail: string;
  readonly count: number;
  readonly users: number;
  readonly members: Uint8Array | null;
  /** How many of the users had the fact before the block, as ../earlier-users.ts has it. */
  readonly earlier: Uint8Array;
}

export interface RollupRow extends RollupKey {
  readonly facts: readonly StoredFact[];
}

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
    AND rollup.block = wanted.block AND rollup.step_id = wanted.step_id COLLATE "C" AND rollup.part = wanted.part
    AND rollup.shard = ${shard}
  OFFSET 0`;

const keyColumns = (keys: readonly RollupKey[]) => sql`
  ${plainArray(keys.map((key) => key.level))}::smallint[], ${plainArray(keys.map((key) => key.block))}::integer[],
  ${textArray(keys.map((key) => key.stepId))}::text[], ${plainArray(keys.map((key) => key.part))}::smallint[]`;

/** How many bytes the sets of each of these rows of a shard have, or undefined where there is no such row. */
export async function selectRollupSizes(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly RollupKey[],
): Promise<(number | undefined)[]> {
  const sizes = keys.map((): number | undefined => undefined);
  if (keys.length === 0) return sizes;
  const rows = await tx.execute<{ position: string; size: number }>(sql`
    SELECT wanted.position, stored.size
    FROM unnest(${keyColumns(keys)}) WITH ORDINALITY AS wanted (level, block, step_id, part, position)
    CROSS JOIN LATERAL (${eachWanted(numbers, shard, 'octet_length(members) AS size')}) AS stored`);
  for (const { position, size } of rows) sizes[Number(position) - 1] = size;
  return sizes;
}

interface RowColumns extends Record<string, unknown> {
  readonly level: number;
  readonly block: number;
  readonly step_id: string;
  readonly part: number;
  readonly facts: readonly (readonly [fact: string, detail: string])[];
  readonly counts: readonly string[];
  readonly users: readonly number[];
  readonly ends: readonly number[];
  readonly members: Uint8Array;
  readonly earlier: Uint8Array;
}

const rowColumns = 'level, block, step_id, part, facts, counts, users, ends, members, earlier';

function toRow(row: RowColumns): RollupRow {
  const { level, block, step_id: stepId, part, counts, users, ends, members } = row;
  const earlier = splitEarlier(row.earlier, row.facts.length);
  const facts = row.facts.map(([fact, detail], index): StoredFact => {
    const set = members.subarray(ends[index - 1] ?? 0, ends[index]);
    return {
      fact,
      detail,
      count: Number(counts[index]),
      users: users[index] ?? 0,
      members: set.length === 0 ? null : set,
      earlier: earlier[index] ?? new Uint8Array(0),
    };
  });
  return { level, block, stepId, part, facts };
}

/** Those of these rows of a shard that are stored. */
export async function selectRollups(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly RollupKey[],
): Promise<RollupRow[]> {
  if (keys.length === 0) return [];
  const columns = rowColumns.split(', ').map((column) => `rollup.${column}`);
  const rows = await tx.execute<RowColumns>(sql`
    SELECT stored.* FROM unnest(${keyColumns(keys)}) AS wanted (level, block, step_id, part)
    CROSS JOIN LATERAL (${eachWanted(numbers, shard, columns.join(', '))}) AS stored`);
  return rows.map(toRow);
}

/** Bytes as an element of an array, in hex, since an array of buffers is escaped byte by byte. */
function hexOf(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}"`; // an empty text needs the quotes
}

/** All sets one after the other. */
function joinSets(facts: readonly StoredFact[]): Uint8Array {
  return Buffer.concat(facts.flatMap(({ members }) => (members ? [members] : [])));
}

/** Where each of some sets ends when they stand one after the other. */
function endsOf(facts: readonly StoredFact[]): number[] {
  let end = 0;
  return facts.map(({ members }) => (end += members?.length ?? 0));
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
  // An array of arrays must be rectangular, so each list travels as a text that PostgreSQL reads as an array.
  const lists = (of: (row: RollupRow) => string) => textArray(rows.map(of));
  await tx.execute(sql`
    INSERT INTO journey_analytics.rollups (workspace_id, journey_number, generation, shard,
      level, block, step_id, part, facts, counts, users, ends, members, earlier)
    SELECT ${numbers.workspaceId}::integer, ${numbers.journeyNumber}::integer, ${numbers.generation}::bigint,
      ${shard}::smallint, level, block, step_id, part, facts::json, counts::bigint[], users::integer[],
      ends::integer[], decode(members, 'hex'), decode(earlier, 'hex')
    FROM unnest(${keyColumns(rows)},
      ${lists(({ facts }) => JSON.stringify(facts.map(({ fact, detail }) => [fact, detail])))}::text[],
      ${lists(({ facts }) => plainArray(facts.map(({ count }) => count)))}::text[],
      ${lists(({ facts }) => plainArray(facts.map(({ users }) => users)))}::text[],
      ${lists(({ facts }) => plainArray(endsOf(facts)))}::text[],
      ${plainArray(rows.map(({ facts }) => hexOf(joinSets(facts))))}::text[],
      ${plainArray(rows.map(({ facts }) => hexOf(joinEarlier(facts.map(({ earlier }) => earlier)))))}::text[]
    ) AS changed (level, block, step_id, part, facts, counts, users, ends, members, earlier)
    ${
      stored
        ? sql`ON CONFLICT (workspace_id, journey_number, generation, level, block, step_id, part, shard)
            DO UPDATE SET facts = excluded.facts, counts = excluded.counts, users = excluded.users,
              ends = excluded.ends, members = excluded.members, earlier = excluded.earlier`
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
      SELECT stored.place FROM unnest(${keyColumns(keys)}) AS wanted (level, block, step_id, part)
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

/** The counts of a step's facts on one day, of one shard. */
export interface DayCounts {
  readonly day: number;
  readonly facts: FactList;
  readonly counts: readonly number[];
  readonly users: readonly number[];
}

/** Counts and users by day of entry of the facts of a step, from `first` to `last` inclusive. */
export async function selectDays(
  tx: Transaction,
  numbers: Numbers,
  stepId: string,
  days: { first: number; last: number },
): Promise<DayCounts[]> {
  const rows = await tx.execute<{ block: number; facts: string; counts: string; users: string }>(sql`
    SELECT block, facts::text AS facts, counts::text AS counts, users::text AS users FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = 0 AND block BETWEEN ${days.first} AND ${days.last}
      AND step_id = ${stepId}::text COLLATE "C"`);
  const lists = new FactLists();
  return rows.map((row) => ({
    day: row.block,
    facts: lists.read(row.facts),
    counts: numbersOf(row.counts),
    users: numbersOf(row.users),
  }));
}

/** The first and the last day on which any entry began, or null when none did. */
export async function selectDayBounds(
  tx: Transaction,
  numbers: Numbers,
): Promise<{ first: number; last: number } | null> {
  const [row] = await tx.execute<{ first: number | null; last: number | null }>(sql`
    SELECT min(block) AS first, max(block) AS last FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = 0`);
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
): Promise<RollupRow[]> {
  const rows = await tx.execute<RowColumns>(sql`
    SELECT ${sql.raw(rowColumns)} FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND shard = ${shard}`);
  return rows.map(toRow);
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

/** The stored sets of one fact of a step in some blocks, which have sets, of all shards. */
export async function selectMembers(
  tx: Transaction,
  numbers: Numbers,
  { stepId, fact, detail }: { readonly stepId: string; readonly fact: string; readonly detail: string },
  spans: readonly Span[],
): Promise<Uint8Array[]> {
  if (spans.length === 0) return [];
  // Of a long row no more is read than the set; in base64 it travels a third shorter than in hex.
  const rows = await tx.execute<{ members: string }>(sql`
    SELECT encode(substring(members FROM 1 + coalesce(ends[place.position - 1], 0)
      FOR ends[place.position] - coalesce(ends[place.position - 1], 0)), 'base64') AS members
    FROM journey_analytics.rollups CROSS JOIN LATERAL (
      SELECT position::integer FROM json_array_elements(facts) WITH ORDINALITY AS each (pair, position)
      WHERE pair ->> 0 = ${fact}::text AND pair ->> 1 = ${detail}::text
    ) AS place
    WHERE ${generationIs(numbers)} AND step_id = ${stepId}::text COLLATE "C" AND (${inSpans(spans)})`);
  return rows.map((row) => Buffer.from(row.members, 'base64'));
}
