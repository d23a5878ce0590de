// Posting events: every form of a body, its limits, what is rejected and by which name, and ids that break careless code.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import {
  auditSchema,
  flowSchema,
  ingestAnswerSchema,
  overviewSchema,
  type IngestAnswer,
} from '../../bff/contract/index.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import type { Answer } from '../support/http-client.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, event, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
let made = 0;

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
});
after(() => service.stop());

const at = '2026-03-02T08:00:00Z';
const entered = (userId: string, fields: Readonly<Record<string, unknown>> = {}) =>
  event('journey.entered', userId, at, fields);

function postBytes(bytes: Uint8Array | string, type: string, encoding?: string): Promise<Answer> {
  const headers = {
    'content-type': type,
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  };
  return a.api.call('POST', '/v1/events', { bytes, headers });
}

const ndjson = 'application/x-ndjson';
const json = 'application/json';

/** Holds that everything was stored. */
function assertStored(answer: Answer, accepted: number, duplicates = 0): void {
  assert.equal(answer.status, 202, answer.text);
  assert.deepEqual(answer.as(ingestAnswerSchema), { accepted, duplicates, rejected: [] });
}

/** Holds that some events were rejected. @returns what was. */
function assertRejected(answer: Answer, accepted: number, duplicates = 0): IngestAnswer['rejected'] {
  assertProblem(answer, 'validation_failed');
  const told = answer.as(ingestAnswerSchema);
  assert.deepEqual([told.accepted, told.duplicates], [accepted, duplicates], answer.text);
  for (const { errors } of told.rejected) {
    assert.ok(errors.length > 0);
    for (const { message } of errors) assert.doesNotMatch(message, /Invalid|received/);
  }
  return told.rejected;
}

/** A journey of its own for one test. */
async function newJourney(body: object = definition): Promise<string> {
  made += 1;
  const journeyId = `journey-${made}`;
  assert.equal((await a.api.put(`/v1/journeys/${journeyId}`, body)).status, 201);
  return journeyId;
}

async function metricsOf(journeyId: string) {
  await settled(a.api, journeyId);
  return (await a.api.get(`/v1/journeys/${journeyId}/overview`)).as(overviewSchema).metrics;
}

async function assertClean(journeyId: string): Promise<void> {
  const audit = await a.api.post(`/v1/journeys/${journeyId}/audit`);
  assert.deepEqual(audit.as(auditSchema), { differences: [] });
}

