// Ways round outside: loops back to an earlier step, and links too long to pass between the steps.
import type { FlowLink, Place } from './geometry.ts';
import type { FlowLayout } from './layout.ts';
import type { Spot } from './paths.ts';

export interface OutsideRoute {
  readonly spots: readonly Spot[];
  /** Whether the arrow enters the step's side, or its start from the gap before it. */
  readonly heading: 'along' | 'across';
  /** The stretch beside the source on which a label finds room. */
  readonly run: readonly [Spot, Spot];
}

const inset = 12;
const sidePitch = 8;
/** In the gap between two rows: how far from the row the first way runs, and how far apart ways are. */
const gapOffset = 9;
const gapPitch = 5;
const waysInGap = 3;
const loopReach = 20;

/** Gives the routes of links that go outside; it counts what it has placed, so that two do not lie on each other. */
export class OutsideRoutes {
  readonly #layout: FlowLayout;
  readonly #used = new Map<string, number>();

  constructor(layout: FlowLayout) {
    this.#layout = layout;
  }

  route(link: FlowLink, from: Place, to: Place): OutsideRoute {
    if (link.from === link.to) return selfLoop(from);
    const lane = this.#layout.lanes.get(link.key) ?? this.#outermost();
    const leave = this.#leave(link.from, from, lane);
    const arrive = this.#arrive(link.to, to, lane);
    const spots = [...leave, ...arrive];
    const last = leave.at(-1) ?? { main: from.start, cross: lane };
    return {
      spots,
      heading: arrive.length === 2 ? 'across' : 'along',
      run: [leave.at(-2) ?? last, last],
    };
  }

  /** A lane beyond all others, for a link that is shown for a while only. */
  #outermost(): number {
    const edge = Math.min(...[...this.#layout.places.values()].map(({ centre, half }) => centre - half));
    return Math.min(edge - 24, ...[...this.#layout.lanes.values()].map((lane) => lane - 10));
  }

  #leave(id: string, place: Place, lane: number): Spot[] {
    const main = this.#sideSpot(id, place);
    if (this.#isClear(place, main, lane))
      return [
        { main, cross: place.centre - place.half },
        { main, cross: lane },
      ];
    const way = this.#next(`below ${place.rowEnd}`) % waysInGap;
    const gap = place.rowEnd + gapOffset + gapPitch * way;
    const cross = place.centre - place.half + inset + sidePitch * (this.#next(`out ${id}`) % 4);
    return [
      { main: place.end, cross },
      { main: gap, cross },
      { main: gap, cross: lane },
    ];
  }

  #arrive(id: string, place: Place, lane: number): Spot[] {
    const main = this.#sideSpot(id, place);
    if (this.#isClear(place, main, lane))
      return [
        { main, cross: lane },
        { main, cross: place.centre - place.half },
      ];
    const way = this.#next(`above ${place.rowStart}`) % waysInGap;
    const gap = place.rowStart - gapOffset - gapPitch * way;
    const cross = place.centre - place.half + inset + sidePitch * (this.#next(`into ${id}`) % 4);
    return [
      { main: gap, cross: lane },
      { main: gap, cross },
      { main: place.start, cross },
    ];
  }

  /** The next free spot on a step's side: the middle first, then by turns above and below. */
  #sideSpot(id: string, place: Place): number {
    const nth = this.#next(`side ${id}`);
    const away = Math.ceil(nth / 2) * sidePitch * (nth % 2 === 0 ? 1 : -1);
    const reach = (place.end - place.start) / 2 - inset;
    return (place.start + place.end) / 2 + Math.max(-reach, Math.min(reach, away));
  }

  #isClear(place: Place, main: number, lane: number): boolean {
    const edge = place.centre - place.half;
    for (const other of this.#layout.places.values()) {
      if (other === place || other.start > main + 4 || other.end < main - 4) continue;
      if (other.centre - other.half < edge && other.centre + other.half > lane) return false;
    }
    return true;
  }

  #next(key: string): number {
    const nth = this.#used.get(key) ?? 0;
    this.#used.set(key, nth + 1);
    return nth;
  }
}

function selfLoop(place: Place): OutsideRoute {
  const edge = place.centre - place.half;
  const length = place.end - place.start;
  const [early, late] = [place.start + length * 0.28, place.start + length * 0.72];
  const spots = [
    { main: late, cross: edge },
    { main: late, cross: edge - loopReach },
    { main: early, cross: edge - loopReach },
    { main: early, cross: edge },
  ];
  return {
    spots,
    heading: 'across',
    run: [
      { main: (early + late) / 2, cross: edge },
      { main: (early + late) / 2, cross: edge - loopReach },
    ],
  };
}
