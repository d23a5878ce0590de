import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abTest, splitLikelihood } from '../../../widgets/flow/ab-test.ts';
import {
  chiSquareTail,
  newcombeInterval,
  twoSidedBound,
  wilsonInterval,
} from '../../../widgets/flow/proportions.ts';
import { flowStep } from '../../fixtures/flow-steps.ts';

function near(actual: number, expected: number, digits = 4): void {
  assert.ok(Math.abs(actual - expected) <= 0.5 * 10 ** -digits, `${actual} is not ${expected}`);
}

// Newcombe, Statistics in Medicine 17 (1998), table II, method 10, cases (a) to (h).
for (const [a, m, b, n, low, high] of [
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
] as const) {
  test(`${a}/${m} less ${b}/${n} is between ${low} and ${high}`, () => {
    const interval = newcombeInterval({ count: a, whole: m }, { count: b, whole: n });
    near(interval.low, low);
    near(interval.high, high);
  });
}

test('an interval of a share is that of Wilson', () => {
  // Newcombe, Statistics in Medicine 17 (1998), 857–872: 81 of 263 and 0 of 20.
  near(wilsonInterval(81, 263).low, 0.2553);
  near(wilsonInterval(81, 263).high, 0.3662);
  near(wilsonInterval(0, 20).high, 0.1611);
  assert.equal(wilsonInterval(0, 20).low, 0);
  assert.equal(wilsonInterval(20, 20).high, 1);
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
});

// Percentage points of the chi-square distribution, as tables print them.
for (const [value, freedom, tail] of [
  [3.841_459, 1, 0.05],
  [6.634_897, 1, 0.01],
  [10.827_566, 1, 0.001],
  [5.991_465, 2, 0.05],
  [9.210_34, 2, 0.01],
  [0.351_846, 3, 0.95],
  [11.344_867, 3, 0.01],
  [18.307_038, 10, 0.05],
  [124.342_113, 100, 0.05],
] as const) {
  test(`chi-square ${value} with ${freedom} degrees of freedom leaves ${tail}`, () => {
    near(chiSquareTail(value, freedom), tail, 6);
  });
}

test('chi-square ends are 1 and 0', () => {
  assert.equal(chiSquareTail(0, 3), 1);
  assert.equal(chiSquareTail(Infinity, 3), 0);
  assert.ok(chiSquareTail(5_000, 1) >= 0);
});

test('a normal value leaves 5 in 100 beyond 1.96', () => {
  near(twoSidedBound(0.05), 1.959_964, 5);
  near(twoSidedBound(0.01), 2.575_829, 5);
});

// The split of Fabijan and others, KDD 2019, of 821,588 and 815,482 users, which looks even and is not.
for (const [counts, weights, likelihood] of [
  [[821_588, 815_482], [50, 50], 0.000_001_8],
  [[8_102, 8_078], [50, 50], 0.850_3],
  [[0, 0], [50, 50], null],
  [[10], [1], null],
  [[90, 10, 5], [90, 10, 0], 0],
  [[90, 10, 0], [90, 10, 0], 1],
  [[0, 100], [50, 50], 0],
] as const) {
  test(`a split of ${counts.join(' and ')} planned as ${weights.join(' and ')} has likelihood ${likelihood}`, () => {
    const actual = splitLikelihood(counts.map((count, at) => ({ count, weight: weights[at] ?? 0 })));
    if (likelihood === null || actual === null) assert.equal(actual, likelihood);
    else near(actual, likelihood, likelihood < 0.001 && likelihood > 0 ? 7 : 3);
  });
}

type Counts = readonly [count: number, users: number, convertedUsers: number];

function split(outcomes: Readonly<Record<string, Counts>>, weights?: Readonly<Record<string, number>>) {
  return flowStep({
    stepId: 'test',
    type: 'split',
    ...(weights && {
      variants: Object.entries(weights).map(([outcome, weight]) => ({ outcome, weight })),
    }),
    outcomes: Object.fromEntries(
      Object.entries(outcomes).map(([name, [count, users, convertedUsers]]) => [
        name,
        { count, users, convertedUsers, conversionRate: users > 0 ? (100 * convertedUsers) / users : null },
      ]),
    ),
  });
}

