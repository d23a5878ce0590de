// The measures of the diagram and the frame it is drawn in. All in CSS pixels at 100 %.
import type { FlowTransition } from '../../bff/contract/reading.ts';

export type Direction = 'down' | 'right';

export const stepWidth = 240;
export const stepHeight = 50;
export const stepHeightWithFooter = 78;

/** Clear space beside a step: it holds the drop-off stub and its label. */
export const columnGap = 92;
/** How far outside the outermost column the first lane of loops runs, and how far apart lanes are. */
export const laneOffset = 44;
export const lanePitch = 20;
export const margin = 28;

/** A step as the layout sees it. */
export interface LayoutStep {
  readonly id: string;
  readonly height: number;
  readonly isEntry: boolean;
  readonly position: { readonly x: number; readonly y: number } | null;
}

/** A transition between two steps of the picture; first visits, which come from nowhere, are not drawn. */
export interface FlowLink {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly users: number;
  readonly defined: boolean;
  readonly label: string | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Ids are any text, so the pair is told apart by a length, which no id can imitate. */
export function linkKey(from: string, to: string): string {
  return `${from.length}:${from}>${to}`;
}

/**
 * Links of a flow's transitions: those that begin or end outside the given steps are left out, and two between the
 * same steps (`Yes` and `No` that lead to one place) become one that carries both labels. The order is that of the steps, so
 * that the order of the answer does not matter.
 */
export function linksOf(stepIds: readonly string[], transitions: readonly FlowTransition[]): FlowLink[] {
  const order = new Map(stepIds.map((id, index) => [id, index]));
  const links = new Map<string, FlowLink>();
  for (const { from, to, count, users, defined, label } of transitions) {
    if (from === null || !order.has(from) || !order.has(to)) continue;
    const key = linkKey(from, to);
    const known = links.get(key);
    const labels = [known?.label, label].flatMap((text) => (text ? [text] : []));
    links.set(key, {
      key,
      from,
      to,
      count: Math.max(count, known?.count ?? 0),
      users: Math.max(users, known?.users ?? 0),
      defined: defined || (known?.defined ?? false),
      label: labels.length > 0 ? [...new Set(labels)].toSorted((a, b) => (a < b ? -1 : 1)).join(', ') : null,
    });
  }
  const indexOf = (id: string) => order.get(id) ?? 0;
  return [...links.values()].toSorted(
    (a, b) => indexOf(a.from) - indexOf(b.from) || indexOf(a.to) - indexOf(b.to),
  );
}

/**
 * Where "along the flow" and "across it" lie on the screen. Layout and links count in `main` (along) and `cross`
 * (across); the frame alone knows the direction and whether the page reads from right to left.
 */
export interface Frame {
  readonly direction: Direction;
  readonly mirrored: boolean;
  /** The size of the whole picture. */
  readonly width: number;
  readonly height: number;
}

export function pointIn(frame: Frame, main: number, cross: number): Point {
  const [x, y] = frame.direction === 'down' ? [cross, main] : [main, cross];
  return { x: frame.mirrored ? frame.width - x : x, y };
}

/** A step's place: `start` to `end` along the flow, `centre` ± `half` across it. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly centre: number;
  readonly half: number;
  /** The band of its row: no step of another row reaches into it. */
  readonly rowStart: number;
  readonly rowEnd: number;
}

export function boxIn(frame: Frame, place: Place): Box {
  const a = pointIn(frame, place.start, place.centre - place.half);
  const b = pointIn(frame, place.end, place.centre + place.half);
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}
