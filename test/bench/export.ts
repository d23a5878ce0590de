// npm run bench:export -- [--users N] [--folder FOLDER] [--profile FOLDER] [--audit]: exports all users of a seeded journey from a server process of
// its own, and compares each file with what PostgreSQL's COPY takes for the same rows.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import { auditJourney } from '../../bff/rollup/audit.ts';
import { startRollupWorker } from '../../bff/rollup/worker.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { startEmbedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { journeyId } from '../support/sample-journey.ts';
import { seedUsers } from '../support/seed-exports.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
    profile: { type: 'string' },
    audit: { type: 'boolean', default: false },
  },
});
const users = Number(values.users);
if (!Number.isSafeInteger(users) || users < 1) throw new Error('--users must be a whole number above 0');

/** What the product promises. */
const promised = { audience: 0.5, metric: 0.25, xlsx: 0.5, megabytes: 100 };
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const report = (what: string, value: string) => {
  console.log(`${what.padEnd(34)} ${value}`);
};
const secondsSince = (started: number) => (performance.now() - started) / 1_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP
  server.close();
  return port;
}

async function seed(database: Database, workspaceId: number): Promise<void> {
  const started = performance.now();
  await seedUsers(
    database,
    workspaceId,
    sql`SELECT number, 'user-' || md5(number::text) FROM generate_series(1, ${sql.raw(String(users))}) AS number`,
  );
  report('seeded', `${secondsSince(started).toFixed(1)} s`);
  const folding = performance.now();
  const worker = startRollupWorker(database, (failure) => {
    if (failure) console.error(failure);
  });
  for (;;) {
    const [left] = await database.owner.execute<{ blocks: string }>(
      sql`SELECT count(*) AS blocks FROM journey_analytics.refolds`,
    );
    if (left?.blocks === '0') break;
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
  await worker.stop();
  await database.owner.execute(sql`VACUUM ANALYZE`);
  report('folded', `${secondsSince(folding).toFixed(1)} s`);
}

function memoryOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) / 1_024;
}

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Downloads a file and throws it away. */
async function download(
  what: string,
  sending: { url: string; key: string; body?: unknown; pid: number },
): Promise<Measured> {
  const before = memoryOf(sending.pid);
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryOf(sending.pid));
  }, 50);
  const started = performance.now();
  const asking = request(sending.url, {
    method: sending.body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${sending.key}`, 'content-type': 'application/json' },
  });
  asking.end(sending.body === undefined ? undefined : JSON.stringify(sending.body));
  const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as node:http has it
  if (response.statusCode !== 200 || response.headers['x-row-count'] !== String(users)) {
    throw new Error(`${what}: ${response.statusCode}, ${String(response.headers['x-row-count'])} rows`);
  }
  let bytes = 0;
  let first = 0;
  response.on('data', (part: Buffer) => {
    first ||= secondsSince(started);
    bytes += part.length;
  });
  await once(response, 'end');
  const seconds = secondsSince(started);
  clearInterval(watch);
  const megabytes = peak - before;
  report(
    what,
    `first byte ${first.toFixed(2)} s, ${seconds.toFixed(1)} s, ${whole.format(users / seconds)} rows/s, ` +
      `${(bytes / 1e6).toFixed(0)} MB, memory +${megabytes.toFixed(0)} MB`,
  );
  return { seconds, megabytes };
}

/** Lets PostgreSQL write rows by itself. */
async function copy(what: string, client: postgres.Sql, query: string): Promise<number> {
  const started = performance.now();
  const stream = await client.unsafe(`COPY (${query}) TO STDOUT (FORMAT csv)`).readable();
  let rows = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    for (const byte of part) if (byte === 10) rows += 1;
  }
  const seconds = secondsSince(started);
  if (rows !== users) throw new Error(`${what}: ${rows} rows`);
  report(what, `${seconds.toFixed(1)} s, ${whole.format(rows / seconds)} rows/s`);
  return seconds;
}

async function waitFor(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isReady = await new Promise((resolve) => {
      get(url, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      }).on('error', () => resolve(false));
    });
    if (isReady) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error('The server did not start');
}

const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'journey-analytics-bench-'));
const databasePort = await freePort();
const embedded = await startEmbedded(path.join(folder, 'data'), {
  settings: { listen_addresses: '127.0.0.1', port: String(databasePort) },
});
const databaseUrl = `postgres://${embedded.options.user}:${encodeURIComponent(embedded.options.password)}@127.0.0.1:${databasePort}/${embedded.options.database}`;
try {
  const database = openDatabase(databaseUrl, { max: 6 });
  await migrate(databaseUrl);
  const workspaceId = await ensureWorkspace(database.owner, 'bench');
  const [known] = await database.owner.execute<{ users: string }>(
    sql`SELECT count(*) AS users FROM journey_analytics.users`,
  );
  if (known?.users === '0') await seed(database, workspaceId);
  if (values.audit) {
    const { differences } = await auditJourney(database, workspaceId, journeyId);
    report('audit', `${differences.length} differences`);
  }
  const { key } = await createApiKey(database, workspaceId);
  await database.close();

  const port = await freePort();
  const profiling = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const server = spawn(
    process.execPath,
    [...profiling, path.join(import.meta.dirname, '../../bff/server.ts')],
    {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        HOST: '127.0.0.1',
        TOKEN_SECRET: randomBytes(32).toString('base64'),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const url = `http://127.0.0.1:${port}/v1/journeys/${journeyId}`;
    const pid = server.pid ?? 0;
    await waitFor(`http://127.0.0.1:${port}/health/ready`);
    const schema = 'journey_analytics';
    // What a server holds once it has exported anything is no growth.
    for (const format of ['csv', 'xlsx']) {
      const answer = await fetch(`${url}/exports/sentCount?stepId=hello&format=${format}&to=2026-03-01`, {
        headers: { authorization: `Bearer ${key}` },
      });
      await answer.arrayBuffer();
    }
    const copiedIds = await copy(
      'COPY of the ids, in order',
      client,
      `SELECT external_id FROM ${schema}.users WHERE workspace_id = ${workspaceId} ORDER BY external_id`,
    );
    const audience = await download('audience, CSV', {
      url: `${url}/audience/export?format=csv`,
      key,
      body: { where: { metric: 'entryUsers' } },
      pid,
    });
    const copiedGroups = await copy(
      'COPY of the GROUP BY, in order',
      client,
      `SELECT external_id, count(*), min(at), max(at) FROM ${schema}.events
       JOIN ${schema}.users USING (workspace_id, user_id) JOIN ${schema}.journeys USING (workspace_id, journey_number)
       WHERE workspace_id = ${workspaceId} AND journey_id = '${journeyId}' AND step_id = 'hello' AND event_type = 3
       GROUP BY external_id ORDER BY external_id`,
    );
    const metric = `${url}/exports/sentCount?stepId=hello`;
    const csv = await download('metric, CSV', { url: `${metric}&format=csv`, key, pid });
    const xlsx = await download('metric, XLSX', { url: `${metric}&format=xlsx`, key, pid });

    const ratios = {
      audience: copiedIds / audience.seconds,
      metric: copiedGroups / csv.seconds,
      xlsx: csv.seconds / xlsx.seconds,
    };
    const megabytes = Math.max(audience.megabytes, csv.megabytes, xlsx.megabytes);
    report('audience to COPY', `${ratios.audience.toFixed(2)}, promised ${promised.audience}`);
    report('metric CSV to COPY', `${ratios.metric.toFixed(2)}, promised ${promised.metric}`);
    report('XLSX to CSV', `${ratios.xlsx.toFixed(2)}, promised ${promised.xlsx}`);
    report('memory', `+${megabytes.toFixed(0)} MB, promised below ${promised.megabytes}`);
    const isKept =
      ratios.audience >= promised.audience &&
      ratios.metric >= promised.metric &&
      ratios.xlsx >= promised.xlsx &&
      megabytes < promised.megabytes;
    if (!isKept) process.exitCode = 1;
  } finally {
    await client.end();
    server.kill('SIGTERM');
    await once(server, 'close');
  }
} finally {
  await embedded.stop();
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
