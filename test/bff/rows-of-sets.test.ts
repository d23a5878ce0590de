// Rows of sets: whoever joins and leaves, in whatever order and batches, each range of users holds its own, and no empty set.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CountChange } from '../../bff/rollup/changes.ts';
import { ChangesOfSets, changeSets, keyOfSets } from '../../bff/rollup/rows-of-sets.ts';
import { listSet } from '../../bff/rollup/user-sets.ts';
import type { SetRow } from '../../db/queries/sets.ts';

const user = fc.oneof(
  fc.nat(30),
  fc.integer({ min: 65_530, max: 65_550 }),
  fc.integer({ min: 2 ** 31 - 4, max: 2 ** 31 - 1 }),
);
const facts = ['sentCount ios', 'sentCount ', 'entryCount '] as const;
/** Who is in a set from then on, by fact. */
const step = fc.record({ name: fc.constantFrom(...facts), users: fc.uniqueArray(user, { maxLength: 12 }) });

test('every user stands in the row of their range, and only there', () => {
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 6 }), (batches) => {
      const stored = new Map<string, SetRow>();
      const expected = new Map<string, Set<number>>();
      for (const batch of batches) {
        const changes = new ChangesOfSets();
        const known = new Set<string>();
        for (const { name, users } of batch) {
          // A pass has one change of each number.
          if (known.has(name)) continue;
          known.add(name);
          const before = expected.get(name) ?? new Set<number>();
          const now = new Set(users);
          const [fact = '', detail = ''] = name.split(' ');
          const change: CountChange = {
            fact,
            detail,
            stepId: 'hello',
            level: 0,
            block: 20_000,
            count: 0,
            earlier: null,
            joined: users.filter((each) => !before.has(each)),
            left: [...before].filter((each) => !now.has(each)),
          };
          changes.add(change, 0);
          expected.set(name, now);
        }
        for (const each of changes.list()) {
          const row = changeSets(stored.get(keyOfSets(each)), each);
          if (row.sets.length === 0) stored.delete(keyOfSets(row));
          else stored.set(keyOfSets(row), row);
        }
      }
      const found = new Map<string, number[]>();
      for (const { userRange, sets } of stored.values()) {
        const names = sets.map(({ fact, detail }) => `${fact} ${detail}`);
        assert.deepEqual(names, names.toSorted());
        for (const [place, { members }] of sets.entries()) {
          const users = [...listSet(members)];
          assert.ok(users.length > 0);
          assert.ok(users.every((each) => Math.floor(each / 65_536) === userRange));
          const name = names[place] ?? '';
          found.set(name, [...(found.get(name) ?? []), ...users]);
        }
      }
      for (const name of facts) {
        const ascending = (users: Iterable<number>) => [...users].toSorted((one, other) => one - other);
        assert.deepEqual(ascending(found.get(name) ?? []), ascending(expected.get(name) ?? []));
      }
    }),
  );
});
