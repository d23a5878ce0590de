// A migrated database of its own for each test file, copied from the template that database.ts made for the run.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

/** The variable by which database.ts tells the test processes what there is. */
export const testServerVariable = 'JOURNEY_ANALYTICS_TEST_SERVER';

export interface TestServer {
  /** Of the server's maintenance database, as a role that may make databases and roles. */
  readonly url: string;
  /** The migrated database to copy. Nobody can connect to it. */
  readonly template: string;
  /** How to copy it: files are quicker where nothing is flushed to disk (30 ms to 150), and slower elsewhere. */
  readonly strategy: 'file_copy' | 'wal_log';
}

export interface FreshDatabase {
  /** For `postgres(url)`, or as DATABASE_URL of a service. */
  readonly url: string;
  /** Cuts its connections off and removes it. */
  drop(): Promise<void>;
}

/** A URL to another database of the same server. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Makes a migrated, empty database. Call `drop` in an `after` hook. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url, template, strategy } = testServer();
  const name = `journey_analytics_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await administer(url, (sql) =>
    sql.unsafe(`create database ${name} template ${template} strategy ${strategy}`),
  );
  return {
    url: withDatabase(url, name),
    drop: async () => administer(url, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

/** The server of this run of the tests. */
export function testServer(): TestServer {
  const told = process.env[testServerVariable];
  if (told === undefined) {
    throw new Error(
      'No test database: run with `npm run test:node`, or one file with ' +
        '`npx node --test --test-global-setup=test/support/database.ts FILE`.',
    );
  }
  // database.ts wrote it as one.
  return JSON.parse(told) as TestServer;
}

/** Runs one statement by a connection of its own. */
export async function administer(
  url: string,
  statement: (sql: postgres.Sql) => PromiseLike<unknown>,
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await statement(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
