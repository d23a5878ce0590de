// Where each vertex stands across the flow: Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2001).
// Four layouts, each aligned towards one corner, are laid over each other; a fork comes to stand over the mean of what follows,
// and a link that skips rows runs straight.
import type { Rows } from './rows.ts';

/** The least distance between the centres of two neighbours of a row, the left one first. */
export type Separation = (left: number, right: number) => number;

interface Corner {
  readonly upward: boolean;
  readonly leftward: boolean;
}

const corners: readonly Corner[] = [
  { upward: true, leftward: true },
  { upward: true, leftward: false },
  { upward: false, leftward: true },
  { upward: false, leftward: false },
];

/** @returns the centre of each vertex; vertices of no row get 0. */
export function placeColumns(graph: Rows, separation: Separation): Float64Array {
  const position = new Float64Array(graph.above.length);
  for (const row of graph.rows) row.forEach((vertex, place) => (position[vertex] = place));
  const barred = barredSegments(graph, position);
  const layouts = corners.map((corner) => {
    const root = alignVertices(graph, position, barred, corner);
    return compact(graph, root, separation, corner.leftward);
  });
  const used = graph.rows.flat();
  alignToNarrowest(layouts, used);
  const centres = new Float64Array(position.length);
  for (const vertex of used) {
    const values = layouts.map((layout) => layout[vertex] ?? 0).toSorted((a, b) => a - b);
    centres[vertex] = ((values[1] ?? 0) + (values[2] ?? 0)) / 2;
  }
  return centres;
}

const segmentKey = (upper: number, lower: number, size: number) => upper * size + lower;

/** Segments that cross one between two waypoints: they yield, so that skipping links stay straight. */
function barredSegments(graph: Rows, position: Float64Array): Set<number> {
  const { stepCount } = graph;
  const size = graph.above.length;
  const barred = new Set<number>();
  for (let index = 0; index + 1 < graph.rows.length; index += 1) {
    const upperLast = (graph.rows[index]?.length ?? 1) - 1;
    const row = graph.rows[index + 1] ?? [];
    let scanned = 0;
    let from = 0;
    row.forEach((vertex, place) => {
      const inner =
        vertex >= stepCount ? graph.above[vertex]?.find((upper) => upper >= stepCount) : undefined;
      if (inner === undefined && place !== row.length - 1) return;
      const to = inner === undefined ? upperLast : (position[inner] ?? 0);
      for (; scanned <= place; scanned += 1) {
        const lower = row[scanned] ?? 0;
        for (const upper of graph.above[lower] ?? []) {
          const at = position[upper] ?? 0;
          const isInner = lower >= stepCount && upper >= stepCount;
          if ((at < from || at > to) && !isInner) barred.add(segmentKey(upper, lower, size));
        }
      }
      from = to;
    });
  }
  return barred;
}

/** @returns for each vertex the root of its block: the vertices that will share one centre. */
function alignVertices(
  graph: Rows,
  position: Float64Array,
  barred: ReadonlySet<number>,
  { upward, leftward }: Corner,
): Int32Array {
  const size = graph.above.length;
  const root = Int32Array.from({ length: size }, (_, vertex) => vertex);
  const taken = new Uint8Array(size);
  const neighbours = upward ? graph.above : graph.below;
  for (const row of upward ? graph.rows : graph.rows.toReversed()) {
    let limit = leftward ? -1 : Number.POSITIVE_INFINITY;
    for (const vertex of leftward ? row : row.toReversed()) {
      const near = (neighbours[vertex] ?? []).toSorted((a, b) => (position[a] ?? 0) - (position[b] ?? 0));
      const middle = (near.length - 1) / 2;
      const medians = near.slice(Math.max(0, Math.floor(middle)), Math.ceil(middle) + 1);
      for (const median of leftward ? medians : medians.toReversed()) {
        const at = position[median] ?? 0;
        const key = upward ? segmentKey(median, vertex, size) : segmentKey(vertex, median, size);
        const free = leftward ? at > limit : at < limit;
        if (taken[median] === 1 || !free || barred.has(key)) continue;
        taken[median] = 1;
        root[vertex] = root[median] ?? median;
        limit = at;
        break;
      }
    }
  }
  return root;
}

