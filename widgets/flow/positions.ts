// Places that the host's own editor gave its steps. Its steps may be smaller than ours, so the places are spread until no two
// overlap; their arrangement stays.
import { stepWidth, type Box, type LayoutStep } from './geometry.ts';

const gap = { x: 48, y: 36 } as const;
const largestSpread = 4;

/** @returns a box for each step, in the order of the steps, from 0. Steps without a place stand at 0. */
export function spreadPositions(steps: readonly LayoutStep[]): Box[] {
  const given = steps.map(({ position }) => ({ x: position?.x ?? 0, y: position?.y ?? 0 }));
  const left = given.reduce((least, { x }) => Math.min(least, x), Number.MAX_VALUE);
  const top = given.reduce((least, { y }) => Math.min(least, y), Number.MAX_VALUE);
  const spread = neededSpread(given, steps);
  const boxes = given.map(({ x, y }, step): Box => ({
    x: (x - left) * spread,
    y: (y - top) * spread,
    width: stepWidth,
    height: steps[step]?.height ?? 0,
  }));
  return pushDown(boxes);
}

/** The least factor at which no two steps overlap, as far as a factor can do it. */
function neededSpread(given: readonly { x: number; y: number }[], steps: readonly LayoutStep[]): number {
  let spread = 1;
  given.forEach((a, first) => {
    for (let second = first + 1; second < given.length; second += 1) {
      const b = given[second] ?? a;
      const [dx, dy] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
      const upper = a.y <= b.y ? first : second;
      const wide = (stepWidth + gap.x) / dx;
      const high = ((steps[upper]?.height ?? 0) + gap.y) / dy;
      const needed = Math.min(wide, high);
      if (needed > spread && needed <= largestSpread) spread = needed;
    }
  });
  return spread;
}

/** Moves down what still overlaps a step above it: places given twice, or nearly. */
function pushDown(boxes: readonly Box[]): Box[] {
  const order = boxes
    .map((_, index) => index)
    .toSorted((a, b) => {
      const [first, second] = [boxes[a], boxes[b]];
      return (first?.y ?? 0) - (second?.y ?? 0) || (first?.x ?? 0) - (second?.x ?? 0) || a - b;
    });
  const placed: Box[] = [];
  const result: Box[] = [...boxes];
  for (const index of order) {
    let box = boxes[index];
    if (!box) continue;
    for (let moved = true; moved;) {
      moved = false;
      for (const other of placed) {
        const apart =
          Math.abs(other.x - box.x) >= stepWidth ||
          box.y >= other.y + other.height + gap.y / 2 ||
          other.y >= box.y + box.height + gap.y / 2;
        if (apart) continue;
        box = { ...box, y: other.y + other.height + gap.y };
        moved = true;
      }
    }
    placed.push(box);
    result[index] = box;
  }
  return result;
}
