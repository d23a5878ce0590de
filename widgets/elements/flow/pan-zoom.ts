// Pan and zoom of the picture. The wheel scrolls the page; with Ctrl or Cmd it zooms, as pinching does.
import { select, type Selection } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom';
import type { Box } from '../../flow/geometry.ts';

export const zoomBounds = { least: 0.4, most: 1.6, step: 0.1 } as const;
/** The picture starts as wide as the element, but never smaller than this. */
const leastAtStart = 0.6;
/** How much of the picture may leave the element on each side. */
const overscroll = 80;
const clearance = 24;

interface Size {
  readonly width: number;
  readonly height: number;
}

export class PanZoom {
  readonly #canvas: Selection<HTMLElement, unknown, null, undefined>;
  readonly #behaviour: ZoomBehavior<HTMLElement, unknown>;
  #picture: Size = { width: 0, height: 0 };
  #transform: ZoomTransform = zoomIdentity;
  /** Whether the person has moved the picture: then it is not fitted again by itself. */
  moved = false;

  constructor(canvas: HTMLElement, onChange: (transform: ZoomTransform) => void) {
    this.#behaviour = zoom<HTMLElement, unknown>()
      .scaleExtent([zoomBounds.least, zoomBounds.most])
      .extent(() => [
        [0, 0],
        [canvas.clientWidth, canvas.clientHeight],
      ])
      // One finger and the plain wheel scroll the page: the picture never traps them.
      .filter((event: MouseEvent | WheelEvent | TouchEvent) => {
        if (event.type === 'wheel') return event.ctrlKey || event.metaKey;
        if ('touches' in event) return event.touches.length > 1;
        return !event.ctrlKey && event.button === 0;
      })
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
        this.#transform = event.transform;
        if (event.sourceEvent) this.moved = true;
        onChange(event.transform);
      });
    this.#canvas = select(canvas);
    this.#canvas.call(this.#behaviour).on('dblclick.zoom', null);
  }

  get level(): number {
    return this.#transform.k;
  }

  /** The picture's size at 100 %. */
  resize(picture: Size): void {
    this.#picture = picture;
    this.#behaviour.translateExtent([
      [-overscroll, -overscroll],
      [picture.width + overscroll, picture.height + overscroll],
    ]);
  }

  /** The level at which the picture starts in an element of a width. */
  startLevel(width: number): number {
    return Math.min(1, Math.max(leastAtStart, width / Math.max(1, this.#picture.width)));
  }

  /** As wide as the element; the entry in the middle when the picture is wider, at its beginning when it reads sideways. */
  start(entry: Box | undefined): void {
    const { width, height } = this.#size();
    const level = this.startLevel(width);
    const free = width - this.#picture.width * level;
    const freeDown = height - this.#picture.height * level;
    const centre = (entry ? entry.x + entry.width / 2 : this.#picture.width / 2) * level;
    const middle = (entry ? entry.y + entry.height / 2 : 0) * level;
    const x = free >= 0 ? free / 2 : Math.max(free, Math.min(0, width / 2 - centre));
    const y =
      freeDown >= 0 ? Math.min(freeDown / 2, 0) : Math.max(freeDown, Math.min(0, height / 2 - middle));
    this.#apply(zoomIdentity.translate(x, y).scale(level));
    this.moved = false;
  }

  /** The whole picture, as far as it stays readable. */
  fit(): void {
    const { width, height } = this.#size();
    const wanted = Math.min(
      width / Math.max(1, this.#picture.width),
      height / Math.max(1, this.#picture.height),
    );
    const level = Math.min(1, Math.max(zoomBounds.least, wanted));
    const x = Math.max(0, (width - this.#picture.width * level) / 2);
    this.#apply(zoomIdentity.translate(x, 0).scale(level));
    this.moved = false;
  }

  zoomBy(direction: 1 | -1): void {
    const level = Math.round((this.level + direction * zoomBounds.step) * 10) / 10;
    this.moved = true;
    this.#behaviour.scaleTo(this.#canvas, Math.min(zoomBounds.most, Math.max(zoomBounds.least, level)));
  }

  /** Moves the picture as little as needed for a box to be seen. */
  reveal(box: Box): void {
    const { width, height } = this.#size();
    const { x, y, k } = this.#transform;
    const dx = shiftInto(box.x * k + x, box.width * k, width);
    const dy = shiftInto(box.y * k + y, box.height * k, height);
    if (dx === 0 && dy === 0) return;
    this.moved = true;
    this.#apply(zoomIdentity.translate(x + dx, y + dy).scale(k));
  }

  destroy(): void {
    this.#canvas.on('.zoom', null);
  }

  #apply(transform: ZoomTransform): void {
    this.#behaviour.transform(this.#canvas, transform);
  }

  #size(): Size {
    const node = this.#canvas.node();
    return { width: node?.clientWidth ?? 0, height: node?.clientHeight ?? 0 };
  }
}

function shiftInto(start: number, length: number, room: number): number {
  if (start < clearance) return clearance - start;
  const over = start + length + clearance - room;
  return over > 0 ? -Math.min(over, start - clearance) : 0;
}
