// Where a chart's lines, labels and points are. Drawing never computes; this never draws.
import type { Group } from './series.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface ChartOptions {
  readonly now: readonly Group[];
  readonly before: readonly Group[];
  readonly width: number;
  readonly height: number;
  /** Whether time runs from right to left. */
  readonly mirrored: boolean;
  /** Whether the last group of `now` still runs: the line to it is drawn apart. */
  readonly running: boolean;
  /** Counts have no halves. */
  readonly wholeNumbers: boolean;
}

export interface Chart {
  readonly line: string;
  readonly area: string;
  /** The line to the last group when that still runs, else empty. */
  readonly toRunning: string;
  readonly before: string;
  /** One for each group of `now`; null where there is no value. */
  readonly places: readonly (Place | null)[];
  /** A value with no neighbour to be joined to. */
  readonly alone: readonly Place[];
  readonly gridlines: readonly { readonly value: number; readonly y: number }[];
  readonly labels: readonly { readonly index: number; readonly x: number }[];
}

const inset = { top: 18, bottom: 22, side: 10 };
const labelWidth = 84;

/** Steps of 1, 2, 2.5 and 5 times a power of ten, from 0 to the first that is not below `most`. */
export function niceTicks(most: number, wholeNumbers: boolean): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factors = power === 1 && wholeNumbers ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  const factor = factors.find((each) => each * power >= rough) ?? 10;
  const step = wholeNumbers ? Math.max(1, factor * power) : factor * power;
  const count = Math.ceil(most / step);
  // Multiplied, not added up, so that 0.1 + 0.2 is not written out.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Runs of neighbours that have a value. */
function runsOf(places: readonly (Place | null)[]): Place[][] {
  const runs: Place[][] = [];
  let run: Place[] = [];
  for (const place of [...places, null]) {
    if (place) run.push(place);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  }
  return runs;
}

const at = ({ x, y }: Place) => `${x.toFixed(1)},${y.toFixed(1)}`;
const pathOf = (run: readonly Place[]) => (run.length < 2 ? '' : `M${run.map(at).join('L')}`);

export function chartOf(options: ChartOptions): Chart {
  const { now, before, width, height, mirrored, running, wholeNumbers } = options;
  const values = [...now, ...before].map(({ value }) => value ?? 0);
  const ticks = niceTicks(Math.max(0, ...values), wholeNumbers);
  const top = ticks.at(-1) ?? 1;
  const floor = height - inset.bottom;
  const yOf = (value: number) => floor - (value / top) * (floor - inset.top);
  const steps = Math.max(now.length, before.length) - 1;
  const xOf = (index: number) => {
    const along = steps > 0 ? inset.side + (index / steps) * (width - 2 * inset.side) : width / 2;
    return mirrored ? width - along : along;
  };
  const placesOf = (groups: readonly Group[]) =>
    groups.map(({ value }, index) => (value === null ? null : { x: xOf(index), y: yOf(value) }));
  const places = placesOf(now);
  const over = running ? places.slice(0, -1) : places;
  const runs = runsOf(over);
  const apart = running ? runsOf(places.slice(-2)).find((run) => run.length === 2) : undefined;
  const every = Math.max(1, Math.ceil(now.length / Math.max(2, Math.floor(width / labelWidth))));
  return {
    line: runs.map(pathOf).join(''),
    area: runs
      .filter((run) => run.length > 1)
      .map((run) => `${pathOf(run)}V${floor}H${run[0]?.x.toFixed(1)}Z`)
      .join(''),
    toRunning: apart ? pathOf(apart) : '',
    before: runsOf(placesOf(before)).map(pathOf).join(''),
    places,
    alone: runsOf(places)
      .filter((run) => run.length === 1)
      .flat(),
    gridlines: ticks.map((value) => ({ value, y: yOf(value) })),
    labels: now.flatMap((_, index) => (index % every === 0 ? [{ index, x: xOf(index) }] : [])),
  };
}

/** The group nearest to `x`. */
export function nearestPlace({ places }: Chart, x: number): number | undefined {
  let nearest: number | undefined;
  let least = Infinity;
  for (const [index, place] of places.entries()) {
    const distance = place ? Math.abs(place.x - x) : Infinity;
    if (distance >= least) continue;
    least = distance;
    nearest = index;
  }
  return nearest;
}
