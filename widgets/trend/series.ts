// A metric by day as it is drawn: whole days only, and long ranges in groups. No DOM, no Lit.
import type { OverviewTrend, TrendPoint } from '../../bff/contract/index.ts';

/** One day's part of a metric. A rate has a part and a whole, so that days can be put together. */
export interface Day {
  readonly date: string;
  readonly value: number;
  /** What `value` is a part of, where the metric is a rate. */
  readonly whole?: number;
}

/** How days are put together: occurrences add up; users do not, since one can come on several days; rates by their parts. */
export type Kind = 'sum' | 'mean' | 'rate';

export interface Group {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** A count, a mean, or a rate of 0 to 100; null where there is no rate. */
  readonly value: number | null;
}

/**
 * The days that are over: those before `today` in the journey's zone, since a day that still runs would draw a fall that is
 * none. When nothing but today is there, today it is.
 */
export function wholeDays(days: readonly Day[], today: string | null): Day[] {
  if (today === null) return [...days];
  const over = days.filter(({ date }) => date < today);
  return over.length > 0 ? over : days.filter(({ date }) => date === today);
}

function valueOf(days: readonly Day[], kind: Kind): number | null {
  const sum = days.reduce((total, { value }) => total + value, 0);
  if (kind === 'sum') return sum;
  if (kind === 'mean') return sum / days.length;
  const whole = days.reduce((total, day) => total + (day.whole ?? 0), 0);
  return whole > 0 ? (100 * sum) / whole : null;
}

function groupOf(days: readonly Day[], kind: Kind): Group[] {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return [];
  return [{ from: first.date, to: last.date, days: days.length, value: valueOf(days, kind) }];
}

/** Groups of `size` days, counted back from the last day, so that only the first may be a short one. */
export function groupByDays(days: readonly Day[], size: number, kind: Kind): Group[] {
  const groups: Group[] = [];
  for (let end = days.length; end > 0; end -= size) {
    groups.push(...groupOf(days.slice(Math.max(0, end - size), end), kind));
  }
  return groups.toReversed();
}

/** Calendar months; the first and the last may be short ones. */
export function groupByMonth(days: readonly Day[], kind: Kind): Group[] {
  const months = Map.groupBy(days, ({ date }) => date.slice(0, 7));
  return [...months.values()].flatMap((month) => groupOf(month, kind));
}

/** The days of a count metric: its occurrences, or their users. */
export function daysOfPoints(points: readonly TrendPoint[], side: 'count' | 'users'): Day[] {
  return points.map((point) => ({ date: point.date, value: point[side] }));
}

/**
 * The days of the conversion rate, as users converted of users entered. Where nothing can be converted, as without a
 * conversion event, there is no rate at all.
 */
export function daysOfRate({ conversionRate, convertedUsers, entryUsers }: OverviewTrend): Day[] {
  const converted = new Map(convertedUsers.map(({ date, users }) => [date, users]));
  const entered = new Map(entryUsers.map(({ date, users }) => [date, users]));
  return conversionRate.map(({ date, value }) => ({
    date,
    value: converted.get(date) ?? 0,
    whole: value === null ? 0 : (entered.get(date) ?? 0),
  }));
}
