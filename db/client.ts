// Opens the database and runs transactions in the service's role, inside one workspace.
import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { readerOn, type Reader } from './lookups.ts';

export type { Reader } from './lookups.ts';
import { databaseSocket } from './database-socket.ts';

export type Connection = string | postgres.Options<Record<string, never>>;

export interface Database {
  /** Runs as the role that logged in, which owns the tables: for commands and tests, never for requests. */
  readonly owner: PostgresJsDatabase;
  /**
   * Hears what is notified on a channel, on a connection of its own that is made again when it is lost.
   * @param reconnected is called when that has happened, since notifications may have been missed
   * @returns what ends it
   */
  listen(
    channel: string,
    hear: (payload: string) => void,
    reconnected: () => void,
  ): Promise<() => Promise<void>>;
  /** A reader for small statements that every request needs. @param opening begins each one's transaction */
  lookUp(opening: string): Reader;
  /** How long a statement of a transaction may take that is not a patient one, in milliseconds; 0: as long as it takes. */
  readonly statementMilliseconds: number;
  /** How many transactions are under way, and how many wait for a connection. */
  readonly load: { running: number; waiting: number };
  close(): Promise<void>;
}

/** The role that requests work in: it owns nothing, and sees the rows of one workspace. */
const serviceRole = 'journey_analytics_service';

/** A transaction, or the connection that it runs on. */
export type Transaction = Parameters<Parameters<PostgresJsDatabase['transaction']>[0]>[0];

/** Opens a pool of connections to a migrated database. */
export function openDatabase(
  connection: Connection,
  options: { max?: number; statementMilliseconds?: number } = {},
): Database {
  const pool = {
    max: options.max ?? 20,
    onnotice: () => undefined,
    connect_timeout: 10,
    connection: { application_name: 'journey-analytics' },
    // How many seconds a lost connection rests before it is tried again; of itself that grows to twenty.
    backoff: () => 0.1 + Math.random() / 10,
    socket: databaseSocket(),
  };
  const client =
    typeof connection === 'string' ? postgres(connection, pool) : postgres({ ...connection, ...pool });
  return {
    owner: drizzle(client),
    async listen(channel, hear, reconnected) {
      let isConnected = false;
      const listening = await client.listen(channel, hear, () => {
        if (isConnected) reconnected();
        isConnected = true;
      });
      return () => listening.unlisten();
    },
    lookUp: (opening) => readerOn(client, opening),
    statementMilliseconds: options.statementMilliseconds ?? 0,
    load: { running: 0, waiting: 0 },
    close: () => client.end({ timeout: 5 }),
  };
}

interface TransactionOptions {
  /** One snapshot for all statements, and no writing. */
  readonly snapshot?: boolean;
  /** For what reads or writes a great deal: its statements may take long. */
  readonly patient?: boolean;
}

/** How long a statement of a patient transaction may take, in milliseconds. */
const patientMilliseconds = 900_000;
/** How long a transaction may do nothing before the database gives it up: its process hangs or has gone. */
const idleMilliseconds = 300_000;

/** What a transaction names before it may see rows. SET takes no parameters, so each is checked by its form. */
function settings(entries: Record<string, string>): string {
  return Object.entries(entries)
    .map(([name, value]) => {
      if (!/^[0-9a-f-]+$/.test(value)) throw new TypeError(`The setting ${name} is not of its form`);
      return `SET LOCAL journey_analytics.${name} = '${value}';`;
    })
    .join(' ');
}

async function asService<Result>(
  database: Database,
  entries: Record<string, string>,
  run: (transaction: Transaction) => Promise<Result>,
  { snapshot = false, patient = false }: TransactionOptions,
): Promise<Result> {
  const { load, statementMilliseconds } = database;
  const isolation = snapshot ? 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; ' : '';
  const limit = statementMilliseconds > 0 && patient ? patientMilliseconds : statementMilliseconds;
  const limits = `SET LOCAL statement_timeout = ${limit}; SET LOCAL idle_in_transaction_session_timeout = ${idleMilliseconds}; `;
  const opening = sql.raw(`${isolation}${limits}${sightOf(entries)}`);
  let isLost = false;
  let place: 'waiting' | 'running' = 'waiting';
  load.waiting += 1;
  const outcome = database.owner.transaction(async (transaction) => {
    load.waiting -= 1;
    place = 'running';
    load.running += 1;
    try {
      await transaction.execute(opening);
      return await run(stoppable(transaction, () => isLost));
    } finally {
      // The library would roll back on a socket that is not there, which throws where nothing can catch it.
      if (isLost) await new Promise(() => {});
    }
  });
  // Rejects while `run` goes on only when the connection has gone.
  outcome.catch(() => (isLost = true));
  try {
    return await outcome;
  } finally {
    load[place] -= 1;
  }
}

