// Streaming: a file is whole or visibly broken off, whoever fails; nothing stays held, and nothing that arrives meanwhile
// changes it.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { exportListSchema, type ExportFormat } from '../../bff/contract/index.ts';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import { ExportSlots } from '../../bff/exports/export-slots.ts';
import { openExport } from '../../bff/exports/stream-export.ts';
import { ReadingCache } from '../../bff/metrics/reading-cache.ts';
import { shards } from '../../bff/rollup/shards.ts';
import { changeSet } from '../../bff/rollup/user-sets.ts';
import { inWorkspace } from '../../db/client.ts';
import { selectAllSets, writeSets } from '../../db/queries/sets.ts';
import { Random } from '../../demo/random.ts';
import { cellText, readCsv, readXlsx } from '../support/export-file.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, journeyId, visitOf } from '../support/sample-journey.ts';
import { seedUsers } from '../support/seed-exports.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const users = 12_000;
const path = `/v1/journeys/${journeyId}`;
const entryUsers = `${path}/exports/entryUsers`;
const formats: readonly ExportFormat[] = ['csv', 'xlsx'];

/** Ids that neither zip nor sort quickly: 12,000 of them are more than the buffers between two sockets hold. */
function longIds(): string[] {
  const random = new Random(3);
  return Array.from({ length: users }, (_, index) => {
    const letters = Array.from({ length: 190 }, () =>
      String.fromCodePoint(0x4e00 + Math.floor(random.next() * 20_000)),
    );
    return `${letters.join('')} ${String(index).padStart(6, '0')}`;
  });
}

let service: TestService;
let big: Workspace;
/** Positions in the order of the file. */
let ids: string[];

before(async () => {
  service = await startTestService();
  big = await service.workspace('big');
  ids = longIds().toSorted(); // no surrogates, so the order is that of code points
  const names = sql`SELECT position, id FROM unnest(${sql.param(ids)}::text[]) WITH ORDINALITY AS one (id, position)`;
  await seedUsers(service.database, big.workspaceId, names);
  await settled(big.api, journeyId, 60_000);
});
after(() => service.stop());

const readers = new Set<Reader>();
afterEach(() => {
  for (const { socket } of readers) socket.destroy();
  readers.clear();
});

/** An export that is read by hand, byte by byte as it comes over the socket. */
class Reader {
  readonly socket: Socket;
  readonly #parts: Buffer[] = [];

