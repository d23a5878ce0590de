// Journeys, the generations of their numbers, and what is left to fold for them.
import { and, eq, sql } from 'drizzle-orm';
import { anyOf, plainArray, textArray } from '../array-text.ts';
import type { Reader, Transaction } from '../client.ts';
import { withValuesInText } from '../lookups.ts';
import { generations, journeys } from '../schema/tables.ts';

/** Where changes of journeys' numbers are notified. A payload is the workspace's number, a blank, and the journey's id. */
export const changesChannel = 'journey_analytics_changes';

async function announce(
  tx: Transaction,
  workspaceId: number,
  journeyNumbers: readonly number[],
): Promise<void> {
  await tx.execute(sql`
    SELECT pg_notify(${changesChannel}, workspace_id || ' ' || journey_id) FROM journey_analytics.journeys
    WHERE workspace_id = ${workspaceId} AND journey_number = ${anyOf(plainArray(journeyNumbers), 'integer')}`);
}

export interface JourneyRow {
  readonly journeyNumber: number;
  readonly journeyId: string;
  readonly definition: unknown;
  readonly hasEvents: boolean;
}

const journeyColumns = {
  journeyNumber: journeys.journeyNumber,
  journeyId: journeys.journeyId,
  definition: journeys.definition,
  hasEvents: journeys.hasEvents,
};

export async function selectJourney(
  tx: Transaction,
  workspaceId: number,
  journeyId: string,
): Promise<JourneyRow | undefined> {
  const [row] = await tx
    .select(journeyColumns)
    .from(journeys)
    .where(and(eq(journeys.workspaceId, workspaceId), eq(journeys.journeyId, journeyId)));
  return row;
}

/** Defined journeys in order of their ids, after `cursor`; with `only`, those of the list. */
export async function selectJourneys(
  tx: Transaction,
  workspaceId: number,
  page: { cursor: string; limit: number; only?: readonly string[] },
): Promise<JourneyRow[]> {
  const only = page.only ? sql`AND journey_id = ${anyOf(textArray(page.only), 'text')}` : sql``;
  const rows = await tx.execute<{
    journey_number: number;
    journey_id: string;
    definition: unknown;
    has_events: boolean;
  }>(sql`
    SELECT journey_number, journey_id, definition, has_events FROM journey_analytics.journeys
    WHERE workspace_id = ${workspaceId} AND definition IS NOT NULL AND journey_id > ${page.cursor} ${only}
    ORDER BY journey_id LIMIT ${page.limit}`);
  return rows.map((row) => ({
    journeyNumber: row.journey_number,
    journeyId: row.journey_id,
    definition: row.definition,
    hasEvents: row.has_events,
  }));
}

/** Writes a definition, or with null forgets it. @returns the journey's number. */
export async function writeDefinition(
  tx: Transaction,
  workspaceId: number,
  journeyId: string,
  definition: unknown,
): Promise<number> {
  const json = definition === null ? null : JSON.stringify(definition);
  const [row] = await tx.execute<{ journey_number: number }>(sql`
    INSERT INTO journey_analytics.journeys (workspace_id, journey_id, definition)
    VALUES (${workspaceId}, ${journeyId}, ${json}::text::json)
    ON CONFLICT (workspace_id, journey_id) DO UPDATE SET definition = excluded.definition
    RETURNING journey_number`);
  if (!row) throw new Error('The definition was not written');
  return row.journey_number;
}

export interface Generation {
  readonly journeyNumber: number;
  readonly generation: number;
  readonly rules: unknown;
  readonly serving: boolean;
}

/** Every generation of a workspace's journeys, or of one journey. */
export async function selectGenerations(
  tx: Transaction,
  workspaceId: number,
  journeyNumber?: number,
): Promise<Generation[]> {
  return tx
    .select({
      journeyNumber: generations.journeyNumber,
      generation: generations.generation,
      rules: generations.rules,
      serving: generations.serving,
    })
    .from(generations)
    .where(
      and(
        eq(generations.workspaceId, workspaceId),
        journeyNumber === undefined ? undefined : eq(generations.journeyNumber, journeyNumber),
      ),
    )
    .orderBy(generations.journeyNumber, generations.generation);
}

