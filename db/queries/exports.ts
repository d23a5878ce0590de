// The audit trail of exports, one-time links, and the connection that an export runs on.
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../client.ts';

export interface ExportRecord {
  readonly exportId: string;
  /** The API key, the one that minted the token, or the identity provider that signed it; the column is older than these. */
  readonly credentialId: string;
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
    VALUES (${workspaceId}, ${record.exportId}, ${record.credentialId}, ${record.subject}, ${record.journeyId},
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
  readonly credentialId: string;
  readonly subject: string | null;
}

/** Whom a ticket was given to, and whether it may still be taken. The transaction must name the hash. */
export async function selectTicket(tx: Transaction, hash: string): Promise<Ticket | undefined> {
  const [row] = await tx.execute<{ is_open: boolean; api_key_id: string; subject: string | null }>(sql`
    SELECT state = 'waiting' AND ticket_expires_at > clock_timestamp() AS is_open, api_key_id, subject
    FROM journey_analytics.exports
    WHERE ticket_hash = decode(${hash}, 'hex')`);
  return row && { isOpen: row.is_open, credentialId: row.api_key_id, subject: row.subject };
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
    credentialId: row.api_key_id,
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

/** The number of the connection that a transaction runs on. */
export async function selectBackend(tx: Transaction): Promise<number> {
  const [row] = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
  if (!row) throw new Error('The connection has no number');
  return row.pid;
}

/** Cancels the query that a connection is at, as only the role that logged in may. It reads and changes no rows. */
export async function cancelQuery({ owner }: Database, pid: number): Promise<void> {
  await owner.execute(sql`SELECT pg_cancel_backend(${pid}::integer)`);
}
