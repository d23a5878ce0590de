// Where the popover of a step stands: at its end side, else its start side, else below, else above; always in view.
interface Room {
  readonly width: number;
  readonly height: number;
}

interface Rectangle extends Room {
  readonly left: number;
  readonly top: number;
}

const away = 12;
const edge = 8;

export interface PopoverPlace {
  readonly left: number;
  readonly top: number;
}

/** All in the coordinates of the viewport. */
export function placePopover(anchor: Rectangle, size: Room, viewport: Room, mirrored: boolean): PopoverPlace {
  const right = anchor.left + anchor.width + away;
  const left = anchor.left - away - size.width;
  const sides = mirrored ? [left, right] : [right, left];
  const beside = sides.find((x) => x >= edge && x + size.width <= viewport.width - edge);
  const clamp = (value: number, most: number) => Math.max(edge, Math.min(value, most - edge));
  if (beside !== undefined) {
    return { left: beside, top: clamp(anchor.top - away, viewport.height - size.height) };
  }
  const below = anchor.top + anchor.height + away;
  const above = anchor.top - away - size.height;
  const fitsBelow = below + size.height <= viewport.height - edge;
  return {
    left: clamp(
      mirrored ? anchor.left + anchor.width - size.width : anchor.left,
      viewport.width - size.width,
    ),
    top: fitsBelow || above < edge ? clamp(below, viewport.height - size.height) : above,
  };
}
