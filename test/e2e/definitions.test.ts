// Defining journeys: what is accepted, what is refused and by which name, what a change needs, and the list of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowSchema, journeyListSchema, journeySchema, overviewSchema } from '../../bff/contract/index.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, event, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
const path = '/v1/journeys/definitions';

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
});
after(() => service.stop());

const conversion = { ...definition.conversion };
const step = { stepId: 'one', type: 'push' };

describe('PUT', () => {
  test('creates with 201, replaces with 200, and answers what is kept with its defaults', async () => {
    const created = await a.api.put(path, { name: 'Bare' });
    assert.equal(created.status, 201);
    const bare = {
      journeyId: 'definitions',
      name: 'Bare',
      timeZone: 'UTC',
      conversion: null,
      steps: [],
      transitions: [],
    };
    assert.deepEqual(created.json(), bare);
    assert.deepEqual((await a.api.get(path)).json(), bare);
    const replaced = await a.api.put(path, definition);
    assert.equal(replaced.status, 200);
    assert.deepEqual(replaced.json(), { journeyId: 'definitions', ...definition });
    assert.deepEqual((await a.api.get(path)).json(), { journeyId: 'definitions', ...definition });
  });

  test('a journey without steps has an empty flow, and steps that only events name', async () => {
    await a.api.put('/v1/journeys/stepless', { name: 'Stepless' });
    const empty = (await a.api.get('/v1/journeys/stepless/flow')).as(flowSchema);
    assert.deepEqual([empty.steps, empty.transitions], [[], []]);
    const events = visitOf('ann', 2).map((each) => ({ ...each, journeyId: 'stepless' }));
    await a.api.post('/v1/events', events);
    await settled(a.api, 'stepless');
    const flow = (await a.api.get('/v1/journeys/stepless/flow')).as(flowSchema);
    assert.deepEqual(
      flow.steps.map(({ stepId, type, name, undefinedStep }) => ({ stepId, type, name, undefinedStep })),
      ['ask', 'hello', 'start'].map((stepId) => ({
        stepId,
        type: 'custom',
        name: stepId,
        undefinedStep: true,
      })),
    );
    assert.deepEqual(
      flow.transitions.map(({ from, to, count, defined }) => ({ from, to, count, defined })),
      [
        { from: null, to: 'start', count: 1, defined: false },
        { from: 'hello', to: 'ask', count: 1, defined: false },
        { from: 'start', to: 'hello', count: 1, defined: false },
      ],
    );
  });

  const accepted: readonly (readonly [rule: string, definition: unknown])[] = [
    ['a name of one character', { name: '7' }],
    ['a name of 200 code points', { name: '😀'.repeat(200) }],
    [
      'every operator',
      {
        name: 'x',
        conversion: {
          ...conversion,
          filters: [
            { property: '__proto__', operator: 'exists' },
            { property: 'p', operator: 'equals', value: '' },
            { property: 'p', operator: 'notEquals', value: false },
            { property: 'p', operator: 'greaterThan', value: -1.5e300 },
            { property: 'p', operator: 'lessThan', value: 0 },
            { property: 'p', operator: 'contains', value: 'x\n' },
          ],
        },
      },
    ],
    ['a window of 3,650 days', window(3_650, 'days')],
    ['a window of 3,650 days in minutes', window(3_650 * 1_440, 'minutes')],
    ['a window of nothing', window(0, 'hours')],
    ['a window of a fraction', window(0.0001, 'days')],
    ['a link of a zone', { name: 'x', timeZone: 'US/Eastern' }],
    ['another link', { name: 'x', timeZone: 'Asia/Calcutta' }],
    ['UTC', { name: 'x', timeZone: 'UTC' }],
    ['an unusual zone', { name: 'x', timeZone: 'America/Argentina/ComodRivadavia' }],
    [
      '2,000 steps',
      { name: 'x', steps: Array.from({ length: 2_000 }, (_, n) => ({ stepId: `s${n}`, type: 'wait' })) },
    ],
    [
      'a loop and a way to itself',
      {
        name: 'x',
        steps: [step, { stepId: 'two', type: 'exit' }],
        transitions: [
          { from: 'one', to: 'two' },
          { from: 'two', to: 'one' },
          { from: 'one', to: 'one' },
          { from: 'one', to: 'two', label: 'again' },
        ],
      },
    ],
    [
      'steps called as members of objects are',
      {
        name: 'x',
        steps: ['__proto__', 'constructor', 'toString', '-1', '𝒳', ' a ', 'a/b', 'a%2Fb', '?'].map(
          (stepId) => ({ stepId, type: 'custom' }),
        ),
      },
    ],
    [
      'no campaign and no position, said',
      {
        name: 'x',
        steps: [{ ...step, campaignId: null, position: null }],
      },
    ],
    [
      'variants',
      {
        name: 'x',
        steps: [
          {
            stepId: 'ab',
            type: 'split',
            variants: [
              { outcome: 'A', weight: 0 },
              { outcome: 'B', weight: 0.5, name: 'Bee' },
            ],
          },
        ],
      },
    ],
  ];

  function window(value: unknown, unit: unknown) {
    return { name: 'x', conversion: { ...conversion, stopCountingAfterExit: { value, unit } } };
  }

  for (const [rule, body] of accepted) {
    test(`accepts ${rule}`, async () => {
      const answer = await a.api.put(`${path}-accepted`, body);
      assert.ok(answer.status === 200 || answer.status === 201, answer.text);
      const kept = (await a.api.get(`${path}-accepted`)).as(journeySchema);
      assert.deepEqual(answer.json(), (await a.api.get(`${path}-accepted`)).json());
      assert.equal(kept.steps.length, (body as { steps?: unknown[] }).steps?.length ?? 0);
    });
  }

  const steps = [step, { stepId: 'two', type: 'email' }];
  const refused: readonly (readonly [parts: string[], definition: unknown])[] = [
    [['name'], {}],
    [['name'], { name: '' }],
    [['name'], { name: '😀'.repeat(201) }],
    [['name'], { name: 'a\u0007' }],
    [['name'], { name: '\uDC00' }],
    [['name'], { name: 7 }],
    [['timeZone'], { name: 'x', timeZone: 'Mars/Olympus' }],
    [['timeZone'], { name: 'x', timeZone: '+03:00' }],
    [['timeZone'], { name: 'x', timeZone: '' }],
    [['timeZone'], { name: 'x', timeZone: null }],
    [['timeZone'], { name: 'x', timeZone: 'UTC+3' }],
    [['color'], { name: 'x', color: 'red' }],
    [['journeyId'], { name: 'x', journeyId: 'definitions' }],
    [['steps[0].stepId'], { name: 'x', steps: [{ type: 'push' }] }],
    [['steps[0].stepId'], { name: 'x', steps: [{ ...step, stepId: '..' }] }],
    [['steps[0].stepId'], { name: 'x', steps: [{ ...step, stepId: 'a\u0000' }] }],
    [['steps[0].stepId'], { name: 'x', steps: [{ ...step, stepId: 'x'.repeat(201) }] }],
    [
      ['steps[0].type', 'steps[1].type'],
      { name: 'x', steps: [{ stepId: 'one', type: 'fax' }, { stepId: 'two' }] },
    ],
    [['steps[0].colour'], { name: 'x', steps: [{ ...step, colour: 'red' }] }],
    [['steps[0].position.x'], { name: 'x', steps: [{ ...step, position: { x: '0', y: 0 } }] }],
    [['steps[0].position.y'], { name: 'x', steps: [{ ...step, position: { x: 0 } }] }],
    [['steps[1].stepId'], { name: 'x', steps: [step, step] }],
    [
      ['steps[0].variants[0].weight'],
      { name: 'x', steps: [{ stepId: 'ab', type: 'split', variants: [{ outcome: 'A', weight: -1 }] }] },
    ],
    [
      ['steps'],
      { name: 'x', steps: Array.from({ length: 2_001 }, (_, n) => ({ stepId: `s${n}`, type: 'wait' })) },
    ],
    [['steps'], { name: 'x', steps: {} }],
    [
      ['transitions[0].to', 'transitions[1].from'],
      {
        name: 'x',
        steps,
        transitions: [
          { from: 'one', to: 'three' },
          { from: 'zero', to: 'two' },
        ],
      },
    ],
    [['transitions[0].from'], { name: 'x', steps, transitions: [{ to: 'two' }] }],
    [['transitions[0].weight'], { name: 'x', steps, transitions: [{ from: 'one', to: 'two', weight: 1 }] }],
    [
      ['conversion.event'],
      { name: 'x', conversion: { stopCountingAfterExit: conversion.stopCountingAfterExit } },
    ],
    [['conversion.stopCountingAfterExit'], { name: 'x', conversion: { event: 'e' } }],
    [['conversion.stopCountingAfterExit.value'], window(-1, 'hours')],
    [['conversion.stopCountingAfterExit'], window(3_650.001, 'days')],
    [['conversion.stopCountingAfterExit.unit'], window(1, 'weeks')],
    [['conversion.stopCountingAfterExit.value'], window('1', 'days')],
    [
      ['conversion.filters[0].operator'],
      {
        name: 'x',
        conversion: { ...conversion, filters: [{ property: 'p', operator: 'matches', value: 1 }] },
      },
    ],
    [
      ['conversion.filters[0].value'],
      { name: 'x', conversion: { ...conversion, filters: [{ property: 'p', operator: 'equals' }] } },
    ],
    [
      ['conversion.filters[0].value'],
      {
        name: 'x',
        conversion: { ...conversion, filters: [{ property: 'p', operator: 'equals', value: null }] },
      },
    ],
    [
      ['conversion.filters[0].value'],
      {
        name: 'x',
        conversion: { ...conversion, filters: [{ property: 'p', operator: 'contains', value: ['a'] }] },
      },
    ],
    [
      ['conversion.filters[0].value'],
      {
        name: 'x',
        conversion: { ...conversion, filters: [{ property: 'p', operator: 'exists', value: true }] },
      },
    ],
    [
      ['conversion.filters[0].property'],
      { name: 'x', conversion: { ...conversion, filters: [{ operator: 'exists' }] } },
    ],
    [['conversion.currency'], { name: 'x', conversion: { ...conversion, currency: 'TRY' } }],
    [
      ['name', 'timeZone', 'steps[0].type'],
      { name: '', timeZone: 'x', steps: [{ stepId: 'one', type: 'x' }] },
    ],
  ];
  for (const [parts, body] of refused) {
    test(`refuses by name: ${parts.join(', ')} in ${JSON.stringify(body).slice(0, 120)}`, async () => {
      const answer = await a.api.put(`${path}-refused`, body);
      const { errors } = assertProblem(answer, 'validation_failed');
      assert.deepEqual(
        errors.map((error) => error.path),
        parts,
        answer.text,
      );
      for (const { message } of errors) assert.doesNotMatch(message, /Invalid|received/);
    });
  }

  test('what was refused is not there', async () => {
    assertProblem(await a.api.get(`${path}-refused`), 'not_found');
  });

  test('refuses ids that no journey can have', async () => {
    for (const id of ['a%20b', 'a%2Fb', '%C3%A9', 'x'.repeat(101), 'a%00', '%F0%9F%98%80', 'a:b', '%252e']) {
      const { errors } = assertProblem(
        await a.api.put(`/v1/journeys/${id}`, definition),
        'validation_failed',
      );
      assert.deepEqual(
        errors.map((error) => error.path),
        ['journeyId'],
      );
      assertProblem(await a.api.get(`/v1/journeys/${id}`), 'not_found');
      assertProblem(await a.api.get(`/v1/journeys/${id}/overview`), 'not_found');
      assertProblem(await a.api.delete(`/v1/journeys/${id}`), 'not_found');
    }
    for (const id of ['x'.repeat(100), 'a.b_c~d-E9', '...', '-', '~', '__proto__', 'constructor']) {
      assert.equal((await a.api.put(`/v1/journeys/${id}`, definition)).status, 201, id);
      assert.equal((await a.api.get(`/v1/journeys/${id}/overview`)).as(overviewSchema).journeyId, id);
      assert.equal((await a.api.delete(`/v1/journeys/${id}`)).status, 204);
    }
  });
});

