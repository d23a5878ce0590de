// A service that is killed at any moment, or whose database is, loses nothing that it acknowledged and counts nothing
// twice. FAULT_KILLS says how often the service is killed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbedded } from '../../db/embedded.ts';
import { Random } from '../../demo/random.ts';
import { freePort } from '../support/database.ts';
import type { HttpClient } from '../support/http-client.ts';
import { assertClean, Ledger } from '../support/ledger.ts';
import { databaseOf, isRunning } from '../support/processes.ts';
import { definition, journeyId } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess, type Environment, type Site } from '../support/service-process.ts';

const kills = Number(process.env['FAULT_KILLS'] ?? 5);
const clients = 4;
const key = `jk_${'fault-injection-key-'.repeat(2)}`;
const path = `/v1/journeys/${journeyId}`;
/** An audit folds the whole log, so with many kills not each is followed by one. */
const killsBetweenAudits = 10;

/** A place for services, of which the last one started is killed when the test is over. */
function serviceAt(t: TestContext, environment: Environment = {}) {
  const site: Site = makeSite();
  let running: ServiceProcess | undefined;
  t.after(async () => {
    if (running?.child.exitCode === null && running.child.signalCode === null) await running.stop('SIGKILL');
    site.remove();
  });
  return () => {
    running = new ServiceProcess(site, { BOOTSTRAP_API_KEY: key, ...environment });
    return running;
  };
}

test(`${kills} times killed under load, everything acknowledged is counted once`, async (t) => {
  const start = serviceAt(t);
  const ledger = new Ledger(clients);
  const random = new Random(Date.now());
  let service = start();
  let api = await service.client(key);
  assert.equal((await api.put(path, definition)).status, 201);
  for (let kill = 1; kill <= kills; kill += 1) {
    const stopping = new AbortController();
    const current = api;
    const traffic = ledger.traffic(() => current, stopping.signal);
    traffic.catch(() => undefined); // looked at below
    await delay(random.between(10, 1_200));
    await service.stop('SIGKILL');
    stopping.abort();
    await traffic;
    api.close();

    service = start();
    api = await service.client(key);
    // Every third time the next kill comes while there is still something to roll up of the last one.
    if (kill % 3 !== 0) await ledger.assertCounted(api, `kill ${kill}:`);
    if (kills <= killsBetweenAudits || kill % killsBetweenAudits === 0) await assertClean(api);
  }
  const last = api;
  await ledger.resend(() => last);
  assert.equal(ledger.open, 0);
  await ledger.assertCounted(api, 'in the end:');
  await assertClean(api);
  assert.ok(ledger.acknowledged > kills * 100, `only ${ledger.acknowledged} events`);
  t.diagnostic(`${ledger.acknowledged} events`);
  api.close();
  assert.equal(await service.stop(), 0);
});

/** What may befall the database that a process started. */
const accidents: readonly ((owner: number, random: Random) => void)[] = [
  // Its server is killed.
  (owner) => process.kill(databaseOf(owner).server, 'SIGKILL'),
  // A backend is killed, upon which the server cuts all connections and recovers.
  (owner, random) => {
    const { backends } = databaseOf(owner);
    const pid = backends[random.between(0, backends.length - 1)];
    assert.ok(pid !== undefined, 'the service has connections');
    process.kill(pid, 'SIGKILL');
  },
  // It is restarted in good order.
  (owner) => process.kill(databaseOf(owner).server, 'SIGINT'),
];

/** Lets each accident befall the database twice, under load. */
async function endures(
  t: TestContext,
  service: ServiceProcess,
  happens: readonly ((random: Random) => void)[],
): Promise<void> {
  const api: HttpClient = await service.client(key);
  assert.equal((await api.put(path, definition)).status, 201);
  const ledger = new Ledger(clients);
  const random = new Random(Date.now());
  const stopping = new AbortController();
  const traffic = ledger.traffic(() => api, stopping.signal);
  traffic.catch(() => undefined); // looked at below
  for (const happen of [...happens, ...happens]) {
    await ledger.growsBy(200);
    await delay(random.between(0, 300));
    happen(random);
    await delay(300);
    await ledger.growsBy(400);
  }
  stopping.abort();
  await traffic;
  await ledger.resend(() => api);
  await ledger.assertCounted(api);
  await assertClean(api);
  assert.equal((await api.get('/health/ready')).status, 200);
  assert.equal(service.errors, '');
  t.diagnostic(`${ledger.acknowledged} events, ${ledger.refused} requests refused`);
  api.close();
  assert.equal(await service.stop(), 0);
}

describe(
  'the database fails, and the service goes on without a restart',
  { skip: process.platform === 'win32' },
  () => {
    test('the embedded one, whose server or backend is killed, or that is restarted', async (t) => {
      const service = serviceAt(t)();
      await service.running();
      const { pid = 0 } = service.child;
      await endures(
        t,
        service,
        accidents.map((happen) => (random: Random) => happen(pid, random)),
      );
      assert.equal(isRunning(pid), false);
    });

    test('one of its own, whose server is killed and started again', async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'journey-analytics-database-'));
      const port = await freePort();
      const database = await startEmbedded(folder, {
        binaries: process.env['PG_BIN_DIR'],
        settings: { listen_addresses: '127.0.0.1', port: String(port) },
      });
      t.after(async () => {
        await database.stop();
        rmSync(folder, { recursive: true, force: true });
      });
      const { user, password, database: name } = database.options;
      const start = serviceAt(t, {
        DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`,
        TOKEN_SECRET: 'a secret to sign with that is long enough',
      });
      await endures(t, start(), [() => process.kill(databaseOf(process.pid).server, 'SIGKILL')]);
    });
  },
);
