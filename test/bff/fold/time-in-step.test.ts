// Section 7: how long visits lasted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsOf, quantile, type HistoryEvent } from '../../../bff/fold/index.ts';
import { entered, exited, rules, visit } from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };

const timesIn = (step: string, ...history: HistoryEvent[]) => {
  const durations = [...factsOf(rules, history).durations.values()].filter(
    (duration) => duration.fact === 'timeInStep' && duration.step === step,
  );
  const histogram: number[] = [];
  for (const { bucket, count } of durations) histogram[bucket] = (histogram[bucket] ?? 0) + count;
  return {
    count: durations.reduce((sum, { count }) => sum + count, 0),
    p50: quantile(histogram, 0.5),
    p90: quantile(histogram, 0.9),
  };
};
const assertTimes = (
  found: ReturnType<typeof timesIn>,
  count: number,
  p50: number | null,
  p90: number | null,
) => {
  assert.equal(found.count, count);
  for (const [served, exact] of [
    [found.p50, p50],
    [found.p90, p90],
  ] as const) {
    if (exact === null) assert.equal(served, null);
    else assert.ok(served !== null && Math.abs(served - exact) <= 0.01 * exact, `${served} for ${exact}`);
  }
};

describe('Time in step', () => {
  test('runs to the next visit, or to the exit', () => {
    const history = [
      entered('09:00'),
      visit('09:00', 'a'),
      visit('09:10', 'b'),
      visit('09:30', 'a'),
      exited('10:00'),
    ];
    assertTimes(timesIn('a', ...history), 2, 600, 1_800);
    assertTimes(timesIn('b', ...history), 1, 1_200, 1_200);
  });

  test('is 0 when nothing passed, and that is served as 0', () => {
    const history = [
      entered('09:00'),
      visit('09:00', 'a', { id: 'zero-1' }),
      visit('09:00', 'b', { id: 'zero-2' }),
      exited('09:00'),
    ];
    assertTimes(timesIn('a', ...history), 1, 0, 0);
    assertTimes(timesIn('b', ...history), 1, 0, 0);
  });

  test('of a visit after the exit would be negative and is left out', () => {
    const history = [entered('09:00'), visit('09:10', 'a'), exited('10:00'), visit('11:00', 'b')];
    assertTimes(timesIn('a', ...history), 1, 6_600, 6_600);
    assertTimes(timesIn('b', ...history), 0, null, null);
  });

  test('of a visit at the very time of the exit is 0, also when it stands after the exit in order', () => {
    assertTimes(
      timesIn('a', entered('09:00'), exited('10:00'), visit('10:00', 'a', { sequence: 1 })),
      1,
      0,
      0,
    );
  });

  test('is none for a visit that waits', () => {
    assertTimes(timesIn('a', entered('09:00'), visit('09:10', 'a')), 0, null, null);
  });

  test('runs within an entry alone', () => {
    assertTimes(
      timesIn(
        'a',
        entered('09:00', x),
        visit('09:00', 'a', x),
        entered('09:01', y),
        visit('09:02', 'b', y),
        exited('09:05', y),
        visit('09:10', 'b', x),
      ),
      1,
      600,
      600,
    );
  });
});
