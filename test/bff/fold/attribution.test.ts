// Section 5: which entry a conversion is attributed to, and the time to it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsOf, fold, quantile } from '../../../bff/fold/index.ts';
import { entered, exited, purchase, rules, visit } from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };
const z = { entryId: 'z' };

/** The ids of the conversions of each entry, by the entryId or id of its beginning. */
const byEntry = (...history: Parameters<typeof fold>[1]) =>
  Object.fromEntries(
    fold(rules, history).entries.map(({ beginning, conversions }) => [
      beginning.entryId ?? beginning.id,
      conversions.map(({ event: { id } }) => id),
    ]),
  );

describe('Attribution', () => {
  test('goes to the most recently begun entry whose period contains the event, and to one only', () => {
    const two = [entered('2 09:00', x), entered('4 09:00', y), exited('4 12:00', y)];
    assert.deepEqual(
      byEntry(
        ...two,
        purchase('3 09:00', { id: 'only x has begun' }),
        purchase('4 09:00', { id: 'y begins' }),
        purchase('5 12:00', { id: 'y ends' }),
        purchase('5 12:00:00.001', { id: 'only x is left' }),
      ),
      { x: ['only x has begun', 'only x is left'], y: ['y begins', 'y ends'] },
    );
  });

  test('falls back over several entries that are over, and never to one that was over before', () => {
    assert.deepEqual(
      byEntry(
        entered('1 09:00', x),
        exited('9 09:00', x),
        entered('2 09:00', y),
        exited('2 10:00', y),
        entered('3 09:00', z),
        exited('3 10:00', z),
        purchase('3 09:30', { id: 'in z' }),
        purchase('4 10:00', { id: 'the end of z' }),
        purchase('4 10:00:00.001', { id: 'after z' }),
        purchase('10 09:00', { id: 'the end of x' }),
        purchase('10 09:00:00.001', { id: 'after all' }),
      ),
      { x: ['after z', 'the end of x'], y: [], z: ['in z', 'the end of z'] },
    );
  });

  test('among entries begun in one millisecond goes to the last in order', () => {
    assert.deepEqual(
      byEntry(
        entered('09:00', { id: 'b' }),
        entered('09:00', { id: 'a' }),
        entered('09:00', { id: '0', sequence: 1 }),
        purchase('09:00', { id: 'at once' }),
      ),
      { a: [], b: [], 0: ['at once'] },
    );
    assert.deepEqual(
      byEntry(
        entered('09:00', { id: '\u{1F600}' }),
        entered('09:00', { id: '\uFF5E' }),
        purchase('09:00', { id: 'p' }),
      ),
      { '\uFF5E': [], '\u{1F600}': ['p'] },
    );
  });

  test('does not ask for the order: an entry begun in the same millisecond, later in order, contains the event', () => {
    assert.deepEqual(
      byEntry(
        entered('08:00', x),
        entered('09:00', { ...y, sequence: 7 }),
        purchase('09:00', { id: 'p', sequence: -7 }),
      ),
      { x: [], y: ['p'] },
    );
  });

  test('counts from the earliest telling of an entry', () => {
    assert.deepEqual(
      byEntry(entered('12:00', x), entered('10:00', y), entered('09:00', x), purchase('12:00', { id: 'p' })),
      { x: [], y: ['p'] },
    );
  });

  test('changes hands with late facts: an exit takes a conversion back, an entry takes it over', () => {
    const early = [entered('2 09:00', x), visit('2 09:00', 'a', x), purchase('5 09:00', { id: 'p' })];
    assert.deepEqual(byEntry(...early), { x: ['p'] });
    const late = [...early, exited('2 10:00', x)];
    assert.deepEqual(byEntry(...late), { x: [] });
    assert.deepEqual(byEntry(...late, entered('4 09:00', y)), { x: [], y: ['p'] });
  });

  test('keeps conversions in the order of the history', () => {
    const ids = byEntry(
      entered('09:00', x),
      purchase('10:00', { id: 'c' }),
      purchase('10:00', { id: 'b', sequence: 1 }),
      purchase('09:30', { id: 'd' }),
      purchase('10:00', { id: 'a' }),
    );
    assert.deepEqual(ids, { x: ['d', 'a', 'c', 'b'] });
  });
});

test('Time to convert: from the beginning to the first attributed conversion, one value an entry that has one', () => {
  const history = [
    entered('2 09:00', x),
    purchase('2 10:00'),
    purchase('2 09:30'),
    exited('2 12:00', x),
    entered('5 09:00', y),
    exited('5 10:00', y),
    entered('8 09:00', z),
    purchase('8 09:00'),
  ];
  const values = [...factsOf(rules, history).durations.values()].filter(
    ({ fact }) => fact === 'timeToConvert',
  );
  assert.deepEqual(
    values.map(({ step, count }) => [step, count]),
    [
      ['', 1],
      ['', 1],
    ],
  );
  const histogram: number[] = [];
  for (const { bucket, count } of values) histogram[bucket] = (histogram[bucket] ?? 0) + count;
  assert.equal(quantile(histogram, 0.5), 0);
  assert.ok(Math.abs((quantile(histogram, 0.9) ?? NaN) - 1_800) <= 18);
});
