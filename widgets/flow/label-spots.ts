// Where the labels of a fork stand: on the bend of their link, and further along it where two would touch.
import type { Direction } from './geometry.ts';
import { pointOfBend, type Spot } from './paths.ts';

export interface LabelWish {
  readonly key: string;
  /** The bend that carries the label. */
  readonly from: Spot;
  readonly to: Spot;
  /** The number of characters of its text. */
  readonly characters: number;
}

const characterWidth = 6.4;
const padding = 16;
const widest = 200;
const height = 20;
const between = 4;
/** Parts of the way along the bend that are tried, the middle first. */
const parts = [0.5, 0.88, 0.12] as const;

export function labelWidth(characters: number): number {
  return Math.min(widest, characters * characterWidth + padding);
}

/** @returns the middle of each label. Labels for which there is no free place stand on the middle of their bend. */
export function placeLabels(wishes: readonly LabelWish[], direction: Direction): Map<string, Spot> {
  const placed = new Map<string, Spot>();
  // Only labels in one gap can touch, and gaps do not overlap along the flow.
  for (const siblings of Map.groupBy(wishes, ({ from }) => Math.round(from.main)).values()) {
    const taken: (Spot & { readonly width: number })[] = [];
    const sorted = siblings.toSorted((a, b) => a.from.cross + a.to.cross - b.from.cross - b.to.cross);
    for (const { key, from, to, characters } of sorted) {
      const width = labelWidth(characters);
      const touches = (spot: Spot) =>
        taken.some((other) => {
          const across = Math.abs(other.cross - spot.cross);
          const along = Math.abs(other.main - spot.main);
          const [aside, above] = direction === 'down' ? [across, along] : [along, across];
          return aside < (other.width + width) / 2 + between && above < height;
        });
      const spots = parts.map((part) => pointOfBend(from, to, part));
      const middle = spots[0] ?? from;
      const spot = spots.find((one) => !touches(one)) ?? middle;
      taken.push({ ...spot, width });
      placed.set(key, spot);
    }
  }
  return placed;
}
