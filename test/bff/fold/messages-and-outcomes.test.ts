// Section 7: messages, by step and platform, and outcomes by name.
import { describe, test } from 'node:test';
import { messageOutcomes } from '../../../bff/contract/index.ts';
import { assertCounts, describeCases, entered, exited, message, outcome, purchase } from './histories.ts';

const x = { entryId: 'x' };
const y = { entryId: 'y' };

describe('Messages', () => {
  for (const kind of messageOutcomes) {
    test(`message.${kind} is counted at its step, and for its platform`, () => {
      assertCounts(
        [
          entered('09:00'),
          message(kind, '09:01', 'a', { platform: 'android' }),
          message(kind, '09:02', 'a', { platform: 'ios' }),
          message(kind, '09:03', 'b', { platform: 'web' }),
        ],
        {
          [`${kind}Count a`]: 2,
          [`${kind}Count a android`]: 1,
          [`${kind}Count a ios`]: 1,
          [`${kind}Count a web`]: 0,
          [`${kind}Count b`]: 1,
          [`${kind}Count b web`]: 1,
          messagesSent: kind === 'sent' ? 3 : 0,
          'entryCount a': 0,
        },
      );
    });
  }

  test('of a platform other than exactly android, ios, web, or of none, count as other; platforms add up', () => {
    const platforms = ['ios', 'iOS', 'Android', 'web ', 'other', 'huawei', null];
    assertCounts(
      [entered('09:00'), ...platforms.map((platform) => message('sent', '09:01', 'a', { platform }))],
      {
        'sentCount a': 7,
        'sentCount a ios': 1,
        'sentCount a other': 6,
        'sentCount a android': 0,
        'sentCount a web': 0,
      },
    );
  });
});

describeCases('Outcomes', [
  [
    'are counted by name, and all together; they are no visits',
    [
      entered('09:00'),
      outcome('09:01', 'a', 'yes'),
      outcome('09:02', 'a', 'yes'),
      outcome('09:03', 'a', 'no'),
      outcome('09:04', 'b', 'yes'),
    ],
    { 'outcome a': 3, 'outcome a yes': 2, 'outcome a no': 1, 'outcome b yes': 1, 'entryCount a': 0 },
  ],
  [
    'have names that are compared as they are',
    [
      entered('09:00'),
      outcome('09:01', 'a', 'Yes'),
      outcome('09:02', 'a', 'yes'),
      outcome('09:03', 'a', 'constructor'),
    ],
    { 'outcome a Yes': 1, 'outcome a yes': 1, 'outcome a constructor': 1 },
  ],
  [
    'convert by the conversions at or after the first such outcome at the step, in time alone',
    [
      entered('09:00'),
      outcome('10:00', 'a', 'yes', { sequence: 5 }),
      outcome('12:00', 'a', 'yes'),
      outcome('11:00', 'a', 'no'),
      outcome('11:00:00.001', 'b', 'yes'),
      purchase('09:30'),
      purchase('10:00', { sequence: 1 }),
      purchase('11:00'),
      purchase('12:30'),
    ],
    {
      'outcomeConverted a yes': 3,
      'outcomeConverted a no': 2,
      'outcomeConverted b yes': 1,
      'outcomeConverted b no': 0,
      conversionEvents: 4,
    },
  ],
  [
    'convert within one entry only',
    [
      entered('2 09:00', x),
      outcome('2 09:30', 'a', 'yes', x),
      exited('2 10:00', x),
      entered('5 09:00', y),
      purchase('5 10:00'),
    ],
    { 'outcomeConverted a yes': 0, conversionEvents: 1 },
  ],
]);
