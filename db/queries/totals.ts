// What readings need of the stored numbers, added up by PostgreSQL as far as it can, so that few rows travel. The statements
// hold their numbers in their text: then they need one way to the database and back instead of two, and those that are
// asked together go together.
import { sql, type SQL } from 'drizzle-orm';
import { numbersOf } from '../array-text.ts';
import type { Transaction } from '../client.ts';
import { FactLists, type FactList } from '../fact-lists.ts';
import type { Numbers, Span } from './rollups.ts';

/** Counts of the facts of one step ('' for the journey as a whole), of one shard. */
export interface AllTimeCounts {
  readonly stepId: string;
  readonly facts: FactList;
  readonly counts: readonly number[];
  /** Shards hold different users, so their users add up. */
  readonly users: readonly number[];
}

const generationIs = (numbers: Numbers) => sql`
  workspace_id = ${numbers.workspaceId} AND journey_number = ${numbers.journeyNumber}
  AND generation = ${numbers.generation}::bigint`;

/** Steps from one to another in the order of their ids in C, both inclusive. */
export interface StepSpan {
  readonly from: string;
  readonly to: string;
}

const isIn = (steps: StepSpan | null) =>
  steps === null ? sql`` : sql`AND step_id >= ${steps.from}::text AND step_id <= ${steps.to}::text`;

/** Counts and users of all time, of some steps or (null) of all, in the order of their ids in C. */
export async function selectAllTime(
  tx: Transaction,
  numbers: Numbers,
  level: number,
  steps: StepSpan | null,
): Promise<AllTimeCounts[]> {
  const query = sql`
    SELECT step_id, facts::text AS facts, counts::text AS counts, users::text AS users
    FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = ${level} AND block = 0 ${isIn(steps)} ORDER BY step_id`;
  const rows = await tx.execute<{ step_id: string; facts: string; counts: string; users: string }>(
    query.inlineParams(),
  );
  const lists = new FactLists();
  return rows.map((row) => ({
    stepId: row.step_id,
    facts: lists.read(row.facts),
    counts: numbersOf(row.counts),
    users: numbersOf(row.users),
  }));
}

/** Each span by itself, whose rows an index has in order: together they would have to be sorted first. */
const ofEach = (spans: readonly Span[], select: (inSpan: SQL) => SQL) =>
  sql.join(
    spans.map(({ level, first, last }) =>
      select(sql`level = ${level} AND block BETWEEN ${first} AND ${last}`),
    ),
    sql` UNION ALL `,
  );

/** What is known of the facts of one step in one block, of one shard. */
export interface BlockCounts {
  readonly stepId: string;
  readonly facts: FactList;
  readonly counts: readonly number[];
  /** The sets of the facts one after the other, and where each ends. */
  readonly sets: Uint8Array;
  readonly ends: readonly number[];
}

/** Counts and sets of some blocks, of some steps or (null) of all. */
export async function selectSpans(
  tx: Transaction,
  numbers: Numbers,
  spans: readonly Span[],
  steps: StepSpan | null,
): Promise<BlockCounts[]> {
  if (spans.length === 0) return [];
  const query = ofEach(
    spans,
    (inSpan) => sql`
      SELECT step_id, facts::text AS facts, counts::text AS counts, ends::text AS ends,
        encode(members, 'base64') AS sets
      FROM journey_analytics.rollups WHERE ${generationIs(numbers)} AND ${inSpan} ${isIn(steps)}`,
  );
  const rows = await tx.execute<{
    step_id: string;
    facts: string;
    counts: string;
    ends: string;
    sets: string;
  }>(query.inlineParams());
  const lists = new FactLists();
  return rows.map((row) => ({
    stepId: row.step_id,
    facts: lists.read(row.facts),
    counts: numbersOf(row.counts),
    sets: Buffer.from(row.sets, 'base64'),
    ends: numbersOf(row.ends),
  }));
}

/** Histograms of one fact of a step, one after the other: a bucket may come several times, and its counts add up. */
export interface Histograms {
  readonly fact: string;
  readonly stepId: string;
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/** The histograms of some blocks by span, of all shards; with a step, of that step alone. */
export async function selectDistributions(
  tx: Transaction,
  numbers: Numbers,
  spans: readonly Span[],
  stepId: string | null,
): Promise<Histograms[]> {
  if (spans.length === 0) return [];
  const ofStep = stepId === null ? sql`` : sql`AND step_id = ${stepId}::text COLLATE "C"`;
  // Both are put one after the other in the order in which they are found. No histogram is empty.
  const query = ofEach(
    spans,
    (inSpan) => sql`
      SELECT fact, step_id, string_agg(buckets::text, '') AS buckets, string_agg(counts::text, '') AS counts
      FROM journey_analytics.distributions
      WHERE ${generationIs(numbers)} AND ${inSpan} ${ofStep} GROUP BY fact, step_id`,
  );
  const rows = await tx.execute<{ fact: string; step_id: string; buckets: string; counts: string }>(
    query.inlineParams(),
  );
  return rows.map((row) => ({
    fact: row.fact,
    stepId: row.step_id,
    buckets: numbersOf(row.buckets.replaceAll('}{', ',')),
    counts: numbersOf(row.counts.replaceAll('}{', ',')),
  }));
}
