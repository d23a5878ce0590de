// The numbers of the pictures: an overview that fits the welcome flow's, compared with the range before, and one of nobody.
import type { Overview, OverviewMetrics, OverviewTrend } from '../../bff/contract/index.ts';

const day = 86_400_000;

/** A month of days that rise and fall by the week. */
function trend(scale: number): OverviewTrend {
  const days = Array.from({ length: 28 }, (_, index) => ({
    date: new Date(Date.UTC(2026, 9, 27) + index * day).toISOString().slice(0, 10),
    value: Math.round(scale * (100 + 12 * Math.sin(index / 2.2) + index)),
  }));
  const points = days.map(({ date, value }) => ({ date, count: value, users: Math.round(value * 0.96) }));
  return {
    messagesSent: points,
    totalEntries: points,
    convertedUsers: points,
    conversionEvents: points,
    totalExits: points,
    activeEntries: points,
    messagesSentUsers: points,
    entryUsers: points,
    exitUsers: points,
    activeUsers: points,
    conversionRate: days.map(({ date, value }) => ({ date, value: value / 10 })),
  };
}

function metrics(share: number): OverviewMetrics {
  const of = (count: number) => Math.round(count * share);
  return {
    messagesSent: of(54_745),
    messagesSentUsers: of(22_010),
    totalEntries: of(24_816),
    entryUsers: of(23_940),
    convertedUsers: of(6_402),
    conversionRate: share === 0 ? null : (100 * 6_402) / 23_940,
    conversionEvents: of(7_318),
    totalExits: of(13_921),
    exitUsers: of(13_400),
    activeEntries: of(4_440),
    activeUsers: of(4_301),
    exitsWindowOpen: of(1_106),
  };
}

const timeZone = 'Europe/Istanbul';

export const fullOverview: Overview = {
  journeyId: 'welcome',
  range: { from: '2026-10-27', to: '2026-11-23', timeZone },
  metrics: metrics(1),
  timeToConvert: { p50: 86_400, p90: 259_200 },
  previous: {
    range: { from: '2026-09-29', to: '2026-10-26', timeZone },
    metrics: { ...metrics(0.94), conversionRate: 25.6 },
    trend: trend(0.9),
  },
  trend: trend(1),
  diagnostics: { unattachedEvents: 0 },
  asOf: '2026-11-24T11:32:00.000Z',
  pendingEvents: 0,
};

export const emptyOverview: Overview = {
  ...fullOverview,
  range: { from: null, to: null, timeZone },
  metrics: metrics(0),
  timeToConvert: { p50: null, p90: null },
  previous: null,
  trend: trend(0),
};
