// Earlier users as bytes, held against plain maps; and that they count the distinct users of any range.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { blockOf, coverDays, firstDayOf } from '../../bff/rollup/blocks.ts';
import {
  changeEarlier,
  countEarlier,
  joinEarlier,
  listEarlier,
  splitEarlier,
} from '../../db/earlier-users.ts';

const nobody = new Uint8Array(0);

/** Days before a block, from the day before to a century, and how many users. */
const earlier = fc
  .array(
    fc.tuple(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40_000 })), number()),
    {
      maxLength: 30,
    },
  )
  .map((pairs) => new Map(pairs));

function number() {
  return fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
}

const ascending = (map: ReadonlyMap<number, number>) => [...map].toSorted(([one], [other]) => one - other);

test('are read as they were written, and change as a map does', () => {
  fc.assert(
    fc.property(earlier, earlier, (one, other) => {
      const stored = changeEarlier(nobody, one);
      assert.deepEqual([...listEarlier(stored)], ascending(one));
      const sum = new Map(one);
      for (const [days, users] of other) sum.set(days, Math.min(2 ** 32 - 1, (sum.get(days) ?? 0) + users));
      const more = changeEarlier(stored, other);
      assert.deepEqual([...listEarlier(more)], ascending(sum));
      const less = new Map([...other].map(([days, users]) => [days, -users]));
      assert.deepEqual(changeEarlier(more, less), stored);
    }),
  );
});

test('stand in a row fact by fact, and are counted as far back as is asked', () => {
  fc.assert(
    fc.property(fc.array(earlier, { maxLength: 6 }), fc.oneof(fc.nat(400), fc.nat(50_000)), (facts, days) => {
      const ofFacts = facts.map((each) => changeEarlier(nobody, each));
      const row = joinEarlier(ofFacts);
      assert.deepEqual(splitEarlier(row, facts.length).map(listEarlier), ofFacts.map(listEarlier));
      const expected = facts.map((each) =>
        [...each].reduce((sum, [before, users]) => (before <= days ? sum + users : sum), 0),
      );
      assert.deepEqual(countEarlier(row, facts.length, days), expected);
    }),
  );
  assert.equal(joinEarlier([nobody, nobody]).length, 0);
  assert.deepEqual(countEarlier(nobody, 2, 9), [0, 0]);
});

test('are never fewer than none, and bytes that end too early are refused', () => {
  assert.throws(() => changeEarlier(nobody, new Map([[3, -1]])), RangeError);
  assert.throws(() => listEarlier(changeEarlier(nobody, new Map([[300, 5]])).subarray(0, 1)), RangeError);
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
            const [earlierUsers = 0] = countEarlier(
              joinEarlier([changeEarlier(nobody, before)]),
              1,
              start - first,
            );
            counted += here.length - earlierUsers;
          }
        }
        const isInRange = (each: number) => each >= first && each <= first + length;
        assert.equal(counted, daysOfUsers.filter((days) => days.some(isInRange)).length);
      },
    ),
    { numRuns: 500 },
  );
});
