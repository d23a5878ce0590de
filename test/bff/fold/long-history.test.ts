// Very long histories of one user are folded rightly. Anything quadratic would take many minutes and run into the limit.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsOf, type HistoryEvent } from '../../../bff/fold/index.ts';
import { countsOf, entered, exited, message, purchase, rules, visit } from './histories.ts';

const many = 100_000;
const start = Date.UTC(2026, 2, 2);

const repeated = (count: number, make: (index: number) => HistoryEvent) =>
  Array.from({ length: count }, (_, index) => ({ ...make(index), at: start + index }));

const factsOfHistory = (history: readonly HistoryEvent[]) => countsOf(factsOf(rules, history));

describe('100,000 events of one user', { timeout: 120_000 }, () => {
  test('as entries and purchases by turns', () => {
    const counts = factsOfHistory(
      repeated(many, (index) => (index % 2 === 0 ? entered('09:00') : purchase('09:00'))),
    );
    assert.equal(counts['totalEntries'], many / 2);
    assert.equal(counts['conversionEvents'], many / 2);
  });

  test('as entries that are all over before the purchases of somebody who never leaves the first', () => {
    const day = 86_400_000;
    const first = { ...entered('09:00', { entryId: 'x' }), at: start };
    const over = repeated(many / 4, () => entered('09:00')).flatMap((entry) => [
      { ...entry, at: entry.at + 1 },
      { ...exited('09:00'), at: entry.at + 1 },
    ]);
    const late = repeated(many / 2, () => purchase('09:00')).map((event) => ({
      ...event,
      at: event.at + 2 * day,
    }));
    const counts = factsOfHistory([first, ...over, ...late]);
    assert.equal(counts['conversionEvents'], many / 2);
    assert.equal(counts['totalExits'], many / 4);
  });

  test('as steps, each its own, before purchases', () => {
    const steps = repeated(many / 2, (index) => visit('09:00', `step ${index}`));
    const late = repeated(many / 2, () => purchase('09:00')).map((event) => ({
      ...event,
      at: event.at + many,
    }));
    const counts = factsOfHistory([{ ...entered('09:00'), at: start - 1 }, ...steps, ...late]);
    assert.equal(counts['convertedUsers step 0'], many / 2);
    assert.equal(counts[`convertedUsers step ${many / 2 - 1}`], many / 2);
  });

  test('as messages before purchases, backwards and all in one millisecond', () => {
    const history = repeated(many, (index) => {
      if (index === 0) return entered('09:00');
      return index % 2 === 0 ? message('sent', '09:00', 'a') : purchase('09:00');
    });
    const counts = factsOfHistory(history.toReversed().map((event) => ({ ...event, at: start })));
    assert.equal(counts['creditedConversions a'], many / 2);
  });
});