/** Begins a generation; its number never comes again. Until it has folded what is there it is as of no time at all. */
export async function insertGeneration(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  rules: unknown,
  serving: boolean,
): Promise<number> {
  const [row] = await tx.execute<{ generation: string }>(sql`
    INSERT INTO journey_analytics.generations
      (workspace_id, journey_number, generation, rules, serving, revision, as_of)
    VALUES (${workspaceId}, ${journeyNumber}, nextval('journey_analytics.revisions'),
      ${JSON.stringify(rules)}::text::json, ${serving}, nextval('journey_analytics.revisions'), 'epoch')
    RETURNING generation`);
  return Number(row?.generation);
}

/**
 * Notes for each block of users who have events of the journey that the generation must fold it, with the number of those
 * events that are rolled up: the others are still counted by their batches.
 * @returns how many.
 */
export async function insertRefolds(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  generation: number,
  division: { usersInBlock: number; shardCount: number },
): Promise<number> {
  const rows = await tx.execute(sql`
    INSERT INTO journey_analytics.refolds
      (workspace_id, journey_number, generation, shard, user_block, event_count)
    SELECT ${workspaceId}::integer, ${journeyNumber}::integer, ${generation}::bigint,
      user_block % ${division.shardCount}::integer, user_block, count(*) - count(waiting.batch_id)
    FROM (
      SELECT user_id / ${division.usersInBlock}::integer AS user_block, batch_id FROM journey_analytics.events
      WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber}
    ) AS event
    LEFT JOIN journey_analytics.batches AS waiting
      ON waiting.workspace_id = ${workspaceId} AND waiting.batch_id = event.batch_id
      AND waiting.shard = user_block % ${division.shardCount}::integer
    GROUP BY user_block
    RETURNING user_block`);
  return rows.length;
}

/** Forgets the numbers of a journey's generations: all, or all but one. */
export async function deleteGenerations(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  except = -1,
): Promise<void> {
  for (const table of ['refolds', 'rollups', 'rollup_sets', 'window_closings', 'generations']) {
    await tx.execute(sql`
      DELETE FROM ${sql.raw(`journey_analytics.${table}`)}
      WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber} AND generation <> ${except}`);
  }
  await announce(tx, workspaceId, [journeyNumber]);
}

/** Puts a generation in the place of the one that is served. */
export async function serveGeneration(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  generation: number,
): Promise<void> {
  // It holds all that the one before it holds, so its time is no earlier, whoever was folded last and whatever the clock does.
  await tx.execute(sql`
    UPDATE journey_analytics.generations SET as_of = greatest(as_of, (
      SELECT max(as_of) FROM journey_analytics.generations
      WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber} AND serving))
    WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber} AND generation = ${generation}`);
  await deleteGenerations(tx, workspaceId, journeyNumber, generation);
  await tx.execute(sql`
    DELETE FROM journey_analytics.refolds
    WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber}`);
  await tx.execute(sql`
    UPDATE journey_analytics.generations SET serving = true, revision = nextval('journey_analytics.revisions')
    WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber} AND generation = ${generation}`);
  await announce(tx, workspaceId, [journeyNumber]);
}

/** Gives a journey's generations a new revision, since its definition has changed. */
export async function touchGenerations(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
): Promise<void> {
  await tx.execute(sql`
    UPDATE journey_analytics.generations SET revision = nextval('journey_analytics.revisions')
    WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber}`);
  await announce(tx, workspaceId, [journeyNumber]);
}

/**
 * Gives generations a new revision, whose numbers hold every event acknowledged before `snapshotAt` but those of batches
 * that are still waiting. Without `snapshotAt` that is now.
 */
