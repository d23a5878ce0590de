// SVG path data from points along and across the flow.
import { pointIn, type Frame } from './geometry.ts';

/** A point along the flow and across it. */
export interface Spot {
  readonly main: number;
  readonly cross: number;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** The text of a point. */
export function at(frame: Frame, { main, cross }: Spot): string {
  const { x, y } = pointIn(frame, main, cross);
  return `${round(x)},${round(y)}`;
}

/** A curve that leaves and arrives along the flow; a straight line when both ends are on one. */
export function bend(frame: Frame, from: Spot, to: Spot): string {
  if (Math.abs(from.cross - to.cross) < 0.5) return `L${at(frame, to)}`;
  const middle = (from.main + to.main) / 2;
  const first = at(frame, { main: middle, cross: from.cross });
  const second = at(frame, { main: middle, cross: to.cross });
  return `C${first} ${second} ${at(frame, to)}`;
}

/** The point of that curve at a part of its way, 0 to 1. */
export function pointOfBend(from: Spot, to: Spot, part: number): Spot {
  const rest = 1 - part;
  const middle = (from.main + to.main) / 2;
  const ends = { first: rest ** 3, last: part ** 3 };
  const inner = { first: 3 * rest ** 2 * part, last: 3 * rest * part ** 2 };
  return {
    main: ends.first * from.main + (inner.first + inner.last) * middle + ends.last * to.main,
    cross: (ends.first + inner.first) * from.cross + (ends.last + inner.last) * to.cross,
  };
}

/** A line with round corners. */
export function roundedLine(frame: Frame, spots: readonly Spot[], radius: number): string {
  const first = spots[0];
  if (!first) return '';
  let path = `M${at(frame, first)}`;
  for (let index = 1; index < spots.length; index += 1) {
    const before = spots[index - 1] ?? first;
    const corner = spots[index] ?? first;
    const after = spots[index + 1];
    if (!after) return `${path}L${at(frame, corner)}`;
    const reach = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const entry = at(frame, towards(corner, before, reach));
    path += `L${entry}Q${at(frame, corner)} ${at(frame, towards(corner, after, reach))}`;
  }
  return path;
}

function distance(a: Spot, b: Spot): number {
  return Math.hypot(a.main - b.main, a.cross - b.cross);
}

function towards(from: Spot, to: Spot, length: number): Spot {
  const whole = distance(from, to);
  const part = whole === 0 ? 0 : length / whole;
  return {
    main: from.main + (to.main - from.main) * part,
    cross: from.cross + (to.cross - from.cross) * part,
  };
}

const tipLength = 7;
const tipHalf = 4;

/** An arrow's tip that ends at a spot: along the flow, or across it into a step's side. */
export function arrowTip(frame: Frame, end: Spot, heading: 'along' | 'across'): string {
  const corners = [-tipHalf, tipHalf].map((aside) =>
    heading === 'along'
      ? { main: end.main - tipLength, cross: end.cross + aside }
      : { main: end.main + aside, cross: end.cross - tipLength },
  );
  const [left, right] = corners;
  return left && right ? `M${at(frame, left)}L${at(frame, end)}L${at(frame, right)}Z` : '';
}
