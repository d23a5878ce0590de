// Reads the times that files hold: with an offset, without one in a known zone, or as numbers since 1970.

const localTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const hour = 3_600_000;
const day = 24 * hour;

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetsOf(zone: string): (at: number) => number {
  if (zone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const whole = Math.floor(at / 1_000) * 1_000;
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(whole)) part[type] = Number(value);
    const { year = NaN, month = NaN, day: date = NaN, hour: hours = NaN, minute = NaN, second = NaN } = part;
    return Date.UTC(year, month - 1, date, hours, minute, second) - whole;
  };
}

function offsetOfText(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * Makes a reader of times. Where clocks are set back, a local time that comes twice is the first; where they are set
 * forward, one that is skipped is as long after the change as it is written after its beginning.
 * @param zone of times without an offset, an IANA name
 * @returns a function that gives the time in RFC 3339, or undefined when the text is none
 */
export function timeReader(zone: string): (text: string) => string | undefined {
  const offsetAt = offsetsOf(zone);
  const inZone = (local: number): number => {
    const before = offsetAt(local - day);
    const after = offsetAt(local + day);
    if (before === after || offsetAt(local - before) === before) return local - before;
    return offsetAt(local - after) === after ? local - after : local - before;
  };
  return (text) => {
    if (/^\d{9,10}$/.test(text)) return new Date(Number(text) * 1_000).toISOString();
    if (/^\d{12,13}$/.test(text)) return new Date(Number(text)).toISOString();
    const parts = localTime.exec(text.trim());
    if (!parts) return undefined;
    const [years, months, dates, hours, minutes, seconds] = parts
      .slice(1, 7)
      .map((part) => Number(part ?? 0));
    const fraction = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
    const local = Date.UTC(years ?? 0, (months ?? 0) - 1, dates, hours, minutes, seconds, fraction);
    const read = new Date(local);
    // Date.UTC carries a 31 April over to 1 May, which is no reading of it.
    const isReal =
      read.getUTCMonth() + 1 === months &&
      read.getUTCDate() === dates &&
      read.getUTCHours() === hours &&
      read.getUTCMinutes() === minutes &&
      read.getUTCSeconds() === seconds;
    if (!isReal) return undefined;
    const offset = parts[8];
    return new Date(offset === undefined ? inZone(local) : local - offsetOfText(offset)).toISOString();
  };
}
