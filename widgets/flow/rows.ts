// The order of the steps within their rows, so that few links cross. A link that skips rows passes each of them through a
// waypoint, which keeps its place among the steps.

/** Steps and waypoints are vertices: the steps first, by their index, then the waypoints. */
export interface Rows {
  readonly rows: readonly (readonly number[])[];
  /** For each vertex its neighbours in the row above and the row below. */
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** For each link its waypoints from the first skipped row to the last; undefined when there was no room for them. */
  readonly waypoints: ReadonlyMap<number, readonly number[]>;
  readonly stepCount: number;
}

/** A link that goes forward. `index` names it. */
export interface ForwardLink {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** More waypoints than this make the layout slow and the picture no clearer: the longest links then go round outside. */
const maximumWaypoints = 4_000;
const sweeps = 12;
/** Above this many vertices the work is bounded: fewer sweeps. */
const manyVertices = 1_500;

export function arrangeRows(
  rank: readonly number[],
  steps: readonly number[],
  links: readonly ForwardLink[],
): Rows {
  const graph = withWaypoints(rank, steps, links);
  const first = firstOrder(graph, steps);
  const best = improve(graph, first);
  return { ...graph, rows: best, stepCount: rank.length };
}

interface Graph {
  readonly rankOf: number[];
  readonly above: number[][];
  readonly below: number[][];
  readonly waypoints: Map<number, readonly number[]>;
}

function withWaypoints(
  rank: readonly number[],
  steps: readonly number[],
  links: readonly ForwardLink[],
): Graph {
  const rankOf = [...rank];
  const above: number[][] = rank.map(() => []);
  const below: number[][] = rank.map(() => []);
  const waypoints = new Map<number, readonly number[]>();
  const join = (upper: number, lower: number) => {
    below[upper]?.push(lower);
    above[lower]?.push(upper);
  };
  const spanOf = ({ from, to }: ForwardLink) => (rank[to] ?? 0) - (rank[from] ?? 0);
  let room = maximumWaypoints + steps.length;
  const inside = new Set<number>();
  for (const link of links.toSorted((a, b) => spanOf(a) - spanOf(b) || a.index - b.index)) {
    if (spanOf(link) - 1 > room) break;
    room -= spanOf(link) - 1;
    inside.add(link.index);
  }
  for (const link of links) {
    if (!inside.has(link.index)) continue;
    const chain: number[] = [];
    let upper = link.from;
    for (let row = (rank[link.from] ?? 0) + 1; row < (rank[link.to] ?? 0); row += 1) {
      const waypoint = rankOf.length;
      rankOf.push(row);
      above.push([]);
      below.push([]);
      join(upper, waypoint);
      chain.push(waypoint);
      upper = waypoint;
    }
    join(upper, link.to);
    waypoints.set(link.index, chain);
  }
  return { rankOf, above, below, waypoints };
}

/** A walk from the first steps on: a tree drawn in this order has no crossings. */
function firstOrder(graph: Graph, steps: readonly number[]): number[][] {
  const rows: number[][] = [];
  const seen = new Uint8Array(graph.rankOf.length);
  const roots = steps.toSorted((a, b) => (graph.rankOf[a] ?? 0) - (graph.rankOf[b] ?? 0) || a - b);
  for (const root of roots) {
    const waiting = [root];
    let vertex;
    while ((vertex = waiting.pop()) !== undefined) {
      if (seen[vertex] === 1) continue;
      seen[vertex] = 1;
      (rows[graph.rankOf[vertex] ?? 0] ??= []).push(vertex);
      waiting.push(...(graph.below[vertex] ?? []).toReversed());
    }
  }
  return Array.from(rows, (row) => row ?? []);
}

function improve(graph: Graph, first: number[][]): number[][] {
  const position = new Float64Array(graph.rankOf.length);
  const setPositions = (row: readonly number[]) => row.forEach((vertex, place) => (position[vertex] = place));
  let rows = first;
  rows.forEach(setPositions);
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows, graph.below, position);
  const rounds = graph.rankOf.length > manyVertices ? 4 : sweeps;
  let idle = 0;
  for (let round = 0; round < rounds && fewest > 0 && idle < 4; round += 1) {
    const downward = round % 2 === 0;
    const neighbours = downward ? graph.above : graph.below;
    const visited = downward ? rows.keys() : rows.map((_, index) => rows.length - 1 - index).values();
    for (const index of visited) {
      const row = sortByNeighbours(rows[index] ?? [], neighbours, position);
      rows[index] = row;
      setPositions(row);
    }
    transpose(rows, graph, position);
    const crossed = crossings(rows, graph.below, position);
    idle += 1;
    if (crossed < fewest) {
      fewest = crossed;
      best = rows.map((row) => [...row]);
      idle = 0;
    }
  }
  return best;
}

/** Sorts by the mean place of the neighbours. What has none keeps its place. */
function sortByNeighbours(
  row: readonly number[],
  neighbours: readonly (readonly number[])[],
  position: Float64Array,
): number[] {
  const wish = new Map<number, number>();
  for (const vertex of row) {
    const near = neighbours[vertex] ?? [];
    if (near.length === 0) continue;
    wish.set(vertex, near.reduce((sum, one) => sum + (position[one] ?? 0), 0) / near.length);
  }
  const sorted = row
    .filter((vertex) => wish.has(vertex))
    .toSorted((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || (position[a] ?? 0) - (position[b] ?? 0));
  let next = 0;
  return row.map((vertex) => (wish.has(vertex) ? (sorted[next++] ?? vertex) : vertex));
}

/** Swaps neighbours in a row while that takes crossings away. */
function transpose(rows: number[][], graph: Graph, position: Float64Array): void {
  if (graph.rankOf.length > manyVertices) return;
  for (const row of rows) {
    for (let place = 0; place + 1 < row.length; place += 1) {
      const [left, right] = [row[place] ?? 0, row[place + 1] ?? 0];
      const asIs = pairCrossings(left, right, graph, position);
      const swapped = pairCrossings(right, left, graph, position);
      if (swapped >= asIs) continue;
      row[place] = right;
      row[place + 1] = left;
      position[right] = place;
      position[left] = place + 1;
    }
  }
}

function pairCrossings(left: number, right: number, graph: Graph, position: Float64Array): number {
  let crossed = 0;
  for (const neighbours of [graph.above, graph.below]) {
    for (const a of neighbours[left] ?? []) {
      for (const b of neighbours[right] ?? []) {
        if ((position[a] ?? 0) > (position[b] ?? 0)) crossed += 1;
      }
    }
  }
  return crossed;
}

/** Counts the crossings between all rows with a tree of sums, so that a wide row costs no square. */
function crossings(
  rows: readonly (readonly number[])[],
  below: readonly (readonly number[])[],
  position: Float64Array,
): number {
  let crossed = 0;
  rows.forEach((row, index) => {
    const size = (rows[index + 1]?.length ?? 0) + 1;
    const sums = new Uint32Array(size + 1);
    let total = 0;
    for (const vertex of row) {
      const targets = (below[vertex] ?? []).map((target) => position[target] ?? 0).toSorted((a, b) => a - b);
      for (const target of targets) {
        let upTo = 0;
        for (let at = target + 1; at > 0; at -= at & -at) upTo += sums[at] ?? 0;
        crossed += total - upTo;
      }
      for (const target of targets) {
        total += 1;
        for (let at = target + 1; at <= size; at += at & -at) sums[at] = (sums[at] ?? 0) + 1;
      }
    }
  });
  return crossed;
}
