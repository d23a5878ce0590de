// Two workspaces that use the same ids: whatever one does or asks for, the other's numbers are never seen or changed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import {
  auditSchema,
  embedTokenAnswerSchema,
  flowSchema,
  ingestAnswerSchema,
  journeyListSchema,
  journeySchema,
  overviewSchema,
  stepAnswerSchema,
  trendSchema,
} from '../../bff/contract/index.ts';
import type { HttpClient } from '../support/http-client.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { definition, journeyId, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
let b: Workspace;
const path = `/v1/journeys/${journeyId}`;
const nameOfA = 'Welcome of workspace A';

/** Two users in both; in A both buy and one comes twice, in B nobody buys. The ids of events are the same. */
const eventsOfA = [...visitOf('ann', 2, true), ...visitOf('bob', 3, true), ...visitOf('bob', 4)];
const eventsOfB = eventsOfA
  .filter((event) => event['type'] !== 'track')
  .slice(0, -7)
  .map((event) => ({ ...event, at: String(event['at']).replace('2026-03', '2026-05'), outcome: 'no' }));

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
  await a.api.put(path, { ...definition, name: nameOfA });
  await b.api.put(path, { ...definition, conversion: null });
  const posted = await Promise.all([
    a.api.post('/v1/events', eventsOfA),
    b.api.post('/v1/events', eventsOfB),
  ]);
  assert.deepEqual(
    posted.map((answer) => answer.as(ingestAnswerSchema)),
    [eventsOfA, eventsOfB].map((events) => ({ accepted: events.length, duplicates: 0, rejected: [] })),
  );
  await Promise.all([settled(a.api, journeyId), settled(b.api, journeyId)]);
});
after(() => service.stop());

async function tokenOf(api: HttpClient, journeyIds: readonly string[]): Promise<HttpClient> {
  const request = { subject: 'viewer', journeyIds, scopes: ['metrics:read', 'users:export'] };
  return api.as((await api.post('/v1/embed-tokens', request)).as(embedTokenAnswerSchema).token);
}

/** Reads everything of a journey that there is to read. */
async function readAll(api: HttpClient) {
  const [overview, flow, step, trend, journey, list] = await Promise.all([
    api.get(`${path}/overview`, { trend: 'day' }),
    api.get(`${path}/flow`),
    api.get(`${path}/steps/ask`),
    api.get(`${path}/trend`, { metric: 'totalEntries' }),
    api.get(path),
    api.get('/v1/journeys'),
  ]);
  return {
    overview: overview.as(overviewSchema),
    flow: flow.as(flowSchema),
    step: step.as(stepAnswerSchema),
    trend: trend.as(trendSchema),
    journey: journey.as(journeySchema),
    list: list.as(journeyListSchema),
  };
}

function assertNumbersOfA(read: Awaited<ReturnType<typeof readAll>>): void {
  const { messagesSent, totalEntries, entryUsers, convertedUsers } = read.overview.metrics;
  assert.deepEqual(
    { messagesSent, totalEntries, entryUsers, convertedUsers },
    {
      messagesSent: 3,
      totalEntries: 3,
      entryUsers: 2,
      convertedUsers: 2,
    },
  );
  assert.deepEqual(Object.keys(read.step.outcomes), ['yes']);
  assert.equal(read.step.metrics.entryCount, 3);
  assert.deepEqual(read.flow.totals, { totalEntries: 3, entryUsers: 2, activeEntries: 0, totalExits: 1 });
  assert.deepEqual(
    read.trend.points.map(({ date, count }) => [date, count]),
    [
      ['2026-03-02', 1],
      ['2026-03-03', 1],
      ['2026-03-04', 1],
    ],
  );
  assert.equal(read.journey.name, nameOfA);
  assert.deepEqual(
    read.list.journeys.map(({ name }) => name),
    [nameOfA],
  );
}

