// Section 7: which conversions a step has, and which are credited to it.
import { describeCases, entered, exited, message, purchase, visit } from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };

describeCases('Conversion of a step', [
  [
    'counts conversions at or after the first entering of it in the entry, in time alone',
    [
      entered('09:00'),
      visit('09:10', 'a', { sequence: 7 }),
      visit('09:30', 'b'),
      visit('09:40', 'a'),
      purchase('09:05'),
      purchase('09:10', { sequence: 6 }),
      purchase('09:20'),
    ],
    { 'convertedUsers a': 2, 'convertedUsers b': 0, conversionEvents: 3 },
  ],
  [
    'needs entering and conversion in one entry',
    [
      entered('2 09:00', x),
      visit('2 09:10', 'a', x),
      exited('2 10:00', x),
      entered('9 09:00', y),
      purchase('9 09:20'),
      visit('9 09:30', 'b', y),
    ],
    { 'convertedUsers a': 0, 'convertedUsers b': 0, conversionEvents: 1 },
  ],
  [
    'does not ask for a visit before the exit',
    [entered('09:00'), exited('10:00'), visit('11:00', 'a'), purchase('11:00')],
    { 'convertedUsers a': 1, 'completed a': 1 },
  ],
]);

describeCases('Credit', [
  [
    'goes to the step of the last message shown or clicked before, even if another was sent since',
    [
      entered('09:00'),
      message('shown', '09:01', 'm'),
      message('clicked', '09:02', 'p'),
      message('sent', '09:03', 's'),
      message('delivered', '09:04', 's'),
      purchase('09:10'),
      message('shown', '09:11', 'm'),
      purchase('09:12'),
    ],
    { 'creditedConversions p': 1, 'creditedConversions m': 1, 'creditedConversions s': 0 },
  ],
  [
    'goes to the step of the last message sent when none was shown or clicked',
    [
      entered('09:00'),
      message('sent', '09:01', 'p'),
      message('sent', '09:02', 's'),
      message('failed', '09:03', 'm'),
      purchase('09:10'),
      message('clicked', '09:20', 'p'),
    ],
    { 'creditedConversions s': 1, 'creditedConversions p': 0, 'creditedConversions m': 0 },
  ],
  [
    'goes to no step when there is neither',
    [
      entered('09:00'),
      purchase('09:00'),
      message('held', '09:01', 'a'),
      message('delivered', '09:02', 'a'),
      purchase('09:03'),
    ],
    { conversionEvents: 2, 'creditedConversions a': 0 },
  ],
  [
    'asks for the order, not for time alone',
    [
      entered('09:00'),
      message('clicked', '09:10', 'a', { sequence: 7 }),
      purchase('09:10', { sequence: 6 }),
      message('sent', '09:10', 'b'),
    ],
    { conversionEvents: 1, 'creditedConversions a': 0, 'creditedConversions b': 1 },
  ],
  [
    'takes the later by id among messages of one millisecond, whatever their types',
    [
      entered('09:00'),
      message('shown', '09:10', 'a', { id: 'credit-2' }),
      message('clicked', '09:10', 'b', { id: 'credit-1' }),
      purchase('09:10'),
    ],
    { 'creditedConversions a': 1, 'creditedConversions b': 0 },
  ],
  [
    'looks at the attributed entry alone',
    [
      entered('09:00', x),
      entered('10:00', y),
      message('sent', '10:01', 'b', y),
      message('clicked', '10:02', 'a', x),
      purchase('10:03'),
    ],
    { 'creditedConversions b': 1, 'creditedConversions a': 0 },
  ],
  [
    'may come from a message of the entry that stands before its beginning',
    [entered('10:00', x), message('clicked', '09:00', 'a', x), purchase('10:00')],
    { 'creditedConversions a': 1 },
  ],
]);
