// RFC 3339 instants and calendar dates, as the contract reads them.
import * as v from 'valibot';

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/;
const calendarDate = /^(\d{4})-(\d\d)-(\d\d)$/;

const earliest = Date.UTC(2000, 0, 1);
const afterLatest = Date.UTC(2100, 0, 1);

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/**
 * Reads an RFC 3339 time with an offset. Digits beyond the millisecond are cut off, not rounded.
 * @returns milliseconds since 1970 in UTC, or undefined when the text is no such time or lies before 2000 or after 2099.
 */
export function parseInstant(text: string): number | undefined {
  if (text.length > 100) return undefined;
  const parts = rfc3339.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const zone = parts[8] ?? 'Z';
  let offsetMinutes = 0;
  if (zone !== 'Z' && zone !== 'z') {
    const hours = Number(zone.slice(1, 3));
    const minutes = Number(zone.slice(4, 6));
    if (hours > 23 || minutes > 59) return undefined;
    offsetMinutes = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
  }
  const at = Date.UTC(year, month - 1, day, hour, minute, second, fraction) - offsetMinutes * 60_000;
  return at >= earliest && at < afterLatest ? at : undefined;
}

/** An event's time: RFC 3339 with an offset, read as milliseconds since 1970 in UTC. */
export const instantSchema = v.pipe(
  v.string('must be an RFC 3339 time with an offset'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const at = parseInstant(dataset.value);
    if (at !== undefined) return at;
    addIssue({ message: 'must be an RFC 3339 time with an offset, from 2000 to 2099' });
    return NEVER;
  }),
);

/**
 * Reads a calendar date `YYYY-MM-DD`.
 * @returns the number of days since 1970-01-01, or undefined when there is no such day.
 */
export function parseDate(text: string): number | undefined {
  const parts = calendarDate.exec(text);
  if (!parts) return undefined;
  const [, year, month, day] = parts.map(Number) as [number, number, number, number];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  return instant.getTime() / 86_400_000;
}

/** Writes a number of days since 1970-01-01 as `YYYY-MM-DD`. */
export function formatDate(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** A calendar date as text, `YYYY-MM-DD`, that exists. */
export const dateSchema = v.pipe(
  v.string('must be a date, YYYY-MM-DD'),
  v.check((text) => parseDate(text) !== undefined, 'must be a date that exists, YYYY-MM-DD'),
);
