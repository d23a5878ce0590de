// Thousands of listeners to one journey in one process: each hears of every change, at most once a second; streams live
// and end as they should; and one who does not read costs next to nothing. LISTENERS says how many there are.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import { ChangeHub } from '../../bff/changes/change-hub.ts';
import { overviewSchema } from '../../bff/contract/index.ts';
import { definition, event, journeyId } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const listeners = Number(process.env['LISTENERS'] ?? 1_000);
/** How many connect at once: more would wait longer than the service lets anybody wait. */
const atOnce = 250;
const path = `/v1/journeys/${journeyId}`;

let service: TestService;
let w: Workspace;
const streams: Stream[] = [];

before(async () => {
  service = await startTestService();
  w = await service.workspace('listened to');
  await w.api.put(path, definition);
  await settled(w.api, journeyId);
});
after(async () => {
  for (const { socket } of streams) socket.destroy();
  await service.stop();
});

/** A stream as it comes over its socket. */
class Stream {
  readonly socket: Socket;
  /** Each change that was heard: its text, and when. */
  readonly changes: { readonly asOf: string; readonly at: number }[] = [];
  status = 0;
  heartbeats = 0;
  endedAt: number | undefined;
  #rest = '';

  constructor(credential: string) {
    streams.push(this);
    const { hostname, port } = new URL(service.url);
    this.socket = connect(Number(port), hostname);
    this.socket.setEncoding('latin1').on('data', (text: string) => this.#hear(text));
    this.socket.on('error', () => {}); // its end is what counts
    this.socket.on('close', () => (this.endedAt ??= performance.now()));
    this.socket.write(
      `GET ${path}/changes HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${credential}\r\n\r\n`,
    );
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.status ||= Number(/^HTTP\/1\.1 (\d+)/.exec(line)?.[1] ?? 0);
      if (line.startsWith(':')) this.heartbeats += 1;
      const asOf = /^data: .*"asOf":"([^"]+)"/.exec(line)?.[1];
      if (asOf !== undefined) this.changes.push({ asOf, at: performance.now() });
      // The last chunk of the answer.
      if (line === '0\r') this.endedAt ??= performance.now();
    }
  }
}

async function until(milliseconds: number, what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!isSo()) {
    assert.ok(performance.now() < end, `not within ${milliseconds} ms: ${what}`);
    await delay(20);
  }
}

/** Opens streams, and waits until each has heard the present revision. */
async function open(count: number, credential: string): Promise<Stream[]> {
  const opened: Stream[] = [];
  while (opened.length < count) {
    const some = Array.from(
      { length: Math.min(atOnce, count - opened.length) },
      () => new Stream(credential),
    );
    await until(15_000, 'listening', () => some.every(({ changes }) => changes.length > 0));
    opened.push(...some);
  }
  return opened;
}

async function mint(expiresInSeconds: number): Promise<string> {
  const minted = await w.api.post('/v1/embed-tokens', {
    subject: 'viewer',
    journeyIds: [journeyId],
    scopes: ['metrics:read'],
    expiresInSeconds,
  });
  return v.parse(v.object({ token: v.string() }), minted.json()).token;
}

const arrive = async (name: string) => {
  const answer = await w.api.post('/v1/events', [event('journey.entered', name, '2026-03-02T08:00:00Z')]);
  assert.equal(answer.status, 202);
};
const servedAsOf = async () => (await w.api.get(`${path}/overview`)).as(overviewSchema).asOf;