describe('bodies', () => {
  test('without events are 202 with zeros', async () => {
    for (const [bytes, type] of [
      ['[]', json],
      [' [ ] ', json],
      ['', ndjson],
      ['\n', ndjson],
      ['\r\n \t\r\n\n', ndjson],
      ['\uFEFF', ndjson],
    ] as const) {
      assertStored(await postBytes(bytes, type), 0);
    }
    assertStored(await postBytes(gzipSync(''), ndjson, 'gzip'), 0);
  });

  test('that are no array are 400', async () => {
    for (const body of [{}, { events: [] }, 'x', 7, null, true, entered('ann')]) {
      assertProblem(await a.api.post('/v1/events', body), 'invalid_body');
    }
    assertProblem(await postBytes(`${JSON.stringify(entered('ann'))}\n`, json), 'invalid_body');
  });

  test('of NDJSON may have blank lines, any line ends, a BOM and no last line end', async () => {
    const events = Array.from({ length: 5 }, (_, index) => JSON.stringify(entered(`lines-${index}`)));
    const bodies = [
      events.join('\n'),
      `${events.join('\n')}\n`,
      `${events.join('\r\n')}\r\n`,
      `\uFEFF${events.join('\n\n\n')}\n \n`,
      `\n\n  ${events.join('  \r\n\t')}`,
    ];
    assertStored(await postBytes(bodies[0] ?? '', ndjson), 5);
    for (const body of bodies) assertStored(await postBytes(body, ndjson), 0, 5);
    assertStored(await postBytes(`\uFEFF[${events.join(',\n')}]`, json), 0, 5);
    assertStored(await postBytes(gzipSync(bodies[3] ?? ''), `${ndjson}; charset=utf-8`, 'gzip'), 0, 5);
  });

  test('of NDJSON: a line that is no JSON is rejected by its index among lines that are not blank', async () => {
    const [first, last] = [entered('bad-lines-1'), entered('bad-lines-2')];
    const lines = [
      '',
      JSON.stringify(first),
      '{"id":"cut off',
      '',
      '[]',
      'null',
      '7',
      '"x"',
      '{}{}',
      JSON.stringify(last),
    ];
    const rejected = assertRejected(await postBytes(lines.join('\n'), ndjson), 2);
    assert.deepEqual(
      rejected.map(({ index, id }) => [index, id]),
      [1, 2, 3, 4, 5, 6].map((index) => [index, null]),
    );
    // A separator of lines within a text is no end of a line.
    const separated = { ...entered('bad-lines-3'), entryId: 'a\u2028b\u2029c' };
    assertStored(await postBytes(JSON.stringify(separated), ndjson), 1);
  });

  test('that are not UTF-8 are 400 and store nothing', async () => {
    const good = JSON.stringify(entered('bytes'));
    const [earlier, later] = [Buffer.from(`${good}\n{"id":"`), Buffer.from('"}\n')];
    for (const bad of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      const bytes = Buffer.concat([earlier, Buffer.from(bad), later]);
      assertProblem(await postBytes(bytes, ndjson), 'invalid_body');
      assertProblem(await postBytes(gzipSync(bytes), ndjson, 'gzip'), 'invalid_body');
    }
    assertProblem(await postBytes(Buffer.from(`[${good}]`, 'utf16le'), json), 'invalid_body');
    assertStored(await postBytes(good, ndjson), 1);
  });

  test('of gzip that are broken are 400', async () => {
    const zipped = gzipSync(JSON.stringify([entered('zipped')]));
    const flipped = Buffer.from(zipped);
    flipped[20] = (flipped[20] ?? 0) ^ 0xff;
    for (const bytes of [
      zipped.subarray(0, -9),
      zipped.subarray(4),
      flipped,
      Buffer.from('[]'),
      Buffer.alloc(0),
    ]) {
      assertProblem(await postBytes(bytes, json, 'gzip'), 'invalid_body');
    }
    assertStored(await postBytes(zipped, json, 'GZIP'), 1);
  });
});

