// Section 7: where the visits of a step went, and the transitions between steps.
import { describeCases, entered, exited, message, outcome, purchase, visit } from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };

describeCases('Movement', [
  [
    'A visit moved on when another follows, also to the same step; the last waits while the entry is active',
    [entered('09:00'), visit('09:01', 'a'), visit('09:02', 'b'), visit('09:03', 'b')],
    { 'movedOn a': 1, 'movedOn b': 1, 'waiting b': 1, 'exited b': 0, 'entryCount b': 2 },
  ],
  [
    'The last visit of an entry that has exited is exited, and dropped off without a conversion',
    [entered('09:00'), visit('09:01', 'a'), visit('09:02', 'b'), exited('10:00')],
    { 'exited b': 1, 'droppedOff b': 1, 'completed b': 0, 'movedOn a': 1, 'exited a': 0, 'waiting b': 0 },
  ],
  [
    'It is completed when the entry has a conversion, even one after the exit or before the visit',
    [
      entered('2 09:00', x),
      visit('2 09:01', 'a', x),
      exited('2 10:00', x),
      purchase('2 11:00'),
      entered('5 09:00', y),
      purchase('5 09:01'),
      visit('5 09:02', 'b', y),
      exited('5 10:00', y),
    ],
    { 'completed a': 1, 'droppedOff a': 0, 'completed b': 1, 'droppedOff b': 0 },
  ],
  [
    'A visit after the exit is exited',
    [entered('09:00'), visit('09:10', 'a'), exited('10:00'), visit('11:00', 'b')],
    { 'movedOn a': 1, 'exited a': 0, 'exited b': 1 },
  ],
  [
    'Only step.entered makes a visit',
    [entered('09:00'), message('sent', '09:01', 'a'), outcome('09:02', 'a', 'yes'), exited('10:00')],
    { 'entryCount a': 0, 'exited a': 0, totalExits: 1 },
  ],
  [
    'Of waiting, held are those whose last message of the entry at the step is held',
    [
      entered('09:00'),
      message('sent', '09:01', 'a'),
      message('held', '09:02', 'a'),
      message('sent', '09:03', 'b'),
      visit('09:04', 'a'),
    ],
    { 'waiting a': 1, 'waitingHeld a': 1 },
  ],
  [
    'A message after the hold ends it, be it by order in one millisecond',
    [
      entered('09:00'),
      visit('09:01', 'a'),
      message('held', '09:02', 'a', { id: 'hold-1' }),
      message('shown', '09:02', 'a', { id: 'hold-2' }),
    ],
    { 'waiting a': 1, 'waitingHeld a': 0 },
  ],
  [
    'Of dropped off, stopped by failure are those whose last message of the entry at the step is failed',
    [
      entered('09:00'),
      visit('09:01', 'a'),
      message('sent', '09:02', 'a'),
      message('failed', '09:03', 'a'),
      exited('10:00'),
      message('failed', '11:00', 'b'),
    ],
    { 'droppedOff a': 1, 'stoppedByFailure a': 1 },
  ],
  [
    'A failure of an earlier visit, or after the exit, stops as well',
    [
      entered('09:00'),
      visit('09:01', 'a'),
      message('failed', '09:02', 'a'),
      visit('09:03', 'b'),
      visit('09:04', 'a'),
      exited('10:00'),
      entered('11:00'),
      visit('11:00', 'c'),
      exited('12:00'),
      message('failed', '13:00', 'c'),
    ],
    { 'stoppedByFailure a': 1, 'stoppedByFailure c': 1 },
  ],
  [
    'A failure stops neither those who completed, nor those who wait or moved on, nor in another entry',
    [
      entered('2 09:00', x),
      visit('2 09:01', 'a', x),
      message('failed', '2 09:02', 'a', x),
      exited('2 10:00', x),
      purchase('2 10:30'),
      entered('5 09:00', y),
      message('failed', '5 09:01', 'b', y),
      visit('5 09:02', 'b', y),
      entered('5 09:00', { entryId: 'z' }),
      visit('5 09:01', 'b', { entryId: 'z' }),
      exited('5 10:00', { entryId: 'z' }),
    ],
    { 'completed a': 1, 'stoppedByFailure a': 0, 'waiting b': 1, 'droppedOff b': 1, 'stoppedByFailure b': 0 },
  ],
  [
    'A hold is no reason to count as held once the entry has exited',
    [entered('09:00'), visit('09:01', 'a'), message('held', '09:02', 'a'), exited('10:00')],
    { 'waitingHeld a': 0, 'droppedOff a': 1, 'stoppedByFailure a': 0 },
  ],
  [
    "Exited visits are counted by the reason of the entry's exit, '' when there is none or an empty one",
    [
      entered('09:00', x),
      visit('09:01', 'a', x),
      exited('10:00', { ...x, reason: 'quota' }),
      exited('11:00', { ...x, reason: 'later' }),
      entered('09:00', y),
      visit('09:01', 'a', y),
      exited('10:00', y),
      entered('09:00', { entryId: 'z' }),
      visit('09:01', 'a', { entryId: 'z' }),
      exited('10:00', { entryId: 'z', reason: '' }),
      purchase('10:30'),
    ],
    { 'exited a': 3, 'completed a': 1, 'exitReason a quota': 1, 'exitReason a later': 0, 'exitReason a': 2 },
  ],
]);

describeCases('Transitions', [
  [
    'are pairs of consecutive visits, loops too, the first from nowhere',
    [
      entered('09:00'),
      visit('09:01', 'a'),
      visit('09:02', 'b'),
      visit('09:03', 'a'),
      visit('09:04', 'b'),
      visit('09:05', 'b'),
    ],
    { 'transition  a': 1, 'transition a b': 2, 'transition b a': 1, 'transition b b': 1, 'transition  b': 0 },
  ],
  [
    'stay within an entry, however entries interleave',
    [
      entered('09:00', x),
      entered('09:01', y),
      visit('10:00', 'a', x),
      visit('10:01', 'a', y),
      visit('10:02', 'b', x),
      visit('10:03', 'b', y),
    ],
    {
      'transition  a': 2,
      'transition a b': 2,
      'transition b a': 0,
      'transition a a': 0,
      'transition b b': 0,
    },
  ],
  [
    'follow the order at equal times, by sequence and id',
    [
      entered('09:00'),
      visit('09:00', 'c', { sequence: 2 }),
      visit('09:00', 'b', { id: 'path-2' }),
      visit('09:00', 'a', { id: 'path-1' }),
    ],
    { 'transition  a': 1, 'transition a b': 1, 'transition b c': 1 },
  ],
]);
