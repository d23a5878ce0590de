// Two processes of the service on one database: each serves what the other has written, and when one is killed in the
// middle of its work the other one goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { ingestAnswerSchema, journeySchema, overviewSchema } from '../../bff/contract/index.ts';
import { Random } from '../../demo/random.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import type { HttpClient } from '../support/http-client.ts';
import { assertClean, Ledger } from '../support/ledger.ts';
import { definition, event, journeyId, visitOf } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';
import { settled } from '../support/test-service.ts';

const key = `jk_${'two-processes-key-'.repeat(2)}`;
const path = `/v1/journeys/${journeyId}`;
const site = makeSite();
const running = new Set<ServiceProcess>();
let database: FreshDatabase;
let sql: postgres.Sql;

before(async () => {
  database = await freshDatabase();
  sql = postgres(database.url, { max: 2, onnotice: () => {} });
});
after(async () => {
  for (const service of running) {
    if (service.child.exitCode === null && service.child.signalCode === null) await service.stop('SIGKILL');
  }
  await sql.end({ timeout: 5 });
  await database.drop();
  site.remove();
});

function start(): ServiceProcess {
  const service = new ServiceProcess(site, {
    DATABASE_URL: database.url,
    TOKEN_SECRET: 'a secret to sign with that is long enough',
    BOOTSTRAP_API_KEY: key,
  });
  running.add(service);
  return service;
}

/** How many of these backends are there. */
async function count(condition: string): Promise<number> {
  const [row] = await sql<{ backends: number }[]>`
    SELECT count(*)::integer AS backends FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${sql.unsafe(condition)}`;
  return row?.backends ?? 0;
}

async function until(milliseconds: number, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `not within ${milliseconds} ms: ${what}`);
    await delay(10);
  }
}

const totalEntries = async (api: HttpClient) =>
  (await api.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries;

test('started at once, each reads what the other writes', async () => {
  const services = [start(), start()];
  const [one, other] = await Promise.all(services.map((service) => service.client(key)));
  assert.ok(one && other);
  assert.equal((await one.put(path, definition)).status, 201);
  assert.equal((await other.get(path)).as(journeySchema).name, definition.name);

  const visit = visitOf('ann', 2);
  const answers = await Promise.all([one, other].map((api) => api.post('/v1/events', visit)));
  const accepted = answers.map((answer) => answer.as(ingestAnswerSchema).accepted);
  assert.deepEqual(new Set(accepted), new Set([0, visit.length]), 'events sent through both at once');
  for (const api of [one, other]) {
    await settled(api, journeyId);
    assert.equal(await totalEntries(api), 1);
  }
  const minted = await one.post('/v1/embed-tokens', {
    subject: 'viewer',
    journeyIds: [journeyId],
    scopes: ['metrics:read'],
  });
  const { token } = minted.json() as { token: string };
  assert.equal((await other.as(token).get(`${path}/overview`)).status, 200);

  // An ETag of one is known to the other, as nothing has changed.
  const { etag } = await one.get(`${path}/overview`);
  assert.equal((await other.get(`${path}/overview`, {}, { 'if-none-match': etag })).status, 304);
  // A definition and an erasure by one are seen by the other at once.
  await other.put(path, { ...definition, name: 'Renamed' });
  assert.equal((await one.get(path)).as(journeySchema).name, 'Renamed');
  await one.delete('/v1/users/ann');
  await settled(other, journeyId);
  assert.equal(await totalEntries(other), 0);
  for (const service of services) {
    assert.equal(await service.stop(), 0);
    running.delete(service);
  }
});

test('changes that one rolls up are told to the listeners of the other', async () => {
  const services = [start(), start()];
  const [one, other] = await Promise.all(services.map((service) => service.client(key)));
  assert.ok(one && other);
  const listening = new AbortController();
  const response = await fetch(`${other.base}${path}/changes`, {
    headers: { authorization: `Bearer ${key}` },
    signal: listening.signal,
  });
  let heard = 0;
  const hearing = (async () => {
    for await (const chunk of response.body ?? []) {
      heard += Buffer.from(chunk).toString('utf8').split('event: change').length - 1;
    }
  })();
  hearing.catch(() => undefined); // it is aborted below
  await until(5_000, 'the present revision is heard', async () => heard === 1);
  await one.post('/v1/events', [event('journey.entered', 'bob', '2026-03-02T08:00:00Z')]);
  await until(5_000, 'the change is heard', async () => heard === 2);
  assert.equal(await count(`query ILIKE 'listen %'`), 1, 'only the process with a listener listens');
  listening.abort();
  for (const service of services) {
    assert.equal(await service.stop(), 0);
    running.delete(service);
  }
});

test('under load through both, one after the other is killed in the middle of a rollup', async (t) => {
  const random = new Random(Date.now());
  const services = [start(), start()];
  const apis = await Promise.all(services.map((service) => service.client(key)));
  const at = (index: number) => {
    const api = apis[index % apis.length];
    assert.ok(api);
    return api;
  };
  await at(0).delete('/v1/users/bob');
  const ledger = new Ledger(4);
  const stopping = new AbortController();
  const traffic = ledger.traffic(at, stopping.signal);
  traffic.catch(() => undefined); // looked at below
  const waits: number[] = [];
  for (const index of [0, 1]) {
    await ledger.growsBy(300);
    await delay(random.between(0, 200));
    // The rollup of the process that is about to die is at work; which one it is does not matter to what must hold.
    await until(10_000, 'a rollup is under way', () =>
      count(`state <> 'idle' AND query LIKE '%journey_analytics.rollups%'`).then((backends) => backends > 0),
    );
    await services[index]?.stop('SIGKILL');
    const killed = Date.now();
    // The other one takes events and rolls up all that both have taken.
    const survivor = at(index + 1);
    const { asOf } = (await survivor.get(`${path}/overview`)).as(overviewSchema);
    await until(5_000, 'the other one goes on', async () => {
      const now = (await survivor.get(`${path}/overview`)).as(overviewSchema);
      return now.asOf > asOf && Date.parse(now.asOf) >= killed;
    });
    waits.push(Date.now() - killed);
    const next = start();
    services[index] = next;
    apis[index]?.close();
    apis[index] = await next.client(key);
  }
  stopping.abort();
  await traffic;
  await ledger.resend(at);
  for (const api of apis) {
    await ledger.assertCounted(api);
    await assertClean(api);
  }
  assert.equal(ledger.open, 0);
  t.diagnostic(`${ledger.acknowledged} events; the other one went on within ${Math.max(...waits)} ms`);
  for (const api of apis) api.close();
  for (const service of services) assert.equal(await service.stop(), 0);
});
