// Sets of users as bytes, held against JavaScript's own sets; and the memory outside the garbage collector does not grow.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { RoaringUint8Array } from 'roaring-wasm';
import {
  changeSet,
  countDifference,
  countSet,
  intersectSets,
  listSet,
  subtractSet,
  uniteSets,
} from '../../bff/rollup/user-sets.ts';

/** Few numbers in one container, many in a row, and the largest that a user can have. */
const user = fc.oneof(
  fc.nat(50),
  fc.nat(200_000),
  fc.integer({ min: 65_530, max: 65_540 }),
  fc.integer({ min: 2 ** 31 - 3, max: 2 ** 31 - 1 }),
);
const users = fc.oneof(
  fc.uniqueArray(user, { maxLength: 40 }),
  fc
    .tuple(fc.nat(100_000), fc.nat(6_000))
    .map(([from, length]) => Array.from({ length }, (_, index) => from + index)),
);

const stored = (members: readonly number[]) => changeSet(null, members, []).members;
const ascending = (members: Iterable<number>) => [...members].toSorted((a, b) => a - b);

describe('sets of users', () => {
  test('change as JavaScript’s do', () => {
    fc.assert(
      fc.property(users, users, users, (first, joined, left) => {
        const expected = new Set([...first.filter((each) => !left.includes(each)), ...joined]);
        const changed = changeSet(stored(first), joined, left);
        assert.equal(changed.users, expected.size);
        assert.deepEqual([...listSet(changed.members)], ascending(expected));
        assert.equal(countSet(changed.members), expected.size);
      }),
    );
  });

  test('are united, intersected, subtracted and compared as JavaScript’s are', () => {
    fc.assert(
      fc.property(fc.array(users, { minLength: 1, maxLength: 4 }), (lists) => {
        const sets = lists.map((list) => new Set(list));
        const bytes = lists.map(stored);
        const [first = new Set<number>(), second = new Set<number>()] = sets;
        const union = new Set(lists.flat());
        const common = [...first].filter((each) => sets.every((set) => set.has(each)));
        assert.deepEqual([...listSet(uniteSets(bytes))], ascending(union));
        assert.deepEqual([...listSet(intersectSets(bytes))], ascending(common));
        const [one = stored([]), other = stored([])] = bytes;
        assert.deepEqual(
          [...listSet(subtractSet(one, other))],
          ascending([...first].filter((each) => !second.has(each))),
        );
        assert.equal(
          countDifference(one, other),
          [...first, ...second].filter((each) => first.has(each) !== second.has(each)).length,
        );
        // What went in is what it was.
        assert.deepEqual([...listSet(one)], ascending(first));
      }),
    );
  });

  test('of one content are the same, however they came about', () => {
    fc.assert(
      fc.property(users, users, (members, others) => {
        const direct = stored(ascending(members));
        const detour = changeSet(
          changeSet(stored(members.toReversed()), others, []).members,
          members,
          others.filter((each) => !members.includes(each)),
        );
        assert.deepEqual([...listSet(detour.members)], [...listSet(direct)]);
        assert.equal(countDifference(direct, detour.members), 0);
      }),
    );
  });

  test('may be empty, or not there', () => {
    assert.equal(countSet(uniteSets([])), 0);
    assert.equal(changeSet(null, [], []).users, 0);
    assert.equal(changeSet(stored([7]), [], [7]).users, 0);
    assert.equal(countDifference(stored([]), uniteSets([])), 0);
    assert.equal(countDifference(stored([]), stored([1, 2])), 2);
    assert.equal(countDifference(stored([1, 2]), stored([])), 2);
  });

  test('that are no sets are refused', () => {
    for (const bytes of [Buffer.from('no set at all'), stored([1, 2, 3]).subarray(0, -1)]) {
      assert.throws(() => countSet(bytes));
      assert.throws(() => uniteSets([stored([1]), bytes]));
      assert.throws(() => changeSet(bytes, [1], []));
    }
  });
});

/** How large the library's memory is, and where in it the next large piece would be. */
function heapOf(): { bytes: number; address: number } {
  const piece = new RoaringUint8Array(100_000);
  const view = piece.asTypedArray();
  const heap = { bytes: view.buffer.byteLength, address: view.byteOffset };
  piece.dispose();
  return heap;
}

test('ten thousand rounds leave nothing behind outside the garbage collector', () => {
  const round = (index: number) => {
    const one = stored([index, index + 1, 70_000 + index]);
    const other = changeSet(one, [index + 2], [index]).members;
    uniteSets([one, other]);
    intersectSets([one, other]);
    subtractSet(one, other);
    countDifference(one, other);
    listSet(one);
    try {
      uniteSets([one, Buffer.from('no set')]);
    } catch {
      return; // a failure must not leave anything behind either
    }
    assert.fail('no set was read as one');
  };
  for (let index = 0; index < 100; index += 1) round(index);
  const before = heapOf();
  for (let index = 0; index < 10_000; index += 1) round(index);
  assert.deepEqual(heapOf(), before);
});
