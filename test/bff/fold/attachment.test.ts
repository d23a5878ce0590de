// Section 3: which entry an event belongs to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, type HistoryEvent } from '../../../bff/fold/index.ts';
import {
  assertCounts,
  entered,
  exited,
  message,
  outcome,
  purchase,
  rules,
  visit,
  describeCases,
} from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };

describeCases('Attachment', [
  [
    'Two journey.entered with one entryId are one entry',
    [entered('09:00', x), entered('08:00', x), entered('11:00', x)],
    { totalEntries: 1, activeEntries: 1, unattachedEvents: 0 },
  ],
  [
    'A journey.entered without entryId always begins an entry of its own, also in the same millisecond',
    [entered('09:00'), entered('09:00'), entered('09:00', x)],
    { totalEntries: 3 },
  ],
  [
    'Entry ids are compared as they are: no trimming, no case folding, no normalization',
    ['x', 'X', 'x ', 'é', 'e\u0301'].map((entryId) => entered('09:00', { entryId })),
    { totalEntries: 5 },
  ],
  [
    'A repeated telling does not reopen an entry that has exited',
    [entered('09:00', x), exited('10:00', x), entered('11:00', x)],
    { totalEntries: 1, activeEntries: 0, totalExits: 1 },
  ],
  [
    'A repeated telling is no beginning, so the entry begun in between stays the most recent one',
    [entered('09:00', x), entered('10:00', y), entered('11:00', x), visit('12:00', 'a'), exited('13:00', y)],
    { 'exited a': 1, 'waiting a': 0 },
  ],
  [
    'An event with an entryId belongs to that entry, even before its beginning',
    [
      entered('09:00', x),
      message('sent', '08:00', 'a', x),
      visit('08:30', 'a', x),
      outcome('08:40', 'a', 'yes', x),
    ],
    { 'sentCount a': 1, 'entryCount a': 1, 'outcome a yes': 1, unattachedEvents: 0 },
  ],
  [
    'An exit with an entryId ends that entry, even before its beginning',
    [entered('09:00', x), exited('08:00', x)],
    { activeEntries: 0, totalExits: 1 },
  ],
  [
    'An event with an entryId leaves more recent entries alone',
    [entered('09:00', x), entered('10:00', y), visit('11:00', 'a', x), exited('12:00', x)],
    { 'exited a': 1, activeEntries: 1 },
  ],
  [
    'An event without one belongs to the most recent entry before it',
    [entered('09:00', x), visit('09:30', 'a'), entered('10:00'), visit('10:30', 'b'), exited('11:00', x)],
    { 'exited a': 1, 'waiting b': 1, 'transition  a': 1, 'transition  b': 1 },
  ],
  [
    'The most recent entry is found in the order of sequence and type too, not by time alone',
    [
      entered('09:00', { ...x, sequence: 1 }),
      visit('09:00', 'a', { sequence: 0 }),
      visit('09:00', 'b', { sequence: 1 }),
      visit('09:00', 'c', { sequence: 2 }),
    ],
    { unattachedEvents: 1, 'entryCount a': 0, 'entryCount b': 1, 'entryCount c': 1 },
  ],
  [
    'Later facts of an entry still belong to it after its exit',
    [entered('09:00'), exited('10:00'), message('clicked', '9 10:00', 'a'), outcome('9 11:00', 'a', 'late')],
    { 'clickedCount a': 1, 'outcome a late': 1, unattachedEvents: 0 },
  ],
  [
    'An event without entryId and with no entry before it is unattached and counts nowhere else',
    [
      visit('08:00', 'a'),
      message('sent', '08:01', 'a'),
      outcome('08:02', 'a', 'yes'),
      exited('08:03'),
      entered('09:00'),
    ],
    {
      unattachedEvents: 4,
      totalEntries: 1,
      messagesSent: 0,
      'entryCount a': 0,
      'outcome a yes': 0,
      totalExits: 0,
    },
  ],
  [
    'An event of an entry that nobody told of is unattached, whatever other entries there are',
    [entered('09:00'), entered('09:00', x), visit('10:00', 'a', y), exited('11:00', y)],
    { unattachedEvents: 2, 'entryCount a': 0, activeEntries: 2 },
  ],
  ['A track event is never unattached', [purchase('08:00')], { unattachedEvents: 0, conversionEvents: 0 }],
  [
    'An exit without entryId in the millisecond of a re-entry belongs to the new entry',
    [entered('09:00'), visit('09:30', 'a'), exited('10:00'), entered('10:00')],
    { activeEntries: 1, totalExits: 1, 'waiting a': 1, 'exited a': 0 },
  ],
  [
    'An exit in the millisecond of a re-entry belongs to the old entry when sequence says so',
    [entered('09:00'), visit('09:30', 'a'), exited('10:00'), entered('10:00', { sequence: 1 })],
    { activeEntries: 1, totalExits: 1, 'exited a': 1 },
  ],
  [
    'An exit in the millisecond of a re-entry belongs to the old entry when its entryId says so',
    [entered('09:00', x), visit('09:30', 'a', x), exited('10:00', x), entered('10:00', y)],
    { activeEntries: 1, 'exited a': 1 },
  ],
  [
    'A re-entry does not end an earlier entry',
    [entered('09:00'), entered('10:00'), exited('11:00')],
    { totalEntries: 2, activeEntries: 1, totalExits: 1 },
  ],
]);

const beginningOf = (...tellings: HistoryEvent[]) =>
  fold(rules, tellings).entries.map((entry) => entry.beginning.id);

test('An entry told of several times begins at the earliest in the order of the history', () => {
  assert.deepEqual(
    beginningOf(
      entered('10:00', { ...x, id: 'a' }),
      entered('09:00', { ...x, id: 'c' }),
      entered('09:00', { ...x, id: 'b' }),
      entered('09:00', { ...x, id: 'd', sequence: -1 }),
    ),
    ['d'],
  );
});

test("An entry's exit is its first, with that one's reason", () => {
  const history = [
    entered('09:00'),
    visit('09:00', 'a'),
    exited('11:00', { id: 'a', reason: 'third' }),
    exited('10:00', { id: 'c', reason: 'second' }),
    exited('10:00', { id: 'b', reason: 'first' }),
  ];
  const [entry] = fold(rules, history).entries;
  assert.equal(entry?.exit?.id, 'b');
  assertCounts(history, { 'exitReason a first': 1, 'exitReason a second': 0, 'exitReason a third': 0 });
});

test('An unattached event takes its place as soon as the missing journey.entered is there', () => {
  const early = [visit('09:01', 'a'), message('sent', '08:00', 'a'), visit('09:02', 'b', x)];
  assertCounts(early, { unattachedEvents: 3 });
  const entry = entered('09:00');
  assertCounts([...early, entry], { unattachedEvents: 2, 'waiting a': 1 });
  assertCounts([...early, entry, entered('12:00', x)], {
    unattachedEvents: 1,
    'waiting a': 1,
    'waiting b': 1,
  });
});
