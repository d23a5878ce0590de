// Where the benchmark takes place: an embedded PostgreSQL with its durable defaults, the product's tables in it, and the
// product's own server in a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { createApiKey } from '../../../bff/auth/api-keys.ts';
import { openDatabase, type Database } from '../../../db/client.ts';
import { startEmbedded } from '../../../db/embedded.ts';
import { migrate } from '../../../db/migrate.ts';
import { ensureWorkspace } from '../../../db/queries/workspaces.ts';

export const workspace = 'bench';

export interface Site {
  readonly users: number;
  readonly folder: string;
  readonly url: string;
  readonly database: Database;
  readonly workspaceId: number;
  /** For what stands beside the product: the plain tables. */
  readonly client: postgres.Sql;
  readonly key: string;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP
  server.close();
  return port;
}

export async function openSite(folder: string, users: number): Promise<Site> {
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port: String(port) };
  const embedded = await startEmbedded(path.join(folder, 'data'), { settings });
  const { user, password, database: name } = embedded.options;
  const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
  await migrate(url);
  const database = openDatabase(url, { max: 6 });
  const workspaceId = await ensureWorkspace(database.owner, workspace);
  const { key } = await createApiKey(database, workspaceId);
  const client = postgres(url, { max: 4, onnotice: () => {} });
  return {
    users,
    folder,
    url,
    database,
    workspaceId,
    client,
    key,
    async stop() {
      await client.end();
      await database.close();
      await embedded.stop();
    },
  };
}

/** What a process has of memory, or ever had, in MB; NaN where the system does not tell. */
export function memoryOf(pid: number | undefined, which: 'VmRSS' | 'VmHWM'): number {
  try {
    const found = new RegExp(`^${which}:\\s+(\\d+) kB$`, 'm').exec(
      readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'),
    );
    return found ? Number(found[1]) / 1_024 : NaN;
  } catch {
    return NaN; // it has ended, or this is no Linux
  }
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600 && child.exitCode === null; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- until it answers
    const answer = await fetch(url).catch(() => undefined); // nothing listens yet
    await answer?.arrayBuffer(); // oxlint-disable-line no-await-in-loop
    if (answer?.ok) return;
    await delay(100); // oxlint-disable-line no-await-in-loop
  }
  throw new Error(`${url} did not answer`);
}

/** Runs a program that listens on PORT, until it is stopped. */
export async function startServer(
  program: string,
  environment: Readonly<Record<string, string>>,
  readyPath: string,
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...environment, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const closed = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}${readyPath}`, child);
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Starts the product's server on the site's database. */
export function startProduct(site: Site): Promise<RunningServer> {
  const environment = {
    DATABASE_URL: site.url,
    DEMO: 'false',
    LOG_LEVEL: 'warn',
    TOKEN_SECRET: randomBytes(32).toString('base64'),
    // The benchmark is one caller for all.
    KEY_REQUESTS_PER_MINUTE: '999999999',
  };
  return startServer(path.join(import.meta.dirname, '../../../bff/server.ts'), environment, '/health/ready');
}
