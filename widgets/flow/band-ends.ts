// Where bands leave and reach a step: side by side, in the order of where they lead, so that they do not cross.
import type { FlowLink, Place } from './geometry.ts';

const between = 3;
/** The round corners of a step take no band. */
const corner = 14;

/** The place across the flow of a link's band at both its ends, by key. */
export interface BandEnds {
  readonly out: ReadonlyMap<string, number>;
  readonly into: ReadonlyMap<string, number>;
}

export function bandEnds(
  links: readonly FlowLink[],
  places: ReadonlyMap<string, Place>,
  widthOf: (link: FlowLink) => number,
  towards: (link: FlowLink, end: 'from' | 'to') => number,
): BandEnds {
  const side = (end: 'from' | 'to'): Map<string, number> => {
    const ends = new Map<string, number>();
    for (const [id, list] of Map.groupBy(links, (link) => link[end])) {
      const place = places.get(id);
      if (!place) continue;
      const sorted = list.toSorted((a, b) => towards(a, end) - towards(b, end));
      const offsets = sideBySide(sorted.map(widthOf), 2 * place.half);
      sorted.forEach(({ key }, index) => ends.set(key, place.centre + (offsets[index] ?? 0)));
    }
    return ends;
  };
  return { out: side('from'), into: side('to') };
}

/** Middles of bands around 0. Bands that do not fit on the side are drawn over each other. */
export function sideBySide(widths: readonly number[], length: number): number[] {
  const total = widths.reduce((sum, width) => sum + width, 0) + between * (widths.length - 1);
  const squeeze = Math.min(1, Math.max(0, length - 2 * corner) / Math.max(1, total));
  let start = -total / 2;
  return widths.map((width) => {
    const middle = start + width / 2;
    start += width + between;
    return middle * squeeze;
  });
}
