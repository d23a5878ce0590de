// The audit trail of exports, one-time links, and the users that an export lists.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';

export interface ExportRecord {
  readonly exportId: string;
  readonly apiKeyId: string;
  readonly subject: string | null;
  readonly journeyId: string;
  readonly request: unknown;
  readonly format: string;
  readonly rows: number;
}

/** Writes what is exported into the audit trail; with a ticket it waits to be fetched, else it is under way. */
export async function insertExport(
  tx: Transaction,
  workspaceId: number,
  record: ExportRecord,
  ticket: { hash: string; seconds: number } | null,
): Promise<{ expiresAt: string | null }> {
  const [row] = await tx.execute<{ expires_at: string | null }>(sql`
    INSERT INTO journey_analytics.exports (workspace_id, export_id, api_key_id, subject, journey_id, request, format,
      state, rows, created_at, updated_at, ticket_hash, ticket_expires_at)
    VALUES (${workspaceId}, ${record.exportId}, ${record.apiKeyId}, ${record.subject}, ${record.journeyId},
      ${JSON.stringify(record.request)}::text::json, ${record.format}, ${ticket ? 'waiting' : 'streaming'},
      ${record.rows}, clock_timestamp(), clock_timestamp(), decode(${ticket?.hash ?? null}::text, 'hex'),
      clock_timestamp() + make_interval(secs => ${ticket?.seconds ?? null}::float8))
    RETURNING to_char(ticket_expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS expires_at`);
  return { expiresAt: row?.expires_at ?? null };
}

export interface Progress {
  readonly state: 'streaming' | 'complete' | 'broken';
  readonly rows: number;
  readonly rowsSent: number;
}

export async function updateExport(
  tx: Transaction,
  workspaceId: number,
  exportId: string,
  progress: Progress,
): Promise<void> {
  await tx.execute(sql`
    UPDATE journey_analytics.exports
    SET state = ${progress.state}, rows = ${progress.rows}, rows_sent = ${progress.rowsSent},
      updated_at = ${new Date().toISOString()}::timestamptz
    WHERE workspace_id = ${workspaceId} AND export_id = ${exportId}`);
}

export interface TakenExport extends ExportRecord {
  readonly workspaceId: number;
}

/** Takes a waiting export by its ticket's hash, once. The transaction must name the hash. */
export async function takeExport(tx: Transaction, hash: string): Promise<TakenExport | undefined> {
  const [row] = await tx.execute<ExportColumns & { workspace_id: number }>(sql`
    UPDATE journey_analytics.exports SET state = 'streaming', updated_at = ${new Date().toISOString()}::timestamptz
    WHERE ticket_hash = decode(${hash}, 'hex') AND state = 'waiting' AND ticket_expires_at > clock_timestamp()
    RETURNING workspace_id, export_id, api_key_id, subject, journey_id, request, format, rows`);
  return row && { workspaceId: row.workspace_id, ...toRecord(row) };
}

export interface Ticket {
  readonly isOpen: boolean;
  readonly apiKeyId: string;
  readonly subject: string | null;
}

/** Whom a ticket was given to, and whether it may still be taken. The transaction must name the hash. */
export async function selectTicket(tx: Transaction, hash: string): Promise<Ticket | undefined> {
  const [row] = await tx.execute<{ is_open: boolean; api_key_id: string; subject: string | null }>(sql`
    SELECT state = 'waiting' AND ticket_expires_at > clock_timestamp() AS is_open, api_key_id, subject
    FROM journey_analytics.exports
    WHERE ticket_hash = decode(${hash}, 'hex')`);
  return row && { isOpen: row.is_open, apiKeyId: row.api_key_id, subject: row.subject };
}

interface ExportColumns extends Record<string, unknown> {
  readonly export_id: string;
  readonly api_key_id: string;
  readonly subject: string | null;
  readonly journey_id: string;
  readonly request: unknown;
  readonly format: string;
  readonly rows: string;
}

function toRecord(row: ExportColumns): ExportRecord {
  return {
    exportId: row.export_id,
    apiKeyId: row.api_key_id,
    subject: row.subject,
    journeyId: row.journey_id,
    request: row.request,
    format: row.format,
    rows: Number(row.rows),
  };
}

