// Overviews in the contract's shape. The numbers of `busy` are those of the visual reference's "Welcome series".
import type { Overview, OverviewMetrics, OverviewTrend } from '../../bff/contract/reading.ts';

const noMetrics: OverviewMetrics = {
  messagesSent: 0,
  messagesSentUsers: 0,
  totalEntries: 0,
  entryUsers: 0,
  convertedUsers: 0,
  conversionRate: null,
  conversionEvents: 0,
  totalExits: 0,
  exitUsers: 0,
  activeEntries: 0,
  activeUsers: 0,
  exitsWindowOpen: 0,
};

const metrics: OverviewMetrics = {
  messagesSent: 54_745,
  messagesSentUsers: 22_010,
  totalEntries: 24_816,
  entryUsers: 23_940,
  convertedUsers: 6_402,
  conversionRate: (100 * 6_402) / 23_940,
  conversionEvents: 7_318,
  totalExits: 13_921,
  exitUsers: 13_400,
  activeEntries: 4_440,
  activeUsers: 4_301,
  exitsWindowOpen: 1_106,
};

const earlier: OverviewMetrics = {
  ...metrics,
  messagesSent: 51_549,
  totalEntries: 23_679,
  entryUsers: 22_850,
  convertedUsers: 5_841,
  conversionRate: (100 * 5_841) / 22_850,
  conversionEvents: 6_581,
  totalExits: 13_635,
};

/** A month of days that rise and fall by the week. */
function trend(scale: number): OverviewTrend {
  const days = Array.from({ length: 28 }, (_, day) => ({
    date: new Date(Date.UTC(2026, 9, 27 + day)).toISOString().slice(0, 10),
    value: Math.round(scale * (100 + 12 * Math.sin(day / 2.2) + day)),
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

const timeZone = 'Europe/Istanbul';

/** Four weeks, compared with the four before. */
export const busy: Overview = {
  journeyId: 'welcome-series',
  range: { from: '2026-10-27', to: '2026-11-23', timeZone },
  metrics,
  timeToConvert: { p50: 86_400, p90: 259_200 },
  previous: {
    range: { from: '2026-09-29', to: '2026-10-26', timeZone },
    metrics: earlier,
    trend: trend(0.9),
  },
  trend: trend(1),
  diagnostics: { unattachedEvents: 0 },
  asOf: '2026-11-24T11:32:00.000Z',
  pendingEvents: 0,
};

/** A journey that nobody has entered. */
export const empty: Overview = {
  journeyId: 'new-journey',
  range: { from: null, to: null, timeZone },
  metrics: noMetrics,
  timeToConvert: { p50: null, p90: null },
  previous: null,
  diagnostics: { unattachedEvents: 0 },
  asOf: '2026-11-24T11:32:00.000Z',
  pendingEvents: 0,
};

/** Numbers as large as they get. */
export const huge: Overview = {
  ...busy,
  metrics: { ...metrics, messagesSent: 987_654_321, totalEntries: 1_204_000, conversionRate: 99.96 },
};
