// POST /v1/batch: Segment's own client for Node with nothing changed but its host, and what it never sends.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import {
  flowSchema,
  messageOutcomes,
  overviewSchema,
  segmentAnswerSchema,
} from '../../bff/contract/index.ts';
import type { Answer } from '../support/http-client.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { definition, event } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
let b: Workspace;
let made = 0;

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
  for (const { api } of [a, b]) await api.put('/v1/journeys/welcome', definition);
});
after(() => service.stop());

async function overviewOf(workspace: Workspace, journeyId = 'welcome') {
  await settled(workspace.api, journeyId);
  return (await workspace.api.get(`/v1/journeys/${journeyId}/overview`)).as(overviewSchema).metrics;
}

/** A journey of its own for one test. */
async function newJourney(): Promise<string> {
  made += 1;
  const journeyId = `segment-${made}`;
  assert.equal((await a.api.put(`/v1/journeys/${journeyId}`, definition)).status, 201);
  return journeyId;
}

const at = '2026-03-02T08:00:00.000Z';

/** A `track` call with a message id that no other has. */
function call(name: unknown, userId: string, properties: object = {}, fields: object = {}) {
  made += 1;
  return {
    type: 'track',
    messageId: `call-${made}`,
    event: name,
    userId,
    timestamp: at,
    properties,
    ...fields,
  };
}

const post = (batch: readonly unknown[], fields: object = {}) =>
  a.api.post('/v1/batch', { batch, ...fields });

/** Holds that all was well. */
function assertStored(
  answer: Answer,
  counts: { readonly accepted: number; readonly duplicates?: number; readonly ignored?: number },
): void {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.as(segmentAnswerSchema), {
    success: true,
    duplicates: 0,
    ignored: 0,
    rejected: [],
    ...counts,
  });
}

/** Holds that the batch was refused in part. @returns of each rejected call its index and the paths of its errors. */
function assertRejected(answer: Answer, accepted: number): readonly (readonly [number, readonly string[]])[] {
  assertProblem(answer, 'validation_failed');
  const told = answer.as(segmentAnswerSchema);
  assert.equal(told.success, false);
  assert.equal(told.accepted, accepted, answer.text);
  return told.rejected.map(({ index, errors }) => [index, errors.map(({ path }) => path)]);
}

const clientOf = (workspace: Workspace) =>
  new Analytics({ writeKey: workspace.key, host: service.url, maxRetries: 2 });

describe('Segment’s client for Node', () => {
  test('tells a whole journey, each workspace its own', async () => {
    for (const [workspace, users] of [
      [a, 5],
      [b, 2],
    ] as const) {
      const failed: unknown[] = [];
      const analytics = clientOf(workspace).on('error', (error) => failed.push(error));
      for (let index = 0; index < users; index += 1) {
        const userId = `person ${index}`;
        const tell = (name: string, minute: number, properties: object = {}) => {
          const timestamp = new Date(Date.parse(at) + minute * 60_000);
          analytics.track({ userId, event: name, timestamp, properties: { ...properties } });
        };
        const of = { journeyId: 'welcome', entryId: `entry ${index}` };
        analytics.identify({ userId, traits: { email: 'person@example.com' } });
        analytics.page({ userId, name: 'Home' });
        tell('Journey Entered', 0, of);
        tell('Journey Step Entered', 1, { ...of, stepId: 'hello' });
        tell('Journey Message Sent', 2, { ...of, stepId: 'hello', platform: 'ios' });
        tell('Journey Message Clicked', 3, { ...of, stepId: 'hello', platform: 'ios' });
        tell('Journey Step Entered', 4, { ...of, stepId: 'ask' });
        tell('Journey Step Outcome', 5, { ...of, stepId: 'ask', outcome: 'yes' });
        tell('Journey Exited', 6, { ...of, reason: 'done' });
        if (index % 2 === 0) tell('Purchase', 7, { total: 60 });
        tell('Message Sent', 8, { chat: 'a message between people, not one of ours' });
      }
      await analytics.closeAndFlush({ timeout: 20_000 });
      assert.deepEqual(failed, []);
      const metrics = await overviewOf(workspace);
      assert.deepEqual(
        [metrics.totalEntries, metrics.messagesSent, metrics.convertedUsers],
        [users, users, Math.ceil(users / 2)],
      );
      assert.equal(metrics.totalExits, Math.floor(users / 2));
      const flow = (await workspace.api.get('/v1/journeys/welcome/flow')).as(flowSchema);
      const step = (stepId: string) => flow.steps.find((each) => each.stepId === stepId);
      assert.equal(step('hello')?.platforms.ios.clickedCount, users);
      assert.equal(step('ask')?.outcomes['yes']?.users, users);
      assert.deepEqual(step('ask')?.exitReasons, { done: users });
    }
  });

  test('with a key that is none is told so, and nothing is stored or logged', async () => {
    const key = `jk_${'x'.repeat(40)}`;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const analytics = new Analytics({ writeKey: key, host: service.url, maxRetries: 0 }).on('error', resolve);
    analytics.track({ userId: 'nobody', event: 'Purchase' });
    await analytics.closeAndFlush({ timeout: 10_000 });
    const { reason } = v.parse(v.object({ reason: v.instance(Error) }), await promise);
    assert.match(reason.message, /401/);
    assert.ok(!service.log.some((line) => line.includes(key)));
  });
});

