// Calendar dates in a journey's time zone.

/** The date of an instant in a zone as `YYYY-MM-DD`, or null when this browser does not know the zone. */
export function dateIn(timeZone: string, at: string): string | null {
  try {
    // Swedish writes dates as ISO 8601 does.
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(at));
  } catch {
    return null;
  }
}
