// What a trend shows: its days put together as long ranges need it, and its words. No DOM.
import type { Overview, Trend } from '../../../bff/contract/index.ts';
import { dateIn } from '../../internal/calendar.ts';
import type { MessageKey } from '../../locales/en.ts';
import type { Language } from '../../locales/language.ts';
import {
  daysOfPoints,
  daysOfRate,
  groupByDays,
  groupByMonth,
  type Day,
  type Group,
  type Kind,
} from '../../trend/series.ts';

export type Grouping = 'day' | 'week' | 'month';

/** Up to so many days, then so many weeks, are drawn singly. */
const mostPoints = 92;

export interface TrendFacts {
  readonly kind: Kind;
  readonly grouping: Grouping;
  readonly now: readonly Group[];
  readonly before: readonly Group[];
  /** Whether the last group holds a day that is not over. */
  readonly running: boolean;
}

const day = 86_400_000;
const dateAt = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The range of the same length before, or null when one end is open: as the BFF compares. */
export function rangeBefore(from: string | null, to: string | null): { from: string; to: string } | null {
  if (from === null || to === null) return null;
  const first = Date.parse(`${from}T00:00:00Z`);
  const last = Date.parse(`${to}T00:00:00Z`);
  if (Number.isNaN(first) || Number.isNaN(last) || last < first) return null;
  return { from: dateAt(first - (last - first) - day), to: dateAt(first - day) };
}

function factsOf(now: readonly Day[], before: readonly Day[], kind: Kind, today: string | null): TrendFacts {
  // Days to come have nothing yet, and would draw a fall.
  const known = today === null ? now : now.filter(({ date }) => date <= today);
  const longest = Math.max(known.length, before.length);
  const grouping = longest <= mostPoints ? 'day' : longest <= 7 * mostPoints ? 'week' : 'month';
  const group = (days: readonly Day[]) =>
    grouping === 'month' ? groupByMonth(days, kind) : groupByDays(days, grouping === 'day' ? 1 : 7, kind);
  return {
    kind,
    grouping,
    now: group(known),
    before: group(before),
    running: today !== null && known.at(-1)?.date === today,
  };
}

export function factsOfTrend(metric: string, trend: Trend, before: Trend | undefined): TrendFacts {
  const side = metric.endsWith('Users') ? 'users' : 'count';
  const days = (of: Trend | undefined) => (of ? daysOfPoints(of.points, side) : []);
  const today = dateIn(trend.range.timeZone, trend.asOf);
  return factsOf(days(trend), days(before), side === 'users' ? 'mean' : 'sum', today);
}

export function factsOfRate({ trend, previous, range, asOf }: Overview): TrendFacts {
  const now = trend ? daysOfRate(trend) : [];
  const before = previous?.trend ? daysOfRate(previous.trend) : [];
  return factsOf(now, before, 'rate', dateIn(range.timeZone, asOf));
}

/** How the days are put together, in words. */
export function groupingWords({ kind, grouping }: TrendFacts, language: Language): string {
  const mean = kind === 'mean' && grouping !== 'day';
  const key: MessageKey = mean
    ? grouping === 'week'
      ? 'trend.meanWeek'
      : 'trend.meanMonth'
    : `trend.${grouping}`;
  return language.text(key);
}

export function dateWords({ from, to }: Group, language: Language): string {
  return from === to ? language.date(from) : language.range({ from, to });
}

export function valueWords(value: number | null, { kind, grouping }: TrendFacts, language: Language): string {
  if (kind === 'rate') return language.rate(value);
  if (value === null) return language.text('number.none');
  return kind === 'mean' && grouping !== 'day' ? language.ratio(value) : language.count(value);
}

/** One group's value, and whether it is a whole one yet. */
export function nowWords(index: number, facts: TrendFacts, language: Language): string {
  const value = valueWords(facts.now[index]?.value ?? null, facts, language);
  const running = facts.running && index === facts.now.length - 1;
  return running ? language.text('trend.soFar', { value }) : value;
}

/** A group with its date, as it is read and shown on hover. */
export function readWords(index: number, facts: TrendFacts, language: Language): string[] {
  const now = facts.now[index];
  const before = facts.before[index];
  const lines = now
    ? [
        language.text('trend.reads', {
          date: dateWords(now, language),
          value: nowWords(index, facts, language),
        }),
      ]
    : [];
  if (now && before) {
    const value = valueWords(before.value, facts, language);
    lines.push(language.text('trend.readsBefore', { date: dateWords(before, language), value }));
  }
  return lines;
}
