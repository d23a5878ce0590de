// What readings need of the stored numbers, added up by PostgreSQL as far as it can, so that few rows travel. The statements
// hold their numbers in their text: then they need one way to the database and back instead of two, and those that are
// asked together go together.
import { sql, type SQL } from 'drizzle-orm';
import { numbersOf } from '../array-text.ts';
import type { Transaction } from '../client.ts';
import { FactLists, type FactList } from '../fact-lists.ts';
import type { Numbers, Span } from './rollups.ts';

const generationIs = (numbers: Numbers) => sql`
  workspace_id = ${numbers.workspaceId} AND journey_number = ${numbers.journeyNumber}
  AND generation = ${numbers.generation}::bigint`;

const ofStep = (stepId: string | null) =>
  stepId === null ? sql`` : sql`AND step_id = ${stepId}::text COLLATE "C"`;

/** Each span by itself, whose rows an index has in order: together they would have to be sorted first. */
const ofEach = (spans: readonly Span[], select: (inSpan: SQL) => SQL) =>
  sql.join(
    spans.map(({ level, first, last }) =>
      select(sql`level = ${level} AND block BETWEEN ${first} AND ${last}`),
    ),
    sql` UNION ALL `,
  );

/** What is known of the facts of one step ('' for the journey as a whole) in one block, of one shard. */
export interface BlockCounts {
  readonly stepId: string;
  readonly level: number;
  readonly block: number;
  readonly facts: FactList;
  readonly counts: readonly number[];
  /** Shards hold different users, so their users add up. */
  readonly users: readonly number[];
  /** How many of the users had the facts before the block, as ../earlier-users.ts has it. */
  readonly earlier: Uint8Array;
}

/** The numbers of some blocks by span, of all shards; with a step, of that step alone. */
export async function selectBlocks(
  tx: Transaction,
  numbers: Numbers,
  spans: readonly Span[],
  stepId: string | null,
): Promise<BlockCounts[]> {
  if (spans.length === 0) return [];
  const query = ofEach(
    spans,
    (inSpan) => sql`
      SELECT step_id, level, block, facts::text AS facts, counts::text AS counts, users::text AS users,
        encode(earlier, 'base64') AS earlier
      FROM journey_analytics.rollups WHERE ${generationIs(numbers)} AND ${inSpan} ${ofStep(stepId)}`,
  );
  const rows = await tx.execute<{
    step_id: string;
    level: number;
    block: number;
    facts: string;
    counts: string;
    users: string;
    earlier: string;
  }>(query.inlineParams());
  const lists = new FactLists();
  return rows.map((row) => ({
    stepId: row.step_id,
    level: row.level,
    block: row.block,
    facts: lists.read(row.facts),
    counts: numbersOf(row.counts),
    users: numbersOf(row.users),
    earlier: Buffer.from(row.earlier, 'base64'),
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
  // Both are put one after the other in the order in which they are found. No histogram is empty.
  const query = ofEach(
    spans,
    (inSpan) => sql`
      SELECT fact, step_id, string_agg(buckets::text, '') AS buckets, string_agg(counts::text, '') AS counts
      FROM journey_analytics.distributions
      WHERE ${generationIs(numbers)} AND ${inSpan} ${ofStep(stepId)} GROUP BY fact, step_id`,
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
