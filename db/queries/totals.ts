// What readings need of the stored numbers, added up by PostgreSQL as far as it can, so that few rows travel. The statements
// hold their numbers in their text: then they need one way to the database and back instead of two, and those that are
// asked together go together.
import { sql, type SQL } from 'drizzle-orm';
import { plainArray } from '../array-text.ts';
import type { Transaction } from '../client.ts';
import type { Numbers, Span } from './rollups.ts';

/** Sums over all time and all shards, by fact. */
export interface Total {
  readonly factKey: string;
  readonly fact: string;
  readonly stepId: string;
  readonly detail: string;
  readonly count: number;
  readonly users: number;
}

const generationIs = (numbers: Numbers) => sql`
  workspace_id = ${numbers.workspaceId} AND journey_number = ${numbers.journeyNumber}
  AND generation = ${numbers.generation}::bigint`;

const isOneOf = (factKeys: readonly string[] | null) =>
  factKeys === null ? sql`` : sql`AND fact_key = ANY(${plainArray(factKeys)}::uuid[])`;

/** Counts and users of all time, of some facts or (null) of all. Shards hold different users, so their users add up. */
export async function selectAllTime(
  tx: Transaction,
  numbers: Numbers,
  level: number,
  factKeys: readonly string[] | null,
): Promise<Total[]> {
  const query = sql`
    SELECT fact_key, min(fact) AS fact, min(step_id) AS step_id, min(detail) AS detail,
      sum(count)::bigint AS count, sum(users)::bigint AS users
    FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = ${level} ${isOneOf(factKeys)} GROUP BY fact_key`;
  const rows = await tx.execute<{
    fact_key: string;
    fact: string;
    step_id: string;
    detail: string;
    count: string;
    users: string;
  }>(query.inlineParams());
  return rows.map((row) => ({
    factKey: row.fact_key,
    fact: row.fact,
    stepId: row.step_id,
    detail: row.detail,
    count: Number(row.count),
    users: Number(row.users),
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

/** What is known of a fact in some blocks. */
export interface SpanTotal {
  readonly factKey: string;
  readonly count: number;
  /** The sets of these blocks and of all shards, one after the other, in base64. */
  readonly sets: string;
}

/** Counts and sets of some blocks by span, of some facts or (null) of all. */
export async function selectSpans(
  tx: Transaction,
  numbers: Numbers,
  spans: readonly Span[],
  factKeys: readonly string[] | null,
): Promise<SpanTotal[]> {
  if (spans.length === 0) return [];
  const query = ofEach(
    spans,
    (inSpan) => sql`
      SELECT fact_key, sum(count)::bigint AS count, encode(string_agg(members, ''), 'base64') AS sets
      FROM journey_analytics.rollups
      WHERE ${generationIs(numbers)} AND ${inSpan} ${isOneOf(factKeys)} GROUP BY fact_key`,
  );
  const rows = await tx.execute<{ fact_key: string; count: string; sets: string }>(query.inlineParams());
  return rows.map((row) => ({
    factKey: row.fact_key,
    count: Number(row.count),
    sets: row.sets,
  }));
}

/** Histograms of one fact of a step, one after the other: a bucket may come several times, and its counts add up. */
export interface Histograms {
  readonly fact: string;
  readonly stepId: string;
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/** Reads arrays of numbers one after the other, as PostgreSQL writes them. None is empty: such a histogram is deleted. */
function numbersOf(arrays: string): number[] {
  // Nothing but numbers stands there.
  return JSON.parse(`[${arrays.slice(1, -1).replaceAll('}{', ',')}]`) as number[];
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
  // Both are added up in the order in which they are found.
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
    buckets: numbersOf(row.buckets),
    counts: numbersOf(row.counts),
  }));
}
