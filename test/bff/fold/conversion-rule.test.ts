// Section 5: which product events match a conversion, and how long its window is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConversionFilter } from '../../../bff/contract/index.ts';
import { matches, windowMilliseconds } from '../../../bff/fold/index.ts';
import { purchases } from './histories.ts';

const total = (
  operator: 'equals' | 'notEquals' | 'greaterThan' | 'lessThan',
  value: number | string | boolean,
) => ({ property: 'total', operator, value }) as const;
const tags = (value: number | string | boolean) =>
  ({ property: 'tags', operator: 'contains', value }) as const;
const exists = (property: string) => ({ property, operator: 'exists' }) as const;

const cases: [
  rule: string,
  filter: ConversionFilter,
  matching: (object | string)[],
  others: (object | string)[],
][] = [
  [
    'exists: any value but null, be it false, 0, empty or nested',
    exists('total'),
    [{ total: 1 }, { total: 0 }, { total: '' }, { total: false }, { total: [] }, { total: {} }],
    [{}, { total: null }, { Total: 1 }, { order: { total: 1 } }],
  ],
  [
    'properties are those that the sender gave, not those of every object',
    exists('constructor'),
    [{ constructor: 1 }],
    [{}, { total: 1 }],
  ],
  [
    'a property may have the name of the prototype',
    exists('__proto__'),
    ['{"__proto__":1}', '{"__proto__":{}}'],
    ['{}', '{"__proto__":null}'],
  ],
  [
    'a path is no top-level key, a key with a dot is',
    exists('order.total'),
    [{ 'order.total': 1 }],
    [{ order: { total: 1 } }],
  ],
  [
    'equals: numbers as IEEE doubles',
    total('equals', 50),
    [{ total: 50 }, '{"total":5e1}', '{"total":50.0}'],
    [{ total: 50.5 }],
  ],
  [
    'equals: 0 and -0 are one number',
    total('equals', 0),
    ['{"total":-0}', '{"total":0}'],
    [{ total: false }],
  ],
  [
    'equals: doubles cannot tell these two whole numbers apart',
    total('equals', 9_007_199_254_740_992),
    ['{"total":9007199254740993}'],
    ['{"total":9007199254740994}'],
  ],
  [
    'equals: different types are never equal',
    total('equals', 50),
    [],
    [{ total: '50' }, { total: [50] }, {}, { total: null }],
  ],
  [
    'equals: text case-sensitively, and as it is',
    total('equals', 'é'),
    [{ total: 'é' }],
    [{ total: 'É' }, { total: 'e\u0301' }, { total: 'é ' }],
  ],
  [
    'equals: true is not 1',
    total('equals', true),
    [{ total: true }],
    [{ total: 1 }, { total: 'true' }, { total: false }],
  ],
  [
    'equals: the empty text is a text',
    total('equals', ''),
    [{ total: '' }],
    [{}, { total: null }, { total: 0 }],
  ],
  [
    'notEquals: the exact negation of equals, so true when the property is absent or of another type',
    total('notEquals', 50),
    [{ total: 51 }, { total: '50' }, {}, { total: null }, { total: [50] }],
    [{ total: 50 }],
  ],
  ['greaterThan: strictly', total('greaterThan', 50), [{ total: 50.000001 }], [{ total: 50 }, { total: 49 }]],
  [
    'lessThan: strictly',
    total('lessThan', 50),
    [{ total: 49.999999 }, { total: -1 }],
    [{ total: 50 }, { total: 51 }],
  ],
  [
    'greaterThan: false on anything but two numbers',
    total('greaterThan', 0),
    [],
    [{ total: '1' }, { total: true }, { total: [1] }, {}, { total: null }],
  ],
  [
    'greaterThan: false against a text, even for a text',
    total('greaterThan', 'a'),
    [],
    [{ total: 'b' }, { total: 1 }],
  ],
  [
    'lessThan: an absent property is not 0',
    total('lessThan', 1),
    [],
    [{}, { total: null }, { total: '0' }, { total: false }],
  ],
  ['lessThan: false against true', total('lessThan', true), [], [{ total: 0 }, { total: false }]],
  [
    'contains: text in text, case-sensitively',
    tags('new'),
    [{ tags: 'renewal' }],
    [{ tags: 'NEW' }, { tags: 'ne w' }],
  ],
  [
    'contains: a value in an array by equals',
    tags('new'),
    [{ tags: ['a', 'new'] }],
    [{ tags: ['newer'] }, { tags: ['NEW'] }, { tags: [['new']] }],
  ],
  [
    'contains: numbers in an array are numbers',
    tags(7),
    [{ tags: [7] }],
    [{ tags: ['7'] }, { tags: '7' }, { tags: 7 }, { tags: 777 }],
  ],
  ['contains: true in an array is true', tags(true), [{ tags: [true] }], [{ tags: [1] }, { tags: true }]],
  [
    'contains: neither in an object nor in nothing',
    tags('new'),
    [],
    [{ tags: { new: 'new' } }, {}, { tags: null }, { tags: [null] }],
  ],
];

