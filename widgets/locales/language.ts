// Texts and numbers as one element shows them: the language's table, the host's overrides, and Intl.
import type { Range } from '../../bff/contract/index.ts';
import type { Message, MessageKey } from './en.ts';
import { canonicalLocale, dateFormat, numberFormat, pluralRules, relativeFormat } from './formatters.ts';
import { tableFor } from './tables.ts';

export type MessageOverrides = Readonly<Partial<Record<MessageKey, Message>>>;
export type MessageValues = Readonly<Record<string, string>>;

const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
const threeDigits = {
  notation: 'compact',
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
} as const;
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Keeps a value apart from the sentence around it, whose direction it must not turn. A part of a sentence is apart within. */
const isolated = (value: string): string => (value.includes('\u2068') ? value : `\u2068${value}\u2069`);
const hasRightToLeft = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u;

/** Noon in UTC of a calendar date, so that no zone can move it to another day. */
const noonOf = (date: string): Date => new Date(`${date}T12:00:00Z`);

export class Language {
  readonly locale: string;
  readonly #overrides: MessageOverrides | null;

  constructor(locale: string, overrides: MessageOverrides | null) {
    this.locale = locale;
    this.#overrides = overrides;
  }

  /** The text of `key`; `count` chooses among plurals. */
  text(key: MessageKey, values: MessageValues = {}, count = 0): string {
    const own = this.#overrides && Object.hasOwn(this.#overrides, key) ? this.#overrides[key] : undefined;
    const { language, table } = tableFor(this.locale);
    const message = own ?? table[key] ?? key;
    const chosen =
      typeof message === 'string' ? message : (message[pluralRules(language).select(count)] ?? message.other);
    const mirrored = [chosen, ...Object.values(values)].some((part) => hasRightToLeft.test(part));
    return chosen.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) return whole;
      // A text that is all value takes its direction anyway.
      return mirrored && chosen !== whole ? isolated(value) : value;
    });
  }

  /** The exact count. */
  count(value: number): string {
    return numberFormat(this.locale, {}).format(value);
  }

  /** On cards: exact to 999,999, then three digits. */
  cardCount(value: number): string {
    return value > 999_999 ? numberFormat(this.locale, threeDigits).format(value) : this.count(value);
  }

  /** On steps: exact to 99,999, then three digits. */
  stepCount(value: number): string {
    return value > 99_999 ? numberFormat(this.locale, threeDigits).format(value) : this.count(value);
  }

  /** One decimal, for ratios such as messages an entry. */
  ratio(value: number): string {
    return numberFormat(this.locale, oneDecimal).format(value);
  }

  /** A rate of 0 to 100 with one decimal; null is "not measured". Never rounds to a bound that was not reached. */
  rate(percent: number | null): string {
    if (percent === null || !Number.isFinite(percent)) return this.text('number.none');
    const format = numberFormat(this.locale, { style: 'percent', ...oneDecimal });
    if (percent > 0 && percent < 0.1) return this.text('number.below', { value: format.format(0.001) });
    if (percent > 99.9 && percent < 100) return this.text('number.above', { value: format.format(0.999) });
    return format.format(percent / 100);
  }

  /** A part of a whole as a rate; no whole, no rate. */
  share(part: number, whole: number): string {
    return this.rate(whole > 0 ? (100 * part) / whole : null);
  }

  /** A share given in thousandths, as `wholeShares` makes them. */
  thousandths(share: number): string {
    return numberFormat(this.locale, { style: 'percent', ...oneDecimal }).format(share / 1_000);
  }

  /** A level such as that of a zoom, 1 is the whole, without decimals. */
  percent(level: number): string {
    return numberFormat(this.locale, { style: 'percent', maximumFractionDigits: 0 }).format(level);
  }

  /** A change in percentage points, without its sign. */
  points(change: number): string {
    return this.text('number.points', { value: this.ratio(Math.abs(change)) });
  }

  /** The two largest units of a duration in seconds. */
  duration(seconds: number | null): string {
    if (seconds === null) return this.text('number.none');
    if (seconds < 1)
      return seconds === 0
        ? this.#unit('second', 0)
        : this.text('duration.lessThanSecond', { value: this.count(1) });
    const whole = Math.round(seconds);
    if (whole >= day)
      return this.#units(['day', Math.floor(whole / day)], ['hour', Math.floor((whole % day) / hour)]);
    if (whole >= hour)
      return this.#units(['hour', Math.floor(whole / hour)], ['minute', Math.floor((whole % hour) / minute)]);
    if (whole >= minute)
      return this.#units(['minute', Math.floor(whole / minute)], ['second', whole % minute]);
    return this.#unit('second', whole);
  }

  /** A calendar date. */
  date(date: string): string {
    return dateFormat(this.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(noonOf(date));
  }

  /** A date on an axis, without its year. */
  dayOfMonth(date: string): string {
    const options = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
    return dateFormat(this.locale, options).format(noonOf(date));
  }

  /** A month on an axis. */
  month(date: string): string {
    const options = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
    return dateFormat(this.locale, options).format(noonOf(date));
  }

  /** A range of dates, or the words for an open one. */
  range({ from, to }: Pick<Range, 'from' | 'to'>): string {
    if (from !== null && to !== null) {
      const options = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
      return dateFormat(this.locale, options).formatRange(noonOf(from), noonOf(to));
    }
    if (from !== null) return this.text('analytics.since', { date: this.date(from) });
    if (to !== null) return this.text('analytics.until', { date: this.date(to) });
    return this.text('analytics.allTime');
  }

  /** The clock time of an instant, in the viewer's zone. */
  clock(at: number): string {
    return dateFormat(this.locale, { hour: '2-digit', minute: '2-digit' }).format(at);
  }

  /** How long ago, in seconds, then minutes, after an hour the clock time. */
  ago(at: number, now: number): string {
    const seconds = Math.max(0, Math.round((now - at) / 1_000));
    if (seconds < minute) return relativeFormat(this.locale).format(-seconds, 'second');
    if (seconds < hour) return relativeFormat(this.locale).format(-Math.floor(seconds / minute), 'minute');
    return this.clock(at);
  }

  /** A zone with its offset at an instant, such as "Europe/Istanbul, UTC+3". */
  zone(timeZone: string, at: number): string {
    if (timeZone === 'UTC') return timeZone;
    try {
      const parts = dateFormat(this.locale, { timeZone, timeZoneName: 'shortOffset' }).formatToParts(at);
      const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', 'UTC');
      return offset === undefined ? timeZone : `${timeZone}, ${offset}`;
    } catch {
      return timeZone; // an old browser may not know a new zone; its name is enough
    }
  }

  /** Names in a row, such as "A, B and C". */
  list(names: readonly string[]): string {
    return new Intl.ListFormat(this.locale, { style: 'long', type: 'conjunction' }).format(names);
  }

  #unit(unit: 'day' | 'hour' | 'minute' | 'second', value: number): string {
    return this.text(`duration.${unit}`, { value: this.count(value) });
  }

  #units(...units: readonly (readonly ['day' | 'hour' | 'minute' | 'second', number])[]): string {
    return units
      .filter(([, value], index) => index === 0 || value > 0)
      .map(([unit, value]) => this.#unit(unit, value))
      .join(' ');
  }
}

const languages = new Map<string, Language>();

/** The language for a tag. Those without overrides are kept, since every render asks. */
export function languageFor(locale: string, overrides: MessageOverrides | null): Language {
  const canonical = canonicalLocale(locale);
  if (overrides) return new Language(canonical, overrides);
  const known = languages.get(canonical);
  if (known) return known;
  if (languages.size > 50) languages.clear();
  const made = new Language(canonical, null);
  languages.set(canonical, made);
  return made;
}
