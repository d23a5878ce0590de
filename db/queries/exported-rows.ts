// The users that an export lists, and those of their events that it needs, both in order of External ID.
import { sql, type SQL } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { anyOf, plainArray } from '../array-text.ts';

export interface NamedUser {
  readonly userId: number;
  readonly externalId: string;
}

/** Up to how many users a query names one by one in any case. */
const fewUsers = 5_000;

/** The condition that a user is of a set: a bit for each number where that is the shorter text to parse, else a list. */
function isOneOf(userIds: Uint32Array): string {
  const digits = (userIds.at(-1) ?? 0) / 4;
  if (userIds.length <= fewUsers || digits > userIds.length * 8)
    return `user_id = ANY('{${userIds.join(',')}}'::integer[])`;
  const last = userIds.at(-1) ?? 0;
  const bits = Buffer.alloc((last >>> 3) + 1);
  // Bit 0 is the lowest of the first byte, as get_bit has it.
  for (const userId of userIds) bits[userId >>> 3] = (bits[userId >>> 3] ?? 0) | (1 << (userId & 7));
  return `CASE WHEN user_id <= ${last} THEN get_bit('\\x${bits.toString('hex')}'::bytea, user_id) = 1 ELSE false END`;
}

/**
 * Begins to list users by External ID in order of code points. The database sorts and keeps the list, so that memory here
 * stays flat however many there are.
 */
async function declareUsers(
  tx: Transaction,
  workspaceId: number,
  userIds: Uint32Array,
  columns: string,
): Promise<void> {
  await tx.execute(
    sql.raw(`
    DECLARE listed_users NO SCROLL CURSOR FOR
    SELECT ${columns} FROM journey_analytics.users
    WHERE workspace_id = ${workspaceId} AND ${isOneOf(userIds)}
    ORDER BY external_id`),
  );
}

/** Lists users by External ID in order of code points, some at a time. @param userIds ascending */
export async function* listUsers(
  tx: Transaction,
  workspaceId: number,
  userIds: Uint32Array,
  atOnce: number,
): AsyncGenerator<NamedUser[], void, void> {
  await declareUsers(tx, workspaceId, userIds, 'user_id, external_id');
  for await (const rows of fetchAll<{ user_id: number; external_id: string }>(tx, atOnce)) {
    yield rows.map((row) => ({ userId: row.user_id, externalId: row.external_id }));
  }
}

/** Lists nothing but External IDs, each a row, in order of code points, some at a time. @param userIds ascending */
export async function* listNames(
  tx: Transaction,
  workspaceId: number,
  userIds: Uint32Array,
  atOnce: number,
): AsyncGenerator<[string][], void, void> {
  await declareUsers(tx, workspaceId, userIds, 'external_id');
  for await (const rows of fetchAll<{ external_id: string }>(tx, atOnce)) {
    yield rows.map((row) => [row.external_id]);
  }
}

/** Which events of some users an export reads, and what of them. */
export interface WantedEvents {
  readonly journeyNumber: number;
  /** Numbers of types whose events count at any step, and of those that count at one. */
  readonly types: readonly number[];
  readonly stepTypes: readonly number[];
  readonly stepId: string;
  /** The name of the product events wanted, or null for none. */
  readonly productName: string | null;
  /** Columns that few exports need. */
  readonly also: readonly ('batch_id' | 'outcome' | 'platform' | 'reason')[];
}

/** One event as an export reads it; a column that is not wanted is absent. */
export interface WantedEvent extends Record<string, unknown> {
  readonly user_id: number;
  readonly event_id: string;
  readonly event_type: number;
  readonly at: number;
  readonly sequence: string;
  readonly entry_id: string | null;
  readonly step_id: string | null;
  readonly batch_id?: string;
  readonly outcome?: string | null;
  readonly platform?: string | null;
  readonly reason?: string | null;
  readonly properties?: string | null;
}

/** Reads events of users, those of one user in no order. Lists and no joins, as histories.ts has it. */
export async function selectWantedEvents(
  tx: Transaction,
  workspaceId: number,
  userIds: readonly number[],
  wanted: WantedEvents,
): Promise<readonly WantedEvent[]> {
  const users = sql`user_id = ${anyOf(plainArray(userIds), 'integer')}`;
  const stepId = sql`${wanted.stepId}`;
  const productName = sql`${wanted.productName}`;
  return tx.execute<WantedEvent>(eventsOf(workspaceId, users, wanted, { stepId, productName }));
}

