// What readings need of the stored numbers: those of blocks of days.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { splitFactLines } from '../fact-lines.ts';
import { withValuesInText } from '../lookups.ts';
import { generationIs, type Numbers } from '../numbers.ts';
import { unpackNumbers, type FactNumbers } from '../packed-numbers.ts';

/** Consecutive blocks of one level, first and last inclusive. */
export interface Span {
  readonly level: number;
  readonly first: number;
  readonly last: number;
}

/** The numbers of the facts of one step ('' for the journey as a whole) in one block, of one shard. */
export interface BlockNumbers {
  readonly stepId: string;
  readonly level: number;
  readonly block: number;
  /** Lines, as ../fact-lines.ts has them. */
  readonly facts: string;
  /** As ../packed-numbers.ts has them. Shards hold different users, so their users add up. */
  readonly numbers: Uint8Array;
}

/** The numbers of some blocks by span, of all shards; with '' of the journey as a whole alone. */
export async function selectBlocks(
  tx: Transaction,
  numbers: Numbers,
  spans: readonly Span[],
  stepId: '' | null,
): Promise<BlockNumbers[]> {
  if (spans.length === 0) return [];
  const ofStep = stepId === null ? sql`` : sql`AND step_id = ${stepId}::text COLLATE "C"`;
  // Each span by itself, whose rows an index has in order: together they would have to be sorted first.
  const query = sql.join(
    spans.map(
      ({ level, first, last }) => sql`
        SELECT step_id, level, block, facts, numbers FROM journey_analytics.rollups
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
  }>(withValuesInText(query));
  return rows.map(({ step_id: stepIdOfRow, level, block, facts, numbers: packed }) => ({
    stepId: stepIdOfRow,
    level,
    block,
    facts,
    numbers: packed,
  }));
}

/** The numbers of a step's facts on one day, of one shard. */
export interface DayNumbers {
  readonly day: number;
  /** By the line of the fact. */
  readonly facts: ReadonlyMap<string, FactNumbers>;
}

/** Numbers by day of entry of the facts of a step, from `first` to `last` inclusive. */
export async function selectDays(
  tx: Transaction,
  numbers: Numbers,
  stepId: string,
  days: { first: number; last: number },
): Promise<DayNumbers[]> {
  const rows = await tx.execute<{ block: number; facts: string; numbers: Uint8Array }>(sql`
    SELECT block, facts, numbers FROM journey_analytics.rollups
    WHERE ${generationIs(numbers)} AND level = 0 AND block BETWEEN ${days.first} AND ${days.last}
      AND step_id = ${stepId}::text COLLATE "C"`);
  return rows.map((row) => {
    const lines = splitFactLines(row.facts);
    const unpacked = unpackNumbers(row.numbers, lines.length).facts;
    return { day: row.block, facts: new Map(unpacked.map((each, place) => [lines[place] ?? '', each])) };
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