describe('a change of conversion or time zone', () => {
  const ofJourney = (journeyId: string) => `/v1/journeys/${journeyId}`;
  const zoneless = { name: 'Rules', conversion: null };

  test('is free until an event is accepted, then needs rebuild', async () => {
    const journey = ofJourney('rules');
    assert.equal((await a.api.put(journey, zoneless)).status, 201);
    assert.equal((await a.api.put(journey, { ...zoneless, timeZone: 'Asia/Tokyo' })).status, 200);
    assert.equal((await a.api.put(journey, { ...zoneless, conversion })).status, 200);
    assert.equal((await a.api.put(journey, zoneless)).status, 200);
    await a.api.post('/v1/events', [
      event('journey.entered', 'ann', '2026-03-02T20:00:00Z', { journeyId: 'rules' }),
      event('track', 'ann', '2026-03-02T21:00:00Z', { name: 'Purchase' }),
    ]);
    const changes = [
      { ...zoneless, timeZone: 'Asia/Tokyo' },
      { ...zoneless, conversion },
    ];
    for (const changed of changes) {
      assertProblem(await a.api.put(journey, changed), 'rebuild_required');
      assertProblem(await a.api.put(journey, changed, { rebuild: 'false' }), 'rebuild_required');
    }
    // Nothing was changed by what was refused.
    assert.equal((await a.api.get(journey)).as(journeySchema).timeZone, 'UTC');
    for (const same of [
      { ...zoneless, timeZone: 'UTC' },
      { name: 'Rules' },
      { ...zoneless, name: 'Other', steps: [step] },
    ]) {
      assert.equal((await a.api.put(journey, same)).status, 200);
    }
    assert.equal((await a.api.put(journey, { ...zoneless, conversion }, { rebuild: 'true' })).status, 200);
    await settled(a.api, 'rules');
    assert.equal((await a.api.get(`${journey}/overview`)).as(overviewSchema).metrics.convertedUsers, 1);
    // Taking the conversion away is a change, too.
    assertProblem(await a.api.put(journey, zoneless), 'rebuild_required');
  });

  test('is none when only the writing differs', async () => {
    const journey = ofJourney('same-rules');
    const filters = [
      { property: 'a', operator: 'equals', value: 0 },
      { operator: 'exists', property: 'b' },
    ];
    await a.api.put(journey, { name: 'x', conversion: { ...conversion, filters } });
    await a.api.post('/v1/events', [
      event('journey.entered', 'ann', '2026-03-02T20:00:00Z', { journeyId: 'same-rules' }),
    ]);
    const { stopCountingAfterExit } = conversion;
    const rewritten = [
      `{"timeZone":"UTC","conversion":{"stopCountingAfterExit":{"unit":"hours","value":24.0},"filters":[
        {"value":-0,"operator":"equals","property":"a"},{"property":"b","operator":"exists"}],"event":"Purchase"},"name":"y"}`,
      JSON.stringify({ name: 'x', conversion: { filters, stopCountingAfterExit, event: 'Purchase' } }),
    ];
    for (const bytes of [...rewritten, ...rewritten]) {
      assert.equal((await a.api.call('PUT', journey, { bytes })).status, 200, bytes);
    }
    const reordered = { ...conversion, filters: filters.toReversed() };
    assertProblem(await a.api.put(journey, { name: 'x', conversion: reordered }), 'rebuild_required');
  });

  test('needs no rebuild for events of other journeys, or of nobody’s', async () => {
    const journey = ofJourney('quiet');
    await a.api.put(journey, zoneless);
    await a.api.post('/v1/events', [
      event('journey.entered', 'ann', '2026-03-02T20:00:00Z', { journeyId: 'another' }),
      event('track', 'ann', '2026-03-02T21:00:00Z', { name: 'Purchase' }),
    ]);
    assert.equal((await a.api.put(journey, { ...zoneless, conversion })).status, 200);
  });

  test('is free again after DELETE: defining it brings its numbers back', async () => {
    const journey = ofJourney('again');
    await a.api.put(journey, { ...zoneless, conversion });
    await a.api.post(
      '/v1/events',
      visitOf('ann', 2, true).map((each) => ('journeyId' in each ? { ...each, journeyId: 'again' } : each)),
    );
    await settled(a.api, 'again');
    assert.equal((await a.api.delete(journey)).status, 204);
    assertProblem(await a.api.delete(journey), 'not_found');
    assertProblem(await a.api.get(`${journey}/overview`), 'not_found');
    assert.equal((await a.api.put(journey, { ...zoneless, timeZone: 'Asia/Tokyo' })).status, 201);
    await settled(a.api, 'again');
    const { metrics } = (await a.api.get(`${journey}/overview`)).as(overviewSchema);
    assert.deepEqual([metrics.totalEntries, metrics.conversionEvents], [1, 0]);
  });
});

