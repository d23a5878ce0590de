// Very long histories of one user fold in a moment. The bound is far above what is measured and far below what anything
// quadratic takes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsOf, type HistoryEvent } from '../../../bff/fold/index.ts';
import { countsOf, entered, exited, message, purchase, rules, visit } from './histories.ts';

const many = 100_000;
const bound = 5_000;
const start = Date.UTC(2026, 2, 2);

const repeated = (count: number, make: (index: number) => HistoryEvent) =>
  Array.from({ length: count }, (_, index) => ({ ...make(index), at: start + index }));

function factsInTime(history: readonly HistoryEvent[]): Record<string, number> {
  const began = performance.now();
  const facts = factsOf(rules, history);
  const took = performance.now() - began;
  assert.ok(took < bound, `${history.length} events took ${Math.round(took)} ms`);
  return countsOf(facts);
}

describe('100,000 events of one user', () => {
  test('as entries and purchases by turns', () => {
    const counts = factsInTime(
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
    const counts = factsInTime([first, ...over, ...late]);
    assert.equal(counts['conversionEvents'], many / 2);
    assert.equal(counts['totalExits'], many / 4);
  });

  test('as steps, each its own, before purchases', () => {
    const steps = repeated(many / 2, (index) => visit('09:00', `step ${index}`));
    const late = repeated(many / 2, () => purchase('09:00')).map((event) => ({
      ...event,
      at: event.at + many,
    }));
    const counts = factsInTime([{ ...entered('09:00'), at: start - 1 }, ...steps, ...late]);
    assert.equal(counts['convertedUsers step 0'], many / 2);
    assert.equal(counts[`convertedUsers step ${many / 2 - 1}`], many / 2);
  });

  test('as messages before purchases, backwards and all in one millisecond', () => {
    const history = repeated(many, (index) => {
      if (index === 0) return entered('09:00');
      return index % 2 === 0 ? message('sent', '09:00', 'a') : purchase('09:00');
    });
    const counts = factsInTime(history.toReversed().map((event) => ({ ...event, at: start })));
    assert.equal(counts['creditedConversions a'], many / 2);
  });
});
