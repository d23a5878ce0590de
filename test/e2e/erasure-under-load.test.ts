// Erasing people while everything else goes on: events arrive, the rollup works, files are on their way, and somebody
// else erases the same person. Afterwards nothing of them is left anywhere.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { overviewSchema } from '../../bff/contract/index.ts';
import { openExport } from '../../bff/exports/stream-export.ts';
import { ReadingCache } from '../../bff/metrics/reading-cache.ts';
import { Random } from '../../demo/random.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { cellText, readCsv } from '../support/export-file.ts';
import { assertClean } from '../support/ledger.ts';
import { definition, event, journeyId, visitOf } from '../support/sample-journey.ts';
import { seedUsers } from '../support/seed-exports.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let made = 0;
const path = `/v1/journeys/${journeyId}`;

before(async () => {
  service = await startTestService();
});
after(() => service.stop());

async function newWorkspace(): Promise<Workspace> {
  made += 1;
  const workspace = await service.workspace(`workspace ${made}`);
  await workspace.api.put(path, definition);
  return workspace;
}

async function post({ api }: Workspace, events: readonly SentEvent[]): Promise<void> {
  const answer = await api.post('/v1/events', events);
  assert.equal(answer.status, 202, answer.text);
}

async function erase({ api }: Workspace, userId: string): Promise<void> {
  assert.equal((await api.delete(`/v1/users/${encodeURIComponent(userId)}`)).status, 204);
}

const metricsOf = async ({ api }: Workspace) =>
  (await api.get(`${path}/overview`)).as(overviewSchema).metrics;

/** Every table of the database with a row in which one of these texts stands, whatever the column. */
async function tracesOf(texts: readonly string[]): Promise<string[]> {
  const tables = await service.database.owner.execute<{ name: string }>(sql`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind IN ('r', 'p', 'm') AND NOT relispartition AND relnamespace <> 'information_schema'::regnamespace
      AND has_table_privilege(oid, 'SELECT')`);
  const found: string[] = [];
  for (const { name } of tables) {
    for (const text of texts) {
      const rows = await service.database.owner.execute(
        sql`SELECT FROM ${sql.raw(name)} AS one WHERE position(${text} IN one::text) > 0 LIMIT 1`,
      );
      if (rows.length > 0) found.push(`${name}: ${text}`);
    }
  }
  return found;
}

describe('while events keep coming and are rolled up', () => {
  test('of the same people and of others, from several sides at once: the audit is clean, all others are there', async () => {
    const w = await newWorkspace();
    const random = new Random(Date.now());
    const erased = ['ann', 'bob', 'cem'];
    const end = Date.now() + 3_000;
    let others = 0;
    const sends = Array.from({ length: 4 }, async (_, client) => {
      while (Date.now() < end) {
        const batch = Array.from({ length: 20 }, () => {
          if (random.chance(0.3)) {
            return visitOf(erased[random.between(0, 2)] ?? 'ann', random.between(1, 28), random.chance(0.5));
          }
          others += 1;
          return visitOf(`other ${client} ${others}`, random.between(1, 28), true);
        });
        await post(w, batch.flat());
      }
    });
    const erasing = Array.from({ length: 3 }, async () => {
      while (Date.now() < end) {
        await erase(w, erased[random.between(0, 2)] ?? 'ann');
        await delay(random.between(0, 40));
      }
    });
    const auditing = (async () => {
      while (Date.now() < end) {
        await assertClean(w.api);
        await delay(100);
      }
    })();
    await Promise.all([...sends, ...erasing, auditing]);
    for (const userId of erased) await Promise.all([erase(w, userId), erase(w, userId), erase(w, userId)]);
    await settled(w.api, journeyId);
    const { entryUsers, convertedUsers, totalEntries } = await metricsOf(w);
    assert.deepEqual([entryUsers, convertedUsers, totalEntries], [others, others, others]);
    await assertClean(w.api);
  });

  test('also of a person whose history is long, during a rebuild', async () => {
    const w = await newWorkspace();
    await post(w, Array.from({ length: 900 }, (_, index) => visitOf('long', 1 + (index % 28), true)).flat());
    await post(
      w,
      Array.from({ length: 300 }, (_, index) => visitOf(`other ${index}`, 1 + (index % 28))).flat(),
    );
    await w.api.put(path, { ...definition, timeZone: 'Asia/Tokyo' }, { rebuild: 'true' });
    await Promise.all([erase(w, 'long'), post(w, visitOf('long', 3)), erase(w, 'long'), erase(w, 'other 7')]);
    await erase(w, 'long');
    await settled(w.api, journeyId);
    assert.equal((await metricsOf(w)).entryUsers, 299);
    await assertClean(w.api);
  });
});

