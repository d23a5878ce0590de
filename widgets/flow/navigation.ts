// Where a key leads from a step: along the links, or to the neighbours of its row.
import type { FlowLink } from './geometry.ts';
import type { FlowLayout } from './layout.ts';

export type Move = 'onward' | 'backward' | 'before' | 'after' | 'first' | 'last';

const moves = {
  down: { ArrowDown: 'onward', ArrowUp: 'backward', ArrowLeft: 'before', ArrowRight: 'after' },
  right: { ArrowRight: 'onward', ArrowLeft: 'backward', ArrowUp: 'before', ArrowDown: 'after' },
} as const;
const turned: Readonly<Record<string, string>> = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' };

/** What a key means on this layout; undefined for keys that do not move. */
export function moveOf(key: string, { frame }: Pick<FlowLayout, 'frame'>): Move | undefined {
  if (key === 'Home') return 'first';
  if (key === 'End') return 'last';
  const seen = frame.mirrored ? (turned[key] ?? key) : key;
  const table: Readonly<Record<string, Move>> = moves[frame.direction];
  return Object.hasOwn(table, seen) ? table[seen] : undefined;
}

/** The step that a move leads to; undefined when there is none. */
export function stepAfter(
  layout: FlowLayout,
  links: readonly FlowLink[],
  stepIds: readonly string[],
  current: string,
  move: Move,
): string | undefined {
  const place = layout.places.get(current);
  if (!place) return undefined;
  switch (move) {
    case 'onward':
      return widest(links.filter((link) => link.from === current && link.to !== current))?.to;
    case 'backward':
      return widest(links.filter((link) => link.to === current && link.from !== current))?.from;
    case 'first':
    case 'last': {
      const along = readingOrder(layout, stepIds);
      return move === 'first' ? along[0] : along.at(-1);
    }
    default: {
      const row = stepIds
        .filter((id) => {
          const other = layout.places.get(id);
          return other !== undefined && other.start < place.rowEnd && other.end > place.rowStart;
        })
        .toSorted((a, b) => (layout.places.get(a)?.centre ?? 0) - (layout.places.get(b)?.centre ?? 0));
      return row[row.indexOf(current) + (move === 'after' ? 1 : -1)];
    }
  }
}

/** Along the flow, then across it. */
export function readingOrder(layout: FlowLayout, stepIds: readonly string[]): string[] {
  return stepIds.toSorted((a, b) => {
    const [first, second] = [layout.places.get(a), layout.places.get(b)];
    return (first?.start ?? 0) - (second?.start ?? 0) || (first?.centre ?? 0) - (second?.centre ?? 0);
  });
}

function widest(links: readonly FlowLink[]): FlowLink | undefined {
  return links.reduce<FlowLink | undefined>(
    (best, link) => (best && best.count >= link.count ? best : link),
    undefined,
  );
}
