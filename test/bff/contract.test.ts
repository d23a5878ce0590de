// The contract's own readers: instants, dates, texts and their order, metrics, and what describes an issue.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import * as v from 'valibot';
import {
  compareCodePoints,
  eventSchema,
  eventTypes,
  findMetric,
  formatDate,
  idText,
  journeyDefinitionSchema,
  journeyIdSchema,
  journeyMetrics,
  messageEventTypes,
  nameText,
  parseDate,
  parseInstant,
  reasonText,
  stepMetrics,
} from '../../bff/contract/index.ts';
import { describeIssues } from '../../bff/middleware/describe-issues.ts';

describe('instants', () => {
  const cases: readonly (readonly [text: string, at: number | undefined])[] = [
    ['2026-03-02T08:00:00Z', Date.UTC(2026, 2, 2, 8)],
    ['2026-03-02t08:00:00z', Date.UTC(2026, 2, 2, 8)],
    ['2026-03-02T08:00:00.1Z', Date.UTC(2026, 2, 2, 8, 0, 0, 100)],
    ['2026-03-02T08:00:00.0019999Z', Date.UTC(2026, 2, 2, 8, 0, 0, 1)],
    ['2026-03-02T08:00:00.999999999Z', Date.UTC(2026, 2, 2, 8, 0, 0, 999)],
    ['2026-03-02T08:00:00+05:45', Date.UTC(2026, 2, 2, 2, 15)],
    ['2026-03-02T00:00:00-23:59', Date.UTC(2026, 2, 2, 23, 59)],
    ['2026-03-02T08:00:00-00:00', Date.UTC(2026, 2, 2, 8)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['2000-01-01T00:00:00Z', Date.UTC(2000, 0, 1)],
    ['2099-12-31T23:59:59.999Z', Date.UTC(2100, 0, 1) - 1],
    ['1999-12-31T23:59:00-00:01', Date.UTC(2000, 0, 1)],
    ['1999-12-31T23:59:59.999Z', undefined],
    ['2100-01-01T00:00:00Z', undefined],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-04-31T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-03-02T24:00:00Z', undefined],
    ['2026-03-02T08:60:00Z', undefined],
    ['2016-12-31T23:59:60Z', undefined],
    ['2026-03-02T08:00:00', undefined],
    ['2026-03-02T08:00:00+3:00', undefined],
    ['2026-03-02T08:00:00+24:00', undefined],
    ['2026-03-02T08:00:00+03:60', undefined],
    ['2026-03-02T08:00:00.Z', undefined],
    ['2026-03-02 08:00:00Z', undefined],
    ['2026-03-02T08:00:00Z\n', undefined],
    ['２026-03-02T08:00:00Z', undefined],
    [`2026-03-02T08:00:00.${'0'.repeat(5_000_000)}Z`, undefined],
  ];
  for (const [text, at] of cases) {
    test(JSON.stringify(text.slice(0, 50)), () => assert.equal(parseInstant(text), at));
  }

  test('are read as JavaScript reads them, where it reads them', () => {
    const range = {
      min: new Date('2000-01-02T00:00:00Z'),
      max: new Date('2099-12-30T00:00:00Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), fc.integer({ min: -1_439, max: 1_439 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const digits = (number: number) => String(number).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${digits(Math.floor(Math.abs(offset) / 60))}:${digits(Math.abs(offset) % 60)}`;
        assert.equal(parseInstant(local + zone), date.getTime());
      }),
    );
  });
});

describe('dates', () => {
  const cases: readonly (readonly [text: string, day: number | undefined])[] = [
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2024-02-29', 19_782],
    ['0001-01-01', -719_162],
    ['9999-12-31', 2_932_896],
    ['2023-02-29', undefined],
    ['1900-02-29', undefined],
    ['2026-00-10', undefined],
    ['2026-10-00', undefined],
    ['0000-01-01', undefined],
    ['2026-1-01', undefined],
    ['26-01-01', undefined],
    ['2026-01-01 ', undefined],
    ['2026-01-01T00:00:00Z', undefined],
    ['', undefined],
  ];
  for (const [text, day] of cases) test(text || 'nothing', () => assert.equal(parseDate(text), day));

  test('are written as they are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (day) => {
        assert.equal(parseDate(formatDate(day)), day);
      }),
    );
  });
});

