// Readings: ranges, the range before, trends and their edges, and ETags that change when and only when the answer may.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  flowSchema,
  messageMetrics,
  overviewSchema,
  stepAnswerSchema,
  stepMetrics,
  trendSchema,
} from '../../bff/contract/index.ts';
import type { Answer, Sending } from '../support/http-client.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, event, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
});
after(() => service.stop());

/** Defines a journey of this id, and posts events to it. */
async function journey(
  journeyId: string,
  events: readonly Readonly<Record<string, unknown>>[],
  body: object = definition,
) {
  const path = `/v1/journeys/${journeyId}`;
  await a.api.put(path, body);
  await post(journeyId, events);
  const read = async (part: string, query: Sending['query'] = {}) => a.api.get(`${path}/${part}`, query);
  return {
    path,
    read,
    overview: async (query: Sending['query'] = {}) => (await read('overview', query)).as(overviewSchema),
    flow: async (query: Sending['query'] = {}) => (await read('flow', query)).as(flowSchema),
    trend: async (query: Sending['query']) => (await read('trend', query)).as(trendSchema),
  };
}

async function post(journeyId: string, events: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const own = events.map((each) => ('journeyId' in each ? { ...each, journeyId } : each));
  const answer = await a.api.post('/v1/events', own);
  assert.equal(answer.status, 202, answer.text);
  await settled(a.api, journeyId);
}

const entered = (userId: string, at: string) => event('journey.entered', userId, at);

describe('ranges', () => {
  test('without either end, with one, with both; the range comes back', async () => {
    const { overview } = await journey('ranges', [
      ...visitOf('r-ann', 2),
      ...visitOf('r-bob', 5, true),
      ...visitOf('r-ann', 9),
    ]);
    const counted = async (query: Record<string, string>) => {
      const { metrics, range } = await overview(query);
      assert.deepEqual(range, { from: query['from'] ?? null, to: query['to'] ?? null, timeZone: 'UTC' });
      return [metrics.totalEntries, metrics.entryUsers, metrics.messagesSent, metrics.convertedUsers];
    };
    assert.deepEqual(await counted({}), [3, 2, 3, 1]);
    assert.deepEqual(await counted({ from: '2026-03-02', to: '2026-03-09' }), [3, 2, 3, 1]);
    assert.deepEqual(await counted({ from: '2026-03-03' }), [2, 2, 2, 1]);
    assert.deepEqual(await counted({ to: '2026-03-08' }), [2, 2, 2, 1]);
    assert.deepEqual(await counted({ from: '2026-03-05', to: '2026-03-05' }), [1, 1, 1, 1]);
    assert.deepEqual(await counted({ from: '2026-03-06', to: '2026-03-08' }), [0, 0, 0, 0]);
    assert.deepEqual(await counted({ from: '0001-01-01', to: '9999-12-31' }), [3, 2, 3, 1]);
    assert.deepEqual(await counted({ from: '9999-12-31' }), [0, 0, 0, 0]);
    assert.deepEqual(await counted({ to: '0001-01-01' }), [0, 0, 0, 0]);
  });

  test('every way to cut a long time in two adds up', async () => {
    // Days around the bounds of blocks of 8 and 64 days.
    const start = Date.UTC(2026, 0, 1);
    const days = Array.from({ length: 150 }, (_, day) => new Date(start + day * 86_400_000).toISOString());
    const { overview } = await journey(
      'cuts',
      days.map((at, day) => entered(`c-${day % 40}`, at)),
    );
    for (let cut = 1; cut < 150; cut += 7) {
      const to = days[cut - 1]?.slice(0, 10) ?? '';
      const from = days[cut]?.slice(0, 10) ?? '';
      const [left, right] = await Promise.all([overview({ to }), overview({ from })]);
      assert.deepEqual([left.metrics.totalEntries, right.metrics.totalEntries], [cut, 150 - cut]);
      assert.equal(left.metrics.entryUsers, Math.min(40, cut));
      assert.equal(right.metrics.entryUsers, Math.min(40, 150 - cut));
    }
  });
});

