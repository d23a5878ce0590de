// Places the steps of a journey. Places of the definition are used when all steps have one; else rows from the entry on.
import {
  boxIn,
  laneOffset,
  lanePitch,
  margin,
  stepWidth,
  type Box,
  type Direction,
  type FlowLink,
  type Frame,
  type LayoutStep,
  type Place,
} from './geometry.ts';
import { placeColumns } from './columns.ts';
import { besideLinks, besideSteps, betweenLinks, placeOrphans, rowsAlong, stubRoom } from './spacing.ts';
import { spreadPositions } from './positions.ts';
import { rankSteps } from './ranks.ts';
import { arrangeRows } from './rows.ts';

/** Where a link passes a row that it skips. */
export interface Waypoint {
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly centre: number;
}

export interface FlowLayout {
  readonly frame: Frame;
  readonly places: ReadonlyMap<string, Place>;
  readonly boxes: ReadonlyMap<string, Box>;
  /** Of links that go forward: the rows they pass on their way. A forward link that is missing goes round outside. */
  readonly waypoints: ReadonlyMap<string, readonly Waypoint[]>;
  /** Of links that go round outside, loops above all: where their lane runs across the flow. */
  readonly lanes: ReadonlyMap<string, number>;
}

export interface LayoutOptions {
  readonly direction?: Direction;
  /** Whether the page reads from right to left. */
  readonly mirrored?: boolean;
}

interface Placed {
  readonly places: Place[];
  readonly waypoints: Map<string, readonly Waypoint[]>;
  readonly outside: readonly FlowLink[];
}

export function layoutFlow(
  steps: readonly LayoutStep[],
  links: readonly FlowLink[],
  { direction = 'down', mirrored = false }: LayoutOptions = {},
): FlowLayout {
  const placed = steps.every(({ position }) => position !== null)
    ? placeAsDefined(steps, links, direction, mirrored)
    : placeInRows(steps, links, direction);
  const index = new Map(steps.map(({ id }, at) => [id, at]));
  const lanes = laneOrder(placed, links, index);
  const reach = lanes.size === 0 ? 0 : laneOffset + lanePitch * (lanes.size - 1) + 8;
  const low = Math.min(0, ...placed.places.map(({ centre, half }) => centre - half));
  const high = placed.places.reduce((most, { centre, half }) => Math.max(most, centre + half), 0);
  const wayHigh = [...placed.waypoints.values()]
    .flat()
    .reduce((most, way) => Math.max(most, way.centre), high);
  const wayLow = [...placed.waypoints.values()]
    .flat()
    .reduce((least, way) => Math.min(least, way.centre), low);
  const shift = margin + reach - wayLow;
  const length = placed.places.reduce((most, { rowEnd }) => Math.max(most, rowEnd), 0) + margin;
  const breadth = Math.max(high + stubRoom[direction], wayHigh + margin) + shift;
  const frame: Frame = {
    direction,
    mirrored,
    width: Math.ceil(direction === 'down' ? breadth : length),
    height: Math.ceil(direction === 'down' ? length : breadth),
  };
  const places = new Map<string, Place>();
  steps.forEach(({ id }, at) => {
    const place = placed.places[at];
    if (place) places.set(id, { ...place, centre: place.centre + shift });
  });
  const waypoints = new Map(
    Array.from(placed.waypoints, ([key, ways]) => [
      key,
      ways.map((way) => ({ ...way, centre: way.centre + shift })),
    ]),
  );
  return {
    frame,
    places,
    boxes: new Map(Array.from(places, ([id, place]) => [id, boxIn(frame, place)])),
    waypoints,
    lanes: new Map(Array.from(lanes, ([key, lane]) => [key, wayLow + shift - laneOffset - lanePitch * lane])),
  };
}

/** Lanes of links that go round outside: the shortest runs nearest. A link from a step to itself needs none. */
function laneOrder(
  { places, outside }: Placed,
  links: readonly FlowLink[],
  index: ReadonlyMap<string, number>,
): Map<string, number> {
  const order = new Map(links.map(({ key }, at) => [key, at]));
  const spanOf = ({ from, to }: FlowLink) =>
    Math.abs((places[index.get(from) ?? -1]?.start ?? 0) - (places[index.get(to) ?? -1]?.start ?? 0));
  return new Map(
    outside
      .filter(({ from, to }) => from !== to)
      .toSorted((a, b) => spanOf(a) - spanOf(b) || (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0))
      .map(({ key }, lane) => [key, lane]),
  );
}