describe('texts', () => {
  const fits = (schema: v.GenericSchema, text: unknown) => v.is(schema, text);
  const both: readonly (readonly [text: unknown, isRight: boolean])[] = [
    ['a', true],
    [' ', true],
    ['x'.repeat(200), true],
    ['x'.repeat(201), false],
    ['😀'.repeat(200), true],
    ['😀'.repeat(201), false],
    [`${'😀'.repeat(199)}ab`, false],
    ['', false],
    ['a\u0000', false],
    ['\u001F', false],
    ['\u007F', false],
    ['\u009F', false],
    ['\u00A0', true],
    ['\u200E', true],
    ['\uD800', false],
    ['\uDC00\uD800', false],
    ['\u{10FFFF}', true],
    [7, false],
    [null, false],
    [['a'], false],
  ];
  for (const [text, isRight] of both) {
    test(`${JSON.stringify(text).slice(0, 40)} is ${isRight ? 'an' : 'no'} id and name`, () => {
      assert.equal(fits(idText, text), isRight);
      assert.equal(fits(nameText, text), isRight);
    });
  }

  test('. and .. are names, but no ids', () => {
    for (const text of ['.', '..'])
      assert.deepEqual([fits(nameText, text), fits(idText, text)], [true, false]);
    assert.deepEqual([fits(idText, '...'), fits(journeyIdSchema, '...')], [true, true]);
  });

  test('ids of journeys are of few characters', () => {
    for (const text of ['a', 'A-b_c.d~9', 'x'.repeat(100), '~', '-'])
      assert.ok(fits(journeyIdSchema, text), text);
    for (const text of ['', '.', '..', 'x'.repeat(101), 'a b', 'é', 'a/b', 'a\n', 'a%20', '😀']) {
      assert.ok(!fits(journeyIdSchema, text), text);
    }
  });

  test('reasons are nearly anything', () => {
    for (const text of ['', '\u0001', '😀'.repeat(500)]) assert.equal(v.parse(reasonText, text), text);
    assert.equal(v.parse(reasonText, 'a\uD800b'), 'a\uFFFDb');
    for (const text of ['\u0000', 'x'.repeat(501), '😀'.repeat(501), 7, null])
      assert.ok(!fits(reasonText, text));
  });

  test('are ordered by code point', () => {
    const unit = fc.string({
      unit: fc.constantFrom('a', 'b', '\u{1F600}', '\u{10000}', '\uFFFD', '\uE000', '\uFF5E', 'é'),
      maxLength: 6,
    });
    const byPoints = (one: string, other: string) => {
      const [left, right] = [Array.from(one), Array.from(other)].map((points) =>
        points.map((point) => point.codePointAt(0) ?? 0),
      );
      for (const [index, point] of (left ?? []).entries()) {
        const against = right?.[index];
        if (against === undefined) return 1;
        if (point !== against) return Math.sign(point - against);
      }
      return Math.sign(one.length - other.length);
    };
    fc.assert(
      fc.property(unit, unit, (one, other) => {
        assert.equal(Math.sign(compareCodePoints(one, other)), byPoints(one, other));
      }),
    );
  });
});

