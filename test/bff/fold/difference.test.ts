// Differences of facts: what is to be added to the rollups, and who enters or leaves a set.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf, factKey, factsOf, type HistoryEvent } from '../../../bff/fold/index.ts';
import { entered, exited, message, purchase, rules, visit } from './histories.ts';

const day = Date.UTC(2026, 2, 2) / 86_400_000;
const differenceWith = (before: readonly HistoryEvent[], batch: readonly HistoryEvent[]) =>
  differenceOf(factsOf(rules, before), factsOf(rules, [...before, ...batch]));

const history = [entered('09:00'), visit('09:01', 'a'), message('sent', '09:02', 'a'), purchase('5 09:00')];

test('Equal facts have no difference', () => {
  const facts = factsOf(rules, history);
  assert.deepEqual(differenceOf(facts, factsOf(rules, history.toReversed())), {
    counts: new Map(),
    durations: new Map(),
    closings: new Map(),
  });
});

test('All facts of a new user are added, and the user joins each set', () => {
  const { counts } = factsOf(rules, history);
  const difference = differenceWith([], history);
  assert.deepEqual([...difference.counts.keys()].toSorted(), [...counts.keys()].toSorted());
  for (const [key, fact] of difference.counts)
    assert.deepEqual(fact, { ...counts.get(key), joined: true, left: false });
});

test('One more of what there was already neither joins nor leaves', () => {
  const { counts } = differenceWith(history, [message('sent', '09:03', 'a')]);
  assert.deepEqual(
    [...counts.values()].map(({ fact, step, detail, count, joined, left }) => [
      fact,
      step,
      detail,
      count,
      joined,
      left,
    ]),
    [
      ['sentCount', 'a', '', 1, false, false],
      ['sentCount', 'a', 'other', 1, false, false],
      ['messagesSent', '', '', 1, false, false],
    ],
  );
});

test('What a late exit takes back is negative, and the user leaves its sets', () => {
  const { counts, durations, closings } = differenceWith(history, [exited('10:00')]);
  const changes = Object.fromEntries(
    [...counts.values()].map(({ fact, step, count, joined, left }) => [
      `${fact} ${step}`,
      [count, joined, left],
    ]),
  );
  assert.deepEqual(changes, {
    'activeEntries ': [-1, false, true],
    'conversionEvents ': [-1, false, true],
    'convertedUsers a': [-1, false, true],
    'creditedConversions a': [-1, false, true],
    'waiting a': [-1, false, true],
    'totalExits ': [1, true, false],
    'exited a': [1, true, false],
    'droppedOff a': [1, true, false],
    'exitReason a': [1, true, false],
  });
  assert.deepEqual(
    [...durations.values()].map(({ fact, count }) => [fact, count]),
    [
      ['timeInStep', 1],
      ['timeToConvert', -1],
    ],
  );
  assert.deepEqual([...closings.values()], [{ day, closesAt: Date.UTC(2026, 2, 3, 10), count: 1 }]);
});

test('Fewer of what is still there neither joins nor leaves', () => {
  const before = [...history, purchase('3 10:00'), purchase('3 10:00:00.001')];
  const { counts } = differenceWith(before, [exited('10:00')]);
  assert.deepEqual(counts.get(factKey('conversionEvents', '', '', day)), {
    fact: 'conversionEvents',
    step: '',
    detail: '',
    day,
    count: -2,
    joined: false,
    left: false,
  });
});

test('An entry that turns out to have begun a day earlier moves its facts to that day', () => {
  const later = [entered('09:00', { entryId: 'x' }), visit('09:01', 'a', { entryId: 'x' })];
  const { counts } = differenceWith(later, [entered('1 09:00', { entryId: 'x' })]);
  for (const fact of counts.values()) {
    assert.ok(fact.day === day ? fact.left && fact.count === -1 : fact.joined && fact.count === 1);
  }
  assert.deepEqual(new Set([...counts.values()].map((fact) => fact.day)), new Set([day, day - 1]));
  assert.equal(counts.size, 10);
});
