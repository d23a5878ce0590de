// Operating the service: one line a request, measurements for Prometheus, limits of requests, statements that take too long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import { embedTokenAnswerSchema } from '../../bff/contract/index.ts';
import { inWorkspace, isUnavailable, openDatabase } from '../../db/client.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const metricsToken = 'the token of the measurements';
const rateLimits = { key: 40, token: 5 };

let service: TestService;
let a: Workspace;
let b: Workspace;

before(async () => {
  service = await startTestService({ app: { metricsToken }, rateLimits });
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
});
after(() => service.stop());

const lineSchema = v.looseObject({ msg: v.string(), requestId: v.optional(v.string()) });
const linesOf = (requestId: unknown) =>
  service.log
    .map((line) => v.parse(lineSchema, JSON.parse(line)))
    .filter((line) => line.requestId === requestId);

describe('the log', () => {
  test('has one line a request: its route, not its path, and nothing of a person or a credential', async () => {
    await a.api.put('/v1/journeys/private-journey', definition);
    const sent = visitOf('private-person', 2).map((event) => ({ ...event, journeyId: 'private-journey' }));
    assert.equal((await a.api.post('/v1/events', sent)).status, 202);
    await settled(a.api, 'private-journey');
    const answers = [
      await a.api.get('/v1/journeys/private-journey/steps/hello', { from: '2026-03-01' }),
      await a.api.delete('/v1/users/private-person'),
      await a.api.get('/v1/downloads/private-ticket'),
      await a.api.get('/private/page'),
    ];
    const routes = [
      '/v1/journeys/:journeyId/steps/:stepId',
      '/v1/users/:userId',
      '/v1/downloads/:ticket',
      'none',
    ];
    for (const [index, answer] of answers.entries()) {
      const [line, ...more] = linesOf(answer.headers['x-request-id']);
      assert.deepEqual(more, []);
      assert.equal(line?.['route'], routes[index]);
      assert.equal(line?.['status'], answer.status);
      assert.equal(typeof line?.['milliseconds'], 'number');
      assert.equal(line?.['workspaceId'], index < 2 ? a.workspaceId : undefined);
    }
    const log = service.log.join('\n');
    for (const text of ['private-', a.key, a.apiKeyId, metricsToken]) assert.ok(!log.includes(text), text);
  });

  test('has no line for what machines ask all the time, unless it is wanted', async () => {
    const { headers } = await service.nobody.get('/health/live');
    assert.deepEqual(
      linesOf(headers['x-request-id']).map((line) => line['level']),
      [20],
    );
  });
});

/** The samples of the measurements: the name with its labels, and the value. */
async function samples(): Promise<Map<string, number>> {
  const answer = await service.nobody.as(metricsToken).get('/metrics');
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=/);
  const lines = answer.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