const textOf = (properties: object | string) =>
  typeof properties === 'string' ? properties : JSON.stringify(properties);

describe('Filters', () => {
  for (const [rule, filter, matching, others] of cases) {
    test(rule, () => {
      const conversion = { ...purchases, filters: [filter] };
      for (const properties of matching)
        assert.ok(matches(conversion, 'Purchase', textOf(properties)), textOf(properties));
      for (const properties of others)
        assert.ok(!matches(conversion, 'Purchase', textOf(properties)), textOf(properties));
    });
  }

  test('all must hold for the same event', () => {
    const conversion = { ...purchases, filters: [total('greaterThan', 50), tags('vip')] };
    assert.ok(matches(conversion, 'Purchase', '{"total":51,"tags":["vip"]}'));
    assert.ok(!matches(conversion, 'Purchase', '{"total":51}'));
    assert.ok(!matches(conversion, 'Purchase', '{"tags":["vip"]}'));
  });

  test('an event without properties has none', () => {
    assert.ok(matches(purchases, 'Purchase', null));
    assert.ok(!matches({ ...purchases, filters: [exists('total')] }, 'Purchase', null));
    assert.ok(matches({ ...purchases, filters: [total('notEquals', 50)] }, 'Purchase', null));
  });

  test('the name is compared as it is', () => {
    for (const name of ['purchase', 'Purchase ', 'Purchased', '', null])
      assert.ok(!matches(purchases, name, null), String(name));
  });

  test('properties are read only where the name matches and a filter asks for them', () => {
    assert.ok(matches(purchases, 'Purchase', 'not read'));
    assert.ok(!matches({ ...purchases, filters: [exists('total')] }, 'Other', 'not read'));
  });
});

describe('The attribution window in milliseconds', () => {
  const windows: [value: number, unit: 'minutes' | 'hours' | 'days', milliseconds: number][] = [
    [0, 'minutes', 0],
    [24, 'hours', 86_400_000],
    [1, 'days', 86_400_000],
    [1.5, 'hours', 5_400_000],
    [3_650, 'days', 315_360_000_000],
    // On paper all of these are whole; as doubles some are a hair more or less.
    [0.1, 'minutes', 6_000],
    [0.07, 'hours', 252_000],
    [0.57, 'hours', 2_052_000],
    [1.1, 'minutes', 66_000],
    [4.35, 'minutes', 261_000],
    [1.005, 'minutes', 60_300],
    [0.00115, 'minutes', 69],
    [1 / 3, 'hours', 1_200_000],
    [1 / 86_400, 'days', 1_000],
    // Times are whole milliseconds: a fraction of one more lets nothing more in.
    [0.00001, 'minutes', 0],
    [0.00009, 'minutes', 5],
    [0.333333, 'hours', 1_199_998],
    [1 / 70_000, 'minutes', 0],
  ];
  for (const [value, unit, milliseconds] of windows) {
    test(`${value} ${unit} are ${milliseconds}`, () => {
      assert.equal(
        windowMilliseconds({ ...purchases, stopCountingAfterExit: { value, unit } }),
        milliseconds,
      );
    });
  }

  test('decimal fractions that are whole milliseconds on paper are so here', () => {
    for (let thousandths = 0; thousandths <= 200_000; thousandths += 1) {
      const value = Number(`${thousandths}e-3`);
      const window = windowMilliseconds({ ...purchases, stopCountingAfterExit: { value, unit: 'hours' } });
      assert.equal(window, thousandths * 3_600, `${value} hours`);
    }
  });
});