  constructor(target: string, key: string) {
    readers.add(this);
    const { hostname, port } = new URL(service.url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (part) => this.#parts.push(part));
    this.socket.on('error', () => {}); // a reset is what tests look for, by what was read before
    this.socket.write(`GET ${target} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  }

  get received(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** Reads the answer's beginning and then no more. */
  async begin(): Promise<string> {
    await once(this.socket, 'data');
    this.socket.pause();
    return this.received.toString('latin1').split('\r\n\r\n')[0] ?? '';
  }

  /** Reads on until the server closes. @returns whether the answer came to its end as HTTP has it */
  async rest(): Promise<boolean> {
    this.socket.resume();
    const end = Date.now() + 20_000;
    while (!this.isEnded() && !this.socket.closed) {
      assert.ok(Date.now() < end, 'the server did not close');
      await pause(20);
    }
    const ended = this.isEnded();
    this.socket.destroy();
    return ended;
  }

  isEnded(): boolean {
    return this.received.subarray(-5).toString('latin1') === '0\r\n\r\n';
  }

  /** The body of a chunked answer. */
  body(): Buffer {
    const all = this.received;
    let at = all.indexOf('\r\n\r\n') + 4;
    const parts: Buffer[] = [];
    for (;;) {
      const line = all.indexOf('\r\n', at);
      const size = parseInt(all.toString('latin1', at, line), 16);
      if (!(size > 0)) return Buffer.concat(parts);
      parts.push(all.subarray(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
    }
  }
}

/** The connections to the database in which an export's transaction is open. */
async function heldBackends(): Promise<number[]> {
  const rows = await service.database.owner.execute<{ pid: number }>(sql`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND (query LIKE '%listed_users%' OR query LIKE '%FROM journey_analytics.events AS event%')
      AND state IN ('active', 'idle in transaction')`);
  return rows.map(({ pid }) => pid);
}

async function within(milliseconds: number, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await isSo())) {
    if (Date.now() > end) assert.fail(`${what}: not within ${milliseconds} ms`);
    await pause(25);
  }
}

async function lastExport({ api }: Workspace) {
  const { exports } = (await api.get('/v1/exports', { limit: '1' })).as(exportListSchema);
  const [last] = exports;
  assert.ok(last);
  return last;
}

const isFree = async () => (await heldBackends()).length === 0;
const targetOf = (format: string) => `${entryUsers}?format=${format}`;
const audienceOf = { where: { metric: 'entryUsers' } };

describe('a large share of all users, whose events are read through', () => {
  const at = (index: number, minutes: number) =>
    new Date(Date.parse('2026-03-01T00:00:00Z') + (index + 1) * 1_000 + minutes * 60_000).toISOString();
  const everybody = () => ids.map((id, index) => ({ id, index }));
  const buyers = () => everybody().filter(({ index }) => (index + 1) % 4 === 0);
  const others = () => everybody().filter(({ index }) => (index + 1) % 4 !== 0);
  const single = (id: string, when: string) => [id, '1', when, when];
  const asked: readonly [string, string | undefined, () => string[][]][] = [
    ['sentCount', 'hello', () => everybody().map(({ id, index }) => single(id, at(index, 6)))],
    ['movedOn', 'start', () => everybody().map(({ id, index }) => single(id, at(index, 0)))],
    ['droppedOff', 'hello', () => others().map(({ id, index }) => single(id, at(index, 5)))],
    ['creditedConversions', 'hello', () => buyers().map(({ id, index }) => single(id, at(index, 90)))],
    ['conversionEvents', undefined, () => buyers().map(({ id, index }) => [id, at(index, 90)])],
    ['totalExits', undefined, () => others().map(({ id, index }) => single(id, at(index, 60)))],
  ];
  for (const [metric, stepId, expected] of asked) {
    test(`has the same rows: ${metric}`, async () => {
      const answer = await big.api.get(`${path}/exports/${metric}`, { format: 'csv', stepId });
      const rows = readCsv(answer.body).rows.map((row) => row.map(cellText));
      assert.deepEqual(rows, expected());
    });
  }
});

describe('a reader', () => {
  for (const format of formats) {
    test(`that leaves while the database is at a long query frees it (${format})`, async () => {
      const { promise: isOver, resolve: finish } = Promise.withResolvers<void>();
      const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
      const locking = service.database.owner.transaction(async (tx) => {
        await tx.execute(sql`LOCK TABLE journey_analytics.events IN ACCESS EXCLUSIVE MODE`);
        locked();
        await isOver;
      });
      try {
        await isLocked;
        const reader = new Reader(targetOf(format), big.key);
        await reader.begin();
        await within(2_000, 'waiting', async () => !(await isFree()));
        reader.socket.destroy();
        await within(1_000, 'freed', isFree);
        await within(1_000, 'broken', async () => (await lastExport(big)).state === 'broken');
      } finally {
        finish();
        await locking;
      }
    });
  }

  for (const format of formats) {
    test(`that is slow gets as much as it takes, and the whole file in the end (${format})`, async () => {
      const memory = process.memoryUsage().arrayBuffers;
      const reader = new Reader(targetOf(format), big.key);
      assert.match(await reader.begin(), /200 OK[^]*X-Row-Count: 12000/i);
      await pause(1_300);
      const earlier = await lastExport(big);
      await pause(700);
      const { state, rows, rowsSent } = await lastExport(big);
      assert.deepEqual([state, rows], ['streaming', users]);
      assert.ok(rowsSent < users, 'everything was made although nobody reads');
      assert.equal(rowsSent, earlier.rowsSent);
      assert.ok(process.memoryUsage().arrayBuffers - memory < 40_000_000);
      assert.equal(await reader.rest(), true);
      const file = format === 'csv' ? readCsv(reader.body()) : readXlsx(reader.body());
      assert.equal(file.rows.length, users);
      const last = await lastExport(big);
      assert.deepEqual([last.state, last.rowsSent], ['complete', users]);
    });

    test(`that leaves frees the database, and the trail says so (${format})`, async () => {
      const reader = new Reader(targetOf(format), big.key);
      await reader.begin();
      await within(2_000, 'held', async () => !(await isFree()));
      reader.socket.destroy();
      await within(1_000, 'freed', isFree);
      await within(1_000, 'broken', async () => (await lastExport(big)).state === 'broken');
      assert.ok((await lastExport(big)).rowsSent < users);
    });

    test(`that stalls is cut off (${format})`, async () => {
      const broken: unknown[] = [];
      let isSettled = false;
      const exportId = crypto.randomUUID();
      const source = {
        database: service.database,
        cache: new ReadingCache(),
        workspaceId: big.workspaceId,
      };
      const request = { journeyId, format, bom: true, metric: 'entryUsers' };
      const { body } = await openExport(
        source,
        request,
        { exportId, credentialId: big.apiKeyId, subject: null, journeyId, request, format },
        {
          isTaken: false,
          settled: () => (isSettled = true),
          broken: (error) => broken.push(error),
          stalledMilliseconds: 300,
        },
      );
      const reading = body.getReader();
      await reading.read();
      await within(2_000, 'held', async () => !(await isFree()));
      await within(2_000, 'freed', isFree);
      await within(1_000, 'settled', async () => isSettled);
      await assert.rejects(async () => {
        for (let done = false; !done;) ({ done } = await reading.read());
      }, /broken off/);
      assert.match(String(broken[0]), /stalled/);
      assert.equal((await lastExport(big)).state, 'broken');
    });
  }

  test('that asks again at the end of a file finds its slot free', async () => {
    for (let time = 0; time < 10; time += 1) {
      const answers = await Promise.all(
        formats.map((format) => big.api.get(`${path}/exports/convertedUsers`, { format, to: '2026-03-01' })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200],
      );
    }
  });

  test('of HEAD gets the headers, and nothing is held or told', async () => {
    const earlier = await lastExport(big);
    for (let time = 0; time < 5; time += 1) {
      const answer = await big.api.call('HEAD', entryUsers, { query: { format: 'xlsx' } });
      assert.deepEqual(
        [answer.status, answer.headers['x-row-count'], answer.body.length],
        [200, String(users), 0],
      );
      assert.match(String(answer.headers['content-disposition']), /^attachment; /);
    }
    assert.equal(await isFree(), true);
    assert.deepEqual(await lastExport(big), earlier);
  });
});

describe('an error on the way resets the connection', () => {
  for (const format of formats) {
    test(`when the database's connection is killed (${format})`, async () => {
      const reader = new Reader(targetOf(format), big.key);
      await reader.begin();
      await pause(300);
      const held = await heldBackends();
      assert.equal(held.length, 1);
      await service.database.owner.execute(sql`SELECT pg_terminate_backend(${held[0]})`);
      assert.equal(await reader.rest(), false);
      await within(2_000, 'broken', async () => (await lastExport(big)).state === 'broken');
      assert.equal((await big.api.get(`${path}/overview`)).status, 200);
    });
  }

