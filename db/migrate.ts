// Brings a database up to date: plain SQL files, forward only, each applied once and in one transaction.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import postgres from 'postgres';

export interface MigrateOptions {
  /** The folder of the files `NNNN_name.sql`. Default: `db/migrations`. */
  readonly folder?: string | undefined;
  /** Told the name of each migration as it is applied. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A database that cannot be brought up to date, with a message that says why. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Migration {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text, in hexadecimal. */
  readonly checksum: string;
}

/** Any number that nothing else takes as an advisory lock in the service's database. */
const migrationsLock = 7_281_992;
const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Applies the migrations that the database lacks. Of several processes at once one does the work, and the others wait.
 * @param connection a URL, or options of postgres.js
 * @returns the names of those applied now
 * @throws MigrationError when the database is too old, or not one that these files have made, or when a file fails
 */
export async function migrate(
  connection: string | postgres.Options<Record<string, never>>,
  options: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const { folder = path.join(import.meta.dirname, 'migrations'), log = () => {} } = options;
  const migrations = await readMigrations(folder);
  const sql = connect(connection);
  try {
    await refuseUnfit(sql);
    // The lock belongs to the session: this is the client's only connection, and ending it releases the lock.
    await liftTimeLimits(sql);
    await sql`select pg_advisory_lock(${migrationsLock})`;
    await makeRecord(sql);
    const pending = await findPending(sql, migrations);
    for (const migration of pending) {
      await apply(sql, migration);
      log(`applied migration ${migration.name}`);
    }
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function connect(connection: string | postgres.Options<Record<string, never>>): postgres.Sql {
  const given = typeof connection === 'string' ? {} : connection;
  const own = {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: { ...given.connection, application_name: 'journey analytics migrations' },
  };
  return typeof connection === 'string' ? postgres(connection, own) : postgres({ ...connection, ...own });
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const numbers = new Map<string, string>();
  return Promise.all(
    names.map(async (name) => {
      const number = fileName.exec(name)?.[1];
      if (number === undefined) {
        throw new MigrationError(`${path.join(folder, name)} is not named like 0001_what_it_does.sql.`);
      }
      const other = numbers.get(number);
      if (other !== undefined) throw new MigrationError(`${other} and ${name} have the same number.`);
      numbers.set(number, name);
      // Git may have checked it out with other ends of lines.
      const text = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      const checksum = createHash('sha256').update(text).digest('hex');
      return { name: name.slice(0, -'.sql'.length), text, checksum };
    }),
  );
}

async function refuseUnfit(sql: postgres.Sql): Promise<void> {
  const [server] = await sql<{ number: number; version: string; encoding: string; database: string }[]>`
    select
      current_setting('server_version_num')::int as number,
      current_setting('server_version') as version,
      current_setting('server_encoding') as encoding,
      current_database() as database`;
  if (server === undefined) throw new MigrationError('The server does not tell its version.');
  if (server.number < 150_000) {
    throw new MigrationError(
      `The server is PostgreSQL ${server.version}; 15 or newer is needed. Upgrade it, or set DATABASE_URL to another.`,
    );
  }
  if (server.encoding !== 'UTF8') {
    throw new MigrationError(
      `The database ${server.database} has the encoding ${server.encoding}; UTF8 is needed. ` +
        `Make one with: create database … encoding 'UTF8' template template0`,
    );
  }
}

/** Limits of the role are meant for queries. A migration, and waiting for another's, takes as long as it takes. */
async function liftTimeLimits(sql: postgres.ISql): Promise<void> {
  await sql`
    select set_config(name, '0', false)
    from pg_settings
    where name in (
      'statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout'
    )`;
}

/** Asks first: `if not exists` wants the right to create even where there is nothing to do. */
async function makeRecord(sql: postgres.Sql): Promise<void> {
  const [found] = await sql<{ schema: boolean; record: boolean }[]>`
    select
      to_regnamespace('journey_analytics') is not null as schema,
      to_regclass('journey_analytics.migrations') is not null as record`;
  if (!found?.schema) await sql`create schema journey_analytics`;
  if (!found?.record) {
    await sql`
      create table journey_analytics.migrations (
        name text constraint migrations_pkey primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`;
  }
}

async function findPending(sql: postgres.Sql, migrations: Migration[]): Promise<Migration[]> {
  const recorded = await sql<{ name: string; checksum: string }[]>`
    select name, checksum from journey_analytics.migrations order by name collate "C"`;
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const unknown = recorded.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database was migrated by a newer version: it has ${unknown.join(', ')}, which this version does not know. ` +
        'Start that version, or restore a backup from before.',
    );
  }
  const changed = recorded.filter(({ name, checksum }) => known.get(name)?.checksum !== checksum);
  if (changed.length > 0) {
    throw new MigrationError(
      `Changed after they were applied: ${changed.map(({ name }) => name).join(', ')}. ` +
        'Put back what was applied, and make the change in a new migration.',
    );
  }
  const applied = new Set(recorded.map(({ name }) => name));
  const pending = migrations.filter(({ name }) => !applied.has(name));
  const last = recorded.at(-1)?.name;
  const late = pending.find(({ name }) => last !== undefined && name < last);
  if (late !== undefined) {
    throw new MigrationError(
      `${late.name} comes before ${last}, which is applied already: give it a later number.`,
    );
  }
  return pending;
}

async function apply(sql: postgres.Sql, { name, text, checksum }: Migration): Promise<void> {
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(text);
      // What a file has set is neither for the record nor for the next file.
      await transaction.unsafe('reset role; reset all');
      await liftTimeLimits(transaction);
      await transaction`insert into journey_analytics.migrations (name, checksum) values (${name}, ${checksum})`;
    });
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    const line = error.position === undefined ? '' : ` in line ${lineAt(text, Number(error.position))}`;
    throw new MigrationError(`Migration ${name} failed${line}: ${error.message} (${error.code})`, {
      cause: error,
    });
  }
}

/** The line of a position that PostgreSQL gave, which counts characters from 1. */
function lineAt(text: string, position: number): number {
  return Array.from(text).slice(0, position).join('').split('\n').length;
}
