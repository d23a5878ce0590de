// The line of a card and the days behind it: whole days only, few points, rates from their parts.
import { expect } from '@open-wc/testing';
import {
  daysAPoint,
  mostPoints,
  sparkline,
  sparklineValues,
} from '../../widgets/elements/metric-card/sparkline.ts';
import { daysOfRate, groupByDays, groupByMonth, wholeDays, type Day } from '../../widgets/trend/series.ts';
import { busy } from './overview-data.ts';

const days = (count: number, value: (index: number) => number = () => 1): Day[] =>
  Array.from({ length: count }, (_, index) => ({
    date: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    value: value(index),
  }));

describe('wholeDays', () => {
  it('leaves out the day that still runs, and those to come', () => {
    expect(wholeDays(days(4), '2026-01-03').map(({ date }) => date)).to.eql(['2026-01-01', '2026-01-02']);
  });

  it('keeps all of a range that is over', () => {
    expect(wholeDays(days(4), '2026-02-01')).to.have.length(4);
  });

  it('keeps today when there is no other day', () => {
    expect(wholeDays(days(3), '2026-01-01').map(({ date }) => date)).to.eql(['2026-01-01']);
    expect(wholeDays([], '2026-01-01')).to.eql([]);
  });

  it('keeps all when the zone is not known', () => {
    expect(wholeDays(days(2), null)).to.have.length(2);
  });
});

describe('groups of days', () => {
  it('are counted back from the last day, so that only the first is short', () => {
    expect(groupByDays(days(16), 7, 'sum')).to.eql([
      { from: '2026-01-01', to: '2026-01-02', days: 2, value: 2 },
      { from: '2026-01-03', to: '2026-01-09', days: 7, value: 7 },
      { from: '2026-01-10', to: '2026-01-16', days: 7, value: 7 },
    ]);
  });

  it('are a mean where users would be counted again', () => {
    expect(
      groupByDays(
        days(4, (index) => index),
        4,
        'mean',
      )[0]?.value,
    ).to.equal(1.5);
  });

  it('are a rate of the parts together, not a mean of rates', () => {
    const rated = [
      { date: '2026-01-01', value: 1, whole: 1 },
      { date: '2026-01-02', value: 0, whole: 99 },
    ];
    expect(groupByDays(rated, 2, 'rate')[0]?.value).to.equal(1);
    expect(groupByDays([{ date: '2026-01-01', value: 0, whole: 0 }], 1, 'rate')[0]?.value).to.equal(null);
  });

  it('are months of the calendar', () => {
    expect(groupByMonth(days(40), 'sum').map(({ from, days: length }) => [from, length])).to.eql([
      ['2026-01-01', 31],
      ['2026-02-01', 9],
    ]);
  });
});

describe('daysOfRate', () => {
  it('takes users converted of users entered', () => {
    const { trend } = busy;
    if (!trend) throw new Error('the overview has no trend');
    const [first] = daysOfRate(trend);
    expect(first).to.include({ value: trend.convertedUsers[0]?.users, whole: trend.entryUsers[0]?.users });
  });

  it('has no whole on a day without a rate', () => {
    const { trend } = busy;
    if (!trend) throw new Error('the overview has no trend');
    const none = {
      ...trend,
      conversionRate: trend.conversionRate.map(({ date }) => ({ date, value: null })),
    };
    expect(daysOfRate(none).every(({ whole }) => whole === 0)).to.equal(true);
  });
});

describe('sparkline', () => {
  for (const count of [2, 28, 60, 61, 419, 420, 421, 3_700]) {
    it(`draws ${count} days in ${mostPoints} points at most, of whole weeks when grouped`, () => {
      const size = daysAPoint(count);
      expect(size === 1 || size % 7 === 0).to.equal(true);
      const values = sparklineValues(days(count), size, 'sum');
      expect(values.length).to.be.within(2, mostPoints);
      expect(new Set(values)).to.eql(new Set([size]));
    });
  }

  it('draws no line from one point, nor from none', () => {
    expect(sparkline([], [], 74, 30)).to.equal(undefined);
    expect(sparkline([3], [1, 2, 3], 74, 30)).to.equal(undefined);
    expect(sparkline([null, 3], [], 74, 30)).to.equal(undefined);
  });

  it('draws an unfinished range as far as it has come', () => {
    const line = sparkline([0, 1, 2], [0, 1, 2, 3, 4], 74, 30);
    expect(line?.end.x).to.equal(37);
  });

  it('bridges days without a value, and stays inside', () => {
    const line = sparkline([0, null, 10], [5, 5, 5], 74, 30);
    expect(line?.now).to.equal('M3.0,27.0L71.0,3.0');
    expect(line?.before).to.equal('M3.0,15.0L37.0,15.0L71.0,15.0');
  });

  it('draws a small move small, and a larger one between its ends', () => {
    expect(sparkline([26.75, 27], [], 74, 30)?.now).to.equal('M3.0,18.0L71.0,12.0');
    expect(sparkline([25, 27], [], 74, 30)?.now).to.equal('M3.0,27.0L71.0,3.0');
  });

  it('draws a flat line for equal values', () => {
    expect(sparkline([7, 7], [], 74, 30)?.now).to.equal('M3.0,15.0L71.0,15.0');
  });
});
