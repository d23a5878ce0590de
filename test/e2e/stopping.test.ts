// SIGTERM: what is under way is finished, nothing new is taken, and the process ends by itself.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { overviewSchema } from '../../bff/contract/index.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { HttpClient } from '../support/http-client.ts';
import { definition, event } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';
import { settled } from '../support/test-service.ts';

const key = `jk_${'stopping-key-'.repeat(3)}`;
const path = '/v1/journeys/welcome';
const site = makeSite();
const databases: FreshDatabase[] = [];
const started: ServiceProcess[] = [];
after(async () => {
  for (const service of started) if (service.child.exitCode === null) await service.stop('SIGKILL');
  for (const database of databases) await database.drop();
  site.remove();
});

function start(databaseUrl: string): ServiceProcess {
  const service = new ServiceProcess(site, {
    DATABASE_URL: databaseUrl,
    TOKEN_SECRET: 'a secret to sign with that is long enough',
    BOOTSTRAP_API_KEY: key,
  });
  started.push(service);
  return service;
}

async function newDatabase(): Promise<string> {
  const database = await freshDatabase();
  databases.push(database);
  return database.url;
}

async function isRefused(url: string): Promise<boolean> {
  const client = new HttpClient(url, undefined, new Agent());
  return client.get('/health/live').then(
    () => false,
    () => true,
  );
}

test('a request under way is answered, and what it stored is there', async () => {
  const url = await newDatabase();
  const service = start(url);
  const address = await service.running();
  const api = await service.client(key);
  await api.put(path, definition);
  api.close();

  const slow = httpRequest(`${address}/v1/events`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
  });
  const answered = once(slow, 'response');
  answered.catch(() => undefined); // looked at below
  slow.write(`${JSON.stringify(event('journey.entered', 'ann', '2026-03-02T08:00:00Z'))}\n`);
  await delay(200);
  service.child.kill('SIGTERM');
  await delay(800);
  assert.equal(await isRefused(address), true, 'a new request is not taken');
  assert.equal(service.child.exitCode, null);
  slow.end(`${JSON.stringify(event('journey.entered', 'bob', '2026-03-02T08:00:00Z'))}\n`);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  assert.equal(response.statusCode, 202);
  assert.equal(await service.ended(), 0);
  assert.equal(service.errors, '');

  const again = start(url);
  const reader = await again.client(key);
  await settled(reader, 'welcome');
  assert.equal((await reader.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries, 2);
  reader.close();
  assert.equal(await again.stop(), 0);
});

test('under load every request that was taken is answered, and no idle connection is waited for until the limit', async () => {
  const url = await newDatabase();
  const service = start(url);
  const address = await service.running();
  const api = await service.client(key);
  await api.put(path, definition);
  await api.get('/health/live'); // its connection stays open, and idle
  let acknowledged = 0;
  const refusals: string[] = [];
  const traffic = Array.from({ length: 4 }, async (_, client) => {
    for (let round = 0; ; round += 1) {
      // A connection for each request, so that one that fails was never taken.
      const one = new HttpClient(address, key, new Agent());
      const sent = event('journey.entered', `${client} ${round}`, '2026-03-02T08:00:00Z');
      try {
        const answer = await one.post('/v1/events', [sent]);
        assert.equal(answer.status, 202, answer.text);
        acknowledged += 1;
      } catch (error) {
        refusals.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
        return;
      }
    }
  });
  await delay(700);
  const told = Date.now();
  const code = await service.stop();
  assert.equal(code, 0);
  assert.ok(Date.now() - told < 9_000, `took ${Date.now() - told} ms`);
  await Promise.all(traffic);
  api.close();
  // Refused, or reset while it was still waiting to be taken: below, nothing of it may be there.
  assert.equal(refusals.length, 4);
  for (const refusal of refusals) assert.match(refusal, /^ECONN(?:REFUSED|RESET)$/);
  assert.ok(acknowledged >= 4);

  const again = start(url);
  const reader = await again.client(key);
  await settled(reader, 'welcome');
  assert.equal((await reader.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries, acknowledged);
  reader.close();
  assert.equal(await again.stop('SIGINT'), 0);
});

test('streams end, and the process does not wait for their clients', async () => {
  const service = start(await newDatabase());
  const address = await service.running();
  const api = await service.client(key);
  await api.put(path, definition);
  const stream = httpRequest(`${address}${path}/changes`, {
    agent: false,
    headers: { authorization: `Bearer ${key}` },
  });
  stream.end();
  const [response] = (await once(stream, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  response.resume();
  const end = once(response, 'end');
  const told = Date.now();
  api.close();
  assert.equal(await service.stop(), 0);
  await end;
  assert.ok(Date.now() - told < 9_000, `took ${Date.now() - told} ms`);
});