/** The events wanted of some users, each text of the request as it may stand in the statement. */
function eventsOf(
  workspaceId: number,
  users: SQL,
  wanted: WantedEvents,
  { stepId, productName }: { stepId: SQL; productName: SQL },
): SQL {
  const hasProducts = wanted.productName !== null;
  const columns = sql.raw(
    [
      'user_id, event_id, event_type',
      "round(date_part('epoch', at) * 1000) AS at, sequence, entry_id, step_id",
      ...wanted.also,
      ...(hasProducts ? ['properties::text AS properties'] : []),
    ].join(', '),
  );
  const oneOf = (types: readonly number[]) => sql.raw(`event_type = ANY('{${types.join(',')}}'::smallint[])`);
  const ofJourney = sql`
    SELECT ${columns} FROM journey_analytics.events AS event
    WHERE workspace_id = ${sql.raw(String(workspaceId))} AND ${users}
      AND journey_number = ${sql.raw(String(wanted.journeyNumber))}
      AND (${oneOf(wanted.types)} OR (step_id = ${stepId} AND ${oneOf(wanted.stepTypes)}))`;
  const products = sql`
    UNION ALL SELECT ${columns} FROM journey_analytics.events AS event
    WHERE workspace_id = ${sql.raw(String(workspaceId))} AND ${users} AND journey_number = 0 AND name = ${productName}`;
  return sql`${ofJourney} ${hasProducts ? products : sql``}`;
}

export type NamedEvent = WantedEvent & { readonly external_id: string };

/**
 * Whether users are so many that reading all events once, and sorting them, is quicker than looking each user's up: a
 * lookup costs some ten times what passing by a user's events does.
 */
export async function isLargeShare(tx: Transaction, users: number): Promise<boolean> {
  if (users < manyUsers) return false;
  const [row] = await tx.execute<{ last: string }>(
    sql`SELECT pg_sequence_last_value('journey_analytics.user_ids') AS last`,
  );
  return users * 8 >= Number(row?.last);
}
const manyUsers = 10_000;

/** Lists the events wanted of very many users in order of their External IDs by code point, some at a time. */
export async function* listEventsInOrder(
  tx: Transaction,
  workspaceId: number,
  userIds: Uint32Array,
  wanted: WantedEvents,
  atOnce: number,
): AsyncGenerator<readonly NamedEvent[], void, void> {
  // A cursor takes no parameters, so the database itself writes the texts as they may stand in its declaration.
  const [quoted] = await tx.execute<{ step_id: string; product_name: string }>(sql`
    SELECT quote_literal(${wanted.stepId}::text) AS step_id, quote_nullable(${wanted.productName}::text) AS product_name`);
  if (!quoted) throw new Error('The database has not quoted the texts of an export');
  const texts = { stepId: sql.raw(quoted.step_id), productName: sql.raw(quoted.product_name) };
  // How many the bits leave cannot be estimated, so the choice of a plan is not left to an estimate.
  await tx.execute(sql.raw('SET LOCAL enable_nestloop = off; SET LOCAL cursor_tuple_fraction = 1'));
  await tx.execute(sql`
    DECLARE listed_users NO SCROLL CURSOR FOR
    SELECT external_id, event.* FROM journey_analytics.users
    JOIN (${eventsOf(workspaceId, sql.raw('true'), wanted, texts)}) AS event USING (user_id)
    WHERE users.workspace_id = ${sql.raw(String(workspaceId))} AND ${sql.raw(isOneOf(userIds))}
    ORDER BY external_id`);
  yield* fetchAll<NamedEvent>(tx, atOnce);
}

async function* fetchAll<Row extends Record<string, unknown>>(
  tx: Transaction,
  atOnce: number,
): AsyncGenerator<readonly Row[], void, void> {
  const next = sql.raw(`FETCH FORWARD ${atOnce} FROM listed_users`);
  for (;;) {
    const rows: readonly unknown[] = await tx.execute(next);
    // As the cursor's query has them.
    if (rows.length > 0) yield rows as readonly Row[];
    if (rows.length < atOnce) break;
  }
  await tx.execute(sql.raw('CLOSE listed_users'));
}