describe('the API key', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const postAs = (headers: Readonly<Record<string, string>>, path = '/v1/batch') =>
    service.nobody.call('POST', path, { json: path === '/v1/batch' ? { batch: [] } : [], headers });

  test('may come as Bearer, or as the user name of Basic with an empty password', async () => {
    assertStored(await postAs({ authorization: `Bearer ${a.key}` }), { accepted: 0 });
    assertStored(await postAs(basic(`${a.key}:`)), { accepted: 0 });
    const { authorization } = basic(`${a.key}:`);
    assertStored(await postAs({ authorization: authorization.replace('Basic', 'basic ') }), { accepted: 0 });
  });

  test('in any other form is refused', async () => {
    for (const text of [
      a.key,
      `${a.key}:password`,
      `${a.key}::`,
      `:${a.key}`,
      ':',
      '',
      `${a.key}x:`,
      ` ${a.key}:`,
      `${a.key}\r\n:`,
    ]) {
      assertProblem(await postAs(basic(text)), 'unauthorized');
    }
    const answer = await service.nobody.post('/v1/batch', { batch: [], writeKey: a.key });
    assertProblem(answer, 'unauthorized');
    assertSilentAbout(answer, [a.key]);
  });

  test('comes as Basic on this route only', async () => {
    assertProblem(await postAs(basic(`${a.key}:`), '/v1/events'), 'unauthorized');
    const reading = await service.nobody.get('/v1/journeys', undefined, basic(`${a.key}:`));
    assertProblem(reading, 'unauthorized');
  });

  test('is no embed token', async () => {
    const minted = await a.api.post('/v1/embed-tokens', {
      subject: 'viewer',
      journeyIds: ['*'],
      scopes: ['metrics:read'],
    });
    const { token } = minted.as(v.object({ token: v.string() }));
    assertProblem(await postAs(basic(`${token}:`)), 'forbidden');
  });

  test('decides the workspace, whatever the writeKey of the body says, which is kept nowhere', async () => {
    const journeyId = await newJourney();
    const writeKey = `${b.key} in the body`;
    const batch = [{ ...call('Journey Entered', 'ann', { journeyId }), writeKey }];
    assertStored(await post(batch, { writeKey, context: { writeKey } }), { accepted: 1 });
    assert.equal((await overviewOf(a, journeyId)).totalEntries, 1);
    assertProblem(await b.api.get(`/v1/journeys/${journeyId}/overview`), 'not_found');
    assert.ok(!service.log.some((line) => line.includes(b.key)));
    const stored = await service.database.owner.execute(
      sql`select count(*)::integer as count from journey_analytics.events as e where e::text like ${`%${b.key}%`}`,
    );
    assert.equal(stored[0]?.['count'], 0);
  });
});