function assertNumbersOfB(read: Awaited<ReturnType<typeof readAll>>): void {
  const { messagesSent, totalEntries, convertedUsers, conversionRate } = read.overview.metrics;
  assert.deepEqual(
    { messagesSent, totalEntries, convertedUsers, conversionRate },
    {
      messagesSent: 2,
      totalEntries: 2,
      convertedUsers: 0,
      conversionRate: null,
    },
  );
  assert.deepEqual(Object.keys(read.step.outcomes), ['no']);
  assert.deepEqual(
    read.trend.points.map(({ date, count }) => [date, count]),
    [
      ['2026-05-02', 1],
      ['2026-05-03', 1],
    ],
  );
  assert.equal(read.journey.conversion, null);
  assert.equal(read.list.journeys.length, 1);
}

describe('reading', () => {
  test('each key reads its own workspace', async () => {
    assertNumbersOfA(await readAll(a.api));
    assertNumbersOfB(await readAll(b.api));
  });

  test('each embed token reads the workspace of its key', async () => {
    assertNumbersOfA(await readAll(await tokenOf(a.api, ['*'])));
    assertNumbersOfA(await readAll(await tokenOf(a.api, [journeyId])));
    assertNumbersOfB(await readAll(await tokenOf(b.api, ['*'])));
  });

  test('an ETag of one workspace says nothing in the other', async () => {
    for (const part of ['overview', 'flow', 'steps/ask', 'trend?metric=totalEntries']) {
      const { etag } = await a.api.get(`${path}/${part}`);
      assert.equal((await a.api.get(`${path}/${part}`, {}, { 'if-none-match': etag })).status, 304);
      assert.equal((await b.api.get(`${path}/${part}`, {}, { 'if-none-match': etag })).status, 200);
    }
  });

  test('what is pending in one is not pending in the other', async () => {
    await service.stopRollup();
    const added = visitOf('cem', 5);
    await a.api.post('/v1/events', added);
    const pending = async ({ api }: Workspace) =>
      (await api.get(`${path}/overview`)).as(overviewSchema).pendingEvents;
    assert.deepEqual([await pending(a), await pending(b)], [added.length, 0]);
    await a.api.delete('/v1/users/cem');
    service.startRollup();
    await settled(a.api, journeyId);
    assertNumbersOfA(await readAll(a.api));
  });

  test('both audits are clean', async () => {
    for (const { api } of [a, b]) {
      assert.deepEqual((await api.post(`${path}/audit`)).as(auditSchema), { differences: [] });
    }
  });
});

describe('a journey of the other workspace does not exist', () => {
  const requests: readonly (readonly [method: string, part: string])[] = [
    ['GET', ''],
    ['GET', '/overview'],
    ['GET', '/flow'],
    ['GET', '/steps/start'],
    ['GET', '/trend?metric=totalEntries'],
    ['POST', '/audit'],
    ['DELETE', ''],
  ];

  before(async () => {
    await a.api.put('/v1/journeys/only-a', { ...definition, name: 'A secret plan' });
  });
  after(() => a.api.delete('/v1/journeys/only-a'));

  test('as one that nobody has', async () => {
    for (const [method, part] of requests) {
      const foreign = await b.api.call(method, `/v1/journeys/only-a${part}`);
      const unknown = await b.api.call(method, `/v1/journeys/of-nobody${part}`);
      assertSilentAbout(foreign, ['A secret plan', 'only-a', 'workspace-a', 'workspace-b']);
      assert.deepEqual(
        { ...assertProblem(foreign, 'not_found'), requestId: '' },
        { ...assertProblem(unknown, 'not_found'), requestId: '' },
      );
    }
    assert.equal((await a.api.get('/v1/journeys/only-a')).status, 200);
  });

  test('outside a token’s list it is the same', async () => {
    const token = await tokenOf(a.api, [journeyId]);
    for (const [method, part] of requests.filter(([each]) => each === 'GET')) {
      const outside = await token.call(method, `/v1/journeys/only-a${part}`);
      const unknown = await token.call(method, `/v1/journeys/of-nobody${part}`);
      assert.deepEqual(
        { ...assertProblem(outside, 'not_found'), requestId: '' },
        { ...assertProblem(unknown, 'not_found'), requestId: '' },
      );
    }
    const list = (await token.get('/v1/journeys')).as(journeyListSchema);
    assert.deepEqual(
      list.journeys.map((journey) => journey.journeyId),
      [journeyId],
    );
  });

  test('a token of the other workspace that names it sees nothing', async () => {
    const token = await tokenOf(b.api, ['only-a']);
    assertProblem(await token.get('/v1/journeys/only-a/overview'), 'not_found');
    assert.deepEqual((await token.get('/v1/journeys')).as(journeyListSchema).journeys, []);
  });

  test('defining it makes another one', async () => {
    assert.equal((await b.api.put('/v1/journeys/only-a', definition)).status, 201);
    assert.equal((await a.api.get('/v1/journeys/only-a')).as(journeySchema).name, 'A secret plan');
    assert.equal((await b.api.delete('/v1/journeys/only-a')).status, 204);
    assert.equal((await a.api.get('/v1/journeys/only-a')).as(journeySchema).name, 'A secret plan');
  });
});

