// Blocks of days: any range is covered exactly, and by few blocks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  allTimeLevel,
  blockOf,
  coverDays,
  coverDaysWithSets,
  dayLevel,
  firstDayOf,
  hasSets,
  levels,
} from '../../bff/rollup/blocks.ts';

const day = fc.oneof(
  fc.integer({ min: -800_000, max: 3_000_000 }),
  // Around the bounds of blocks.
  fc
    .tuple(fc.integer({ min: -50, max: 500 }), fc.integer({ min: -2, max: 2 }))
    .map(([block, off]) => block * 64 + off),
);
const finite = levels.filter((level) => level !== allTimeLevel);

/** How many days a block of a level holds. */
const sizeOf = (level: number) => firstDayOf(level, 1) - firstDayOf(level, 0);

test('a block holds the days from its first to the next one’s', () => {
  fc.assert(
    fc.property(day, fc.constantFrom(...finite), (each, level) => {
      const block = blockOf(level, each);
      assert.ok(firstDayOf(level, block) <= each);
      assert.ok(each < firstDayOf(level, block + 1));
      assert.equal(blockOf(level, firstDayOf(level, block)), block);
    }),
  );
  assert.deepEqual(finite.map(sizeOf), [1, 4, 16, 64]);
  assert.equal(blockOf(dayLevel, -3), -3);
  assert.equal(blockOf(allTimeLevel, 123), 0);
});

test('any range is covered exactly, in order, and by few blocks', () => {
  fc.assert(
    fc.property(day, fc.nat(4_000), (first, length) => {
      const last = first + length;
      const spans = coverDays(first, last);
      let next = first;
      let blocks = 0;
      for (const span of spans) {
        assert.ok(span.first <= span.last);
        assert.ok(firstDayOf(span.level, span.first) === next, 'a gap, or a day twice');
        next = firstDayOf(span.level, span.last + 1);
        blocks += span.last - span.first + 1;
      }
      assert.ok(next === last + 1);
      // At most 3 days, 3 blocks of 4 and 3 of 16 days at either end, whatever lies between.
      assert.ok(spans.length <= 7);
      assert.ok(blocks <= Math.floor((length + 1) / 64) + 18, `${blocks} blocks for ${length + 1} days`);
      // No coarser block would have fitted in the place of finer ones.
      for (const span of spans) {
        const coarser = span.level + 1;
        if (coarser === allTimeLevel) continue;
        const ratio = sizeOf(coarser) / sizeOf(span.level);
        const fits = Math.floor((span.last + 1) / ratio) - Math.ceil(span.first / ratio);
        assert.ok(fits <= 0, `blocks of level ${coarser} fit`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('any range is covered exactly and in order by blocks that have sets', () => {
  fc.assert(
    fc.property(day, fc.nat(4_000), (first, length) => {
      let next = first;
      for (const span of coverDaysWithSets(first, first + length)) {
        assert.ok(hasSets(span.level));
        assert.ok(span.first <= span.last);
        assert.ok(firstDayOf(span.level, span.first) === next, 'a gap, or a day twice');
        next = firstDayOf(span.level, span.last + 1);
      }
      assert.ok(next === first + length + 1);
    }),
  );
  assert.ok(!hasSets(allTimeLevel));
});

test('a range that runs backwards is empty', () => {
  assert.deepEqual(coverDays(5, 4), []);
  assert.deepEqual(coverDays(5, -400), []);
});