describe('every number is there', () => {
  test('as a number, on every step, for every platform', async () => {
    const { flow, read } = await journey('complete', visitOf('n-ann', 2));
    const { steps, totals } = await flow();
    assert.deepEqual(totals, { totalEntries: 1, entryUsers: 1, activeEntries: 0, totalExits: 1 });
    const ids = [...stepMetrics.map(({ id }) => id), 'dropOffRate', 'conversionRate'];
    for (const step of steps) {
      assert.deepEqual(Object.keys(step.metrics).toSorted(), ids.toSorted());
      assert.deepEqual(Object.keys(step.platforms), ['android', 'ios', 'web', 'other']);
      for (const counts of Object.values(step.platforms)) {
        assert.deepEqual(
          Object.keys(counts),
          messageMetrics.map(({ id }) => id),
        );
      }
      const alone = (await read(`steps/${step.stepId}`)).as(stepAnswerSchema);
      const { asOf: _, pendingEvents, range, ...same } = alone;
      assert.deepEqual(same, step);
      assert.equal(pendingEvents, 0);
      assert.deepEqual(range, { from: null, to: null, timeZone: 'UTC' });
    }
  });
});

describe('compare=previous', () => {
  test('gives the range of equal length that ends the day before', async () => {
    const { overview, flow } = await journey('compared', [
      ...visitOf('p-ann', 2),
      ...visitOf('p-bob', 3, true),
      ...visitOf('p-cem', 4),
      ...visitOf('p-dee', 6),
    ]);
    const query = { from: '2026-03-04', to: '2026-03-06', compare: 'previous' };
    const { metrics, previous, range } = await overview(query);
    assert.deepEqual([range.from, range.to], ['2026-03-04', '2026-03-06']);
    assert.equal(metrics.totalEntries, 2);
    const earlier = { from: '2026-03-01', to: '2026-03-03', timeZone: 'UTC' };
    assert.deepEqual(previous?.range, earlier);
    assert.deepEqual(previous?.metrics, (await overview({ from: '2026-03-01', to: '2026-03-03' })).metrics);
    assert.equal(previous?.metrics.convertedUsers, 1);
    assert.equal(previous?.trend, undefined);
    const compared = await flow(query);
    const alone = await flow({ from: '2026-03-01', to: '2026-03-03' });
    assert.deepEqual(compared.previous, {
      range: earlier,
      steps: alone.steps,
      transitions: alone.transitions,
    });
  });

  test('crosses months and leap days', async () => {
    const { overview } = await journey('leaps', [entered('l-ann', '2024-02-29T12:00:00Z')]);
    const { previous } = await overview({ from: '2024-03-01', to: '2024-03-01', compare: 'previous' });
    assert.deepEqual([previous?.range.from, previous?.range.to], ['2024-02-29', '2024-02-29']);
    assert.equal(previous?.metrics.totalEntries, 1);
  });

  test('is null without both dates', async () => {
    const { overview, flow } = await journey('half', visitOf('h-ann', 2));
    for (const query of [{}, { from: '2026-03-02' }, { to: '2026-03-02' }]) {
      assert.equal((await overview({ ...query, compare: 'previous' })).previous, null);
      assert.equal((await flow({ ...query, compare: 'previous' })).previous, null);
    }
    assert.equal((await overview({ from: '2026-03-02', to: '2026-03-02' })).previous, null);
  });

  test('writes dates that are dates, however long the range', async () => {
    const { overview } = await journey('ages', visitOf('a-ann', 2));
    const { previous } = await overview({ from: '1970-01-01', to: '2069-12-31', compare: 'previous' });
    assert.deepEqual(previous?.range, { from: '1869-12-31', to: '1969-12-31', timeZone: 'UTC' });
    for (const query of [
      { from: '0001-01-01', to: '0001-01-01' },
      { from: '0001-01-01', to: '9999-12-31' },
      { from: '0600-01-01', to: '1200-01-01' },
    ]) {
      const answer = await overview({ ...query, compare: 'previous' });
      const { from, to } = answer.previous?.range ?? { from: '0001-01-01', to: '0001-01-01' };
      for (const date of [from, to]) assert.match(String(date), /^\d{4}-\d\d-\d\d$/, JSON.stringify(query));
    }
  });
});

