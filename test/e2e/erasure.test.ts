// Erasing a person: everything that was known goes, the numbers follow, and nobody else loses anything.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  auditSchema,
  flowSchema,
  ingestAnswerSchema,
  overviewSchema,
  trendSchema,
} from '../../bff/contract/index.ts';
import { refold } from '../../bff/rollup/refold.ts';
import { rollUp } from '../../bff/rollup/roll-up.ts';
import { shards } from '../../bff/rollup/shards.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, event, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let made = 0;
const path = '/v1/journeys/welcome';

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

async function post({ api }: Workspace, events: readonly SentEvent[]) {
  const answer = await api.post('/v1/events', events);
  assert.equal(answer.status, 202, answer.text);
  return answer.as(ingestAnswerSchema);
}

async function erase({ api }: Workspace, userId: string): Promise<void> {
  const answer = await api.delete(`/v1/users/${encodeURIComponent(userId)}`);
  assert.deepEqual([answer.status, answer.text], [204, '']);
}

/** Every number of the journey, whatever the time it was read at. */
async function numbersOf({ api }: Workspace, journey = 'welcome') {
  await settled(api, journey);
  const [overview, flow, trend] = await Promise.all([
    api.get(`/v1/journeys/${journey}/overview`, { trend: 'day' }),
    api.get(`/v1/journeys/${journey}/flow`),
    api.get(`/v1/journeys/${journey}/trend`, { metric: 'sentCount', stepId: 'hello' }),
  ]);
  const { asOf: _, ...ofOverview } = overview.as(overviewSchema);
  const { asOf: __, ...ofFlow } = flow.as(flowSchema);
  return { overview: ofOverview, flow: ofFlow, trend: trend.as(trendSchema).points };
}

async function assertClean({ api }: Workspace, journey = 'welcome'): Promise<void> {
  assert.deepEqual((await api.post(`/v1/journeys/${journey}/audit`)).as(auditSchema), { differences: [] });
}