test(`${listeners} listeners hear of every change, and the database of one listener`, async (t) => {
  const begun = performance.now();
  const { key, apiKeyId } = await createApiKey(service.database, w.workspaceId);
  const revocable = await open(20, key);
  const tokenSeconds = 9;
  const mintedAt = performance.now();
  const token = await mint(tokenSeconds);
  const expiring = await open(20, token);
  const lasting = await open(listeners - 40, w.key);
  t.diagnostic(`connected in ${Math.round(performance.now() - begun)} ms`);

  const [backends] = await service.database.owner.execute<{ listening: number; all: number }>(sql`
    SELECT count(*) FILTER (WHERE query ILIKE 'listen %')::integer AS listening, count(*)::integer AS all
    FROM pg_stat_activity WHERE datname = current_database()`);
  assert.equal(backends?.listening, 1);
  assert.ok(backends.all <= 25, `${backends.all} connections to the database`);

  const changing = performance.now();
  for (let index = 0; index < 12; index += 1) {
    await arrive(`user ${index}`);
    await delay(250);
  }
  await settled(w.api, journeyId);
  const asOf = await servedAsOf();
  const counted = performance.now();
  await until(5_000, 'all hear of the last change', () =>
    lasting.every(({ changes }) => changes.at(-1)?.asOf === asOf),
  );
  t.diagnostic(`the last one heard ${Math.round(performance.now() - counted)} ms after it was counted`);
  for (const { changes } of lasting) {
    const heard = changes.filter(({ at }) => at >= changing);
    const seconds = ((heard.at(-1)?.at ?? changing) - changing) / 1_000;
    assert.ok(heard.length >= 2 && heard.length <= 1 + seconds + 1, `${heard.length} in ${seconds} s`);
    // They are sent a second apart; the way here takes longer for some than for others.
    for (const [index, { at }] of heard.entries()) {
      const earlier = heard[index - 1];
      if (earlier) assert.ok(at - earlier.at > 700, `${at - earlier.at} ms apart`);
    }
  }

  await service.database.owner.execute(
    sql`UPDATE journey_analytics.api_keys SET revoked_at = now() WHERE api_key_id = ${apiKeyId}`,
  );
  await until(20_000, 'the token ends', () => expiring.every(({ endedAt }) => endedAt !== undefined));
  for (const { endedAt = 0 } of expiring) {
    const seconds = (endedAt - mintedAt) / 1_000;
    assert.ok(seconds > tokenSeconds - 1.5 && seconds < tokenSeconds + 1.5, `ended after ${seconds} s`);
  }
  await until(17_000, 'a sign of life', () => lasting.every(({ heartbeats }) => heartbeats > 0));
  t.diagnostic(`a sign of life after ${Math.round(performance.now() - begun)} ms`);
  assert.ok(performance.now() - begun < 25_000);
  await until(2_000, 'the revoked key ends', () => revocable.every(({ endedAt }) => endedAt !== undefined));
  assert.ok(lasting.every(({ endedAt }) => endedAt === undefined));
});

test('a listener who does not read costs bounded memory, delays nobody, and hears the latest when reading on', async (t) => {
  const others = streams.filter(({ endedAt }) => endedAt === undefined).slice(0, 50);
  const spy = t.mock.method(ChangeHub.prototype, 'subscribe');
  const slow = new Stream(w.key);
  await until(5_000, 'listening', () => slow.changes.length === 1);
  const listener = spy.mock.calls[0]?.arguments[2];
  spy.mock.restore();
  assert.ok(listener);
  slow.socket.pause();

  const memory = process.memoryUsage();
  // Long ones, in all far more than the system's own buffers between two sockets hold.
  const long = 'x'.repeat(20_000);
  for (let revision = 0; revision < 5_000; revision += 1) {
    listener.change({ revision: `${revision} ${long}`, asOf: 'never' });
    if (revision % 4 === 0) await turn();
  }
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  const megabytes = (arrayBuffers - memory.arrayBuffers + heapUsed - memory.heapUsed) / 1e6;
  t.diagnostic(`${megabytes.toFixed(1)} MB more after 100 MB that nobody read`);
  assert.ok(arrayBuffers - memory.arrayBuffers < 15_000_000);

  await arrive('meanwhile');
  await settled(w.api, journeyId);
  const asOf = await servedAsOf();
  await until(2_500, 'the others hear', () => others.every(({ changes }) => changes.at(-1)?.asOf === asOf));

  slow.socket.resume();
  await until(5_000, 'reading on', () => slow.changes.length > 1);
  await arrive('afterwards');
  await settled(w.api, journeyId);
  const latest = await servedAsOf();
  await until(17_000, 'the latest is heard', () => slow.changes.at(-1)?.asOf === latest);
});
