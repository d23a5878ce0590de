// Changes: whatever way a user's facts came about, adding up the differences gives at every level what the facts from
// scratch give.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { factsOf, noDay, type Facts } from '../../bff/fold/index.ts';
import { allTimeLevel, blockOf, firstDayOf, levels } from '../../bff/rollup/blocks.ts';
import { Changes } from '../../bff/rollup/changes.ts';
import { arbitraryHistory, arbitraryRules } from './fold/arbitrary-history.ts';

interface StoredCount {
  count: number;
  readonly members: Set<number>;
  readonly earlier: Map<number, number>;
}

const noCount = (): StoredCount => ({ count: 0, members: new Set(), earlier: new Map() });

/** Stored numbers, as the rollup would hold them. */
class Stored {
  readonly counts = new Map<string, StoredCount>();
  readonly histograms = new Map<string, Map<number, number>>();
  readonly closings = new Map<string, number>();

  apply(changes: Changes): void {
    const keys = new Set<string>();
    for (const change of changes.counts) {
      const { level, block, fact, stepId, detail } = change;
      const key = `${level}\0${block}\0${fact}\0${stepId}\0${detail}`;
      assert.ok(!keys.has(key), `${key}: two changes of one number`);
      keys.add(key);
      const number = this.counts.get(key) ?? noCount();
      number.count += change.count;
      for (const [days, more] of change.earlier ?? []) {
        assert.ok(days > 0, key);
        const total = (number.earlier.get(days) ?? 0) + more;
        assert.ok(total >= 0, key);
        if (total === 0) number.earlier.delete(days);
        else number.earlier.set(days, total);
      }
      for (const userId of change.left)
        assert.ok(number.members.delete(userId), `${key}: left without being in`);
      for (const userId of change.joined) {
        assert.ok(!number.members.has(userId), `${key}: joined twice`);
        number.members.add(userId);
      }
      assert.ok(number.count >= number.members.size, key);
      assert.equal(number.count === 0, number.members.size === 0, key);
      assert.ok(number.count > 0 || number.earlier.size === 0, key);
      if (number.count === 0) this.counts.delete(key);
      else this.counts.set(key, number);
    }
    for (const change of changes.distributions) {
      const { level, block, stepId } = change;
      const key = `${level}\0${block}\0${stepId}`;
      assert.ok(!keys.has(key), `${key}: two changes of one histogram`);
      keys.add(key);
      const histogram = this.histograms.get(key) ?? new Map<number, number>();
      for (const [bucket, count] of change.buckets) {
        const total = (histogram.get(bucket) ?? 0) + count;
        assert.ok(total >= 0, key);
        if (total === 0) histogram.delete(bucket);
        else histogram.set(bucket, total);
      }
      if (histogram.size === 0) this.histograms.delete(key);
      else this.histograms.set(key, histogram);
    }
    for (const [key, { count }] of changes.closings) {
      const total = (this.closings.get(key) ?? 0) + count;
      if (total === 0) this.closings.delete(key);
      else this.closings.set(key, total);
    }
  }
}

/** The numbers of all users' facts at every level, added up one by one. */
function fromScratch(users: ReadonlyMap<number, Facts>): Stored {
  const stored = new Stored();
  for (const [userId, { counts, durations, closings }] of users) {
    for (const { fact, step, detail, day, count } of counts.values()) {
      for (const level of levels) {
        if (day === noDay && level !== allTimeLevel) continue;
        const key = `${level}\0${blockOf(level, day)}\0${fact}\0${step}\0${detail}`;
        const number = stored.counts.get(key) ?? noCount();
        number.count += count;
        stored.counts.set(key, number);
        if (number.members.has(userId)) continue;
        number.members.add(userId);
        if (level === allTimeLevel) continue;
        const start = firstDayOf(level, blockOf(level, day));
        const before = [...counts.values()]
          .filter((each) => each.fact === fact && each.step === step && each.detail === detail)
          .map((each) => each.day)
          .filter((each) => each !== noDay && each < start);
        if (before.length === 0) continue;
        const days = start - Math.max(...before);
        number.earlier.set(days, (number.earlier.get(days) ?? 0) + 1);
      }
    }
    for (const { fact, step, day, bucket, count } of durations.values()) {
      assert.equal(fact, step === '' ? 'timeToConvert' : 'timeInStep');
      for (const level of levels) {
        const key = `${level}\0${blockOf(level, day)}\0${step}`;
        const histogram = stored.histograms.get(key) ?? new Map<number, number>();
        histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
        stored.histograms.set(key, histogram);
      }
    }
    for (const [key, { count }] of closings)
      stored.closings.set(key, (stored.closings.get(key) ?? 0) + count);
  }
  return stored;
}

test('differences that are added up equal the facts from scratch, at every level', () => {
  fc.assert(
    fc.property(
      arbitraryRules,
      // For each of some users a history that grows, shrinks and comes back.
      fc.array(fc.tuple(arbitraryHistory(30), fc.array(fc.nat(30), { minLength: 1, maxLength: 4 })), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.nat(3),
      (rules, histories, usersAtOnce) => {
        const stored = new Stored();
        const known = new Map<number, Facts>();
        const rounds = Math.max(...histories.map(([, lengths]) => lengths.length));
        for (let round = 0; round < rounds; round += 1) {
          let changes = new Changes();
          for (const [userId, [history, lengths]] of histories.entries()) {
            const length = lengths[round];
            if (length === undefined) continue;
            const before = known.get(userId) ?? factsOf(rules, []);
            const after = factsOf(rules, history.slice(0, length));
            changes.add(userId, before, after);
            known.set(userId, after);
            if (userId % 4 < usersAtOnce) continue;
            stored.apply(changes);
            changes = new Changes();
          }
          stored.apply(changes);
          assert.deepEqual(stored, fromScratch(known));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('facts that stay the same are no change', () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryHistory(20), (rules, history) => {
      const changes = new Changes();
      changes.add(7, factsOf(rules, history), factsOf(rules, history.toReversed()));
      assert.equal(changes.isEmpty, true);
    }),
  );
});

test('there and back is no change of any count', () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryHistory(20), (rules, history) => {
      const nothing = factsOf(rules, []);
      const stored = new Stored();
      for (const [before, after] of [
        [nothing, factsOf(rules, history)],
        [factsOf(rules, history), nothing],
      ] as const) {
        const changes = new Changes();
        changes.add(7, before, after);
        stored.apply(changes);
      }
      assert.deepEqual(stored, new Stored());
    }),
  );
});
