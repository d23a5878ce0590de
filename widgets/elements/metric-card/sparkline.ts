// The small line of a card: this range solid, the earlier one dashed. Decoration: the words stand beside it. No DOM.
import { groupByDays, type Day, type Group, type Kind } from '../../trend/series.ts';

export interface Sparkline {
  readonly now: string;
  readonly before: string;
  readonly end: { readonly x: number; readonly y: number };
}

type Values = readonly (number | null)[];

const inset = 3;
/** More points than this are no line any more in the width of a card. */
export const mostPoints = 60;
/** One person more, or one percentage point: what moves less than this is drawn as the small move it is. */
const leastSpan = 1;

/** How many days make one point: one, or whole weeks, since days of the week differ. */
export function daysAPoint(days: number): number {
  return days <= mostPoints ? 1 : 7 * Math.ceil(days / (7 * mostPoints));
}

/** The points of a line. A first group that is shorter than the others is left out: its sum would draw a rise that is none. */
export function sparklineValues(days: readonly Day[], size: number, kind: Kind): (number | null)[] {
  const whole = ({ days: length }: Group) => length === size;
  return groupByDays(days, size, kind)
    .filter(whole)
    .map(({ value }) => value);
}

/** Paths for two series on one scale, or undefined when there is no line to draw. Points without a value are bridged. */
export function sparkline(now: Values, before: Values, width: number, height: number): Sparkline | undefined {
  const all = [...now, ...before].filter((value) => value !== null);
  if (now.filter((value) => value !== null).length < 2) return undefined;
  const top = Math.max(...all);
  const bottom = Math.min(...all);
  const spread = Math.max(top - bottom, leastSpan);
  // What hardly moves stands in the middle.
  const low = (top + bottom - spread) / 2;
  // Both begin at the same side: a range that has not ended is as far as it has come.
  const steps = Math.max(now.length, before.length) - 1;
  const place = (values: Values) =>
    values.flatMap((value, index) =>
      value === null
        ? []
        : [
            {
              x: inset + (index / steps) * (width - 2 * inset),
              y: height - inset - ((value - low) / spread) * (height - 2 * inset),
            },
          ],
    );
  const path = (places: readonly { x: number; y: number }[]) =>
    places.length < 2 ? '' : `M${places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`;
  const drawn = place(now);
  const end = drawn.at(-1);
  return end && { now: path(drawn), before: path(place(before)), end };
}
