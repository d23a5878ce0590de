// Calendar days in a time zone, fast: Intl is asked once for each zone and UTC day, not once for each instant.

const second = 1_000;
const millisecondsPerDay = 86_400_000;

/** Beyond this many days (11 years) or zones, what was remembered is forgotten, so that memory stays bounded. */
const maximumDays = 4_096;
const maximumZones = 64;

/** A UTC day on which the zone changes its offset. */
interface Change {
  /** The first instant with the offset `after`. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** By UTC day: the offset in milliseconds, or the change of it. */
  readonly days: Map<number, number | Change>;
}

const zones = new Map<string, Zone>();

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone: Zone = {
    format: new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
    days: new Map(),
  };
  if (zones.size >= maximumZones) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

/** @param at a whole second */
function offsetAt(zone: Zone, at: number): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of zone.format.formatToParts(at)) part[type] = Number(value);
  const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second: seconds = NaN } = part;
  return Date.UTC(year, month - 1, day, hour, minute, seconds) - at;
}

/** Looks a UTC day up. No zone changes its offset twice in one. Changes need not fall on a quarter of an hour: St. John's had them at 00:01. */
function lookUp(zone: Zone, utcDay: number): number | Change {
  let early = utcDay * millisecondsPerDay;
  let late = early + millisecondsPerDay;
  const before = offsetAt(zone, early);
  const after = offsetAt(zone, late);
  if (before === after) return before;
  while (late - early > second) {
    const middle = early + Math.floor((late - early) / (2 * second)) * second;
    if (offsetAt(zone, middle) === before) early = middle;
    else late = middle;
  }
  return { at: late, before, after };
}

/**
 * The calendar day of an instant in a time zone.
 * @param at milliseconds since 1970 in UTC
 * @param timeZone an IANA name
 * @returns the number of days since 1970-01-01
 * @throws RangeError when Intl does not know the zone
 */
export function dayInZone(at: number, timeZone: string): number {
  const utcDay = Math.floor(at / millisecondsPerDay);
  if (timeZone === 'UTC') return utcDay;
  const zone = zoneOf(timeZone);
  let offset = zone.days.get(utcDay);
  if (offset === undefined) {
    offset = lookUp(zone, utcDay);
    if (zone.days.size >= maximumDays) zone.days.clear();
    zone.days.set(utcDay, offset);
  }
  if (typeof offset !== 'number') offset = at < offset.at ? offset.before : offset.after;
  return Math.floor((at + offset) / millisecondsPerDay);
}