describe('limits', () => {
  test('10,000 events are accepted and 10,001 are not, however they are written', async () => {
    const journeyId = await newJourney();
    const events = Array.from({ length: 10_001 }, (_, index) =>
      entered(`many-${index % 100}`, { journeyId }),
    );
    const lines = events.map((each) => JSON.stringify(each)).join('\n');
    assertProblem(await a.api.post('/v1/events', events), 'payload_too_large');
    assertProblem(await postBytes(lines, ndjson), 'payload_too_large');
    assertProblem(await postBytes(gzipSync(lines), ndjson, 'gzip'), 'payload_too_large');
    // Events that are not valid count, too.
    assertProblem(
      await a.api.post(
        '/v1/events',
        Array.from({ length: 10_001 }, () => 0),
      ),
      'payload_too_large',
    );
    assert.equal((await metricsOf(journeyId)).totalEntries, 0);
    assertStored(await a.api.post('/v1/events', events.slice(1)), 10_000);
    assert.deepEqual(
      [await metricsOf(journeyId)].map(({ totalEntries, entryUsers }) => [totalEntries, entryUsers]),
      [[10_000, 100]],
    );
  });

  /** An array of events that is exactly so many bytes long. */
  function bodyOf(bytes: number): string {
    const body = JSON.stringify([entered(`large-${bytes}`)]);
    return body + ' '.repeat(bytes - body.length);
  }

  test('10 MB are accepted and one byte more is not, before and after decompression', async () => {
    assertStored(await postBytes(bodyOf(10_000_000), json), 1);
    assertStored(await postBytes(gzipSync(bodyOf(10_000_000)), json, 'gzip'), 1);
    assertProblem(await postBytes(bodyOf(10_000_001), json), 'payload_too_large');
    assertProblem(await postBytes(gzipSync(bodyOf(10_000_001)), json, 'gzip'), 'payload_too_large');
  });

  test('a bomb is refused in little memory', async () => {
    const layer = gzipSync(Buffer.alloc(200_000_000, 0x20), { level: 9 });
    const bombs: readonly (readonly [Uint8Array | string, string, string?])[] = [
      [layer, json, 'gzip'],
      [Buffer.concat([layer, layer, layer]), ndjson, 'gzip'],
      [gzipSync('1\n'.repeat(4_999_999)), ndjson, 'gzip'],
      [gzipSync(`[${'0,'.repeat(4_999_990)}0]`), json, 'gzip'],
      ['['.repeat(9_999_999), json],
      ['{"a":'.repeat(1_999_999), ndjson],
    ];
    for (const [bytes, type, encoding] of bombs) {
      const earlier = process.memoryUsage().rss;
      const { status } = await postBytes(bytes, type, encoding);
      assert.ok([400, 413, 422].includes(status), String(status));
      assert.ok(process.memoryUsage().rss - earlier < 400_000_000, 'took too much memory');
    }
  });
});

