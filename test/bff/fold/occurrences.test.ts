// Section 9: what an occurrence of each metric is, when it happened, and which event it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactName } from '../../../bff/contract/index.ts';
import { fold, noDay, occurrences, type HistoryEvent } from '../../../bff/fold/index.ts';
import { entered, exited, instant, message, outcome, purchase, rules, visit } from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };
const z = { entryId: 'z' };

const history = [
  message('sent', '08:00', 'a', { id: 'lost' }),
  entered('09:00', { ...x, id: 'x begins' }),
  visit('09:01', 'a', { ...x, id: 'x at a' }),
  message('sent', '09:02', 'a', { ...x, id: 'x sent', platform: 'ios' }),
  outcome('09:03', 'a', 'yes', { ...x, id: 'x yes' }),
  purchase('09:04', { id: 'bought 1' }),
  visit('09:05', 'b', { ...x, id: 'x at b' }),
  purchase('09:06', { id: 'bought 2' }),
  exited('09:10', { ...x, id: 'x exits', reason: 'done' }),
  entered('5 09:00', { ...y, id: 'y begins' }),
  visit('5 09:01', 'a', { ...y, id: 'y at a' }),
  message('failed', '5 09:02', 'a', { ...y, id: 'y failed', reason: 'quota' }),
  exited('5 09:10', { ...y, id: 'y exits' }),
  entered('8 09:00', { ...z, id: 'z begins' }),
  message('held', '8 09:00', 'b', { ...z, id: 'z held' }),
  visit('8 09:01', 'b', { ...z, id: 'z at b' }),
];
const participation = fold(rules, history);

function found(fact: FactName, step = '', detail = ''): string[] {
  const ids: string[] = [];
  occurrences(participation, (name, ofStep, ofDetail, _day, at, event) => {
    if (name !== fact || ofStep !== step || ofDetail !== detail) return;
    assert.equal(at, event.at);
    ids.push(event.id);
  });
  return ids;
}

const expectations: [fact: FactName, step: string, detail: string, ids: string[]][] = [
  ['totalEntries', '', '', ['x begins', 'y begins', 'z begins']],
  ['activeEntries', '', '', ['z begins']],
  ['totalExits', '', '', ['y exits']],
  ['messagesSent', '', '', ['x sent']],
  ['unattachedEvents', '', '', ['lost']],
  ['conversionEvents', '', '', ['bought 1', 'bought 2']],
  ['convertedUsers', 'a', '', ['bought 1', 'bought 2']],
  ['convertedUsers', 'b', '', ['bought 2']],
  ['creditedConversions', 'a', '', ['bought 1', 'bought 2']],
  ['outcome', 'a', '', ['x yes']],
  ['outcome', 'a', 'yes', ['x yes']],
  ['outcomeConverted', 'a', 'yes', ['bought 1', 'bought 2']],
  ['entryCount', 'a', '', ['x at a', 'y at a']],
  ['entryCount', 'b', '', ['x at b', 'z at b']],
  ['movedOn', 'a', '', ['x at a']],
  ['exited', 'b', '', ['x at b']],
  ['completed', 'b', '', ['x at b']],
  ['exitReason', 'b', 'done', ['x at b']],
  ['exited', 'a', '', ['y at a']],
  ['droppedOff', 'a', '', ['y at a']],
  ['stoppedByFailure', 'a', '', ['y at a']],
  ['exitReason', 'a', '', ['y at a']],
  ['waiting', 'b', '', ['z at b']],
  ['waitingHeld', 'b', '', ['z at b']],
  ['sentCount', 'a', '', ['x sent']],
  ['sentCount', 'a', 'ios', ['x sent']],
  ['failedCount', 'a', '', ['y failed']],
  ['failedCount', 'a', 'other', ['y failed']],
  ['heldCount', 'b', '', ['z held']],
  ['heldCount', 'b', 'other', ['z held']],
  ['transition', '', 'a', ['x at a', 'y at a']],
  ['transition', 'a', 'b', ['x at b']],
  ['transition', '', 'b', ['z at b']],
];

for (const [fact, step, detail, ids] of expectations) {
  test(`${[fact, step, detail].filter(Boolean).join(' ')} occurs with: ${ids.join(', ')}`, () => {
    assert.deepEqual(found(fact, step, detail), ids);
  });
}

test('There are no other occurrences', () => {
  let total = 0;
  occurrences(participation, () => (total += 1));
  assert.equal(
    total,
    expectations.reduce((sum, [, , , ids]) => sum + ids.length, 0),
  );
});

test('An occurrence is of the day on which its entry began; unattached events have none', () => {
  const days = new Map<string, number>();
  occurrences(participation, (_fact, _step, _detail, day, _at, event) => days.set(event.id, day));
  assert.equal(days.get('lost'), noDay);
  assert.equal(days.get('bought 2'), Math.floor(instant('09:00') / 86_400_000));
  assert.equal(days.get('y exits'), Math.floor(instant('5 09:00') / 86_400_000));
});

test('An entry told of twice occurs at its earliest telling', () => {
  const events: HistoryEvent[] = [];
  const told = fold(rules, [
    entered('10:00', { ...x, id: 'again' }),
    entered('09:00', { ...x, id: 'first' }),
  ]);
  occurrences(
    told,
    (fact, _step, _detail, _day, _at, event) => fact === 'totalEntries' && events.push(event),
  );
  assert.deepEqual(
    events.map(({ id }) => id),
    ['first'],
  );
});

test('One fact of one step can be asked for alone', () => {
  for (const [fact, step] of expectations) {
    const all: string[] = [];
    const alone: string[] = [];
    occurrences(participation, (name, of, detail, _day, _at, { id }) => {
      if (name === fact && of === step) all.push(`${detail} ${id}`);
    });
    occurrences(
      participation,
      (name, of, detail, _day, _at, { id }) => {
        assert.deepEqual([name, of], [fact, step]);
        alone.push(`${detail} ${id}`);
      },
      { fact, step },
    );
    assert.ok(alone.length > 0);
    assert.deepEqual(alone, all);
  }
});

test('Reasons and platforms are there for exports', () => {
  const reasons: (string | null)[] = [];
  occurrences(
    participation,
    (_fact, _step, detail, _day, _at, event) => detail === '' && reasons.push(event.reason),
    {
      fact: 'failedCount',
      step: 'a',
    },
  );
  assert.deepEqual(reasons, ['quota']);
});

test('A step event that names no step is refused, with its id', () => {
  const broken = fold(rules, [entered('09:00'), visit('09:01', 'a', { id: 'broken', stepId: null })]);
  assert.throws(() => {
    occurrences(broken, () => {});
  }, /broken/);
});
