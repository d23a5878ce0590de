// How links are drawn: paths, bands, arrow tips and where labels stand. Numbers in, geometry out.
import { bandEnds } from './band-ends.ts';
import { bandWidth, stubWidth } from './bands.ts';
import { pointIn, type Box, type FlowLink, type Place, type Point } from './geometry.ts';
import type { FlowLayout, Waypoint } from './layout.ts';
import { placeLabels, type LabelWish } from './label-spots.ts';
import { OutsideRoutes } from './outside-routes.ts';
import { arrowTip, at, bend, pointOfBend, roundedLine, type Spot } from './paths.ts';
import { wholeShares } from './shares.ts';

export interface LinkLabel extends Point {
  /** How much room there is for the text beside a loop's source; unbounded for others. */
  readonly room: number;
}

export interface DrawnLink {
  readonly link: FlowLink;
  /** `forward` links carry a band; `back` ones return to an earlier step; `outside` ones are too long to pass between steps. */
  readonly kind: 'forward' | 'back' | 'outside';
  readonly path: string;
  readonly tip: string;
  /** 0 when nobody took it, or when it goes round outside: then there is a line and no band. */
  readonly width: number;
  /** Of those that moved on from its source, in thousandths; the shares of a source add up to 1,000. */
  readonly share: number;
  readonly label: LinkLabel;
  /** Whether its label stands there always: at a fork of the definition. */
  readonly labelled: boolean;
}

export interface Stub {
  readonly stepId: string;
  readonly box: Box;
  readonly label: Point;
}

const corner = 12;
/** A column that a link's own end nearly meets is taken as that end's: the link runs straight. */
const nearlyStraight = 16;
const stubLength = 26;
/** A share such as 100.0%, with the space before it. */
const shareCharacters = 7;

/**
 * @param all - Every link of the flow: shares are of all that moved on, drawn or not.
 * @param scale - What `bandScale` gives.
 * @param weightOf - What the width of a band shows.
 */
export function drawLinks(
  layout: FlowLayout,
  drawn: readonly FlowLink[],
  all: readonly FlowLink[],
  scale: number,
  weightOf: (link: FlowLink) => number = ({ count }) => count,
): DrawnLink[] {
  const { places } = layout;
  const isForward = (link: FlowLink) => waypointsOf(layout, link) !== undefined;
  const forward = drawn.filter(isForward);
  const ends = bandEnds(
    forward,
    places,
    (link) => Math.max(1, bandWidth(weightOf(link), scale)),
    (link, end) => {
      const ways = waypointsOf(layout, link) ?? [];
      const next = end === 'from' ? ways[0] : ways.at(-1);
      return next?.centre ?? places.get(end === 'from' ? link.to : link.from)?.centre ?? 0;
    },
  );
  const shares = sharesOf(all);
  const fanOut = countBy(all.filter(({ defined }) => defined));
  const outside = new OutsideRoutes(layout);
  const order = new Map(drawn.map(({ key }, index) => [key, index]));
  const nearestFirst = drawn.toSorted(
    (a, b) =>
      (layout.lanes.get(b.key) ?? 0) - (layout.lanes.get(a.key) ?? 0) ||
      (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0),
  );
  const wishes: LabelWish[] = [];
  const result = nearestFirst.flatMap((link): DrawnLink[] => {
    const from = places.get(link.from);
    const to = places.get(link.to);
    if (!from || !to) return [];
    const common = {
      link,
      share: shares.get(link.key) ?? 0,
      labelled: link.defined && (fanOut.get(link.from) ?? 0) > 1,
    };
    const ways = waypointsOf(layout, link);
    if (ways) {
      const start = { main: from.end, cross: ends.out.get(link.key) ?? from.centre };
      const end = { main: to.start, cross: ends.into.get(link.key) ?? to.centre };
      const width = bandWidth(weightOf(link), scale);
      const { bend: bendOf, ...drawing } = forwardPath(layout, start, end, from, ways);
      if (common.labelled) {
        wishes.push({ key: link.key, ...bendOf, characters: (link.label?.length ?? 0) + shareCharacters });
      }
      return [{ ...common, kind: 'forward', width, ...drawing }];
    }
    const route = outside.route(link, from, to);
    const [near, far] = route.run;
    const middle = { main: (near.main + far.main) / 2, cross: (near.cross + far.cross) / 2 };
    return [
      {
        ...common,
        kind: to.start > from.start ? 'outside' : 'back',
        path: roundedLine(layout.frame, route.spots, corner),
        tip: arrowTip(layout.frame, route.spots.at(-1) ?? middle, route.heading),
        width: 0,
        label: { ...spotPoint(layout, middle), room: Math.abs(near.cross - far.cross) },
      },
    ];
  });
  const spots = placeLabels(wishes, layout.frame.direction);
  return result
    .toSorted((a, b) => (order.get(a.link.key) ?? 0) - (order.get(b.link.key) ?? 0))
    .map((line) => {
      const spot = spots.get(line.link.key);
      return spot ? { ...line, label: { ...spotPoint(layout, spot), room: line.label.room } } : line;
    });
}

