// Stands in for d3-transition and d3-interpolate in the single file. d3-zoom asks the one to interrupt transitions before it
// moves the picture, and the other how to animate; the flow never animates by script: motion is the style sheet's, so that
// prefers-reduced-motion holds.
import { selection } from 'd3-selection';

/** Interrupts the transitions of a node, of which there are none. */
export function interrupt(): void {}

Object.assign(selection.prototype, {
  interrupt<Self>(this: Self): Self {
    return this;
  },
});

/** @throws always: d3-zoom calls it in transitions only */
export function interpolateZoom(): never {
  throw new Error('The flow does not animate by script');
}
