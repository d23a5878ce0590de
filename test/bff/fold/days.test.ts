// Section 4: calendar days in the journey's time zone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { formatDate } from '../../../bff/contract/index.ts';
import { dayInZone, factsOf, noDay } from '../../../bff/fold/index.ts';
import { entered, exited, message, purchase, purchases, rules, visit } from './histories.ts';

const cases: [zone: string, utc: string, date: string][] = [
  ['UTC', '2026-01-10T23:59:59.999Z', '2026-01-10'],
  ['UTC', '2026-01-11T00:00:00.000Z', '2026-01-11'],
  ['Etc/UTC', '2026-01-10T23:59:59.999Z', '2026-01-10'],
  // Summer time until 8 November 2015, 04:00; the same offset all year since 2016.
  ['Europe/Istanbul', '2015-11-07T20:59:59.999Z', '2015-11-07'],
  ['Europe/Istanbul', '2015-11-07T21:00:00.000Z', '2015-11-08'],
  ['Europe/Istanbul', '2015-11-08T21:59:59.999Z', '2015-11-08'],
  ['Europe/Istanbul', '2015-11-08T22:00:00.000Z', '2015-11-09'],
  ['Europe/Istanbul', '2026-07-10T21:00:00.000Z', '2026-07-11'],
  // A day of 23 hours, and one of 25.
  ['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07'],
  ['America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-08'],
  ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08'],
  ['America/New_York', '2026-03-09T04:00:00.000Z', '2026-03-09'],
  ['America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-01'],
  ['America/New_York', '2026-11-02T04:59:59.999Z', '2026-11-01'],
  ['America/New_York', '2026-11-02T05:00:00.000Z', '2026-11-02'],
  // Half and quarter hours.
  ['Asia/Kolkata', '2026-03-01T18:29:59.999Z', '2026-03-01'],
  ['Asia/Kolkata', '2026-03-01T18:30:00.000Z', '2026-03-02'],
  ['Asia/Kathmandu', '2026-03-01T18:14:59.999Z', '2026-03-01'],
  ['Asia/Kathmandu', '2026-03-01T18:15:00.000Z', '2026-03-02'],
  // Clocks that went forward by half an hour, and at midnight, so that a day began at 01:00.
  ['Australia/Lord_Howe', '2026-04-04T12:59:59.999Z', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', '2026-04-05'],
  ['America/Sao_Paulo', '2018-11-04T02:59:59.999Z', '2018-11-03'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-04'],
  // Clocks that went back one minute after midnight, to the day before.
  ['America/St_Johns', '2010-11-07T02:29:59.999Z', '2010-11-06'],
  ['America/St_Johns', '2010-11-07T02:30:59.999Z', '2010-11-07'],
  ['America/St_Johns', '2010-11-07T02:31:00.000Z', '2010-11-06'],
  ['America/St_Johns', '2010-11-07T03:30:00.000Z', '2010-11-07'],
  // Samoa left out 30 December 2011.
  ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29'],
  ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31'],
  // The ends of the world, and of the years that events may have.
  ['Pacific/Kiritimati', '2026-03-01T10:00:00.000Z', '2026-03-02'],
  ['Pacific/Niue', '2026-03-01T10:59:59.999Z', '2026-02-28'],
  ['Pacific/Kiritimati', '2099-12-31T23:59:59.999Z', '2100-01-01'],
  ['America/Los_Angeles', '2000-01-01T00:00:00.000Z', '1999-12-31'],
];

describe('The day of an instant', () => {
  for (const [zone, utc, date] of cases) {
    test(`${utc} in ${zone} is ${date}`, () => {
      assert.equal(formatDate(dayInZone(Date.parse(utc), zone)), date);
    });
  }

  test('is what Intl says, for any instant of any zone', () => {
    const formats = new Map<string, Intl.DateTimeFormat>();
    const ofIntl = (at: number, timeZone: string) => {
      let format = formats.get(timeZone);
      if (!format) formats.set(timeZone, (format = new Intl.DateTimeFormat('sv-SE', { timeZone })));
      return format.format(at);
    };
    const first = Date.UTC(2000, 0, 1);
    const last = Date.UTC(2100, 0, 1) - 1;
    fc.assert(
      fc.property(
        fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        fc.integer({ min: first, max: last }),
        (zone, at) => {
          assert.equal(formatDate(dayInZone(at, zone)), ofIntl(at, zone));
          // Around the next local midnight is where an error would show, all the more so when clocks change.
          for (let quarter = 1; quarter <= 96; quarter += 1) {
            const later = at - (at % 900_000) + quarter * 900_000;
            if (ofIntl(later, zone) === ofIntl(later - 1, zone)) continue;
            assert.equal(formatDate(dayInZone(later, zone)), ofIntl(later, zone));
            assert.equal(formatDate(dayInZone(later - 1, zone)), ofIntl(later - 1, zone));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is remembered without growing for ever: more days and zones than are kept change nothing', () => {
    const start = Date.UTC(2000, 0, 1, 12);
    const days = Array.from({ length: 5_000 }, (_, day) => start + day * 86_400_000);
    const before = days.map((at) => dayInZone(at, 'Asia/Tokyo'));
    for (const zone of Intl.supportedValuesOf('timeZone').slice(0, 100)) dayInZone(start, zone);
    assert.deepEqual(
      days.map((at) => dayInZone(at, 'Asia/Tokyo')),
      before,
    );
    assert.equal(new Set(before).size, 5_000);
  });

  test('is refused for a zone that does not exist', () => {
    assert.throws(() => dayInZone(0, 'Nowhere/At_All'), RangeError);
  });
});

test('Every fact is booked to the day on which its entry began, whenever it happened', () => {
  const history = [
    entered('1 22:30', { entryId: 'x' }),
    visit('5 10:00', 'a', { entryId: 'x' }),
    message('sent', '6 10:00', 'a', { entryId: 'x', platform: 'ios' }),
    purchase('7 10:00'),
    exited('8 10:00', { entryId: 'x', reason: 'done' }),
    entered('20 09:00'),
    exited('20 10:00'),
    visit('1 00:00', 'b'),
  ];
  const { counts, durations, closings } = factsOf(
    { conversion: purchases, timeZone: 'Europe/Istanbul' },
    history,
  );
  // 22:30 UTC is 01:30 on the next day there.
  const first = dayInZone(Date.UTC(2026, 2, 2), 'UTC');
  const second = dayInZone(Date.UTC(2026, 2, 20), 'UTC');
  const days = new Map<string, Set<number>>();
  for (const { fact, day } of counts.values()) days.set(fact, (days.get(fact) ?? new Set()).add(day));
  assert.deepEqual(days.get('totalEntries'), new Set([first, second]));
  assert.deepEqual(days.get('totalExits'), new Set([second]));
  assert.deepEqual(days.get('unattachedEvents'), new Set([noDay]));
  for (const fact of days.keys()) {
    if (['totalEntries', 'totalExits', 'unattachedEvents'].includes(fact)) continue;
    assert.deepEqual(days.get(fact), new Set([first]), fact);
  }
  assert.equal(days.size, 13);
  assert.deepEqual(new Set([...durations.values()].map(({ day }) => day)), new Set([first]));
  assert.deepEqual([...closings.values()], [{ day: second, closesAt: Date.UTC(2026, 2, 21, 10), count: 1 }]);
});

test('The zone decides the day alone: attachment and attribution are the same in every zone', () => {
  const history = [entered('1 23:30'), visit('2 00:30', 'a'), exited('2 00:40'), purchase('3 00:40')];
  const withoutDay = (timeZone: string) =>
    [...factsOf({ ...rules, timeZone }, history).counts.values()].map((fact) => ({ ...fact, day: 0 }));
  assert.deepEqual(withoutDay('Pacific/Apia'), withoutDay('America/Los_Angeles'));
});
