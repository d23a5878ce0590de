// Puts a box in the top layer under what it belongs to, inside the window. By properties, not by a style attribute.

const gap = 6;
const margin = 8;

/** Sets `left` and `top` of a fixed `box`: its end side under the end side of `anchor`, above it when below is no room. */
export function placeBelow(box: HTMLElement, anchor: Element): void {
  const around = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const rightToLeft = getComputedStyle(anchor).direction === 'rtl';
  const wanted = rightToLeft ? around.left : around.right - width;
  const left = Math.max(margin, Math.min(wanted, clientWidth - width - margin));
  const below = around.bottom + gap;
  const top =
    below + height + margin > clientHeight && around.top > height + gap ? around.top - height - gap : below;
  box.style.setProperty('left', `${left}px`);
  box.style.setProperty('top', `${top}px`);
}
