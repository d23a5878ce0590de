// Readings from a real replica: right while it follows, fresh while it is behind, there while it is away.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import postgres from 'postgres';
import { overviewSchema } from '../../bff/contract/index.ts';
import { allTimeLevel } from '../../bff/rollup/blocks.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../db/embedded.ts';
import { factLine, splitFactLines } from '../../db/fact-lines.ts';
import { migrate } from '../../db/migrate.ts';
import { unpackNumbers } from '../../db/packed-numbers.ts';
import { freePort } from '../support/database.ts';
import { definition, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'journey-analytics-replica-'));
const [original, copy] = [path.join(folder, 'original'), path.join(folder, 'copy')];
const overviewPath = '/v1/journeys/welcome/overview';
const isWindows = process.platform === 'win32';
let primary: EmbeddedDatabase;
let replica: EmbeddedDatabase;
let readDatabase: Database;
let service: TestService;
let a: Workspace;
let watch: postgres.Sql;

const listening = (port: number) => ({ listen_addresses: '127.0.0.1', port: String(port), fsync: 'off' });
const urlOf = ({ options: { user, password, database } }: EmbeddedDatabase, port: number) =>
  `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

before(async () => {
  if (isWindows) return;
  const [port, replicaPort] = [await freePort(), await freePort()];
  const first = await startEmbedded(original, { settings: listening(port) });
  await migrate(first.options);
  await first.stop();
  // With the owner and the rights that PostgreSQL insists on.
  execFileSync('cp', ['-a', original, copy]);
  const data = path.join(copy, readdirSync(copy).find((name) => name.startsWith('pg')) ?? '');
  execFileSync('cp', ['-a', path.join(data, 'PG_VERSION'), path.join(data, 'standby.signal')]);
  primary = await startEmbedded(original, { settings: listening(port) });
  const { user, password } = primary.options;
  const conninfo = `host=127.0.0.1 port=${port} user=${user} password=${password}`;
  replica = await startEmbedded(copy, {
    settings: { ...listening(replicaPort), primary_conninfo: conninfo },
  });
  readDatabase = openDatabase(urlOf(replica, replicaPort));
  watch = postgres(urlOf(replica, replicaPort), { max: 1, onnotice: () => {} });
  service = await startTestService({ databaseUrl: urlOf(primary, port), readDatabase });
  a = await service.workspace('a');
  await a.api.put('/v1/journeys/welcome', definition);
});
after(async () => {
  if (!isWindows) {
    await watch.end();
    await readDatabase.close();
    await service.stop();
    await replica.stop();
    await primary.stop();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function entries(): Promise<number> {
  const answer = await a.api.get(overviewPath);
  assert.equal(answer.status, 200, answer.text);
  const { metrics, pendingEvents } = answer.as(overviewSchema);
  assert.equal(pendingEvents, 0);
  return metrics.totalEntries;
}

/** How many transactions that read numbers the replica has run. */
async function readingsOfReplica(): Promise<number> {
  await watch`SELECT pg_stat_clear_snapshot()`;
  const [row] = await watch<{ scans: string }[]>`
    SELECT seq_scan + coalesce(idx_scan, 0) AS scans FROM pg_stat_user_tables WHERE relname = 'rollups'`;
  return Number(row?.scans ?? 0);
}

async function replicaHas(entriesThere: number): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const rows = await watch<{ facts: string; numbers: Uint8Array }[]>`
      SELECT facts, numbers FROM journey_analytics.rollups WHERE level = ${allTimeLevel}`;
    let known = 0;
    for (const { facts, numbers } of rows) {
      const lines = splitFactLines(facts);
      known +=
        unpackNumbers(numbers, lines.length).facts[lines.indexOf(factLine('totalEntries', ''))]?.count ?? 0;
    }
    if (known === entriesThere) return;
    if (Date.now() > end) throw new Error('The replica does not follow');
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) if (Date.now() > end) throw new Error('It has not come to be so');
}

test('while the replica follows, numbers are read from it', { skip: isWindows }, async () => {
  await a.api.post('/v1/events', visitOf('ann', 2));
  await settled(a.api, 'welcome');
  await replicaHas(1);
  const known = await readingsOfReplica();
  const range = await a.api.get(overviewPath, { from: '2026-03-01', to: '2026-03-31' });
  assert.equal(range.as(overviewSchema).metrics.totalEntries, 1);
  // Its backend tells its statistics a little later.
  await until(async () => (await readingsOfReplica()) > known);
  assert.deepEqual(
    service.log.filter((line) => line.includes('replica')),
    [],
  );
});

test('while it is behind, no answer is old', { skip: isWindows }, async () => {
  await watch`SELECT pg_wal_replay_pause()`;
  await a.api.post('/v1/events', visitOf('bob', 3));
  await settled(a.api, 'welcome');
  assert.equal(await entries(), 2);
  await watch`SELECT pg_wal_replay_resume()`;
  await replicaHas(2);
  assert.equal(await entries(), 2);
});

test(
  'while it is away, the database itself is read, and it is told in the log',
  { skip: isWindows },
  async () => {
    await watch.end();
    await replica.stop();
    await a.api.post('/v1/events', visitOf('cem', 4));
    await settled(a.api, 'welcome');
    assert.equal(await entries(), 3);
    assert.ok(service.log.some((line) => line.includes('the read replica does not answer')));
  },
);