/** The rows that a forward link passes. One that was not laid out, since it is shown for a while only, passes none. */
function waypointsOf(layout: FlowLayout, link: FlowLink): readonly Waypoint[] | undefined {
  const known = layout.waypoints.get(link.key);
  if (known || layout.lanes.has(link.key)) return known;
  const from = layout.places.get(link.from);
  const to = layout.places.get(link.to);
  return from && to && to.start >= from.rowEnd ? [] : undefined;
}

function forwardPath(
  layout: FlowLayout,
  start: Spot,
  end: Spot,
  from: Place,
  ways: readonly Waypoint[],
): Pick<DrawnLink, 'path' | 'tip' | 'label'> & { readonly bend: { readonly from: Spot; readonly to: Spot } } {
  const { frame } = layout;
  // Ways that stand in one column with either end take its place: then there is one bend, in the last or first gap.
  const near = [start.cross, end.cross].find((cross) =>
    ways.every(({ centre }) => Math.abs(centre - cross) < nearlyStraight),
  );
  const stops = [
    ...ways.map(({ rowStart, rowEnd, centre }) => ({
      arrival: { main: rowStart, cross: near ?? centre },
      rowEnd,
    })),
    { arrival: end, rowEnd: end.main },
  ];
  let here = { main: from.rowEnd, cross: start.cross };
  const firstStop = stops[0]?.arrival ?? end;
  const firstBend = { from: here, to: firstStop };
  const label = pointOfBend(here, firstStop, 0.5);
  let path = `M${at(frame, start)}`;
  for (const { arrival, rowEnd } of stops) {
    path += `L${at(frame, here)}${bend(frame, here, arrival)}`;
    here = { main: rowEnd, cross: arrival.cross };
  }
  return {
    path,
    tip: arrowTip(frame, end, 'along'),
    label: { ...spotPoint(layout, label), room: Number.POSITIVE_INFINITY },
    bend: firstBend,
  };
}

function spotPoint({ frame }: FlowLayout, { main, cross }: Spot): Point {
  return pointIn(frame, main, cross);
}

function sharesOf(links: readonly FlowLink[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const siblings of Map.groupBy(links, ({ from }) => from).values()) {
    const whole = wholeShares(siblings.map(({ count }) => count));
    siblings.forEach(({ key }, index) => shares.set(key, whole[index] ?? 0));
  }
  return shares;
}

function countBy(links: readonly FlowLink[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { from } of links) counts.set(from, (counts.get(from) ?? 0) + 1);
  return counts;
}

/** The stub of those that dropped off, beside its step and level with the name, on the same scale as the bands. */
export function drawStub(layout: FlowLayout, stepId: string, droppedOff: number, scale: number): Stub | null {
  const place = layout.places.get(stepId);
  if (!place || droppedOff <= 0) return null;
  const { frame } = layout;
  const width = stubWidth(droppedOff, scale);
  const edge = place.centre + place.half;
  const main = frame.direction === 'down' ? place.start + 25 : (place.start + place.end) / 2;
  const a = pointIn(frame, main - width / 2, edge);
  const b = pointIn(frame, main + width / 2, edge + stubLength);
  const box = {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
  const label =
    frame.direction === 'down'
      ? pointIn(frame, main - 8, edge + stubLength + 6)
      : pointIn(frame, main + width / 2 + 6, edge + 8);
  return { stepId, box, label };
}