function placeAsDefined(
  steps: readonly LayoutStep[],
  links: readonly FlowLink[],
  direction: Direction,
  mirrored: boolean,
): Placed {
  const boxes = spreadPositions(steps);
  const width = Math.max(0, ...boxes.map((box) => box.x + box.width));
  const places = boxes.map((box): Place => {
    // The host's places are meant as they are: what a mirrored frame will turn round is turned round here first.
    const x = mirrored ? width - box.x - box.width : box.x;
    const [start, length, low, breadth] =
      direction === 'down' ? [box.y, box.height, x, box.width] : [x, box.width, box.y, box.height];
    const from = start + margin;
    return {
      start: from,
      end: from + length,
      centre: low + breadth / 2,
      half: breadth / 2,
      rowStart: from,
      rowEnd: from + length,
    };
  });
  const index = new Map(steps.map(({ id }, at) => [id, at]));
  const isForward = ({ from, to }: FlowLink) =>
    (places[index.get(to) ?? -1]?.start ?? 0) >= (places[index.get(from) ?? -1]?.end ?? 0);
  return {
    places,
    waypoints: new Map(links.filter(isForward).map(({ key }) => [key, []])),
    outside: links.filter((link) => !isForward(link)),
  };
}

function placeInRows(steps: readonly LayoutStep[], links: readonly FlowLink[], direction: Direction): Placed {
  const index = new Map(steps.map(({ id }, at) => [id, at]));
  const at = (id: string) => index.get(id) ?? 0;
  const indexed = links.map(({ from, to, count, defined }) => ({
    from: at(from),
    to: at(to),
    count,
    defined,
  }));
  const entries = steps.flatMap(({ isEntry }, step) => (isEntry ? [step] : []));
  const { back, rank } = rankSteps(steps.length, indexed, entries);
  const linked = new Set(indexed.flatMap(({ from, to }) => (from === to ? [] : [from, to])));
  const forward = indexed.flatMap(({ from, to }, link) => (back[link] ? [] : [{ index: link, from, to }]));
  const members = steps.flatMap((_, step) => (linked.has(step) ? [step] : []));
  const graph = arrangeRows(rank, members, forward);
  const breadthOf = (step: number) => (direction === 'down' ? stepWidth : (steps[step]?.height ?? 0));
  const lengthOf = (step: number) => (direction === 'down' ? (steps[step]?.height ?? 0) : stepWidth);
  const centres = placeColumns(graph, (left, right) => {
    const halves = [left, right].map((vertex) => (vertex < graph.stepCount ? breadthOf(vertex) / 2 : 0));
    const sides = (left < graph.stepCount ? 1 : 0) + (right < graph.stepCount ? 2 : 0);
    const gap = [betweenLinks, besideSteps[direction] - 8, besideLinks[direction], besideSteps[direction]];
    return (halves[0] ?? 0) + (halves[1] ?? 0) + (gap[sides] ?? 0);
  });
  const leaving = new Map<number, number>();
  for (const { from, to } of indexed) if (from !== to) leaving.set(from, (leaving.get(from) ?? 0) + 1);
  const rows = rowsAlong(graph, (step) => (leaving.get(step) ?? 0) > 1, direction, lengthOf);
  const places: Place[] = [];
  graph.rows.forEach((row, level) => {
    const { start, end } = rows[level] ?? { start: 0, end: 0 };
    for (const step of row) {
      if (step >= graph.stepCount) continue;
      const half = breadthOf(step) / 2;
      const place = { start, end: start + lengthOf(step), centre: centres[step] ?? 0, half };
      places[step] = { ...place, rowStart: start, rowEnd: end };
    }
  });
  placeOrphans(steps, linked, places, rows.at(-1)?.end ?? null, direction, { breadthOf, lengthOf });
  const waypoints = new Map<string, readonly Waypoint[]>();
  for (const [link, chain] of graph.waypoints) {
    const ways = chain.map((vertex, skipped): Waypoint => {
      const level = (rank[indexed[link]?.from ?? 0] ?? 0) + 1 + skipped;
      const { start, end } = rows[level] ?? { start: 0, end: 0 };
      return { rowStart: start, rowEnd: end, centre: centres[vertex] ?? 0 };
    });
    waypoints.set(links[link]?.key ?? '', ways);
  }
  return { places, waypoints, outside: links.filter(({ key }) => !waypoints.has(key)) };
}