test('no winner while the interval includes zero', () => {
  const result = abTest(split({ A: [8_102, 7_928, 1_514], B: [8_078, 7_906, 1_588] }, { A: 50, B: 50 }));
  assert.ok(result);
  assert.equal(result.winner, null);
  assert.equal(result.split?.asPlanned, true);
  const [comparison] = result.comparisons;
  assert.ok(comparison);
  assert.deepEqual([comparison.outcome, comparison.with], ['B', 'A']);
  near(comparison.difference, 0.0099);
  near(comparison.interval.low, -0.0025);
  near(comparison.interval.high, 0.0223);
});

test('a winner when it excludes zero, by how much', () => {
  const result = abTest(split({ A: [8_000, 8_000, 1_500], B: [8_000, 8_000, 1_640] }, { A: 1, B: 1 }));
  assert.equal(result?.winner?.outcome, 'B');
  assert.equal(result.winner.with, 'A');
  near(result.winner.interval.low, 0.0051, 3);
  near(result.winner.interval.high, 0.0298, 3);
});

test('no winner of a split that differs from its plan', () => {
  const result = abTest(split({ A: [8_000, 8_000, 1_500], B: [7_000, 7_000, 2_000] }, { A: 1, B: 1 }));
  assert.equal(result?.split?.asPlanned, false);
  assert.equal(result.winner, null);
});

test('entries or users as planned are enough', () => {
  // Drawn anew for each of many entries, most users had both.
  const anew = abTest(split({ A: [9_000, 4_000, 40], B: [1_000, 900, 9] }, { A: 90, B: 10 }));
  assert.equal(anew?.split?.asPlanned, true);
  // Kept for a user, and a few users entered often.
  const kept = abTest(split({ A: [5_000, 1_000, 40], B: [4_000, 1_000, 40] }, { A: 50, B: 50 }));
  assert.equal(kept?.split?.asPlanned, true);
});

test('without a plan there is no check of the split', () => {
  const result = abTest(split({ A: [800, 800, 10], B: [100, 100, 90] }));
  assert.equal(result?.split, undefined);
  assert.equal(result?.winner?.outcome, 'B');
});

test('of three, the winner must beat each', () => {
  const close = { A: [5_000, 5_000, 500], B: [5_000, 5_000, 800], C: [5_000, 5_000, 805] } as const;
  assert.equal(abTest(split(close))?.winner, null);
  const clear = { ...close, C: [5_000, 5_000, 1_000] } as const;
  const result = abTest(split(clear));
  assert.equal(result?.winner?.outcome, 'C');
  assert.equal(result.winner.with, 'B');
  assert.deepEqual(
    result.comparisons.map(({ outcome, with: other }) => [outcome, other]),
    [
      ['B', 'A'],
      ['C', 'A'],
    ],
  );
});

test('chance is spread over the pairs of many variants', () => {
  const two = { A: [1_000, 1_000, 100], B: [1_000, 1_000, 129] } as const;
  assert.equal(abTest(split(two))?.winner?.outcome, 'B');
  const many = { ...two, C: [1_000, 1_000, 99], D: [1_000, 1_000, 98], E: [1_000, 1_000, 97] } as const;
  assert.equal(abTest(split(many))?.winner, null);
});

test('nothing is compared where there is nothing to compare', () => {
  assert.equal(abTest(flowStep({ stepId: 'mail', type: 'email' })), undefined);
  assert.equal(abTest(split({})), undefined);
  assert.equal(abTest(split({ A: [10, 10, 1] })), undefined);
  assert.equal(abTest(split({ A: [0, 0, 0], B: [0, 0, 0] }, { A: 1, B: 1 })), undefined);
});

test('a variant that nobody got is told, although there is nothing to compare', () => {
  const result = abTest(split({ A: [100, 100, 1] }, { A: 1, B: 1 }));
  assert.equal(result?.split?.asPlanned, false);
  assert.deepEqual([result.comparisons, result.winner], [[], null]);
});

test('names from a prototype are no outcomes', () => {
  const result = abTest(
    split({ A: [10, 10, 1], B: [10, 10, 1] }, { A: 1, B: 1, constructor: 1, toString: 1 }),
  );
  assert.equal(result?.variants.length, 4);
  assert.equal(result.comparisons.length, 1);
});
