// What readings need of the stored numbers: those of blocks of days, and the sets behind them.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { FactLists, type FactList } from '../fact-lists.ts';
import { generationIs, type Numbers } from '../numbers.ts';
import { unpackNumbers, type FactNumbers } from '../packed-numbers.ts';

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

/** The numbers of the facts of one step ('' for the journey as a whole) in one block, of one shard. */
export interface BlockNumbers {
  readonly stepId: string;
  readonly level: number;
  readonly block: number;
  readonly facts: FactList;
  /** As ../packed-numbers.ts has them. Shards hold different users, so their users add up. */
  readonly numbers: Uint8Array;
}

/**
 * The numbers of some blocks by span, of all shards; with a step, of that step alone. The statement holds its numbers in its
 * text: then it needs one way to the database and back instead of two, and those that are asked together go together.
 */
export async function selectBlocks(
  tx: Transaction,
  numbers: Numbers,
  spans: readonly Span[],
  stepId: string | null,
): Promise<BlockNumbers[]> {
  if (spans.length === 0) return [];
  const ofStep = stepId === null ? sql`` : sql`AND step_id = ${stepId}::text COLLATE "C"`;
  // Each span by itself, whose rows an index has in order: together they would have to be sorted first.
  const query = sql.join(
    spans.map(
      ({ level, first, last }) => sql`
        SELECT step_id, level, block, facts::text AS facts, numbers FROM journey_analytics.rollups
        WHERE ${generationIs(numbers)} AND level = ${level} AND block BETWEEN ${first} AND ${last} ${ofStep}`,
    ),
    sql` UNION ALL `,
  );
  const rows = await tx.execute<{
    step_id: string;
    level: number;
    block: number;
    facts: string;
    numbers: Uint8Array;
  }>(query.inlineParams());
  const lists = new FactLists();
  return rows.map(({ step_id: stepIdOfRow, level, block, facts, numbers: packed }) => ({
    stepId: stepIdOfRow,
    level,
    block,
    facts: lists.read(facts),
    numbers: packed,
  }));
}

/** The numbers of a step's facts on one day, of one shard. */
export interface DayNumbers {
  readonly day: number;
  readonly facts: FactList;
  readonly numbers: readonly FactNumbers[];
}

/** Numbers by day of entry of the facts of a step, from `first` to `last` inclusive. */
export async function selectDays(
  tx: Transaction,
  numbers: Numbers,
  stepId: string,
  days: { first: number; last: number },
): Promise<DayNumbers[]> {
  const rows = await tx.execute<{ block: number; facts: string; numbers: Uint8Array }>(sql`
    SELECT block, facts::text AS facts, numbers FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = 0 AND block BETWEEN ${days.first} AND ${days.last}
      AND step_id = ${stepId}::text COLLATE "C"`);
  const lists = new FactLists();
  return rows.map((row) => {
    const facts = lists.read(row.facts);
    return { day: row.block, facts, numbers: unpackNumbers(row.numbers, facts.length).facts };
  });
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

/** The stored sets of one fact of a step in some blocks, which have sets, of all shards. */
export async function selectMembers(
  tx: Transaction,
  numbers: Numbers,
  { stepId, fact, detail }: { readonly stepId: string; readonly fact: string; readonly detail: string },
  spans: readonly Span[],
): Promise<Uint8Array[]> {
  if (spans.length === 0) return [];
  const isWanted = sql`
    ${generationIs(numbers)} AND step_id = ${stepId}::text COLLATE "C" AND (${inSpans(spans)})`;
  // Many rows have the same list of facts, so each is looked through once. Of a long row no more is read than the set.
  const rows = await tx.execute<{ members: Uint8Array }>(sql`
    WITH place AS MATERIALIZED (
      SELECT list, position::integer FROM (
        SELECT DISTINCT facts::text AS list FROM journey_analytics.rollups WHERE ${isWanted}
      ) AS lists
      CROSS JOIN LATERAL json_array_elements(list::json) WITH ORDINALITY AS each (pair, position)
      WHERE pair ->> 0 = ${fact}::text AND pair ->> 1 = ${detail}::text
    )
    SELECT substring(members FROM 1 + coalesce(ends[place.position - 1], 0)
      FOR ends[place.position] - coalesce(ends[place.position - 1], 0)) AS members
    FROM journey_analytics.rollups JOIN place ON place.list = facts::text WHERE ${isWanted}`);
  return rows.map((row) => row.members);
}
