// How far apart rows and neighbours stand, and where steps without a link go.
import { columnGap, margin, type Direction, type LayoutStep, type Place } from './geometry.ts';
import type { Rows } from './rows.ts';

const rowGap = { down: 36, right: 64 } as const;
const rowGapBelowFork = { down: 60, right: 110 } as const;
const rowGapAboveJoin = { down: 52, right: 72 } as const;
/** Across the flow: room for stub labels beside steps, less beside links. */
export const besideSteps = { down: columnGap, right: 56 } as const;
export const besideLinks = { down: 40, right: 28 } as const;
export const betweenLinks = 30;
/** Beyond the outermost step: the stub and its label. */
export const stubRoom = { down: 96, right: 44 } as const;
const orphansPerRow = 4;

/** Where each row begins and ends along the flow. Gaps are wider where labels stand and where paths join. */
export function rowsAlong(
  graph: Rows,
  isFork: (step: number) => boolean,
  direction: Direction,
  lengthOf: (step: number) => number,
): { start: number; end: number }[] {
  let start: number = margin;
  return graph.rows.map((row, level) => {
    const steps = row.filter((vertex) => vertex < graph.stepCount);
    const length = Math.max(0, ...steps.map(lengthOf));
    const own = { start, end: start + length };
    const joins = (graph.rows[level + 1] ?? []).some((vertex) => (graph.above[vertex]?.length ?? 0) > 1);
    const gap = steps.some(isFork) ? rowGapBelowFork : joins ? rowGapAboveJoin : rowGap;
    start += length + gap[direction];
    return own;
  });
}

/** Steps without a link stand below all others, a few in a row, so that they neither hide nor widen the picture. */
export function placeOrphans(
  steps: readonly LayoutStep[],
  linked: ReadonlySet<number>,
  places: Place[],
  end: number | null,
  direction: Direction,
  size: { readonly breadthOf: (step: number) => number; readonly lengthOf: (step: number) => number },
): void {
  const orphans = steps.flatMap((_, step) => (linked.has(step) ? [] : [step]));
  const perRow = Math.max(orphansPerRow, linked.size === 0 ? Math.ceil(Math.sqrt(orphans.length)) : 0);
  const low = places.reduce((least, place) => Math.min(least, place.centre - place.half), Number.MAX_VALUE);
  let start = end === null ? margin : end + rowGapBelowFork[direction];
  for (let first = 0; first < orphans.length; first += perRow) {
    const row = orphans.slice(first, first + perRow);
    const rowEnd = start + Math.max(...row.map(size.lengthOf));
    let edge = low === Number.MAX_VALUE ? 0 : low;
    for (const step of row) {
      const half = size.breadthOf(step) / 2;
      const place = { start, end: start + size.lengthOf(step), centre: edge + half, half };
      places[step] = { ...place, rowStart: start, rowEnd };
      edge += half * 2 + besideSteps[direction];
    }
    start = rowEnd + rowGap[direction];
  }
}