describe('while a file is on its way', () => {
  const users = 6_000;
  const nameOf = (index: number) => `user ${String(index).padStart(6, '0')} ${'x'.repeat(150)}`;

  test('it is of one moment: begun before, it has the person and is whole; begun after, it has not', async () => {
    const w = await service.workspace('exporting');
    const names = sql`
      SELECT number, 'user ' || lpad(number::text, 6, '0') || ' ' || repeat('x', 150)
      FROM generate_series(1, ${sql.raw(String(users))}) AS number`;
    await seedUsers(service.database, w.workspaceId, names);
    await settled(w.api, journeyId, 60_000);
    const source = { database: service.database, cache: new ReadingCache(), workspaceId: w.workspaceId };
    // The last in the file, so that it is not read yet when they are erased.
    const last = nameOf(users);
    for (const metric of ['entryUsers', 'totalEntries']) {
      const request = { journeyId, format: 'csv', bom: true, metric } as const;
      const opened = await openExport(
        source,
        request,
        {
          exportId: randomUUID(),
          credentialId: w.apiKeyId,
          subject: null,
          journeyId,
          request,
          format: 'csv',
        },
        { isTaken: false, settled: () => {}, broken: () => {} },
      );
      const reading = opened.body.getReader();
      const parts: Uint8Array[] = [];
      const first = await reading.read();
      if (first.value) parts.push(first.value);
      const person = metric === 'entryUsers' ? last : nameOf(users - 1);
      await erase(w, person);
      for (;;) {
        const { done, value } = await reading.read();
        if (done) break;
        parts.push(value);
      }
      const listed = readCsv(Buffer.concat(parts)).rows.map(([cell]) => cellText(cell ?? null));
      assert.equal(listed.length, opened.rows);
      assert.ok(listed.includes(person), 'one snapshot from the first row to the last');

      await settled(w.api, journeyId);
      const again = await w.api.get(`${path}/exports/${metric}`, { format: 'csv' });
      const later = readCsv(again.body).rows.map(([cell]) => cellText(cell ?? null));
      assert.equal(later.length, opened.rows - 1);
      assert.ok(!later.includes(person));
    }
    await assertClean(w.api);
  });

  test('a link that was made before has a file without the person when it is followed after', async () => {
    const w = await newWorkspace();
    await post(w, [...visitOf('ann', 2), ...visitOf('bob', 2)]);
    await settled(w.api, journeyId);
    const link = await w.api.post(`${path}/exports/entryUsers/link`, undefined, { format: 'csv' });
    assert.equal(link.status, 201, link.text);
    await erase(w, 'ann');
    await settled(w.api, journeyId);
    const { url } = link.json() as { url: string };
    const file = await service.nobody.get(url);
    assert.deepEqual([file.headers['x-row-count'], readCsv(file.body).rows.length], ['1', 1]);
  });
});

test('nothing of the person is left: in no table, no statistics of the planner, and no line of the log', async () => {
  const w = await newWorkspace();
  // So many that what the database notes of its columns' values holds some of them.
  const people = Array.from({ length: 60 }, (_, index) => `forget-me-${index}`);
  const events = people.flatMap((userId, index) =>
    [
      ...visitOf(userId, 1 + (index % 28), true),
      event('message.failed', userId, '2026-03-20T08:02:00Z', {
        stepId: 'hello',
        reason: `reason of ${userId}`,
      }),
      event('step.entered', userId, '2026-03-20T08:03:00Z', { stepId: `step of-one-person-${index}` }),
      event('step.outcome', userId, '2026-03-20T08:04:00Z', {
        stepId: 'ask',
        outcome: `said of-one-person-${index}`,
      }),
      event('track', userId, '2026-03-20T08:05:00Z', {
        name: `name of-one-person-${index}`,
        properties: { mail: `mail of ${userId}` },
      }),
    ].map((each) => ({ ...each, id: `${userId} ${String(each['id'])}` })),
  );
  await post(w, [...events, ...visitOf('stays', 2)]);
  await settled(w.api, journeyId);
  // Whatever repeats a request is asked for, also with the person's name where it does not belong.
  for (const format of ['csv', 'xlsx']) {
    await w.api.get(`${path}/exports/entryUsers`, { format });
    await w.api.post(`${path}/audience/export`, { where: { metric: 'entryUsers' } }, { format });
  }
  await w.api.get(`${path}/exports/forget-me-1`, { format: 'csv' });
  await w.api.get(`${path}/steps/forget-me-1`);
  await w.api.get(`${path}/overview`, { 'forget-me-1': 'forget-me-1' });
  await w.api.post('/v1/events', [{ id: 'forget-me-1', userId: 'forget-me-1', type: 'forget-me-1' }]);
  await service.database.owner.execute(sql`ANALYZE`);
  assert.ok((await tracesOf(['forget-me'])).length >= 3);
  for (const userId of people) await erase(w, userId);
  await settled(w.api, journeyId);
  await assertClean(w.api);
  assert.deepEqual(await tracesOf(['forget-me']), []);
  // Of a journey's own words, such as its steps, the planner's statistics tell until they are next taken.
  await service.database.owner.execute(sql`ANALYZE`);
  assert.deepEqual(await tracesOf(['of-one-person']), []);
  assert.deepEqual(
    service.log.filter((line) => line.includes('forget-me')),
    [],
  );
});
