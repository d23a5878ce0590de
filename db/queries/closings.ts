// The stored closings of counting windows.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { plainArray } from '../array-text.ts';
import { withValuesInText } from '../lookups.ts';
import { generationIs, type Numbers } from '../numbers.ts';

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
  const query = sql`
    SELECT coalesce(sum(count), 0) AS open FROM journey_analytics.window_closings
    WHERE ${generationIs(numbers)} AND closes_at >= to_timestamp(${now}::float8 / 1000)
      AND (${days.first}::integer IS NULL OR day >= ${days.first}::integer)
      AND (${days.last}::integer IS NULL OR day <= ${days.last}::integer)`;
  const [row] = await tx.execute<{ open: string }>(withValuesInText(query));
  return Number(row?.open);
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
