// Properties of the fold that hold for every history: it says what the reference says, the order of arrival and the
// batches change nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  bucketOf,
  closingKey,
  differenceOf,
  durationKey,
  factKey,
  factsOf,
  fold,
  noDay,
  occurrences,
  type Facts,
  type HistoryEvent,
} from '../../../bff/fold/index.ts';
import { arbitraryHistory, arbitraryRules } from './arbitrary-history.ts';
import { referenceFold } from './reference-fold.ts';

const countedBy = (keys: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

/** Counts by key. */
const countsIn = (entries: ReadonlyMap<string, { readonly count: number }>) =>
  new Map([...entries].map(([key, { count }]) => [key, count]));

test('The fold says what the meaning, read slowly, says', () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryHistory(40), (rules, history) => {
      const expected = referenceFold(rules, history);
      const found: string[] = [];
      occurrences(fold(rules, history), (fact, step, detail, day, at, event) => {
        found.push(JSON.stringify([fact, step, detail, day, at, event.id]));
      });
      assert.deepEqual(
        found.toSorted(),
        expected.occurrences
          .map(({ fact, step, detail, day, at, id }) =>
            JSON.stringify([fact, step, detail, day ?? noDay, at, id]),
          )
          .toSorted(),
      );

      const facts = factsOf(rules, history);
      assert.deepEqual(
        countsIn(facts.durations),
        countedBy(
          expected.durations.map(({ fact, step, day, milliseconds }) => {
            assert.ok(fact === 'timeInStep' || fact === 'timeToConvert');
            return durationKey(fact, step, day, bucketOf(milliseconds));
          }),
        ),
      );
      assert.deepEqual(
        countsIn(facts.closings),
        countedBy(expected.closings.map(({ day, closesAt }) => closingKey(day, closesAt))),
      );
    }),
    { numRuns: 2_500 },
  );
});

test('Facts count occurrences, each under its key, and none is 0', () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryHistory(60), (rules, history) => {
      const facts = factsOf(rules, history);
      const keys: string[] = [];
      occurrences(fold(rules, history), (fact, step, detail, day) =>
        keys.push(factKey(fact, step, detail, day)),
      );
      assert.deepEqual(countsIn(facts.counts), countedBy(keys));
      for (const [key, { fact, step, detail, day }] of facts.counts)
        assert.equal(key, factKey(fact, step, detail, day));
      for (const [key, { fact, step, day, bucket }] of facts.durations)
        assert.equal(key, durationKey(fact, step, day, bucket));
      for (const [key, { day, closesAt }] of facts.closings) assert.equal(key, closingKey(day, closesAt));
    }),
  );
});

test('The order of arrival changes nothing', () => {
  fc.assert(
    fc.property(
      arbitraryRules,
      arbitraryHistory(60).chain((history) =>
        fc.tuple(fc.constant(history), fc.shuffledSubarray(history, { minLength: history.length })),
      ),
      (rules, [history, shuffled]) => {
        assert.deepEqual(factsOf(rules, shuffled), factsOf(rules, history));
        assert.deepEqual(fold(rules, shuffled), fold(rules, history));
      },
    ),
    { numRuns: 500 },
  );
});

test('Copies change nothing once only the first event of an id is kept', () => {
  fc.assert(
    fc.property(
      arbitraryRules,
      arbitraryHistory(40).chain((history) =>
        fc.tuple(
          fc.constant(history),
          fc.shuffledSubarray([...history, ...history], { minLength: history.length * 2 }),
        ),
      ),
      (rules, [history, doubled]) => {
        const kept = new Map<string, HistoryEvent>();
        for (const event of doubled) if (!kept.has(event.id)) kept.set(event.id, event);
        assert.deepEqual(factsOf(rules, [...kept.values()]), factsOf(rules, history));
      },
    ),
  );
});

/** Sums of differences, and the sets that they make of one user. */
class Sums {
  readonly counts = new Map<string, number>();
  readonly durations = new Map<string, number>();
  readonly closings = new Map<string, number>();
  readonly member = new Set<string>();

  add(before: Facts, after: Facts): void {
    const difference = differenceOf(before, after);
    for (const name of ['counts', 'durations', 'closings'] as const) {
      for (const [key, { count }] of difference[name]) {
        assert.notEqual(count, 0);
        const sum = (this[name].get(key) ?? 0) + count;
        if (sum === 0) this[name].delete(key);
        else this[name].set(key, sum);
      }
    }
    for (const [key, { joined, left, count }] of difference.counts) {
      assert.ok(!(joined && left));
      if (joined) assert.ok(count > 0 && !this.member.has(key));
      if (left) assert.ok(count < 0 && this.member.has(key));
      if (joined) this.member.add(key);
      if (left) this.member.delete(key);
    }
  }
}

test('Differences, added batch by batch in any split, make the facts of the whole', () => {
  fc.assert(
    fc.property(
      arbitraryRules,
      arbitraryHistory(40),
      fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
      (rules, history, sizes) => {
        const sums = new Sums();
        let done: HistoryEvent[] = [];
        let facts = factsOf(rules, done);
        while (done.length < history.length) {
          const size: number = sizes.next().value;
          done = history.slice(0, done.length + size);
          const next = factsOf(rules, done);
          sums.add(facts, next);
          facts = next;
        }
        const whole = factsOf(rules, history);
        assert.deepEqual(sums.counts, countsIn(whole.counts));
        assert.deepEqual(sums.durations, countsIn(whole.durations));
        assert.deepEqual(sums.closings, countsIn(whole.closings));
        assert.deepEqual(sums.member, new Set(whole.counts.keys()));
      },
    ),
    { numRuns: 300 },
  );
});
