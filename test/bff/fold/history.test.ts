// Section 2: the order inside one user's history.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventTypes } from '../../../bff/contract/index.ts';
import { compareEvents, factsOf, fold, type HistoryEvent } from '../../../bff/fold/index.ts';
import { assertCounts, entered, event, exited, message, purchase, rules, visit } from './histories.ts';

const idsInOrder = (...events: HistoryEvent[]) => events.toSorted(compareEvents).map(({ id }) => id);

describe('events are ordered', () => {
  test('by time before everything else', () => {
    const late = entered('09:00:00.001', { id: 'a', sequence: -5 });
    const early = exited('09:00', { id: 'z', sequence: 5 });
    assert.deepEqual(idsInOrder(late, early), ['z', 'a']);
  });

  test('then by sequence, which may be negative or very large, before type and id', () => {
    const first = exited('09:00', { id: 'z', sequence: -Number.MAX_SAFE_INTEGER });
    const second = exited('09:00', { id: 'y', sequence: -1 });
    const third = exited('09:00', { id: 'x' });
    const fourth = entered('09:00', { id: 'a', sequence: Number.MAX_SAFE_INTEGER - 1 });
    const fifth = entered('09:00', { id: '0', sequence: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(idsInOrder(fifth, fourth, third, second, first), ['z', 'y', 'x', 'a', '0']);
  });

  test('then by type: entered, step, outcome, message, track, exited', () => {
    const types = ['journey.entered', 'step.entered', 'step.outcome', 'message.held', 'track'] as const;
    const events = types.map((type, index) => event(type, '09:00', { id: String(9 - index) }));
    assert.deepEqual(idsInOrder(exited('09:00', { id: '0' }), ...events.toReversed()), [
      '9',
      '8',
      '7',
      '6',
      '5',
      '0',
    ]);
  });

  test('all types of message having the same place among types, so that their ids decide', () => {
    const messages = eventTypes.filter((type) => type.startsWith('message.'));
    assert.equal(messages.length, 10);
    const events = messages.map((type, index) => event(type, '09:00', { id: String(9 - index) }));
    assert.deepEqual(idsInOrder(...events), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('then by id, code point by code point', () => {
    const ids = [
      '',
      'B9',
      'Z',
      'a',
      'b',
      'b10',
      'b9',
      'e\u0301',
      'é',
      'ı',
      '\uFF5E',
      '\u{1F600}',
      '\u{1F601}',
    ];
    const events = ids.map((id) => visit('09:00', 'a', { id }));
    assert.deepEqual(idsInOrder(...events.toReversed()), ids);
  });
});

test('The order of arrival changes nothing, and a history is never altered', () => {
  const history = Object.freeze([
    exited('10:00'),
    purchase('09:30'),
    message('sent', '09:10', 'a'),
    visit('09:05', 'a'),
    entered('09:00'),
  ]);
  assert.deepEqual(factsOf(rules, history), factsOf(rules, history.toReversed()));
  assertCounts(history, { 'completed a': 1, 'creditedConversions a': 1, unattachedEvents: 0 });
});

test('Events of the future are facts like others', () => {
  const history = [
    entered('2099-12-31T22:00:00.000Z'),
    purchase('2099-12-31T23:59:59.999Z'),
    exited('2099-12-31T23:00:00.000Z'),
  ];
  assertCounts(history, { totalEntries: 1, conversionEvents: 1, totalExits: 0 });
});

test('No history is no participation', () => {
  assert.deepEqual(fold(rules, []), { entries: [], unattached: [] });
  assert.deepEqual(factsOf(rules, []), { counts: new Map(), durations: new Map(), closings: new Map() });
});