/** The transaction, as long as its connection is there: a query after that would end the process or run in another's. */
function stoppable(transaction: Transaction, isLost: () => boolean): Transaction {
  return new Proxy(transaction, {
    get(target, name, receiver): unknown {
      if (isLost()) throw new Error('The connection to the database has gone.');
      return Reflect.get(target, name, receiver);
    },
  });
}

/** Runs a transaction that sees the rows of one workspace, by its number, and no others. */
export function inWorkspace<Result>(
  database: Database,
  workspaceId: number,
  run: (transaction: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  return asService(database, { workspace_id: String(workspaceId) }, run, options);
}

/** How a transaction comes to see what it may see, and nothing else. */
function sightOf(entries: Record<string, string>): string {
  return `SET LOCAL ROLE ${serviceRole}; ${settings(entries)}`;
}

/** Reads a little of one workspace, by its number, as often as requests come. */
export function lookUpInWorkspace(database: Database, workspaceId: number): Reader {
  return database.lookUp(sightOf({ workspace_id: String(workspaceId) }));
}

/** Reads the one API key with this SHA-256 (hex), whatever its workspace. */
export function lookUpApiKey(database: Database, hash: string): Reader {
  return database.lookUp(sightOf({ api_key_hash: hash }));
}

/** Reads the one API key or identity provider with this id, whatever its workspace. */
export function lookUpCredential(database: Database, credentialId: string): Reader {
  const entries = { api_key_id: credentialId, identity_provider_id: credentialId };
  return database.lookUp(sightOf(entries));
}

/** Runs a transaction that sees the one export whose link's ticket has this SHA-256 (hex), whatever its workspace. */
export function withTicketHash<Result>(
  database: Database,
  hash: string,
  run: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return asService(database, { ticket_hash: hash }, run, {});
}

/** Runs a transaction that sees the one API key or identity provider with this id, whatever its workspace. */
export function withCredentialId<Result>(
  database: Database,
  credentialId: string,
  run: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const entries = { api_key_id: credentialId, identity_provider_id: credentialId };
  return asService(database, entries, run, {});
}

/** Runs a transaction that sees the one identity provider whose issuer has this SHA-256 (hex), whatever its workspace. */
export function withIssuerHash<Result>(
  database: Database,
  hash: string,
  run: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return asService(database, { issuer_hash: hash }, run, {});
}

/** Runs a transaction in the service's role without a workspace: it sees no rows, and may call what is granted to it. */
export function outsideWorkspaces<Result>(
  database: Database,
  run: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return asService(database, {}, run, {});
}

/** The code that PostgreSQL gave an error, through the wrapping of the libraries above it. */
export function databaseErrorCode(error: unknown): string | undefined {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof postgres.PostgresError) return current.code;
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return undefined;
}

/** Whether PostgreSQL, or the way to it, says: not now. */
export function isUnavailable(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code === undefined) return false;
  return (
    /^(08|53|57)/.test(code) ||
    [
      // What lost against others again and again, what waited for a lock too long, a database that only reads, no room.
      '40001',
      '40P01',
      '55P03',
      '25006',
      // A disk that fails, or has no room.
      '58030',
      'ENOSPC',
      // A way that leads nowhere.
      'ETIMEDOUT',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ENOTFOUND',
      'EAI_AGAIN',
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'ENOENT',
      'CONNECTION_CLOSED',
      'CONNECTION_ENDED',
      'CONNECTION_DESTROYED',
      'CONNECT_TIMEOUT',
    ].includes(code)
  );
}

const conflicts = new Set(['40001', '40P01']);

/** Repeats what lost against another transaction (a deadlock or a serialization failure); anything else is thrown. */
export async function retryConflicts<Result>(run: () => Promise<Result>, attempts = 5): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= attempts || !conflicts.has(databaseErrorCode(error) ?? '')) throw error;
    }
  }
}