/** Pushes the blocks together: each as far to the left as its neighbours let it, then back towards those on its right. */
function compact(graph: Rows, root: Int32Array, separation: Separation, leftward: boolean): Float64Array {
  const size = graph.above.length;
  const after: Map<number, number>[] = Array.from({ length: size }, () => new Map());
  const open = new Int32Array(size);
  const blocks = new Set<number>();
  for (const row of graph.rows) {
    row.forEach((vertex, place) => {
      const block = root[vertex] ?? vertex;
      blocks.add(block);
      const next = row[place + 1];
      if (next === undefined) return;
      const nextBlock = root[next] ?? next;
      const known = after[block]?.get(nextBlock);
      if (known === undefined) open[nextBlock] = (open[nextBlock] ?? 0) + 1;
      after[block]?.set(nextBlock, Math.max(known ?? 0, separation(vertex, next)));
    });
  }
  const order: number[] = [...blocks].filter((block) => open[block] === 0);
  for (const block of order) {
    for (const next of after[block]?.keys() ?? []) {
      open[next] = (open[next] ?? 0) - 1;
      if (open[next] === 0) order.push(next);
    }
  }
  const centre = new Float64Array(size);
  if (leftward) {
    for (const block of order) {
      for (const [next, gap] of after[block] ?? [])
        centre[next] = Math.max(centre[next] ?? 0, (centre[block] ?? 0) + gap);
    }
    pull(order.toReversed(), after, centre);
  } else {
    // From the right: the same, counted downwards from 0.
    for (const block of order.toReversed()) {
      for (const [next, gap] of after[block] ?? [])
        centre[block] = Math.min(centre[block] ?? 0, (centre[next] ?? 0) - gap);
    }
    pullBack(order, after, centre);
  }
  return Float64Array.from({ length: size }, (_, vertex) => centre[root[vertex] ?? vertex] ?? 0);
}

/** Moves each block that has others on its right as near to them as it may stand. */
function pull(
  order: readonly number[],
  after: readonly ReadonlyMap<number, number>[],
  centre: Float64Array,
): void {
  for (const block of order) {
    const limits = [...(after[block] ?? [])].map(([next, gap]) => (centre[next] ?? 0) - gap);
    if (limits.length > 0) centre[block] = Math.max(centre[block] ?? 0, Math.min(...limits));
  }
}

function pullBack(
  order: readonly number[],
  after: readonly ReadonlyMap<number, number>[],
  centre: Float64Array,
): void {
  const before = new Map<number, [number, number][]>();
  for (const block of order) {
    for (const [next, gap] of after[block] ?? []) {
      const list = before.get(next) ?? [];
      list.push([block, gap]);
      before.set(next, list);
    }
  }
  for (const block of order) {
    const limits = (before.get(block) ?? []).map(([left, gap]) => (centre[left] ?? 0) + gap);
    if (limits.length > 0) centre[block] = Math.min(centre[block] ?? 0, Math.max(...limits));
  }
}

function alignToNarrowest(layouts: readonly Float64Array[], used: readonly number[]): void {
  const bounds = layouts.map((layout) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const vertex of used) {
      low = Math.min(low, layout[vertex] ?? 0);
      high = Math.max(high, layout[vertex] ?? 0);
    }
    return { low, high };
  });
  const narrowest = bounds.reduce(
    (best, one) => (one.high - one.low < best.high - best.low ? one : best),
    bounds[0] ?? { low: 0, high: 0 },
  );
  layouts.forEach((layout, index) => {
    const own = bounds[index] ?? narrowest;
    const shift = corners[index]?.leftward ? narrowest.low - own.low : narrowest.high - own.high;
    for (const vertex of used) layout[vertex] = (layout[vertex] ?? 0) + shift;
  });
}
