// `--test-global-setup`: one PostgreSQL for a run of the tests, with a migrated database that every test file gets a
// copy of (fresh-database.ts). It is the server of TEST_DATABASE_URL, else an embedded one made for the run.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { type TestServer, administer, testServerVariable, withDatabase } from './fresh-database.ts';

/** What teardown has to do, latest first. */
const undo: (() => Promise<void>)[] = [];

export async function globalSetup(): Promise<void> {
  try {
    const given = process.env['TEST_DATABASE_URL'];
    const url = given ?? (await startServer());
    const template = `journey_analytics_template_${process.pid}_${randomBytes(4).toString('hex')}`;
    await administer(url, (sql) => sql`create database ${sql(template)} encoding 'UTF8' template template0`);
    undo.push(async () => administer(url, (sql) => sql`drop database ${sql(template)} with (force)`));
    await migrate(withDatabase(url, template));
    // A connection to it, forgotten in a test, would make every copy fail.
    await administer(url, (sql) => sql`alter database ${sql(template)} allow_connections false`);
    // Test files run in processes of their own, which get this process's environment.
    const strategy = given === undefined ? 'file_copy' : 'wal_log';
    process.env[testServerVariable] = JSON.stringify({ url, template, strategy } satisfies TestServer);
  } catch (error) {
    await globalTeardown();
    throw error;
  }
}

export async function globalTeardown(): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
}

async function startServer(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'journey-analytics-tests-'));
  undo.push(async () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const server = await startEmbedded(folder, {
    binaries: process.env['PG_BIN_DIR'],
    database: 'postgres',
    settings: {
      // Nothing here has to outlive a power cut.
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      // A URL cannot name a Unix socket, and tests start services that take a DATABASE_URL.
      listen_addresses: '127.0.0.1',
      port: String(port),
      max_connections: '200',
    },
  });
  undo.push(async () => server.stop());
  const { user, password } = server.options;
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No port is free.'));
        else resolve(address.port);
      });
    });
  });
}