describe('the measurements', () => {
  test('are told to those with their token only', async () => {
    for (const credential of [null, 'another', a.key, `${metricsToken}x`]) {
      assertProblem(await service.nobody.call('GET', '/metrics', { credential }), 'unauthorized');
    }
    assertProblem(await service.nobody.as(metricsToken).get('/metrics', { all: '1' }), 'unknown_parameter');
  });

  test('count events and requests, and tell how it is', async () => {
    await b.api.put('/v1/journeys/welcome', definition);
    await settled(b.api, 'welcome');
    const known = await samples();
    const sent = visitOf('ann', 2, true);
    await service.stopRollup();
    await b.api.post('/v1/events', sent);
    await b.api.post('/v1/events', sent);
    await b.api.post('/v1/events', [{}]);
    const waiting = await samples();
    const grown = (name: string) => (waiting.get(name) ?? 0) - (known.get(name) ?? 0);
    assert.equal(grown('journey_analytics_events_total{result="accepted"}'), sent.length);
    assert.equal(grown('journey_analytics_events_total{result="duplicate"}'), sent.length);
    assert.equal(grown('journey_analytics_events_total{result="rejected"}'), 1);
    const posted = 'method="POST",route="/v1/events"';
    assert.equal(grown(`journey_analytics_http_request_duration_seconds_count{${posted},status="202"}`), 2);
    assert.equal(grown(`journey_analytics_http_request_duration_seconds_count{${posted},status="422"}`), 1);
    assert.equal(waiting.get('journey_analytics_rollup_pending_events'), sent.length);
    assert.ok((waiting.get('journey_analytics_rollup_lag_seconds') ?? 0) > 0);
    assert.equal(waiting.get('journey_analytics_database_up'), 1);
    assert.equal(waiting.get('journey_analytics_rollup_healthy'), 0);
    service.startRollup();
    await settled(b.api, 'welcome');
    const exported = await b.api.get('/v1/journeys/welcome/exports/entryUsers', { format: 'csv' });
    assert.equal(exported.status, 200);
    const done = await samples();
    assert.equal(done.get('journey_analytics_rollup_pending_events'), 0);
    assert.equal(done.get('journey_analytics_rollup_lag_seconds'), 0);
    assert.equal(done.get('journey_analytics_rollup_healthy'), 1);
    assert.equal(done.get('journey_analytics_exports_total{format="csv",state="complete"}'), 1);
    assert.equal(done.get('journey_analytics_exports_running'), 0);
    assert.equal(done.get('journey_analytics_transactions_waiting'), 0);
  });

  test('name no workspace, journey or user', async () => {
    const text = [...(await samples()).keys()].join('\n');
    for (const name of ['workspace-', 'private', 'welcome', 'ann', a.apiKeyId])
      assert.ok(!text.includes(name), name);
  });
});

describe('how often a credential may call', () => {
  const remaining = (header: unknown) => Number(/^"\w+";r=(\d+);t=\d+$/.exec(String(header))?.[1]);

  test('is told with every answer, and past it 429 says when there is room', async () => {
    const c = await service.workspace('workspace-c');
    const first = await c.api.get('/v1/journeys');
    assert.equal(remaining(first.headers['ratelimit']), rateLimits.key - 1);
    assert.equal(first.headers['ratelimit-policy'], '"key";q=40;w=60');
    const statuses: number[] = [];
    for (let call = 1; call < rateLimits.key; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the last is refused
      statuses.push((await c.api.get('/v1/journeys')).status);
    }
    assert.ok(statuses.every((status) => status === 200));
    const refused = await c.api.get('/v1/journeys');
    assertProblem(refused, 'too_many_requests');
    assert.equal(remaining(refused.headers['ratelimit']), 0);
    const seconds = Number(refused.headers['retry-after']);
    assert.ok(seconds >= 1 && seconds <= 60, String(seconds));
    // Others are not concerned.
    assert.equal((await b.api.get('/v1/journeys')).status, 200);
  });

  test('is counted for each subject of embed tokens, however many tokens it has', async () => {
    const mint = async (subject: string) => {
      const scopes = ['metrics:read'];
      const answer = await b.api.post('/v1/embed-tokens', { subject, journeyIds: ['*'], scopes });
      return service.nobody.as(answer.as(embedTokenAnswerSchema).token);
    };
    for (let call = 0; call < rateLimits.token; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the last is refused
      assert.equal((await (await mint('ann')).get('/v1/journeys')).status, 200);
    }
    assertProblem(await (await mint('ann')).get('/v1/journeys'), 'too_many_requests');
    assert.equal((await (await mint('bob')).get('/v1/journeys')).status, 200);
  });

  test('a refused credential is not counted', async () => {
    const answer = await service.nobody.as('jk_nobody').get('/v1/journeys');
    assertProblem(answer, 'unauthorized');
    assert.equal(answer.headers['ratelimit'], undefined);
  });
});

test('a statement that takes too long ends as what is not available now; a patient one may take long', async () => {
  const database = openDatabase(service.databaseUrl, { max: 1, statementMilliseconds: 100 });
  const sleep = (options: { patient?: boolean }) =>
    inWorkspace(database, a.workspaceId, (tx) => tx.execute(sql`SELECT pg_sleep(0.3)`), options);
  try {
    await assert.rejects(sleep({}), (error) => isUnavailable(error));
    await sleep({ patient: true });
  } finally {
    await database.close();
  }
});