describe('writing', () => {
  test('events that one has seen are new to the other, once', async () => {
    const [first] = eventsOfA;
    const again = await b.api.post('/v1/events', [first]);
    assert.deepEqual(again.as(ingestAnswerSchema), { accepted: 0, duplicates: 1, rejected: [] });
  });

  test('erasing a person in one leaves the other’s', async () => {
    assert.equal((await b.api.delete('/v1/users/ann')).status, 204);
    await settled(b.api, journeyId);
    const overview = (await b.api.get(`${path}/overview`)).as(overviewSchema);
    assert.equal(overview.metrics.totalEntries, 1);
    assertNumbersOfA(await readAll(a.api));
  });

  test('rebuilding under other rules in one leaves the other’s', async () => {
    const changed = { ...definition, timeZone: 'Asia/Tokyo', conversion: null };
    assert.equal((await b.api.put(path, changed, { rebuild: 'true' })).status, 200);
    await settled(b.api, journeyId);
    assertNumbersOfA(await readAll(a.api));
  });

  test('deleting a journey in one leaves the other’s', async () => {
    assert.equal((await b.api.delete(path)).status, 204);
    assertProblem(await b.api.get(`${path}/overview`), 'not_found');
    assertNumbersOfA(await readAll(a.api));
  });
});

test('every route that reads or writes a workspace is among those of this file', async () => {
  const document = (await service.nobody.get('/v1/openapi.json')).as(
    v.object({
      paths: v.record(v.string(), v.record(v.string(), v.object({ security: v.array(v.unknown()) }))),
    }),
  );
  const secured = Object.entries(document.paths).flatMap(([route, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.security.length > 0)
      .map(([method]) => `${method} ${route}`),
  );
  // Files, sets of users and live changes have test files of their own.
  const elsewhere = /\/(?:exports|audience|changes|downloads)\b/;
  assert.deepEqual(secured.filter((each) => !elsewhere.test(each)).toSorted(), [
    'delete /v1/journeys/{journeyId}',
    'delete /v1/users/{userId}',
    'get /v1/journeys',
    'get /v1/journeys/{journeyId}',
    'get /v1/journeys/{journeyId}/flow',
    'get /v1/journeys/{journeyId}/overview',
    'get /v1/journeys/{journeyId}/steps/{stepId}',
    'get /v1/journeys/{journeyId}/trend',
    'post /v1/batch',
    'post /v1/embed-tokens',
    'post /v1/events',
    'post /v1/journeys/{journeyId}/audit',
    'put /v1/journeys/{journeyId}',
  ]);
});
