// Sections 5 and 6: which events an entry's eligible period contains, and what the overview counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../bff/fold/index.ts';
import {
  assertCounts,
  describeCases,
  entered,
  event,
  exited,
  message,
  purchase,
  purchases,
  rules,
  visit,
  withWindow,
  withoutConversion,
} from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };
const z = { entryId: 'z' };
const exitedAtNoon = [entered('09:00'), exited('12:00')];

describeCases('The eligible period', [
  [
    'The eligible period begins with the entry, inclusive to the millisecond',
    [entered('09:00'), purchase('08:59:59.999'), purchase('09:00')],
    { conversionEvents: 1 },
  ],
  [
    'The beginning compares times alone, so a purchase ordered before it by sequence counts',
    [entered('09:00', { sequence: 5 }), purchase('09:00', { sequence: 4 })],
    { conversionEvents: 1 },
  ],
  [
    'A conversion within the window counts',
    [...exitedAtNoon, purchase('18:00')],
    { conversionEvents: 1, totalExits: 0 },
  ],
  [
    'The last millisecond of the window counts',
    [...exitedAtNoon, purchase('3 12:00:00.000')],
    { conversionEvents: 1, totalExits: 0 },
  ],
  [
    'The end compares times alone, whatever the sequence',
    [entered('09:00'), exited('12:00', { sequence: -9 }), purchase('3 12:00', { sequence: 9 })],
    { conversionEvents: 1 },
  ],
  [
    'The first millisecond after the window does not count',
    [...exitedAtNoon, purchase('3 12:00:00.001')],
    { conversionEvents: 0, totalExits: 1 },
  ],
  [
    'Two days later does not count',
    [...exitedAtNoon, purchase('4 12:00')],
    { conversionEvents: 0, totalExits: 1 },
  ],
  [
    "An active entry's eligible period has no end",
    [entered('09:00'), purchase('2099-12-31T23:59:59.999Z')],
    { conversionEvents: 1, activeEntries: 1 },
  ],
  [
    'A window of 0 ends with the exit, inclusive',
    [...exitedAtNoon, purchase('12:00'), purchase('12:00:00.001')],
    { conversionEvents: 1 },
    withWindow(0, 'days'),
  ],
  [
    'A window may have fractions',
    [...exitedAtNoon, purchase('13:30'), purchase('13:30:00.001')],
    { conversionEvents: 1 },
    withWindow(1.5, 'hours'),
  ],
  [
    'A fraction of a minute that doubles miss by a hair is whole',
    [...exitedAtNoon, purchase('12:00:06.000'), purchase('12:00:06.001')],
    { conversionEvents: 1 },
    withWindow(0.1, 'minutes'),
  ],
  [
    'A day of the window is 24 hours exactly, also when clocks go forward',
    [
      entered('2026-03-06T12:00:00-05:00'),
      exited('2026-03-07T12:00:00-05:00'),
      purchase('2026-03-08T13:00:00-04:00'),
      purchase('2026-03-08T13:00:00.001-04:00'),
    ],
    { conversionEvents: 1 },
    { ...withWindow(1, 'days'), timeZone: 'America/New_York' },
  ],
  [
    'The window runs from the first exit, whichever is told of first',
    [entered('09:00'), exited('11:00'), exited('10:00'), purchase('3 10:00'), purchase('3 10:00:00.001')],
    { conversionEvents: 1 },
  ],
  [
    'An entry that exited longer than its window before its beginning is never eligible',
    [entered('4 09:00', x), exited('2 09:00', x), purchase('4 09:00'), purchase('4 10:00')],
    { conversionEvents: 0, totalExits: 1 },
  ],
  [
    'Three conversions of one entry are three conversion events, two in one millisecond are two',
    [entered('09:00'), purchase('10:00'), purchase('10:00'), purchase('11:00')],
    { conversionEvents: 3, totalEntries: 1 },
  ],
  ['A purchase of somebody who never entered is no conversion', [purchase('10:00')], { conversionEvents: 0 }],
  [
    'Another event than the conversion is none',
    [entered('09:00'), event('track', '10:00', { name: 'Viewed' })],
    { conversionEvents: 0 },
  ],
  [
    'A purchase that a filter refuses is none',
    [
      entered('09:00'),
      purchase('10:00', { properties: '{"total":5}' }),
      purchase('10:01', { properties: '{"total":6}' }),
    ],
    { conversionEvents: 1 },
    {
      ...rules,
      conversion: { ...purchases, filters: [{ property: 'total', operator: 'greaterThan', value: 5 }] },
    },
  ],
  [
    'Exits are those of entries without a conversion of their own',
    [
      entered('09:00', x),
      exited('10:00', x),
      entered('5 09:00', y),
      purchase('5 09:30'),
      exited('5 10:00', y),
    ],
    { totalEntries: 2, totalExits: 1, conversionEvents: 1, activeEntries: 0 },
  ],
  [
    'An active entry is no exit, converted or not',
    [entered('09:00'), purchase('10:00')],
    { totalExits: 0, activeEntries: 1 },
  ],
  [
    'Messages sent are those of the entries, at whatever step',
    [
      message('sent', '08:00', 'a'),
      entered('09:00'),
      message('sent', '10:00', 'a'),
      message('sent', '9 10:00', 'b'),
      message('shown', '10:01', 'a'),
    ],
    { messagesSent: 2, unattachedEvents: 1 },
  ],
]);

test('Without a conversion nothing converts: completed is 0, droppedOff is exited, no window is open', () => {
  const history = [
    entered('09:00'),
    visit('09:01', 'a'),
    message('clicked', '09:02', 'a'),
    purchase('09:30'),
    exited('10:00'),
  ];
  const none = { conversionEvents: 0, 'convertedUsers a': 0, 'creditedConversions a': 0, 'completed a': 0 };
  assertCounts(history, { ...none, 'exited a': 1, 'droppedOff a': 1, totalExits: 1 }, withoutConversion);
  const facts = factsOf(withoutConversion, history);
  assert.equal(facts.closings.size, 0);
  assert.ok([...facts.durations.values()].every(({ fact }) => fact === 'timeInStep'));
});

test('Closing windows are those of exited entries without a conversion, at exit + window', () => {
  const history = [
    entered('2 09:00', x),
    exited('2 10:00', x),
    entered('2 09:30', y),
    exited('2 10:00', y),
    entered('7 09:00', z),
    exited('7 09:10', z),
    purchase('7 09:05'),
    entered('9 09:00'),
  ];
  const day = Date.UTC(2026, 2, 2) / 86_400_000;
  assert.deepEqual(
    [...factsOf(rules, history).closings.values()],
    [{ day, closesAt: Date.UTC(2026, 2, 3, 10), count: 2 }],
  );
});