/** Where in the database a text still stands. */
async function tracesOf(text: string): Promise<string[]> {
  const tables = await service.database.owner.execute<{ name: string }>(`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p')`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await service.database.owner.execute(
      `SELECT FROM ${name} AS one WHERE one::text LIKE '%${text}%' LIMIT 1`,
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

/** Someone who leaves a trace in every kind of number. */
function busyPerson(userId: string): SentEvent[] {
  return [
    ...visitOf(userId, 2, true),
    ...visitOf(userId, 20),
    event('message.failed', userId, '2026-03-20T08:02:00Z', {
      stepId: 'hello',
      reason: `reason of ${userId}`,
    }),
    event('message.held', userId, '2026-03-01T08:00:00Z', { stepId: 'unattached' }),
    event('journey.entered', userId, '2026-06-01T08:00:00Z'),
    event('step.entered', userId, '2026-06-01T08:00:00Z', { stepId: `step of ${userId}` }),
    event('track', userId, '2026-06-01T08:00:00Z', {
      name: 'Other',
      properties: { mail: `mail of ${userId}` },
    }),
    event('journey.exited', userId, new Date().toISOString()),
  ];
}

describe('the numbers', () => {
  test('are as if the person had never been, and the audit is clean', async () => {
    const w = await newWorkspace();
    await post(w, [...visitOf('bob', 2, true), ...visitOf('cem', 20)]);
    const without = await numbersOf(w);
    await post(w, busyPerson('ann'));
    assert.notDeepEqual(await numbersOf(w), without);
    await erase(w, 'ann');
    assert.deepEqual(await numbersOf(w), without);
    await assertClean(w);
    await erase(w, 'bob');
    await erase(w, 'cem');
    const { overview, flow, trend } = await numbersOf(w);
    assert.equal(overview.metrics.totalEntries, 0);
    assert.deepEqual(overview.timeToConvert, { p50: null, p90: null });
    assert.deepEqual(trend, []);
    assert.deepEqual(
      flow.steps.map(({ stepId }) => stepId),
      ['start', 'hello', 'ask'],
    );
    await assertClean(w);
  });

  test('of every journey follow, also of one that is defined later', async () => {
    const w = await newWorkspace();
    await w.api.put('/v1/journeys/second', { ...definition, timeZone: 'Asia/Tokyo' });
    const inJourney = (journeyId: string, events: readonly SentEvent[]) =>
      events.map((each) =>
        'journeyId' in each ? { ...each, id: `${String(each['id'])} ${journeyId}`, journeyId } : each,
      );
    const [ann, bob] = [visitOf('ann', 2, true), visitOf('bob', 3)];
    for (const journeyId of ['welcome', 'second', 'later']) {
      await post(w, [...inJourney(journeyId, ann), ...inJourney(journeyId, bob)]);
    }
    await erase(w, 'ann');
    await w.api.put('/v1/journeys/later', definition);
    for (const journeyId of ['welcome', 'second', 'later']) {
      const { overview } = await numbersOf(w, journeyId);
      const { totalEntries, entryUsers, convertedUsers } = overview.metrics;
      assert.deepEqual([totalEntries, entryUsers, convertedUsers], [1, 1, 0], journeyId);
      await assertClean(w, journeyId);
    }
  });

  test('and ETags change', async () => {
    const w = await newWorkspace();
    await post(w, [...visitOf('ann', 2), ...visitOf('bob', 2)]);
    await settled(w.api, 'welcome');
    const { etag } = await w.api.get(`${path}/overview`);
    await erase(w, 'ann');
    await settled(w.api, 'welcome');
    const answer = await w.api.get(`${path}/overview`, {}, { 'if-none-match': etag });
    assert.equal(answer.status, 200);
    assert.equal(answer.as(overviewSchema).metrics.totalEntries, 1);
  });
});

describe('what was known', () => {
  test('is nowhere in the database any more', async () => {
    const w = await newWorkspace();
    const person = busyPerson('somebody-to-forget').map((each) => ({
      ...each,
      id: `forget-me-${String(each['id'])}`,
    }));
    await post(w, [...person, ...visitOf('bob', 2)]);
    await settled(w.api, 'welcome');
    assert.ok((await tracesOf('somebody-to-forget')).length >= 3);
    await erase(w, 'somebody-to-forget');
    assert.deepEqual(await tracesOf('somebody-to-forget'), []);
    assert.deepEqual(await tracesOf('forget-me'), []);
    assert.ok(!service.log.some((line) => line.includes('somebody-to-forget')));
  });

  test('does not come back: the same events are duplicates, whoever they name', async () => {
    const w = await newWorkspace();
    const events = busyPerson('ann');
    await post(w, events);
    await erase(w, 'ann');
    const earlier = await numbersOf(w);
    assert.deepEqual(await post(w, events), { accepted: 0, duplicates: events.length, rejected: [] });
    const renamed = events.map((each) => ({ ...each, userId: 'bob' }));
    assert.deepEqual(await post(w, renamed), { accepted: 0, duplicates: events.length, rejected: [] });
    assert.deepEqual(await numbersOf(w), earlier);
  });

  test('new events of the same person are new facts', async () => {
    const w = await newWorkspace();
    await post(w, visitOf('ann', 2, true));
    await erase(w, 'ann');
    await post(w, visitOf('ann', 5));
    const { overview } = await numbersOf(w);
    assert.deepEqual([overview.metrics.totalEntries, overview.metrics.convertedUsers], [1, 0]);
    await erase(w, 'ann');
    assert.equal((await numbersOf(w)).overview.metrics.totalEntries, 0);
    await assertClean(w);
  });

  test('of a person nobody knows is nothing: 204 all the same', async () => {
    const w = await newWorkspace();
    await post(w, visitOf('ann', 2));
    const known = await numbersOf(w);
    for (const userId of ['nobody', 'Ann', 'ann ', 'x'.repeat(300), 'a\u0000', '😀', '%'])
      await erase(w, userId);
    assert.deepEqual(await numbersOf(w), known);
    for (const raw of ['%ED%A0%80', '%', '%zz', 'ann%00']) {
      assert.equal((await w.api.delete(`/v1/users/${raw}`)).status, 204, raw);
    }
    assert.deepEqual(await numbersOf(w), known);
    for (const raw of ['.', '..', '%2e%2e', '']) {
      assertProblem(await w.api.delete(`/v1/users/${raw}`), 'not_found');
    }
  });
});

describe('at any moment', () => {
  const passes: readonly (readonly [name: string, before: readonly (typeof rollUp)[]])[] = [
    ['before anything is rolled up', []],
    ['when batches are rolled up', [rollUp]],
    ['when a part is folded before the batches that wait', [refold]],
    ['when a part is folded', [rollUp, refold]],
  ];
  for (const [name, steps] of passes) {
    for (const isRebuilt of [false, true]) {
      test(`${name}${isRebuilt ? ', during a rebuild' : ''}`, async (t) => {
        const w = await newWorkspace();
        await post(w, [...visitOf('bob', 2, true), ...visitOf('ann', 3)]);
        await settled(w.api, 'welcome');
        t.after(() => service.startRollup());
        await service.stopRollup();
        if (isRebuilt) await w.api.put(path, { ...definition, timeZone: 'Asia/Tokyo' }, { rebuild: 'true' });
        await post(w, [...busyPerson('ann'), ...visitOf('cem', 4)]);
        await post(w, [
          ...visitOf('ann', 6),
          event('track', 'ann', '2026-03-06T08:00:00Z', { name: 'Purchase' }),
        ]);
        for (const step of steps)
          for (const shard of shards) await step(service.database, w.workspaceId, shard);
        await erase(w, 'ann');
        if (steps.length === 0) {
          const { pendingEvents } = (await w.api.get(`${path}/overview`)).as(overviewSchema);
          assert.equal(pendingEvents, isRebuilt ? 14 : 7);
        }
        service.startRollup();
        const { overview } = await numbersOf(w);
        const { totalEntries, entryUsers, convertedUsers } = overview.metrics;
        assert.deepEqual([totalEntries, entryUsers, convertedUsers], [2, 2, 1]);
        assert.equal(overview.range.timeZone, isRebuilt ? 'Asia/Tokyo' : 'UTC');
        await assertClean(w);
      });
    }
  }

  test('also many times at once, while their events keep coming', async () => {
    const w = await newWorkspace();
    const users = ['ann', 'bob', 'cem'];
    const work = Array.from({ length: 30 }, async (_, index) => {
      const userId = users[index % 3] ?? 'ann';
      await post(w, visitOf(userId, 1 + (index % 28), index % 2 === 0));
      if (index % 3 === 0) await erase(w, userId);
      if (index % 5 === 0) await erase(w, 'bob');
    });
    await Promise.all(work);
    await settled(w.api, 'welcome');
    await assertClean(w);
    for (const userId of users) await erase(w, userId);
    assert.equal((await numbersOf(w)).overview.metrics.totalEntries, 0);
    await assertClean(w);
    const left = await service.database.owner.execute(
      `SELECT FROM journey_analytics.events WHERE workspace_id = ${w.workspaceId}`,
    );
    assert.equal(left.length, 0);
  });
});
