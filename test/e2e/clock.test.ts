// The clock is set back while the service runs: by an hour in its process, and in the database as far as it is written
// down there. Nothing is lost or doubled, nothing waits for the clock, and no reader sees a time go back.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import * as v from 'valibot';
import { overviewSchema } from '../../bff/contract/index.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import type { HttpClient } from '../support/http-client.ts';
import { assertClean, Ledger } from '../support/ledger.ts';
import { definition, event, journeyId } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';
import { settled } from '../support/test-service.ts';

const key = `jk_${'clock-key-'.repeat(4)}`;
const path = `/v1/journeys/${journeyId}`;
const hour = 3_600_000;
const site = makeSite();
const shiftFile = join(site.folder, 'clock-shift');
let database: FreshDatabase;
let sql: postgres.Sql;
let service: ServiceProcess;
let api: HttpClient;

const setClock = (milliseconds: number) => writeFileSync(shiftFile, String(milliseconds));

before(async () => {
  database = await freshDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  setClock(0);
  const preloaded = pathToFileURL(join(import.meta.dirname, '../support/shifted-clock.ts')).href;
  service = new ServiceProcess(site, {
    DATABASE_URL: database.url,
    TOKEN_SECRET: 'a secret to sign with that is long enough',
    BOOTSTRAP_API_KEY: key,
    CLOCK_SHIFT_FILE: shiftFile,
    NODE_OPTIONS: `--import=${preloaded}`,
  });
  api = await service.client(key);
  await api.put(path, definition);
});
after(async () => {
  api.close();
  if (service.child.exitCode === null) await service.stop();
  await sql.end({ timeout: 5 });
  await database.drop();
  site.remove();
});

async function asOf(): Promise<string> {
  return (await api.get(`${path}/overview`)).as(overviewSchema).asOf;
}

/** Listens to changes, and keeps them. */
async function listen() {
  const aborted = new AbortController();
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${api.base}${path}/changes`, { headers, signal: aborted.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('utf8');
  })();
  reading.catch(() => undefined); // it is aborted below
  return {
    times: () => Array.from(text.matchAll(/"asOf":"([^"]+)"/g), ([, time]) => String(time)),
    stop: () => aborted.abort(),
  };
}

async function until(milliseconds: number, what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!isSo()) {
    assert.ok(performance.now() < end, `not within ${milliseconds} ms: ${what}`);
    await delay(20);
  }
}

/** Holds that a list of times never goes back. RFC 3339 in UTC sorts as text. */
function assertForwards(times: readonly string[]): void {
  for (const [index, time] of times.entries()) {
    const earlier = times[index - 1];
    if (earlier !== undefined) assert.ok(time >= earlier, `${time} after ${earlier}`);
  }
}

test('of the process by an hour: events are taken, rolled up and told at once', async () => {
  const stream = await listen();
  await until(5_000, 'the present revision', () => stream.times().length === 1);
  const ledger = new Ledger(2);
  const stopping = new AbortController();
  const traffic = ledger.traffic(() => api, stopping.signal);
  traffic.catch(() => undefined); // looked at below
  await ledger.growsBy(200);
  await until(5_000, 'a change', () => stream.times().length > 1);
  setClock(-hour);
  await delay(100);
  const told = stream.times().length;
  await until(4_000, 'two changes after the clock was set back', () => stream.times().length >= told + 2);
  setClock(hour);
  await ledger.growsBy(200);
  setClock(0);
  stopping.abort();
  await traffic;
  await ledger.assertCounted(api);
  await assertClean(api);
  assertForwards(stream.times());
  stream.stop();
});

test('of the process, while the rollup waits to try again: it does not wait an hour', async () => {
  await settled(api, journeyId);
  await sql`ALTER TABLE journey_analytics.rollups RENAME TO rollups_out_of_reach`;
  await api.post('/v1/events', [event('journey.entered', 'late', '2026-03-02T08:00:00Z')]);
  await delay(500);
  setClock(-hour);
  await delay(500);
  await sql`ALTER TABLE journey_analytics.rollups_out_of_reach RENAME TO rollups`;
  await settled(api, journeyId, 12_000);
  setClock(0);
});

test('of the database: a reader’s time stays where it was, until the clock is there again', async () => {
  // As if the clock had been ahead when this was written.
  await sql`UPDATE journey_analytics.generations SET as_of = clock_timestamp() + interval '1 hour'`;
  await sql`SELECT pg_notify('journey_analytics_changes', 'none')`;
  const ahead = await asOf();
  assert.ok(Date.parse(ahead) > Date.now() + hour / 2);
  const times = [ahead];
  const entries = async () => (await api.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries;
  const known = await entries();
  await api.post('/v1/events', [event('journey.entered', 'after', '2026-03-02T08:00:00Z')]);
  await settled(api, journeyId);
  times.push(await asOf());
  assert.equal(await entries(), known + 1);
  // Nor does it go back when everything is folded anew.
  await api.put(path, { ...definition, timeZone: 'Asia/Tokyo' }, { rebuild: 'true' });
  await settled(api, journeyId);
  times.push(await asOf());
  await api.delete('/v1/users/after');
  await settled(api, journeyId);
  times.push(await asOf());
  assertForwards(times);
  assert.equal(await entries(), known);
  await assertClean(api);
});

test('of the process: a token ends at its time, and a new one is good at once', async () => {
  const mint = async () => {
    const minted = await api.post('/v1/embed-tokens', {
      subject: 'viewer',
      journeyIds: [journeyId],
      scopes: ['metrics:read'],
      expiresInSeconds: 600,
    });
    return api.as(v.parse(v.object({ token: v.string() }), minted.json()).token);
  };
  const statusOf = async (viewer: HttpClient) => (await viewer.get(`${path}/overview`)).status;
  const viewer = await mint();
  assert.equal(await statusOf(viewer), 200);
  setClock(-hour);
  await delay(100);
  assert.equal(await statusOf(await mint()), 200);
  setClock(601_000 + 60_000);
  await delay(100);
  assert.equal(await statusOf(viewer), 401);
  assert.equal(await statusOf(await mint()), 200);
  setClock(0);
});
