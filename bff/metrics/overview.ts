// The overview of a journey: the numbers of the six cards.
import type { Overview, OverviewMetrics } from '../contract/index.ts';
import type { DayRange, JourneyNumbers } from './journey-numbers.ts';
import { rateOf } from './rate.ts';
import { dayRangeOf, previousRangeOf, type RangeQuery, type Reading } from './read-journey.ts';
import { overviewTrend } from './trend.ts';

export interface OverviewQuery extends RangeQuery {
  readonly trend?: 'day' | undefined;
}

function metricsOf(
  numbers: JourneyNumbers,
  exitsWindowOpen: number,
  hasConversion: boolean,
): OverviewMetrics {
  const messages = numbers.tally('messagesSent');
  const entries = numbers.tally('totalEntries');
  const conversions = numbers.tally('conversionEvents');
  const exits = numbers.tally('totalExits');
  const active = numbers.tally('activeEntries');
  return {
    messagesSent: messages.count,
    messagesSentUsers: messages.users,
    totalEntries: entries.count,
    entryUsers: entries.users,
    convertedUsers: conversions.users,
    conversionRate: hasConversion ? rateOf(conversions.users, entries.users) : null,
    conversionEvents: conversions.count,
    totalExits: exits.count,
    exitUsers: exits.users,
    activeEntries: active.count,
    activeUsers: active.users,
    exitsWindowOpen,
  };
}

async function part(reading: Reading, range: DayRange, withTrend: boolean) {
  const [numbers, windowsOpen] = await Promise.all([
    reading.load(range, 'journey'),
    reading.exitsWindowOpen(range),
  ]);
  const metrics = metricsOf(numbers, windowsOpen, reading.hasConversion);
  const trend = withTrend ? { trend: await overviewTrend(reading, range) } : {};
  return { range: reading.describe(range), metrics, ...trend };
}

/** Reads the overview of a journey for a range, and of the range before it when compared. */
export async function readOverview(
  reading: Reading,
  journeyId: string,
  query: OverviewQuery,
): Promise<Omit<Overview, 'asOf' | 'pendingEvents'>> {
  const range = dayRangeOf(query);
  const withTrend = query.trend === 'day';
  const current = await part(reading, range, withTrend);
  const numbers = await reading.load(range, 'journey');
  const previous = previousRangeOf(range, query.compare);
  return {
    journeyId,
    ...current,
    timeToConvert: numbers.quantiles(),
    previous: previous && (await part(reading, previous, withTrend)),
    diagnostics: { unattachedEvents: numbers.allTime('unattachedEvents').count },
  };
}
