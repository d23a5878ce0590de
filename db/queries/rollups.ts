// The stored numbers of a generation, row by row: counts, users and histograms.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { hexElement, plainArray, textArray } from '../array-text.ts';
import { joinFactLines, readFactLine, splitFactLines } from '../fact-lines.ts';
import { generationIs, type Numbers } from '../numbers.ts';
import { packNumbers, unpackNumbers, type FactNumbers } from '../packed-numbers.ts';

/** Which row: the facts of a step ('' for the journey as a whole) in a block of days, or a part of them. */
export interface RollupKey {
  readonly level: number;
  readonly block: number;
  readonly stepId: string;
  readonly part: number;
}

/** The stored numbers of one fact. */
export interface StoredFact extends FactNumbers {
  readonly fact: string;
  readonly detail: string;
}

export interface RollupRow extends RollupKey {
  readonly facts: readonly StoredFact[];
  /** Pairs: in each bucket so many times in the step, or for the journey as a whole times to convert. */
  readonly durations: Uint8Array;
}

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

interface RowColumns extends Record<string, unknown> {
  readonly level: number;
  readonly block: number;
  readonly step_id: string;
  readonly part: number;
  readonly facts: string;
  readonly numbers: Uint8Array;
}

const rowColumns = 'level, block, step_id, part, facts, numbers';

function toRow({ level, block, step_id, part, facts: lines, numbers }: RowColumns): RollupRow {
  const list = splitFactLines(lines).map(readFactLine);
  const { facts: packed, durations } = unpackNumbers(numbers, list.length);
  const facts = packed.map((ofFact, index): StoredFact => {
    const [fact, detail] = list[index] ?? ['', ''];
    return { fact, detail, ...ofFact };
  });
  return { level, block, stepId: step_id, part, facts, durations };
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
      level, block, step_id, part, facts, numbers)
    SELECT ${numbers.workspaceId}::integer, ${numbers.journeyNumber}::integer, ${numbers.generation}::bigint,
      ${shard}::smallint, level, block, step_id, part, facts, decode(numbers, 'hex')
    FROM unnest(${keyColumns(rows)},
      ${textArray(rows.map(({ facts }) => joinFactLines(facts)))}::text[],
      ${plainArray(rows.map(({ facts, durations }) => hexElement(packNumbers(facts, durations))))}::text[]
    ) AS changed (level, block, step_id, part, facts, numbers)
    ${
      stored
        ? sql`ON CONFLICT (workspace_id, journey_number, generation, level, block, step_id, part, shard)
            DO UPDATE SET facts = excluded.facts, numbers = excluded.numbers`
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

/** Every stored number of a generation in a shard, for the audit. */
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
