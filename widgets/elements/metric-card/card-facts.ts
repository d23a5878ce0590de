// What a card says about its metric: the value, one plain fact, and the change against the earlier range. No DOM.
import type { Overview, OverviewMetrics, OverviewTrend } from '../../../bff/contract/index.ts';
import type { Language } from '../../locales/language.ts';
import { daysOfPoints, daysOfRate, type Day, type Kind } from '../../trend/series.ts';

export const cardMetrics = [
  'messagesSent',
  'totalEntries',
  'conversionRate',
  'convertedUsers',
  'conversionEvents',
  'totalExits',
] as const satisfies readonly (keyof OverviewMetrics)[];
export type CardMetric = (typeof cardMetrics)[number];

export function isCardMetric(name: string | null): name is CardMetric {
  return (cardMetrics as readonly (string | null)[]).includes(name);
}

/** The cards where more is plainly better. On the others a change is neutral. */
const moreIsBetter: ReadonlySet<CardMetric> = new Set([
  'conversionRate',
  'convertedUsers',
  'conversionEvents',
]);

export function cardValue(metric: CardMetric, metrics: OverviewMetrics, language: Language): string {
  return metric === 'conversionRate'
    ? language.rate(metrics.conversionRate)
    : language.cardCount(metrics[metric]);
}

/** The exact value, where the card shows a shorter one. */
export function exactValue(
  metric: CardMetric,
  metrics: OverviewMetrics,
  language: Language,
): string | undefined {
  if (metric === 'conversionRate') return undefined;
  const exact = language.count(metrics[metric]);
  return exact === language.cardCount(metrics[metric]) ? undefined : exact;
}

type Note = (metrics: OverviewMetrics, language: Language) => string;

const notes: Readonly<Record<CardMetric, Note>> = {
  messagesSent: ({ messagesSent, totalEntries }, language) =>
    totalEntries === 0
      ? language.text('card.noEntries')
      : language.text('card.perEntry', { value: language.ratio(messagesSent / totalEntries) }),
  totalEntries: ({ entryUsers }, language) => usersNote(entryUsers, language),
  conversionRate: ({ convertedUsers, entryUsers }, language) =>
    entryUsers === 0
      ? language.text('card.noEntries')
      : language.text(
          'card.convertedOfUsers',
          { converted: language.count(convertedUsers), users: language.count(entryUsers) },
          entryUsers,
        ),
  convertedUsers: ({ entryUsers }, language) =>
    language.text('card.ofUsers', { users: language.count(entryUsers) }, entryUsers),
  conversionEvents: ({ convertedUsers, conversionEvents }, language) =>
    language.text('card.perConvertedUser', {
      value:
        convertedUsers === 0
          ? language.text('number.none')
          : language.ratio(conversionEvents / convertedUsers),
    }),
  totalExits: ({ exitsWindowOpen, exitUsers }, language) =>
    exitsWindowOpen > 0
      ? language.text('card.canStillConvert', { count: language.count(exitsWindowOpen) })
      : usersNote(exitUsers, language),
};

function usersNote(users: number, language: Language): string {
  return language.text('card.users', { users: language.count(users) }, users);
}

/** The one plain fact under the value. */
export function cardNote(metric: CardMetric, metrics: OverviewMetrics, language: Language): string {
  return notes[metric](metrics, language);
}

export interface CardChange {
  readonly direction: 'up' | 'down' | 'none';
  /** Without a sign: the direction says it. */
  readonly text: string;
  readonly judgement: 'good' | 'bad' | 'neutral';
  /** What it is compared with. */
  readonly from: string;
}

/** The change against the earlier range; without one, a dash and why. */
export function cardChange(metric: CardMetric, overview: Overview, language: Language): CardChange {
  const none = language.text('number.none');
  const before = overview.previous?.metrics;
  if (!before) {
    return {
      direction: 'none',
      text: none,
      judgement: 'neutral',
      from: language.text('card.noEarlierPeriod'),
    };
  }
  const now = overview.metrics[metric];
  const earlier = before[metric];
  const from = language.text('card.from', { value: cardValue(metric, before, language) });
  if (now === null || earlier === null || (now === 0 && earlier === 0)) {
    return { direction: 'none', text: none, judgement: 'neutral', from };
  }
  const judge = (up: boolean) => (moreIsBetter.has(metric) ? (up ? 'good' : 'bad') : 'neutral');
  if (metric !== 'conversionRate' && earlier === 0) {
    return { direction: 'none', text: language.text('card.new'), judgement: judge(true), from };
  }
  const text =
    metric === 'conversionRate'
      ? language.points(now - earlier)
      : language.share(Math.abs(now - earlier), earlier);
  if (now === earlier) return { direction: 'none', text, judgement: 'neutral', from };
  const up = now > earlier;
  return { direction: up ? 'up' : 'down', text, judgement: judge(up), from };
}

/** How a card's metric is put together from several days. */
export function kindOf(metric: CardMetric): Kind {
  if (metric === 'conversionRate') return 'rate';
  return metric === 'convertedUsers' ? 'mean' : 'sum';
}

/** A card's metric by day. */
export function daysOf(metric: CardMetric, trend: OverviewTrend | undefined): Day[] {
  if (!trend) return [];
  if (metric === 'conversionRate') return daysOfRate(trend);
  return daysOfPoints(trend[metric], metric === 'convertedUsers' ? 'users' : 'count');
}
