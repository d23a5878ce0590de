// The stored sets of users behind the facts of a generation, by ranges of users: who they are.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { hexElement, plainArray, textArray } from '../array-text.ts';
import { factLine, joinFactLines, readFactLine, splitFactLines } from '../fact-lines.ts';
import { generationIs, type Numbers } from '../numbers.ts';
import type { Span } from './blocks.ts';
import type { RollupKey } from './rollups.ts';

/** Which row: the users of a range behind the facts of a row of numbers. */
export interface SetKey extends RollupKey {
  readonly userRange: number;
}

export interface StoredSet {
  readonly fact: string;
  readonly detail: string;
  readonly members: Uint8Array;
}

export interface SetRow extends SetKey {
  readonly sets: readonly StoredSet[];
}

/** The row of each wanted key, found one by one in the index, as those of numbers are. */
const eachWanted = (numbers: Numbers, shard: number, columns: string) => sql`
  SELECT ${sql.raw(columns)} FROM journey_analytics.rollup_sets AS rollup
  WHERE rollup.workspace_id = ${numbers.workspaceId} AND rollup.journey_number = ${numbers.journeyNumber}
    AND rollup.generation = ${numbers.generation}::bigint AND rollup.step_id = wanted.step_id COLLATE "C"
    AND rollup.level = wanted.level AND rollup.block = wanted.block AND rollup.part = wanted.part
    AND rollup.shard = ${shard} AND rollup.user_range = wanted.user_range
  OFFSET 0`;

const keyColumns = (keys: readonly SetKey[]) => sql`
  ${plainArray(keys.map((key) => key.level))}::smallint[], ${plainArray(keys.map((key) => key.block))}::integer[],
  ${textArray(keys.map((key) => key.stepId))}::text[], ${plainArray(keys.map((key) => key.part))}::smallint[],
  ${plainArray(keys.map((key) => key.userRange))}::smallint[]`;

const keyNames = sql.raw('level, block, step_id, part, user_range');

/** How many bytes the sets of each of these rows of a shard have, or undefined where there is no such row. */
export async function selectSetSizes(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly SetKey[],
): Promise<(number | undefined)[]> {
  const sizes = keys.map((): number | undefined => undefined);
  if (keys.length === 0) return sizes;
  const rows = await tx.execute<{ position: string; size: number }>(sql`
    SELECT wanted.position, stored.size
    FROM unnest(${keyColumns(keys)}) WITH ORDINALITY AS wanted (${keyNames}, position)
    CROSS JOIN LATERAL (${eachWanted(numbers, shard, 'octet_length(members) AS size')}) AS stored`);
  for (const { position, size } of rows) sizes[Number(position) - 1] = size;
  return sizes;
}

interface RowColumns extends Record<string, unknown> {
  readonly level: number;
  readonly block: number;
  readonly step_id: string;
  readonly part: number;
  readonly user_range: number;
  readonly facts: string;
  readonly ends: readonly number[];
  readonly members: Uint8Array;
}

const rowColumns = 'level, block, step_id, part, user_range, facts, ends, members';

function toRow(row: RowColumns): SetRow {
  const { level, block, step_id: stepId, part, user_range: userRange, ends, members } = row;
  const sets = splitFactLines(row.facts).map((line, index): StoredSet => {
    const [fact, detail] = readFactLine(line);
    return { fact, detail, members: members.subarray(ends[index - 1] ?? 0, ends[index]) };
  });
  return { level, block, stepId, part, userRange, sets };
}

/** Those of these rows of a shard that are stored. */
export async function selectSets(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly SetKey[],
): Promise<SetRow[]> {
  if (keys.length === 0) return [];
  const columns = rowColumns.split(', ').map((column) => `rollup.${column}`);
  const rows = await tx.execute<RowColumns>(sql`
    SELECT stored.* FROM unnest(${keyColumns(keys)}) AS wanted (${keyNames})
    CROSS JOIN LATERAL (${eachWanted(numbers, shard, columns.join(', '))}) AS stored`);
  return rows.map(toRow);
}

/** Where each of some sets ends when they stand one after the other. */
function endsOf(sets: readonly StoredSet[]): number[] {
  let end = 0;
  return sets.map(({ members }) => (end += members.length));
}

/** Writes rows as they now are. The caller holds the shard. */
export async function writeSets(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  rows: readonly SetRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    INSERT INTO journey_analytics.rollup_sets (workspace_id, journey_number, generation, shard,
      level, block, step_id, part, user_range, facts, ends, members)
    SELECT ${numbers.workspaceId}::integer, ${numbers.journeyNumber}::integer, ${numbers.generation}::bigint,
      ${shard}::smallint, ${keyNames}, facts, ends::integer[], decode(members, 'hex')
    FROM unnest(${keyColumns(rows)},
      ${textArray(rows.map(({ sets }) => joinFactLines(sets)))}::text[],
      -- An array of arrays must be rectangular, so each list travels as a text that PostgreSQL reads as an array.
      ${textArray(rows.map(({ sets }) => plainArray(endsOf(sets))))}::text[],
      ${plainArray(rows.map(({ sets }) => hexElement(Buffer.concat(sets.map(({ members }) => members)))))}::text[]
    ) AS changed (${keyNames}, facts, ends, members)
    ON CONFLICT (workspace_id, journey_number, generation, step_id, level, block, part, shard, user_range)
    DO UPDATE SET facts = excluded.facts, ends = excluded.ends, members = excluded.members`);
}

export async function deleteSets(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  keys: readonly SetKey[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx.execute(sql`
    DELETE FROM journey_analytics.rollup_sets WHERE ctid = ANY(ARRAY(
      SELECT stored.place FROM unnest(${keyColumns(keys)}) AS wanted (${keyNames})
      CROSS JOIN LATERAL (${eachWanted(numbers, shard, 'ctid AS place')}) AS stored))`);
}

/** Every stored set of a generation in a shard, for the audit. */
export async function selectAllSets(tx: Transaction, numbers: Numbers, shard: number): Promise<SetRow[]> {
  const rows = await tx.execute<RowColumns>(sql`
    SELECT ${sql.raw(rowColumns)} FROM journey_analytics.rollup_sets
    WHERE ${generationIs(numbers)} AND shard = ${shard}`);
  return rows.map(toRow);
}

const inSpans = (spans: readonly Span[]) =>
  sql.join(
    spans.map((span) => sql`(level = ${span.level} AND block BETWEEN ${span.first} AND ${span.last})`),
    sql` OR `,
  );

/** The stored sets of one fact of a step in some blocks, which have sets, of all users. */
export async function selectMembers(
  tx: Transaction,
  numbers: Numbers,
  { stepId, fact, detail }: { readonly stepId: string; readonly fact: string; readonly detail: string },
  spans: readonly Span[],
): Promise<Uint8Array[]> {
  if (spans.length === 0) return [];
  // Of a long row no more is read than the set.
  const rows = await tx.execute<{ members: Uint8Array }>(sql`
    SELECT substring(members FROM 1 + coalesce(ends[place - 1], 0) FOR ends[place] - coalesce(ends[place - 1], 0))
      AS members
    FROM (
      SELECT members, ends, array_position(string_to_array(facts, E'\n'), ${factLine(fact, detail)}::text) AS place
      FROM journey_analytics.rollup_sets
      WHERE ${generationIs(numbers)} AND step_id = ${stepId}::text COLLATE "C" AND (${inSpans(spans)})
    ) AS placed
    WHERE place IS NOT NULL`);
  return rows.map((row) => row.members);
}