describe('trends', () => {
  test('run from the first to the last day of entries, gaps filled with 0', async () => {
    const { trend } = await journey('gaps', [
      ...visitOf('g-ann', 2, true),
      ...visitOf('g-bob', 2),
      ...visitOf('g-ann', 5),
    ]);
    const { points, range } = await trend({ metric: 'totalEntries' });
    assert.deepEqual(range, { from: null, to: null, timeZone: 'UTC' });
    assert.deepEqual(points, [
      { date: '2026-03-02', count: 2, users: 2 },
      { date: '2026-03-03', count: 0, users: 0 },
      { date: '2026-03-04', count: 0, users: 0 },
      { date: '2026-03-05', count: 1, users: 1 },
    ]);
    // Days of entry bound every metric's trend, also where its own occurrences are fewer.
    const conversions = await trend({ metric: 'conversionEvents' });
    assert.deepEqual(
      conversions.points.map(({ date, count }) => [date, count]),
      [
        ['2026-03-02', 1],
        ['2026-03-03', 0],
        ['2026-03-04', 0],
        ['2026-03-05', 0],
      ],
    );
  });

  test('reach to the ends that are given', async () => {
    const { trend } = await journey('ends', visitOf('e-ann', 3));
    const dates = async (query: Record<string, string>) => {
      const { points } = await trend({ metric: 'totalEntries', ...query });
      return points.map(({ date, count }) => `${date.slice(8)}:${count}`).join(' ');
    };
    assert.equal(await dates({ from: '2026-03-01' }), '01:0 02:0 03:1');
    assert.equal(await dates({ to: '2026-03-05' }), '03:1 04:0 05:0');
    assert.equal(await dates({ from: '2026-03-02', to: '2026-03-04' }), '02:0 03:1 04:0');
    assert.equal(await dates({ from: '2026-03-05', to: '2026-03-06' }), '05:0 06:0');
    // No entry of the range: the open end is nowhere.
    assert.equal(await dates({ from: '2026-03-04' }), '');
    assert.equal(await dates({ to: '2026-03-02' }), '');
  });

  test('of a journey without entries have no points, or zeros between both ends', async () => {
    const { trend, overview } = await journey('empty', []);
    assert.deepEqual((await trend({ metric: 'totalEntries' })).points, []);
    const asked = { from: '2026-03-01', to: '2026-03-02' };
    assert.deepEqual((await trend({ metric: 'totalEntries', ...asked })).points, [
      { date: '2026-03-01', count: 0, users: 0 },
      { date: '2026-03-02', count: 0, users: 0 },
    ]);
    assert.deepEqual((await overview({ trend: 'day' })).trend?.conversionRate, []);
    assert.deepEqual((await overview({ trend: 'day', ...asked })).trend?.conversionRate, [
      { date: '2026-03-01', value: null },
      { date: '2026-03-02', value: null },
    ]);
  });

  test('have at most 3,700 points', async () => {
    const { trend, read } = await journey('long', [
      entered('o-ann', '2010-01-01T12:00:00Z'),
      entered('o-bob', '2026-03-02T12:00:00Z'),
    ]);
    const bounds = async (query: Record<string, string>) => {
      const { points } = await trend({ metric: 'totalEntries', ...query });
      return [points.length, points[0]?.date, points.at(-1)?.date, points.at(-1)?.count];
    };
    // 3,700 days before 2026-03-03.
    assert.deepEqual(await bounds({}), [3_700, '2016-01-15', '2026-03-02', 1]);
    assert.deepEqual(await bounds({ from: '2010-01-01' }), [3_700, '2016-01-15', '2026-03-02', 1]);
    assert.deepEqual(await bounds({ to: '2026-03-02' }), [3_700, '2016-01-15', '2026-03-02', 1]);
    assert.deepEqual(await bounds({ from: '0001-01-01' }), [3_700, '2016-01-15', '2026-03-02', 1]);
    assert.deepEqual(await bounds({ to: '9999-12-31' }), [3_700, '9989-11-14', '9999-12-31', 0]);
    assert.deepEqual(await bounds({ from: '2016-01-15', to: '2026-03-02' }), [
      3_700,
      '2016-01-15',
      '2026-03-02',
      1,
    ]);
    for (const part of [
      'trend?metric=totalEntries&',
      'overview?trend=day&',
      'overview?trend=day&compare=previous&',
    ]) {
      const { errors } = assertProblem(
        await read(`${part}from=2016-01-14&to=2026-03-02`),
        'invalid_parameter',
      );
      assert.equal(errors.length, 1);
    }
    // Without a trend a range may be as long as it likes.
    assert.equal((await read('overview', { from: '2000-01-01', to: '2099-12-31' })).status, 200);
  });

  test('by step, platform and outcome', async () => {
    const { trend } = await journey('kinds', [
      ...visitOf('k-ann', 2),
      ...visitOf('k-bob', 2),
      event('message.sent', 'k-bob', '2026-03-03T08:00:00Z', { stepId: 'hello', platform: 'tv' }),
      event('step.outcome', 'k-bob', '2026-03-03T08:00:00Z', { stepId: 'ask', outcome: 'no' }),
      event('step.outcome', 'k-bob', '2026-03-03T09:00:00Z', { stepId: 'ask', outcome: 'no' }),
    ]);
    const at = async (query: Record<string, string>) =>
      (await trend(query)).points.map(({ count, users }) => [count, users]);
    const sent = { metric: 'sentCount', stepId: 'hello' };
    assert.deepEqual(await at(sent), [[3, 2]]);
    assert.deepEqual(await at({ ...sent, metric: 'sentUsers' }), [[3, 2]]);
    assert.deepEqual(await at({ ...sent, platform: 'ios' }), [[2, 2]]);
    assert.deepEqual(await at({ ...sent, platform: 'other' }), [[1, 1]]);
    assert.deepEqual(await at({ ...sent, platform: 'web' }), [[0, 0]]);
    assert.deepEqual(await at({ metric: 'outcome', stepId: 'ask' }), [[4, 2]]);
    assert.deepEqual(await at({ metric: 'outcome', stepId: 'ask', outcome: 'no' }), [[2, 1]]);
    assert.deepEqual(await at({ metric: 'outcome', stepId: 'ask', outcome: 'never' }), [[0, 0]]);
    assert.deepEqual(await at({ metric: 'entryUsers', stepId: 'hello' }), [[2, 2]]);
    assert.deepEqual(await at({ metric: 'movedOnUsers', stepId: 'hello' }), [[2, 2]]);
    assert.deepEqual(await at({ metric: 'entryUsers' }), [[2, 2]]);
  });

  test('within the overview are those of the trend route', async () => {
    const { overview, trend } = await journey('spark', [
      ...visitOf('s-ann', 2, true),
      ...visitOf('s-bob', 2),
      ...visitOf('s-bob', 4, true),
    ]);
    const query = { from: '2026-03-02', to: '2026-03-04' };
    const compared = await overview({ ...query, trend: 'day', compare: 'previous' });
    for (const [metric, points] of Object.entries(compared.trend ?? {})) {
      if (metric === 'conversionRate') continue;
      assert.deepEqual(points, (await trend({ ...query, metric })).points, metric);
    }
    assert.equal(Object.keys(compared.trend ?? {}).length, 11);
    assert.deepEqual(compared.trend?.conversionRate, [
      { date: '2026-03-02', value: 50 },
      { date: '2026-03-03', value: null },
      { date: '2026-03-04', value: 100 },
    ]);
    assert.deepEqual(
      compared.previous?.trend?.totalEntries.map(({ date }) => date),
      ['2026-02-27', '2026-02-28', '2026-03-01'],
    );
    assert.equal((await overview(query)).trend, undefined);
  });
});

