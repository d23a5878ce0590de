// Numbers as bytes, held against plain maps; and that they count the distinct users of any range.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { blockOf, coverDays, firstDayOf } from '../../bff/rollup/blocks.ts';
import {
  addNumbers,
  changePairs,
  noPairs,
  packNumbers,
  readPairs,
  unpackNumbers,
  type FactNumbers,
} from '../../db/packed-numbers.ts';

const count = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.integer({ min: 2 ** 27, max: 2 ** 32 }),
  fc.integer({ min: 1, max: 2 ** 52 }),
);
/** Days before a block, from the day before to a century, or buckets. */
const key = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 40_000 }));
const pairs = fc.array(fc.tuple(key, count), { maxLength: 30 }).map((list) => new Map(list));
const facts = fc.array(
  fc.record({ count, users: count, earlier: pairs.map((each) => changePairs(noPairs, each)) }),
  { maxLength: 6 },
);

const ascending = (map: ReadonlyMap<number, number>) => [...map].toSorted(([one], [other]) => one - other);
const asLists = (each: FactNumbers) => ({ ...each, earlier: [...readPairs(each.earlier)] });

test('pairs are read as they were written, and change as a map does', () => {
  fc.assert(
    fc.property(pairs, pairs, (one, other) => {
      const stored = changePairs(noPairs, one);
      assert.deepEqual([...readPairs(stored)], ascending(one));
      const sum = new Map(one);
      for (const [each, added] of other) sum.set(each, (sum.get(each) ?? 0) + added);
      const more = changePairs(stored, other);
      assert.deepEqual([...readPairs(more)], ascending(sum));
      const less = new Map([...other].map(([each, added]) => [each, -added]));
      assert.deepEqual([...changePairs(more, less)], [...stored]);
    }),
  );
});

test('a row is taken apart as it was put together', () => {
  fc.assert(
    fc.property(facts, pairs, (ofFacts, buckets) => {
      const row = packNumbers(ofFacts, changePairs(noPairs, buckets));
      const unpacked = unpackNumbers(row, ofFacts.length);
      assert.deepEqual(unpacked.facts.map(asLists), ofFacts.map(asLists));
      assert.deepEqual([...readPairs(unpacked.durations)], ascending(buckets));
    }),
  );
});

test('a row is added up without those who were there in so many days before', () => {
  fc.assert(
    fc.property(
      facts,
      pairs,
      fc.oneof(fc.integer({ min: -50, max: 400 }), fc.nat(50_000)),
      (ofFacts, buckets, days) => {
        // What is there already is added to.
        const sums = ofFacts.map(() => ({ count: 3, users: 2 }));
        const histogram = [5];
        addNumbers(packNumbers(ofFacts, changePairs(noPairs, buckets)), sums, histogram, days);
        const expected = ofFacts.map(({ count: times, users, earlier }) => {
          let isNew = users;
          for (const [before, were] of readPairs(earlier)) if (before <= days) isNew -= were;
          return { count: times + 3, users: isNew + 2 };
        });
        assert.deepEqual(sums, expected);
        const added = new Map(histogram.entries().filter(([, times]) => times > 0));
        assert.deepEqual([...added], ascending(new Map([...buckets, [0, (buckets.get(0) ?? 0) + 5]])));
      },
    ),
  );
});

test('no number falls below 0, and bytes that end too early are refused', () => {
  assert.throws(() => changePairs(noPairs, new Map([[3, -1]])), RangeError);
  const row = packNumbers(
    [{ count: 300, users: 5, earlier: noPairs }],
    changePairs(noPairs, new Map([[7, 300]])),
  );
  assert.throws(() => unpackNumbers(row.subarray(0, 1), 1), RangeError);
  assert.throws(() => readPairs(unpackNumbers(row.subarray(0, -1), 1).durations), RangeError);
});

test('with the users of the blocks that cover a range they make the distinct users of the range', () => {
  const day = fc.integer({ min: -200, max: 800 });
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(day, { minLength: 1, maxLength: 8 }), { maxLength: 12 }),
      day,
      fc.nat(600),
      (daysOfUsers, first, length) => {
        let counted = 0;
        for (const { level, first: from, last: to } of coverDays(first, first + length)) {
          for (let block = from; block <= to; block += 1) {
            const start = firstDayOf(level, block);
            const here = daysOfUsers.filter((days) => days.some((each) => blockOf(level, each) === block));
            const before = new Map<number, number>();
            for (const days of here) {
              const last = Math.max(...days.filter((each) => each < start));
              if (Number.isFinite(last)) before.set(start - last, (before.get(start - last) ?? 0) + 1);
            }
            const earlier = changePairs(noPairs, before);
            const row = packNumbers([{ count: here.length, users: here.length, earlier }], noPairs);
            const sum = { count: 0, users: 0 };
            addNumbers(row, [sum], [], start - first);
            counted += sum.users;
          }
        }
        const isInRange = (each: number) => each >= first && each <= first + length;
        assert.equal(counted, daysOfUsers.filter((days) => days.some(isInRange)).length);
      },
    ),
    { numRuns: 500 },
  );
});