  /** Puts users into the set of entryUsers who have no entry, as no product would. @returns how to take them out again */
  async function breakSet(
    { workspaceId }: Workspace,
    joined: readonly number[],
  ): Promise<() => Promise<void>> {
    const [served] = await service.database.owner.execute<{ number: number; generation: string }>(sql`
      SELECT journey_number AS number, generation FROM journey_analytics.generations
      WHERE workspace_id = ${workspaceId} AND serving`);
    const numbers = {
      workspaceId,
      journeyNumber: served?.number ?? 0,
      generation: Number(served?.generation),
    };
    const change = (of: (members: Uint8Array) => Uint8Array) =>
      inWorkspace(service.database, workspaceId, async (tx) => {
        for (const shard of shards) {
          const rows = (await selectAllSets(tx, numbers, shard)).map((row) => ({
            ...row,
            sets: row.sets.map((set) =>
              set.fact === 'totalEntries' ? { ...set, members: of(set.members) } : set,
            ),
          }));
          await writeSets(tx, numbers, shard, rows);
        }
      });
    await change((members) => changeSet(members, joined, []).members);
    return () => change((members) => changeSet(members, [], joined).members);
  }

  for (const format of formats) {
    test(`when a set names a user who has no occurrence, or none at all (${format})`, async () => {
      const small = await service.workspace(`small ${format}`);
      await small.api.put(path, definition);
      await small.api.post('/v1/events', [
        ...visitOf('ann', 2),
        ...visitOf('bob', 3),
        { id: 'z', type: 'track', userId: 'zoe', at: '2026-03-02T00:00:00Z', name: 'Other' },
      ]);
      await settled(small.api, journeyId);
      const [zoe] = await service.database.owner.execute<{ user_id: number }>(sql`
        SELECT user_id FROM journey_analytics.users
        WHERE workspace_id = ${small.workspaceId} AND external_id = 'zoe'`);
      for (const joined of [[zoe?.user_id ?? 0], [2_000_000_000]]) {
        const mend = await breakSet(small, joined);
        const reader = new Reader(targetOf(format), small.key);
        await once(reader.socket, 'close');
        const text = reader.received.toString('latin1');
        assert.ok(!reader.isEnded(), `a complete-looking end: ${text.slice(-100)}`);
        assert.ok(!/200 OK/.test(text) || !/content-length/i.test(text), text);
        assert.ok(!/occurrence|SELECT|other rows/.test(text), text);
        await within(1_000, 'broken', async () => (await lastExport(small)).state === 'broken');
        await mend();
      }
      assert.equal((await small.api.get(entryUsers, { format })).status, 200);
    });

    test(`when a set is broken far down in a large file (${format})`, async (t) => {
      const mend = await breakSet(big, [2_000_000_000]);
      t.after(mend);
      const reader = new Reader(targetOf(format), big.key);
      assert.equal(await reader.rest(), false);
      assert.match(reader.received.toString('latin1'), /200 OK/);
      await within(1_000, 'broken', async () => (await lastExport(big)).state === 'broken');
      const audience = await big.api.post(`${path}/audience/export`, audienceOf, { format }).catch(String);
      assert.match(typeof audience === 'string' ? audience : audience.text, /broken off|aborted|hang up/);
    });
  }