export async function reviseGenerations(
  tx: Transaction,
  workspaceId: number,
  changed: readonly { journeyNumber: number; generation: number }[],
  snapshotAt: string | null,
): Promise<void> {
  if (changed.length === 0) return;
  await tx.execute(sql`
    UPDATE journey_analytics.generations AS generation
    SET revision = nextval('journey_analytics.revisions'),
      as_of = CASE
        WHEN EXISTS (
          SELECT FROM journey_analytics.refolds AS refold
          WHERE refold.workspace_id = ${workspaceId} AND refold.journey_number = generation.journey_number
            AND refold.generation = generation.generation AND NOT refold.folded)
        THEN generation.as_of
        ELSE greatest(generation.as_of, least(coalesce(${snapshotAt}::timestamptz, clock_timestamp()), (
          SELECT min(accepted_at) FROM journey_analytics.batches WHERE workspace_id = ${workspaceId})))
      END
    FROM unnest(
      ${sql.param(changed.map((each) => each.journeyNumber))}::integer[],
      ${sql.param(changed.map((each) => each.generation))}::bigint[]) AS changed (journey_number, generation)
    WHERE generation.workspace_id = ${workspaceId}
      AND generation.journey_number = changed.journey_number AND generation.generation = changed.generation`);
  await announce(
    tx,
    workspaceId,
    changed.map((each) => each.journeyNumber),
  );
}

/** Which numbers of a journey are served, and what is not in them yet: all that an answer depends on but its question. */
export interface Freshness {
  readonly generation: number;
  readonly revision: string;
  /** RFC 3339 in UTC, with milliseconds. */
  readonly asOf: string;
  /** Accepted events of the workspace that are not in these numbers yet. */
  readonly pendingEvents: number;
  /** The database's clock, in milliseconds since 1970. */
  readonly now: number;
  /** When the next counting window closes, in milliseconds since 1970; null when none is open. */
  readonly nextClosing: number | null;
}

/** What a reading is made of, but the numbers themselves. */
export interface ReadState extends Freshness {
  readonly journeyNumber: number;
  readonly definition: unknown;
  readonly rules: unknown;
}

interface FreshnessRow extends Record<string, unknown> {
  generation: string;
  revision: string;
  as_of: string;
  pending: string;
  now: number;
  next_closing: number | null;
}

/** The columns of FreshnessRow, of `fresh`. */
const freshnessColumns = sql.raw(`
  fresh.generation, fresh.revision,
  to_char(fresh.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS as_of, fresh.pending,
  round(date_part('epoch', fresh.now_at) * 1000) AS now,
  round(date_part('epoch', fresh.next_closing) * 1000) AS next_closing`);

const freshnessOf = (workspaceId: number, journeyId: string) =>
  sql`journey_analytics.freshness_of(${workspaceId}::integer, ${journeyId}::text) AS fresh`;

const toFreshness = (row: FreshnessRow): Freshness => ({
  generation: Number(row.generation),
  revision: row.revision,
  asOf: row.as_of,
  pendingEvents: Number(row.pending),
  now: row.now,
  nextClosing: row.next_closing,
});

/** How fresh the served numbers of a defined journey are. */
export async function selectFreshness(
  reader: Reader,
  workspaceId: number,
  journeyId: string,
): Promise<Freshness | undefined> {
  const [row] = await reader.execute<FreshnessRow>(
    sql`SELECT ${freshnessColumns} FROM ${freshnessOf(workspaceId, journeyId)}`,
  );
  return row && toFreshness(row);
}

/** The state of a defined journey: its definition, and which generation serves. */
export async function selectReadState(
  tx: Transaction,
  workspaceId: number,
  journeyId: string,
): Promise<ReadState | undefined> {
  const query = sql`
    SELECT journey.journey_number, journey.definition, serving.rules, ${freshnessColumns}
    FROM ${freshnessOf(workspaceId, journeyId)}
    JOIN journey_analytics.journeys AS journey
      ON journey.workspace_id = ${workspaceId} AND journey.journey_id = ${journeyId}
    JOIN journey_analytics.generations AS serving
      ON serving.workspace_id = ${workspaceId} AND serving.journey_number = journey.journey_number
      AND serving.generation = fresh.generation`;
  const [row] = await tx.execute<
    FreshnessRow & { journey_number: number; definition: unknown; rules: unknown }
  >(withValuesInText(query));
  if (!row) return undefined;
  const { journey_number: journeyNumber, definition, rules } = row;
  return { journeyNumber, definition, rules, ...toFreshness(row) };
}