describe('events', () => {
  test('types are stored by their place, which must never change', () => {
    assert.deepEqual(
      [...eventTypes],
      ['journey.entered', 'step.entered', 'step.outcome', ...messageEventTypes, 'track', 'journey.exited'],
    );
    assert.deepEqual(
      messageEventTypes.map((type) => type.slice('message.'.length)),
      [
        'sent',
        'failed',
        'delivered',
        'shown',
        'clicked',
        'held',
        'skipped',
        'bounced',
        'unsubscribed',
        'complained',
      ],
    );
  });

  test('keep the fields of their type alone', () => {
    const everything = {
      id: 'e',
      at: '2026-03-02T08:00:00Z',
      userId: 'u',
      sequence: -0,
      journeyId: 'j',
      entryId: 'x',
      stepId: 's',
      outcome: 'o',
      platform: 'p',
      reason: 'r',
      name: 'n',
      properties: { a: 1 },
      more: true,
    };
    const fields: Readonly<Record<string, readonly string[]>> = {
      'journey.entered': ['journeyId', 'entryId'],
      'journey.exited': ['journeyId', 'entryId', 'reason'],
      'step.entered': ['journeyId', 'entryId', 'stepId'],
      'step.outcome': ['journeyId', 'entryId', 'stepId', 'outcome'],
      'message.held': ['journeyId', 'entryId', 'stepId', 'platform', 'reason'],
      track: ['name', 'properties'],
    };
    for (const [type, own] of Object.entries(fields)) {
      const event = v.parse(eventSchema, { ...everything, type });
      const expected = ['id', 'type', 'at', 'userId', 'sequence', ...own];
      assert.deepEqual(new Set(Object.keys(event)), new Set(expected), type);
      assert.ok(Object.is(event.sequence, 0));
    }
  });

  test('properties are measured as UTF-8 JSON and kept as it', () => {
    const parse = (properties: unknown) =>
      v.safeParse(eventSchema, {
        id: 'e',
        type: 'track',
        at: '2026-03-02T08:00:00Z',
        userId: 'u',
        name: 'n',
        properties,
      });
    for (const [text, isRight] of [
      ['x'.repeat(16_376), true],
      ['x'.repeat(16_377), false],
      ['é'.repeat(8_188), true],
      ['é'.repeat(8_189), false],
      ['"'.repeat(8_188), true],
      ['"'.repeat(8_189), false],
    ] as const) {
      const { success, output } = parse({ a: text });
      assert.equal(success, isRight);
      if (success && output.type === 'track') assert.equal(output.properties, JSON.stringify({ a: text }));
    }
    const proto: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    const { output } = parse(proto);
    assert.match(JSON.stringify(output), /__proto__/);
    assert.equal(parse({ a: Infinity }).success, false);
  });
});

describe('definitions', () => {
  test('parse to themselves', () => {
    const definition = v.parse(journeyDefinitionSchema, { name: 'x' });
    assert.deepEqual(v.parse(journeyDefinitionSchema, definition), definition);
    assert.deepEqual(definition, {
      name: 'x',
      timeZone: 'UTC',
      conversion: null,
      steps: [],
      transitions: [],
    });
  });
});

describe('metrics', () => {
  test('each is found by its id and scope alone', () => {
    for (const { id } of journeyMetrics) assert.equal(findMetric(id, false)?.scope, 'journey', id);
    for (const { id } of stepMetrics) assert.equal(findMetric(id, true)?.scope, 'step', id);
    assert.equal(findMetric('outcome', true)?.byOutcome, true);
    for (const id of [
      'conversionRate',
      'dropOffRate',
      'exitsWindowOpen',
      'unattachedEvents',
      'exitReasons',
      'timeInStep',
      '',
      'constructor',
      'outcomes',
    ]) {
      assert.deepEqual([findMetric(id, false), findMetric(id, true)], [undefined, undefined], id);
    }
    assert.equal(findMetric('entryCount', false), undefined);
    assert.equal(findMetric('totalEntries', true), undefined);
    assert.equal(findMetric('outcome', false), undefined);
  });

  test('each count has its users', () => {
    for (const { id } of stepMetrics.filter(({ id: each }) => each.endsWith('Count'))) {
      assert.ok(findMetric(id.replace(/Count$/, 'Users'), true), id);
    }
    const ids = [...journeyMetrics, ...stepMetrics].map(({ id, scope }) => `${scope} ${id}`);
    assert.equal(new Set(ids).size, ids.length);
  });
});

test('issues are described without what was sent', () => {
  const secret = 'a-secret-value';
  const sent = {
    name: 7,
    timeZone: secret,
    steps: [{ stepId: secret, type: secret }, secret],
    transitions: [{ from: secret }],
    conversion: { event: [secret], filters: secret, stopCountingAfterExit: { value: secret, unit: secret } },
  };
  const { issues = [] } = v.safeParse(journeyDefinitionSchema, sent);
  const described = describeIssues(issues);
  assert.ok(described.length >= 8);
  for (const { path, message } of described) {
    assert.doesNotMatch(`${path} ${message}`, /a-secret-value|Invalid|received/);
    assert.match(message, /^(?:must |is |names )/);
  }
});