describe('calls', () => {
  test('of every name of ours become our events', async () => {
    const journeyId = await newJourney();
    const of = { journeyId, stepId: 'hello', entryId: 'e' };
    const batch = [
      call('Journey Entered', 'ann', of),
      call('Journey Step Entered', 'ann', of),
      ...messageOutcomes.map((outcome) =>
        call(`Journey Message ${outcome[0]?.toUpperCase()}${outcome.slice(1)}`, 'ann', of),
      ),
      call('Journey Step Outcome', 'ann', { ...of, outcome: 'A' }),
      call('Journey Exited', 'ann', of),
    ];
    assertStored(await post(batch), { accepted: batch.length });
    assert.equal((await overviewOf(a, journeyId)).totalExits, 1);
    const { steps } = (await a.api.get(`/v1/journeys/${journeyId}/flow`)).as(flowSchema);
    const metrics = steps.find(({ stepId }) => stepId === 'hello')?.metrics ?? {};
    for (const outcome of messageOutcomes) {
      assert.equal(Object.entries(metrics).find(([name]) => name === `${outcome}Count`)?.[1], 1, outcome);
    }
  });

  test('are one event with what came by /v1/events under the same id', async () => {
    const journeyId = await newJourney();
    const told = event('journey.entered', 'ann', at, { journeyId });
    await a.api.post('/v1/events', [told]);
    const same = call('Journey Entered', 'ann', { journeyId }, { messageId: told['id'] });
    assertStored(await post([same, same]), { accepted: 0, duplicates: 2 });
    assert.equal((await overviewOf(a, journeyId)).totalEntries, 1);
  });

  test('that describe people and pages are counted and left alone, whatever is in them', async () => {
    const others = ['identify', 'page', 'screen', 'group', 'alias'].map((type) => ({ type, userId: 7 }));
    assertStored(await post([...others, call('Purchase', 'ann')]), { accepted: 1, ignored: 5 });
    assertStored(await post([]), { accepted: 0 });
  });

  test('may have null for what is missing, and fields that nobody knows', async () => {
    const journeyId = await newJourney();
    const nothing = { entryId: null, platform: null, reason: null, sequence: null };
    assertStored(
      await post(
        [
          call(
            'Journey Entered',
            'nulls',
            { journeyId, ...nothing, plan: 'pro' },
            { context: {}, integrations: 7 },
          ),
          call('Journey Message Sent', 'nulls', { journeyId, stepId: 'hello', ...nothing }),
          call('Purchase', 'nulls', undefined, { properties: null, anonymousId: 'x', channel: 'server' }),
        ],
        { context: { library: { name: 'any' } }, integrations: null, sentAt: null },
      ),
      { accepted: 3 },
    );
    assert.equal((await overviewOf(a, journeyId)).conversionEvents, 1);
  });

  test('happened at timestamp, else originalTimestamp, else sentAt of the call, else sentAt of the batch', async () => {
    const journeyId = await newJourney();
    const times = [
      { timestamp: '2026-01-01T00:00:00Z', originalTimestamp: at, sentAt: at },
      { timestamp: undefined, originalTimestamp: '2026-01-02T00:00:00Z', sentAt: at },
      { timestamp: null, sentAt: '2026-01-03T00:00:00Z' },
      { timestamp: undefined },
    ];
    const batch = times.map((time) => call('Journey Entered', 'ann', { journeyId }, time));
    assertStored(await post(batch, { sentAt: '2026-01-04T00:00:00Z' }), { accepted: 4 });
    await settled(a.api, journeyId);
    const trend = await a.api.get(`/v1/journeys/${journeyId}/trend`, { metric: 'totalEntries' });
    const { points } = trend.as(
      v.object({ points: v.array(v.object({ date: v.string(), count: v.number() })) }),
    );
    assert.deepEqual(
      points.map(({ date, count }) => [date, count]),
      ['01', '02', '03', '04'].map((day) => [`2026-01-${day}`, 1]),
    );
    assert.deepEqual(
      assertRejected(await post(batch.slice(3).map((each) => ({ ...each, messageId: 'untimed' }))), 0),
      [[0, ['timestamp']]],
    );
  });

  test('that are not valid are named as they were written; the others are stored', async () => {
    const journeyId = await newJourney();
    const of = { journeyId, stepId: 'hello' };
    const answer = await post([
      call('Journey Entered', 'ann', of),
      7,
      call('Journey Step Entered', 'ann', { stepId: 'hello' }),
      call('Journey Step Entered', 'ann', { journeyId }),
      call('Journey Step Outcome', 'ann', of),
      call('Journey Entered', 'ann', undefined, { properties: 'text' }),
      { type: 'delete', userId: 'ann' },
      call('Purchase', 'ann', {}, { userId: undefined, anonymousId: 'someone' }),
      call('Purchase', 'ann', {}, { messageId: undefined }),
      call(undefined, 'ann'),
      call('Purchase', 'ann', {}, { properties: [] }),
      call('Purchase', 'ann', {}, { timestamp: 1_767_225_600_000 }),
      call('Purchase', 'ann', {}, { timestamp: null, originalTimestamp: 'yesterday' }),
      { userId: 'ann' },
      call('Journey Exited', 'ann', { ...of, sequence: 1.5, reason: 7 }),
      call('Journey Step Entered', 'ann', of),
      { type: 'identify' },
    ]);
    assert.deepEqual(assertRejected(answer, 2), [
      [1, ['']],
      [2, ['properties.journeyId']],
      [3, ['properties.stepId']],
      [4, ['properties.outcome']],
      [5, ['properties.journeyId']],
      [6, ['type']],
      [7, ['userId']],
      [8, ['messageId']],
      [9, ['event']],
      [10, ['properties']],
      [11, ['timestamp']],
      [12, ['originalTimestamp']],
      [13, ['type']],
      [14, ['properties.sequence', 'properties.reason']],
    ]);
    const { rejected, ignored } = answer.as(segmentAnswerSchema);
    assert.equal(ignored, 1);
    assert.match(rejected[1]?.id ?? '', /^call-/);
    assert.equal((await overviewOf(a, journeyId)).totalEntries, 1);
  });

  test('with members that every object has are what they say', async () => {
    const journeyId = await newJourney();
    const hidden = JSON.stringify(call('Journey Entered', 'ann', { marker: 1 })).replace(
      '"marker":1',
      `"__proto__":{"journeyId":"${journeyId}"}`,
    );
    const named = JSON.stringify(call('constructor', 'ann', {}));
    const bytes = `{"batch":[${hidden},${named}],"__proto__":{"sentAt":"x"}}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await a.api.call('POST', '/v1/batch', { bytes, headers });
    assert.deepEqual(assertRejected(answer, 1), [[0, ['properties.journeyId']]]);
  });
});

describe('bodies', () => {
  const send = (bytes: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
    a.api.call('POST', '/v1/batch', { bytes, headers: { 'content-type': 'application/json', ...headers } });

  test('may be gzip', async () => {
    const text = JSON.stringify({ batch: [call('Purchase', 'ann')] });
    assertStored(await send(gzipSync(text), { 'content-encoding': 'gzip' }), { accepted: 1 });
  });

  test('that are no batch are 400', async () => {
    for (const text of ['', '{', '[]', 'null', '7', '{}', '{"batch":{}}', '{"batch":null}', '{"Batch":[]}']) {
      assertProblem(await send(text), 'invalid_body');
    }
  });

  test('of another type or encoding are 415', async () => {
    assertProblem(await send('{"batch":[]}', { 'content-type': 'text/plain' }), 'unsupported_media_type');
    assertProblem(await send('{"batch":[]}', { 'content-encoding': 'br' }), 'unsupported_media_type');
  });

  test('of more than 10,000 calls or 10 MB are 413', async () => {
    const identify = { type: 'identify' };
    const most = Array.from({ length: 10_000 }, () => identify);
    assertStored(await post(most), { accepted: 0, ignored: 10_000 });
    assertProblem(await post([...most, identify]), 'payload_too_large');
    const large = `{"batch":[],"context":"${'x'.repeat(10_000_000)}"}`;
    assertProblem(await send(large), 'payload_too_large');
    assertProblem(await send(gzipSync(large), { 'content-encoding': 'gzip' }), 'payload_too_large');
  });
});
