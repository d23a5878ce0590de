// Section 7, distributions: what is served differs by at most 2 % from the true quantile, and 0 is 0.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { bucketOf, bucketValue, quantile } from '../../../bff/fold/index.ts';

const hundredYears = 100 * 366 * 86_400_000;

function assertNear(served: number | null, exact: number): void {
  assert.ok(served !== null && Math.abs(served - exact) <= 0.01 * exact, `${served} for ${exact}`);
}

const histogramOf = (values: readonly number[]) => {
  const histogram: number[] = [];
  for (const value of values) histogram[bucketOf(value)] = (histogram[bucketOf(value)] ?? 0) + 1;
  return histogram;
};

/** The smallest value that at least ⌈q·n⌉ values do not exceed, q in percent. */
const nearestRank = (values: readonly number[], percent: number) =>
  values.toSorted((left, right) => left - right)[
    Math.max(1, Math.ceil((percent * values.length) / 100)) - 1
  ] ?? NaN;

describe('Buckets', () => {
  test('0 has its own, and nothing else is in it', () => {
    assert.equal(bucketOf(0), 0);
    assert.equal(bucketValue(0), 0);
    assert.equal(bucketOf(1), 1);
  });

  test('serve every value from 1 ms to 100 years within 1 %', () => {
    for (let value = 1; value <= 100_000; value += 1) assertNear(bucketValue(bucketOf(value)), value);
    for (let value = 100_000; value < hundredYears; value = Math.ceil(value * 1.0001)) {
      assertNear(bucketValue(bucketOf(value)), value);
    }
    assertNear(bucketValue(bucketOf(hundredYears)), hundredYears);
  });

  test('never fall while values rise, and are few', () => {
    let before = 0;
    for (let value = 1; value < hundredYears; value = Math.ceil(value * 1.001)) {
      const bucket = bucketOf(value);
      assert.ok(bucket >= before);
      before = bucket;
    }
    assert.ok(before < 1_500);
  });
});

describe('Quantiles', () => {
  test('are null for nothing', () => {
    assert.equal(quantile([], 0.5), null);
    assert.equal(quantile([0, 0, 0, 0], 0.5), null);
  });

  test('are in seconds, and 0 is 0', () => {
    assert.equal(quantile(histogramOf([0]), 0.9), 0);
    assert.equal(quantile(histogramOf([0, 0, 5_000]), 0.5), 0);
    assertNear(quantile(histogramOf([0, 5_000, 5_000]), 0.5), 5);
  });

  test('are values by nearest rank, not between two', () => {
    const hours = [1, 3, 5, 7, 9, 11].map((hour) => hour * 3_600_000);
    assertNear(quantile(histogramOf(hours), 0.5), 5 * 3_600);
    assertNear(quantile(histogramOf(hours), 0.9), 11 * 3_600);
  });

  test('take a rank that is whole on paper as it is, though 0.07 times 100 is more than 7 in doubles', () => {
    for (const percent of [7, 14, 28, 50, 55, 56, 90, 99]) {
      const low = Array<number>(percent).fill(1);
      const high = Array<number>(100 - percent).fill(1_000_000);
      assertNear(quantile(histogramOf([...low, ...high]), percent / 100), 0.001);
      assertNear(quantile(histogramOf([...low.slice(1), ...high, 1_000_000]), percent / 100), 1_000);
    }
  });

  test('take a bucket that is missing for one without any', () => {
    const gaps: number[] = [];
    gaps[9] = 2;
    gaps[1] = 3;
    assert.equal(quantile(gaps, 0.5), bucketValue(1) / 1_000);
    assert.equal(quantile(gaps, 0.9), bucketValue(9) / 1_000);
  });

  test('lie within 1 % of the exact ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(20), fc.integer({ min: 0, max: hundredYears })), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.constantFrom(50, 90),
        (values, percent) => {
          assertNear(quantile(histogramOf(values), percent / 100), nearestRank(values, percent) / 1_000);
        },
      ),
    );
  });
});