describe('what is rejected', () => {
  test('is named by index and id, while the valid events are stored', async () => {
    const journeyId = await newJourney();
    const good = [entered('ann', { journeyId }), entered('bob', { journeyId })];
    const batch = [
      good[0],
      { ...good[0], id: 'bad-1', at: 'yesterday' },
      good[0],
      { type: 'track' },
      good[1],
      'x',
    ];
    const rejected = assertRejected(await a.api.post('/v1/events', batch), 2, 1);
    assert.deepEqual(
      rejected.map(({ index, id, errors }) => [index, id, errors.map((error) => error.path)]),
      [
        [1, 'bad-1', ['at']],
        [3, null, ['id', 'at', 'userId', 'name']],
        [5, null, ['']],
      ],
    );
    // The whole batch again is harmless.
    assertRejected(await a.api.post('/v1/events', batch), 0, 3);
    assert.equal((await metricsOf(journeyId)).totalEntries, 2);
  });

  test('does not use its id up, and is looked at before it is a duplicate', async () => {
    const journeyId = await newJourney();
    const good = entered('ann', { journeyId });
    const bad = { ...good, userId: '' };
    assertRejected(await a.api.post('/v1/events', [bad]), 0);
    assertStored(await a.api.post('/v1/events', [good]), 1);
    const [rejected] = assertRejected(await a.api.post('/v1/events', [bad, good]), 0, 1);
    assert.deepEqual([rejected?.index, rejected?.id], [0, good['id']]);
  });

  test('of several events with one id the lowest index is the event', async () => {
    const journeyId = await newJourney();
    const first = entered('ann', { journeyId });
    const batch = [first, { ...first, userId: 'bob' }, { ...first, type: 'journey.exited', userId: 'cem' }];
    assertStored(await a.api.post('/v1/events', batch), 1, 2);
    assertStored(await a.api.post('/v1/events', batch.toReversed()), 0, 3);
    assert.equal((await metricsOf(journeyId)).totalEntries, 1);
    await a.api.delete('/v1/users/ann');
    assert.equal((await metricsOf(journeyId)).totalEntries, 0);
  });

  const base = { id: 'x', type: 'message.sent', at, userId: 'ann', journeyId: 'welcome', stepId: 'hello' };
  const track = { id: 'x', type: 'track', at, userId: 'ann', name: 'Purchase' };
  const nested = (depth: number): unknown => (depth === 1 ? {} : { a: nested(depth - 1) });
  const wrong: readonly (readonly [path: string, event: unknown])[] = [
    ...[
      '',
      '.',
      '..',
      'a\u0000',
      'a\n',
      'a\u007F',
      'a\u0085',
      '\uD83D',
      'x\uDE00',
      'x'.repeat(201),
      '😀'.repeat(201),
      7,
      null,
      {},
      [],
    ].flatMap((id) => [
      ['id', { ...base, id }] as const,
      ['userId', { ...base, userId: id }] as const,
      ['stepId', { ...base, stepId: id }] as const,
      ['entryId', { ...base, entryId: id }] as const,
    ]),
    ...['', 'a\u0001', '\uD83D', 'x'.repeat(201), 7, null, ['ios']].flatMap((name) => [
      ['platform', { ...base, platform: name }] as const,
      ['outcome', { ...base, type: 'step.outcome', outcome: name }] as const,
      ['name', { ...track, name }] as const,
    ]),
    ...['', 'a b', 'ö', '.', '..', 'x'.repeat(101), 'a/b', 7, null].map(
      (journeyId) => ['journeyId', { ...base, journeyId }] as const,
    ),
    ...['journey.entered', 'journey.exited', 'step.entered', 'step.outcome', 'message.held'].map(
      (type) => ['journeyId', { ...base, outcome: 'yes', type, journeyId: undefined }] as const,
    ),
    ['stepId', { ...base, stepId: undefined }],
    ['stepId', { ...base, type: 'step.entered', stepId: undefined }],
    ['outcome', { ...base, type: 'step.outcome' }],
    ['name', { ...track, name: undefined }],
    ['type', { ...base, type: 'message.opened' }],
    ['type', { ...base, type: 'Message.Sent' }],
    ['type', { ...base, type: '__proto__' }],
    ['type', { ...base, type: 3 }],
    ['type', { ...base, type: undefined }],
    ['reason', { ...base, reason: 'x\u0000' }],
    ['reason', { ...base, reason: 'x'.repeat(501) }],
    ['reason', { ...base, reason: 7 }],
    ...[1.5, 2 ** 53, -(2 ** 53), '1', null, true].map(
      (sequence) => ['sequence', { ...base, sequence }] as const,
    ),
    ...[
      '2026-03-02T08:00:00',
      '2026-03-02 08:00:00Z',
      '2026-03-02T08:00Z',
      '2026-03-02T08:00:60Z',
      '2026-03-02T24:00:00Z',
      '2026-02-29T08:00:00Z',
      '2026-03-02T08:00:00+0300',
      '2026-03-02T08:00:00+24:00',
      '2026-03-02T08:00:00.Z',
      '2026-03-02T08:00:00,5Z',
      '1999-12-31T23:59:59.999Z',
      '2100-01-01T00:00:00Z',
      '2000-01-01T00:00:00+00:01',
      '+02026-03-02T08:00:00Z',
      ' 2026-03-02T08:00:00Z',
      '2026-W10-1T08:00:00Z',
      'now',
      '',
      1_772_438_400_000,
      null,
    ].map((time) => ['at', { ...base, at: time }] as const),
    ...[
      [],
      'x',
      7,
      nested(9),
      { a: [[[[[[[[]]]]]]]] },
      { 'a\u0000': 1 },
      { a: 'x\u0000' },
      { a: ['\uD83D'] },
      { '\uDE00': 1 },
      { a: 'x'.repeat(16_384 - 7) },
      { a: 'é'.repeat((16_384 - 8) / 2 + 1) },
    ].map((properties) => ['properties', { ...track, properties }] as const),
  ];
  for (const [index, [path, one]] of wrong.entries()) {
    test(`${path} of ${JSON.stringify(one).slice(0, 110)}`, async () => {
      const sent = typeof one === 'object' ? { ...one } : one;
      if (path !== 'id') Object.assign(sent as object, { id: `wrong-${index}` });
      const [rejected, ...more] = assertRejected(await a.api.post('/v1/events', [sent]), 0);
      assert.equal(more.length, 0);
      assert.deepEqual([...new Set(rejected?.errors.map((error) => error.path))], [path]);
      const { id } = sent as { id: unknown };
      assert.equal(rejected?.id, typeof id === 'string' && id.length <= 400 ? id : null);
    });
  }
});