  test('and leaves the connections of others alone', async () => {
    // Readers that leave at any moment, while others read whole files over the same pool.
    const others = Array.from({ length: 6 }, async () => {
      for (let time = 0; time < 4; time += 1) {
        const answer = await big.api.get(`${path}/overview`, { from: '2026-03-01' });
        assert.equal(answer.status, 200, answer.text);
      }
    });
    for (const [index, format] of [...formats, ...formats, ...formats].entries()) {
      const reader = new Reader(targetOf(format), big.key);
      await pause(15 * index);
      reader.socket.destroy();
      await within(2_000, 'freed', isFree);
    }
    await Promise.all(others);
    assert.deepEqual(
      service.log.filter((line) => /25P02|no transaction|does not exist/.test(line)),
      [],
    );
  });
});

describe('the snapshot', () => {
  for (const format of formats) {
    test(`events and erasures meanwhile do not change the file (${format})`, async () => {
      const whole = await big.api.get(entryUsers, { format });
      const reader = new Reader(targetOf(format), big.key);
      await reader.begin();
      const late = ids.at(-1 - formats.indexOf(format)) ?? '';
      const posted = await big.api.post('/v1/events', [
        ...visitOf(ids[users - 10] ?? '', 5),
        ...visitOf(`\u{10fffe} new ${format}`, 5),
      ]);
      assert.equal(posted.status, 202);
      assert.equal((await big.api.delete(`/v1/users/${encodeURIComponent(late)}`)).status, 204);
      await settled(big.api, journeyId);
      assert.equal(await reader.rest(), true);
      assert.ok(reader.body().equals(whole.body));
      const later = await big.api.get(entryUsers, { format });
      assert.notDeepEqual(later.body, whole.body);
      assert.ok(!later.text.includes(late));
    });
  }
});