describe('ETags', () => {
  const parts = ['overview', 'flow', 'steps/hello', 'trend?metric=totalEntries'];
  const etagsOf = async (read: (part: string) => Promise<Answer>) =>
    Promise.all(parts.map(async (part) => (await read(part)).etag));

  test('are strong, one for each route and query, and stay while nothing changes', async () => {
    const { read } = await journey('tags', visitOf('t-ann', 2));
    const all = [
      ...parts,
      'overview?from=2026-03-01',
      'overview?to=2026-03-01',
      'overview?from=2026-03-01&to=2026-03-01',
      'overview?from=2026-03-01&to=2026-03-01&compare=previous',
      'overview?trend=day',
      'flow?from=2026-03-01',
      'steps/start',
      'steps/ask',
      'trend?metric=entryUsers',
      'trend?metric=entryUsers&stepId=hello',
    ];
    const etags = await Promise.all(all.map(async (part) => (await read(part)).etag));
    for (const etag of etags) assert.match(etag, /^"[\x21\x23-\x7e]+"$/);
    assert.equal(new Set(etags).size, all.length);
    assert.deepEqual(await Promise.all(all.map(async (part) => (await read(part)).etag)), etags);
    // The same question in another order is the same.
    const turned = await read('overview?to=2026-03-01&from=2026-03-01');
    assert.equal(turned.etag, etags[all.indexOf('overview?from=2026-03-01&to=2026-03-01')]);
  });

  test('are compared as RFC 9110 says', async () => {
    const { path, read } = await journey('matching', visitOf('m-ann', 2));
    const { etag } = await read('overview');
    const status = async (header: string) =>
      (await a.api.get(`${path}/overview`, {}, { 'if-none-match': header })).status;
    assert.equal(await status(etag), 304);
    assert.equal(await status(`W/${etag}`), 304);
    assert.equal(await status(`"other", ${etag}`), 304);
    assert.equal(await status(`"other",${etag},"another"`), 304);
    assert.equal(await status('*'), 304);
    assert.equal(await status('"other"'), 200);
    assert.equal(await status(etag.replaceAll('"', '')), 200);
    assert.equal(await status(etag.toUpperCase()), 200);
    assert.equal(await status(''), 200);
  });

  test('change with new events, also while they are pending', async (t) => {
    const { path, read } = await journey('events-tags', visitOf('v-ann', 2));
    const settledTags = await etagsOf(read);
    t.after(() => service.startRollup());
    await service.stopRollup();
    await a.api.post('/v1/events', [
      { ...entered('v-bob', '2026-03-03T08:00:00Z'), journeyId: 'events-tags' },
    ]);
    const pendingTags = await etagsOf(read);
    service.startRollup();
    await settled(a.api, 'events-tags');
    const newTags = await etagsOf(read);
    for (const [index, part] of parts.entries()) {
      assert.equal(new Set([settledTags[index], pendingTags[index], newTags[index]]).size, 3, part);
      const old = { 'if-none-match': settledTags[index] ?? '' };
      assert.equal((await a.api.get(`${path}/${part}`, {}, old)).status, 200);
    }
  });

  test('change with every change of the definition', async () => {
    const { path, read } = await journey('definition-tags', visitOf('d-ann', 2, true));
    const seen = new Set(await etagsOf(read));
    const changes: readonly [definition: object, query: Record<string, string>][] = [
      [{ ...definition, name: 'Renamed' }, {}],
      [{ ...definition, name: 'Renamed', transitions: [] }, {}],
      [{ ...definition, timeZone: 'Asia/Tokyo' }, { rebuild: 'true' }],
      [{ ...definition, conversion: null }, { rebuild: 'true' }],
      [definition, { rebuild: 'true' }],
    ];
    for (const [changed, query] of changes) {
      assert.equal((await a.api.put(path, changed, query)).status, 200);
      await settled(a.api, 'definition-tags');
      for (const etag of await etagsOf(read)) {
        assert.ok(!seen.has(etag));
        seen.add(etag);
      }
    }
  });

  test('change when one unfinished rebuild gives way to another', async (t) => {
    const { path, read } = await journey('two-rebuilds', visitOf('w-ann', 2, true));
    t.after(() => service.startRollup());
    await service.stopRollup();
    const seen = new Map<string, string>();
    for (const name of ['First', 'Second', 'Third']) {
      const timeZone = { First: 'Asia/Tokyo', Second: 'Asia/Seoul', Third: 'UTC' }[name];
      const steps = [{ stepId: 'hello', type: 'push', name }];
      await a.api.put(path, { ...definition, steps, transitions: [], timeZone }, { rebuild: 'true' });
      const { etag, text } = await read('flow');
      assert.ok(text.includes(name));
      assert.equal(seen.get(etag), undefined, `${name} has the ETag of ${seen.get(etag)}`);
      seen.set(etag, name);
    }
    service.startRollup();
    await settled(a.api, 'two-rebuilds');
  });

  test('never come again after DELETE and PUT', async () => {
    const { path, read } = await journey('reborn', visitOf('b-ann', 2));
    const seen = new Set(await etagsOf(read));
    for (let round = 0; round < 3; round += 1) {
      await a.api.delete(path);
      await a.api.put(path, definition);
      await settled(a.api, 'reborn');
      for (const etag of await etagsOf(read)) {
        assert.ok(!seen.has(etag));
        seen.add(etag);
      }
    }
    await a.api.delete(path);
    for (const etag of seen) {
      assertProblem(await a.api.get(`${path}/overview`, {}, { 'if-none-match': etag }), 'not_found');
    }
    assertProblem(await a.api.get(`${path}/overview`, {}, { 'if-none-match': '*' }), 'not_found');
  });

  test('change when a counting window closes', async () => {
    const now = Date.now();
    const { read } = await journey(
      'closing',
      [
        entered('x-ann', new Date(now - 60_000).toISOString()),
        event('journey.exited', 'x-ann', new Date(now - 58_500).toISOString()),
      ],
      {
        ...definition,
        conversion: { ...definition.conversion, stopCountingAfterExit: { value: 1, unit: 'minutes' } },
      },
    );
    const open = await read('overview');
    const wait = now + 1_500 - Date.now();
    assert.equal(open.as(overviewSchema).metrics.exitsWindowOpen, wait > 0 ? 1 : 0);
    await new Promise((resolve) => {
      setTimeout(resolve, Math.max(0, wait) + 100);
    });
    const closed = await read('overview');
    assert.equal(closed.as(overviewSchema).metrics.exitsWindowOpen, 0);
    assert.notEqual(closed.etag, open.etag);
  });

  test('are asked for after the credential', async () => {
    const { path, read } = await journey('asked-after', visitOf('y-ann', 2));
    const { etag } = await read('overview');
    for (const header of [etag, '*']) {
      const headers = { 'if-none-match': header };
      assertProblem(await service.nobody.get(`${path}/overview`, {}, headers), 'unauthorized');
      const b = await service.workspace('workspace-b');
      assertProblem(await b.api.get(`${path}/overview`, {}, headers), 'not_found');
    }
  });
});