describe('what is accepted', () => {
  test('times in every form of RFC 3339, from 2000 to 2099', async () => {
    const journeyId = await newJourney();
    const times = [
      '2026-03-02t08:00:00z',
      '2026-03-02T08:00:00.1+05:45',
      '2026-03-02T08:00:00-00:00',
      '2026-03-02T08:00:00.123456789012345678901234567890Z',
      '2000-01-01T00:00:00Z',
      '2099-12-31T23:59:59.999Z',
      '1999-12-31T23:59:00-00:01',
      '2100-01-01T00:00:00+00:01',
      '2019-12-31T23:59:59.999Z',
      '2020-01-01T00:00:00Z',
      '2039-12-31T23:59:59.999Z',
      '2040-01-01T00:00:00Z',
      '2024-02-29T12:00:00Z',
      '2026-03-02T08:00:00+23:59',
    ];
    assertStored(
      await a.api.post(
        '/v1/events',
        times.map((time) => event('journey.entered', 'ann', time, { journeyId })),
      ),
      times.length,
    );
    assert.equal((await metricsOf(journeyId)).totalEntries, times.length);
    await assertClean(journeyId);
  });

  test('numbers and properties up to their limits, unknown fields, negative zero', async () => {
    const journeyId = await newJourney();
    const nested = (depth: number): unknown => (depth === 1 ? 'deep' : { a: nested(depth - 1) });
    const properties: readonly unknown[] = [
      {},
      nested(9),
      { a: 'x'.repeat(16_384 - 8) },
      { '': '' },
      { a: null, b: [true, 1e308, -0, 'x\u0001'] },
      { a: 'é'.repeat((16_384 - 8) / 2) },
    ];
    assertStored(
      await a.api.post('/v1/events', [
        ...properties.map((each) => event('track', 'ann', at, { name: 'Purchase', properties: each })),
        entered('ann', {
          journeyId,
          sequence: 2 ** 53 - 1,
          workspaceId: 7,
          entry_id: 'x',
          properties: 'ignored',
        }),
        entered('ann', { journeyId, sequence: -(2 ** 53 - 1) }),
        entered('ann', { journeyId, reason: 7, stepId: {} }),
      ]),
      properties.length + 3,
    );
    const zero = JSON.stringify(entered('ann', { journeyId })).replace('{', '{"sequence":-0,');
    assertStored(await postBytes(`[${zero}]`, json), 1);
    assert.equal((await metricsOf(journeyId)).totalEntries, 4);
    await assertClean(journeyId);
  });

  /** Texts that are easily taken for something else, all different. */
  const texts = [
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'toString',
    'NULL',
    'null',
    'undefined',
    'true',
    '0',
    '00',
    '-1',
    '1e3',
    '{}',
    '{a,b}',
    '{"a":1}',
    '"',
    '""',
    "'",
    "''; DROP TABLE journey_analytics.events; --",
    '\\',
    '\\\\',
    '\\x41',
    '\\N',
    ',',
    ' ',
    '  ',
    ' a',
    'a ',
    'a',
    'A',
    'é',
    'e\u0301',
    'ß',
    'SS',
    'İ',
    'i',
    'ı',
    '\u00A0',
    '\u200B',
    '\uFEFF',
    '\u202Eمرحبا',
    'שלום',
    '😀',
    '👩‍👩‍👧‍👦',
    '\u{1F600}'.repeat(200),
    'x'.repeat(200),
    '\uFF5E',
    '\u{10FFFF}',
    '%00',
    '%2F',
    'a/b',
    '../x',
    '?a=1',
    '#a',
    '+905551112233',
    '=1+1',
    '$1',
    '${x}',
    '*',
    '...',
    'lone\uFFFD',
  ];

  test('users, entries, steps, outcomes, platforms and reasons by any text, each by itself', async () => {
    const journeyId = await newJourney({ name: 'Odd ids' });
    const events: SentEvent[] = texts.flatMap((text) => [
      entered(text, { journeyId, entryId: text }),
      event('step.entered', text, at, { journeyId, stepId: text, entryId: text }),
      event('step.outcome', text, at, { journeyId, stepId: text, outcome: text, entryId: text }),
      event('message.failed', text, at, {
        journeyId,
        stepId: text,
        platform: text,
        reason: text,
        entryId: text,
      }),
      event('journey.exited', text, at, { journeyId, reason: text, entryId: text }),
    ]);
    assertStored(await a.api.post('/v1/events', events), events.length);
    const metrics = await metricsOf(journeyId);
    assert.deepEqual(
      [metrics.totalEntries, metrics.entryUsers, metrics.totalExits],
      [texts.length, texts.length, texts.length],
    );
    const answer = await a.api.get(`/v1/journeys/${journeyId}/flow`);
    const flow = answer.as(flowSchema);
    assert.equal(flow.steps.length, texts.length);
    assert.equal(flow.transitions.length, texts.length);
    // As it was parsed, since a copy may lose a member named __proto__.
    const { steps } = JSON.parse(answer.text) as {
      steps: { stepId: string; outcomes: object; exitReasons: object }[];
    };
    for (const { stepId, outcomes, exitReasons } of steps) {
      assert.ok(texts.includes(stepId));
      assert.deepEqual(Object.keys(outcomes), [stepId]);
      assert.deepEqual(Object.entries(exitReasons), [[stepId, 1]]);
      const alone = await a.api.get(`/v1/journeys/${journeyId}/steps/${encodeURIComponent(stepId)}`);
      assert.equal(alone.status, 200, stepId);
      assert.equal(alone.as(v.object({ stepId: v.string() })).stepId, stepId);
      const trend = { metric: 'outcome', stepId, outcome: stepId };
      const { points } = (await a.api.get(`/v1/journeys/${journeyId}/trend`, trend)).as(
        v.object({ points: v.array(v.object({ count: v.number() })) }),
      );
      assert.deepEqual(
        points.map(({ count }) => count),
        [1],
        stepId,
      );
    }
    await assertClean(journeyId);
    // Each can be erased by itself.
    let left = texts.length;
    for (const text of texts.filter((_, index) => index % 4 === 0)) {
      assert.equal((await a.api.delete(`/v1/users/${encodeURIComponent(text)}`)).status, 204);
      left -= 1;
      assert.equal((await metricsOf(journeyId)).entryUsers, left, text);
    }
    await assertClean(journeyId);
  });

  test('event ids by any text, each by itself', async () => {
    const events = texts.map((id) => ({ ...entered('odd-event-ids'), id }));
    assertStored(await a.api.post('/v1/events', events), texts.length);
    assertStored(await a.api.post('/v1/events', events.toReversed()), 0, texts.length);
  });

  test('product events and filters on members that every object has', async () => {
    const filters = [
      { property: '__proto__', operator: 'equals', value: 1 },
      { property: 'constructor', operator: 'exists' },
    ];
    const journeyId = await newJourney({
      name: 'Prototype',
      conversion: { ...definition.conversion, filters },
    });
    await a.api.post('/v1/events', [entered('ann', { journeyId })]);
    const bodies = [
      '{"__proto__":1,"constructor":0}',
      '{"__proto__":{"a":1},"constructor":0}',
      '{"__proto__":1}',
      '{}',
    ];
    const events = bodies.map((properties) =>
      JSON.stringify(event('track', 'ann', '2026-03-02T09:00:00Z', { name: 'Purchase' })).replace(
        '{',
        `{"properties":${properties},`,
      ),
    );
    assertStored(await postBytes(events.join('\n'), ndjson), events.length);
    assert.equal((await metricsOf(journeyId)).conversionEvents, 1);
    await assertClean(journeyId);
  });

  test('reasons of 500 characters, with anything but U+0000 in them', async () => {
    const journeyId = await newJourney();
    const reasons = ['', '😀'.repeat(500), 'a\nb\tc\u0001', '\uD83D', ' '];
    await a.api.post(
      '/v1/events',
      reasons.flatMap((reason, index) => [
        entered(`reasons-${index}`, { journeyId }),
        event('step.entered', `reasons-${index}`, at, { journeyId, stepId: 'hello' }),
        event('journey.exited', `reasons-${index}`, at, { journeyId, reason }),
      ]),
    );
    await settled(a.api, journeyId);
    const { steps } = (await a.api.get(`/v1/journeys/${journeyId}/flow`)).as(flowSchema);
    const { exitReasons } = steps.find(({ stepId }) => stepId === 'hello') ?? { exitReasons: {} };
    assert.deepEqual(exitReasons, { '': 1, ' ': 1, 'a\nb\tc\u0001': 1, '\uFFFD': 1, [reasons[1] ?? '']: 1 });
    await assertClean(journeyId);
  });
});