describe('the list of journeys', () => {
  const ids = ['-', '.a', '0', '10', '9', 'A', 'B', '_', 'a', 'aa', 'b', '~'];
  let b: Workspace;

  before(async () => {
    b = await service.workspace('workspace-b');
    for (const id of ids.toReversed()) await b.api.put(`/v1/journeys/${id}`, { name: `Journey ${id}` });
    // A journey that only events name is not defined.
    await b.api.post('/v1/events', [
      event('journey.entered', 'ann', '2026-03-02T20:00:00Z', { journeyId: 'ab' }),
    ]);
  });

  const list = async (query: Record<string, string>) =>
    (await b.api.get('/v1/journeys', query)).as(journeyListSchema);

  test('is in order of the ids by code point', async () => {
    const { journeys, nextCursor } = await list({});
    assert.deepEqual(
      journeys.map((journey) => journey.journeyId),
      ids,
    );
    assert.equal(nextCursor, null);
    assert.equal(journeys[0]?.name, 'Journey -');
  });

  test('comes page by page, each journey once', async () => {
    for (const limit of [1, 5, 6, 11, 12, 500]) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await list({ limit: String(limit), ...(cursor === null ? {} : { cursor }) });
        assert.ok(page.journeys.length <= limit && page.journeys.length > 0);
        found.push(...page.journeys.map((journey) => journey.journeyId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(found, ids, `limit ${limit}`);
    }
  });

  test('goes on where it was when journeys come and go', async () => {
    const first = await list({ limit: '3' });
    assert.equal(first.nextCursor, '0');
    await b.api.delete('/v1/journeys/0');
    await b.api.put('/v1/journeys/00', { name: 'New' });
    const second = await list({ limit: '3', cursor: '0' });
    assert.deepEqual(
      second.journeys.map((journey) => journey.journeyId),
      ['00', '10', '9'],
    );
  });
});