export type ListedExport = ExportRecord & {
  readonly state: 'waiting' | 'streaming' | 'complete' | 'broken' | 'expired';
  readonly rowsSent: number;
  readonly createdAt: string;
};

/** A stream that has not said anything for so long has died with its process. */
const silentSeconds = 60;

const listed = sql.raw(`
  export_id, api_key_id, subject, journey_id, request, format, rows, rows_sent,
  CASE
    WHEN state = 'waiting' AND ticket_expires_at <= clock_timestamp() THEN 'expired'
    WHEN state = 'streaming' AND updated_at < clock_timestamp() - interval '${silentSeconds} seconds' THEN 'broken'
    ELSE state
  END AS state,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at`);

type ListedColumns = ExportColumns & {
  readonly state: ListedExport['state'];
  readonly rows_sent: string;
  readonly created_at: string;
};

function toListed(row: ListedColumns): ListedExport {
  return { ...toRecord(row), state: row.state, rowsSent: Number(row.rows_sent), createdAt: row.created_at };
}

export async function selectExport(
  tx: Transaction,
  workspaceId: number,
  exportId: string,
): Promise<ListedExport | undefined> {
  const [row] = await tx.execute<ListedColumns>(sql`
    SELECT ${listed} FROM journey_analytics.exports
    WHERE workspace_id = ${workspaceId} AND export_id = ${exportId}`);
  return row && toListed(row);
}

/** The audit trail, newest first, after a place in it. */
export async function selectExports(
  tx: Transaction,
  workspaceId: number,
  page: { after: { createdAt: string; exportId: string } | null; limit: number },
): Promise<ListedExport[]> {
  const after = page.after
    ? sql`AND (created_at, export_id) < (${page.after.createdAt}::timestamptz, ${page.after.exportId}::uuid)`
    : sql``;
  const rows = await tx.execute<ListedColumns>(sql`
    SELECT ${listed} FROM journey_analytics.exports
    WHERE workspace_id = ${workspaceId} ${after}
    ORDER BY exports.created_at DESC, export_id DESC LIMIT ${page.limit}`);
  return rows.map(toListed);
}

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
 * Lists users by External ID in order of code points, some at a time. The database sorts and keeps the list, so that
 * memory here stays flat however many there are.
 * @param userIds ascending
 */
export async function* listUsers(
  tx: Transaction,
  workspaceId: number,
  userIds: Uint32Array,
  atOnce: number,
): AsyncGenerator<NamedUser[], void, void> {
  await tx.execute(
    sql.raw(`
    DECLARE listed_users NO SCROLL CURSOR FOR
    SELECT user_id, external_id FROM journey_analytics.users
    WHERE workspace_id = ${workspaceId} AND ${isOneOf(userIds)}
    ORDER BY external_id`),
  );
  const next = sql.raw(`FETCH FORWARD ${atOnce} FROM listed_users`);
  for (;;) {
    const rows = await tx.execute<{ user_id: number; external_id: string }>(next);
    if (rows.length > 0) yield rows.map((row) => ({ userId: row.user_id, externalId: row.external_id }));
    if (rows.length < atOnce) break;
  }
  await tx.execute(sql.raw('CLOSE listed_users'));
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
  const users = sql`ANY(${sql.param(userIds)}::integer[])`;
  const hasProducts = wanted.productName !== null;
  const columns = sql.raw(
    [
      'user_id, event_id, event_type',
      "round(date_part('epoch', at) * 1000) AS at, sequence, entry_id, step_id",
      ...wanted.also,
      ...(hasProducts ? ['properties::text AS properties'] : []),
    ].join(', '),
  );
  const ofJourney = sql`
    SELECT ${columns} FROM journey_analytics.events AS event
    WHERE workspace_id = ${workspaceId} AND journey_number = ${wanted.journeyNumber} AND user_id = ${users}
      AND (event_type = ANY(${sql.param(wanted.types)}::smallint[])
        OR (step_id = ${wanted.stepId} AND event_type = ANY(${sql.param(wanted.stepTypes)}::smallint[])))`;
  const products = sql`
    UNION ALL SELECT ${columns} FROM journey_analytics.events AS event
    WHERE workspace_id = ${workspaceId} AND journey_number = 0 AND user_id = ${users}
      AND name = ${wanted.productName}`;
  return tx.execute<WantedEvent>(sql`${ofJourney} ${hasProducts ? products : sql``}`);
}