describe('side by side', () => {
  test('of the same events sent at once each is accepted once', async () => {
    const journeyId = await newJourney();
    const events = Array.from({ length: 300 }, (_, index) => entered(`race-${index % 37}`, { journeyId }));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, lane) => {
        const turned = [...events.slice(lane * 25), ...events.slice(0, lane * 25)];
        return a.api.post('/v1/events', lane % 2 === 0 ? turned : turned.toReversed());
      }),
    );
    let accepted = 0;
    for (const answer of answers) {
      assert.equal(answer.status, 202, answer.text);
      const told = answer.as(ingestAnswerSchema);
      assert.equal(told.accepted + told.duplicates, events.length);
      accepted += told.accepted;
    }
    assert.equal(accepted, events.length);
    const { totalEntries, entryUsers } = await metricsOf(journeyId);
    assert.deepEqual([totalEntries, entryUsers], [300, 37]);
    await assertClean(journeyId);
  });

  test('batches that meet in users, journeys and months all get through', async () => {
    const journeys = await Promise.all([newJourney(), newJourney(), newJourney()]);
    const months = Array.from(
      { length: 24 },
      (_, month) => `20${21 + (month % 9)}-0${1 + (month % 9)}-03T08:00:00Z`,
    );
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, lane) => {
        const events = Array.from({ length: 60 }, (__, index) => {
          const place = lane % 2 === 0 ? index : 59 - index;
          const time = months[place % 24] ?? at;
          return event('journey.entered', `meet-${place % 20}`, time, { journeyId: journeys[place % 3] });
        });
        return a.api.post('/v1/events', events);
      }),
    );
    for (const answer of answers) assertStored(answer, 60);
    for (const journeyId of journeys) {
      assert.equal((await metricsOf(journeyId)).totalEntries, 320);
      await assertClean(journeyId);
    }
  });

  test('an event of a journey nobody defined waits for its definition', async () => {
    const events = visitOf('early', 2, true).map((each) =>
      'journeyId' in each ? { ...each, journeyId: 'defined-late' } : each,
    );
    assertStored(await a.api.post('/v1/events', events), events.length);
    assertProblem(await a.api.get('/v1/journeys/defined-late/overview'), 'not_found');
    await a.api.put('/v1/journeys/defined-late', definition);
    assert.equal((await metricsOf('defined-late')).convertedUsers, 1);
  });
});