describe('slots', () => {
  /** Opens exports that nobody reads on. The file has begun before its rows are asked for, so those are waited for. */
  async function hold(keys: readonly string[]): Promise<Reader[]> {
    const held: Reader[] = [];
    for (const key of keys) {
      const reader = new Reader(targetOf('csv'), key);
      assert.match(await reader.begin(), /200 OK/);
      held.push(reader);
    }
    await within(10_000, 'held', async () => (await heldBackends()).length === held.length);
    return held;
  }
  const leave = async (held: readonly Reader[], left: number) => {
    for (const { socket } of held) socket.destroy();
    await within(2_000, 'freed', async () => (await heldBackends()).length === left);
    await pause(50);
  };

  test('two for each credential, also by links, which are not used up', async () => {
    const held = await hold([big.key, big.key]);
    const refused = await big.api.get(entryUsers, { format: 'csv' });
    assertProblem(refused, 'too_many_requests');
    assert.ok(Number(refused.headers['retry-after']) > 0);
    const link = await big.api.post(`${entryUsers}/link`, undefined, { format: 'csv' });
    assert.equal(link.status, 201, link.text);
    const { url } = link.json() as { url: string };
    assertProblem(await service.nobody.get(url), 'too_many_requests');
    const scopes = ['users:export'];
    const minted = await big.api.post('/v1/embed-tokens', { subject: 'ann', journeyIds: ['*'], scopes });
    const { token } = minted.json() as { token: string };
    const other = await service.nobody.as(token).get(entryUsers, { format: 'csv' });
    assert.equal(other.status, 200, 'a subject has slots of its own');
    await leave(held, 0);
    assert.equal((await service.nobody.get(url)).status, 200);
    assert.equal((await big.api.get(entryUsers, { format: 'csv' })).status, 200);
  });

  test('eight for the process', async () => {
    const keys: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      keys.push((await createApiKey(service.database, big.workspaceId)).key);
    }
    const held = await hold(keys.slice(0, 4).flatMap((key) => [key, key]));
    const ninth = await service.nobody.as(keys[4] ?? '').get(entryUsers, { format: 'csv' });
    assertProblem(ninth, 'too_many_requests');
    assert.equal((await big.api.get(`${path}/overview`)).status, 200, 'readings go on');
    await leave(held.slice(0, 1), 7);
    const again = await service.nobody.as(keys[4] ?? '').get(entryUsers, { format: 'csv' });
    assert.equal(again.status, 200);
    await leave(held.slice(1), 0);
  });

  test('are given back after every refusal', async () => {
    for (let time = 0; time < 4; time += 1) {
      assertProblem(await big.api.get(`${path}/exports/nonsense`, { format: 'csv' }), 'invalid_parameter');
      assertProblem(
        await big.api.get(`${path}/exports/entryCount`, { format: 'csv', stepId: 'none' }),
        'not_found',
      );
      assertProblem(
        await big.api.get('/v1/journeys/none/exports/entryUsers', { format: 'csv' }),
        'not_found',
      );
      assertProblem(
        await big.api.get(`${path}/exports/bouncedCount`, { format: 'csv', stepId: 'hello' }),
        'nothing_to_export',
      );
    }
    assert.equal((await big.api.get(entryUsers, { format: 'csv' })).status, 200);
  });

  test('giving one back twice frees one only', () => {
    const slots = new ExportSlots();
    const release = slots.take('a');
    slots.take('a');
    release();
    release();
    slots.take('a');
    assert.throws(() => slots.take('a'), { code: 'too_many_requests' });
  });
});
