// Metrics by the day on which entries began.
import type { Transaction } from '../../db/client.ts';
import { factLine } from '../../db/fact-lines.ts';
import type { Numbers } from '../../db/numbers.ts';
import { selectDays } from '../../db/queries/blocks.ts';
import { formatDate, type OverviewTrend, type Trend, type TrendPoint } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { daysWithEntries, type DayRange } from './journey-numbers.ts';
import { rateOf } from './rate.ts';
import { dayRangeOf, type RangeQuery, type Reading } from './read-journey.ts';
import { requireStep, selectionOf, type MetricRequest } from './selection.ts';

const mostPoints = 3_700;

/** Which fact of a step a trend shows. */
interface Series {
  readonly fact: string;
  readonly detail: string;
}

/**
 * The days that a trend has points for: from `from`, else the first day with an entry of the range, to `to`, else the last.
 * @throws Failure `invalid_parameter` when both ends are given and too far apart
 */
async function daysOf(reading: Reading, range: DayRange): Promise<{ first: number; last: number } | null> {
  const entries = await daysWithEntries(reading.tx, reading.numbers, range);
  const first = range.first ?? entries?.first;
  const last = range.last ?? entries?.last;
  if (first === undefined || last === undefined) return null;
  if (last - first + 1 <= mostPoints) return { first, last };
  if (range.first !== null && range.last !== null) {
    throw new Failure('invalid_parameter', `A trend has at most ${mostPoints} points: ask for fewer days.`, [
      { path: 'from', message: `must be at most ${mostPoints} days before to` },
    ]);
  }
  return { first: last - mostPoints + 1, last };
}

/** The points of several facts of a step ('' for the journey as a whole) over the same days, gaps filled with 0. */
async function pointsOf(
  tx: Transaction,
  numbers: Numbers,
  days: { first: number; last: number } | null,
  stepId: string,
  series: readonly Series[],
): Promise<TrendPoint[][]> {
  if (!days) return series.map(() => []);
  const rows = await selectDays(tx, numbers, stepId, days);
  return series.map(({ fact, detail }) => {
    const points: { date: string; count: number; users: number }[] = [];
    for (let day = days.first; day <= days.last; day += 1) {
      points.push({ date: formatDate(day), count: 0, users: 0 });
    }
    const line = factLine(fact, detail);
    for (const { day, facts } of rows) {
      const ofFact = facts.get(line);
      const point = points[day - days.first];
      if (!ofFact || !point) continue;
      // Shards hold different users, so their users add up.
      point.count += ofFact.count;
      point.users += ofFact.users;
    }
    return points;
  });
}

/** The trends of all overview metrics over one range. */
export async function overviewTrend(reading: Reading, range: DayRange): Promise<OverviewTrend> {
  const facts = ['messagesSent', 'totalEntries', 'conversionEvents', 'totalExits', 'activeEntries'];
  const days = await daysOf(reading, range);
  const series = facts.map((fact) => ({ fact, detail: '' }));
  const [messages = [], entries = [], conversions = [], exits = [], active = []] = await pointsOf(
    reading.tx,
    reading.numbers,
    days,
    '',
    series,
  );
  return {
    messagesSent: messages,
    messagesSentUsers: messages,
    totalEntries: entries,
    entryUsers: entries,
    convertedUsers: conversions,
    conversionEvents: conversions,
    totalExits: exits,
    exitUsers: exits,
    activeEntries: active,
    activeUsers: active,
    conversionRate: entries.map(({ date, users }, index) => ({
      date,
      value: reading.hasConversion ? rateOf(conversions[index]?.users ?? 0, users) : null,
    })),
  };
}

export interface TrendQuery extends RangeQuery, MetricRequest {}

/** Reads a metric by day. @throws Failure `invalid_parameter`, `not_found` */
export async function readTrend(
  reading: Reading,
  query: TrendQuery,
): Promise<Omit<Trend, 'asOf' | 'pendingEvents'>> {
  const { metric, stepId, detail } = selectionOf(query);
  const range = dayRangeOf(query);
  if (query.stepId !== undefined) await requireStep(reading, query.stepId);
  const days = await daysOf(reading, range);
  const series = { fact: metric.fact, detail };
  const [points = []] = await pointsOf(reading.tx, reading.numbers, days, stepId, [series]);
  return { points, range: reading.describe(range) };
}
