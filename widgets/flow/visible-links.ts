// Which links are drawn. A mined log has many times more links than steps; drawn all at once they tell nothing. What is left
// out is counted and never lost: the element shows all on demand, and those of a step while it has the focus or the pointer.
import type { FlowLink } from './geometry.ts';

export interface VisibleLinks {
  readonly drawn: readonly FlowLink[];
  readonly hidden: readonly FlowLink[];
}

/** Links that the definition does not have, for each step: more than this are never drawn at once. */
const perStep = 2;
/** Strongest first, links are drawn until they carry this share of all that moved. */
const carried = 0.9;

/**
 * All defined links; of the others the strongest of each step on either side, so that no step loses its only link, and then
 * the strongest of all until most of the flow is carried or the picture is full.
 */
export function chooseLinks(stepCount: number, links: readonly FlowLink[]): VisibleLinks {
  const defined = links.filter(({ defined: isDefined }) => isDefined);
  const observed = links.filter(({ defined: isDefined }) => !isDefined);
  const budget = Math.max(0, Math.ceil(stepCount * perStep) - defined.length);
  const order = new Map(links.map(({ key }, index) => [key, index]));
  const byStrength = observed.toSorted(
    (a, b) => b.count - a.count || (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0),
  );
  const chosen = new Set(defined);
  const hasWayIn = new Set(defined.flatMap(({ from, to }) => (from === to ? [] : [to])));
  const hasWayOut = new Set(defined.flatMap(({ from, to }) => (from === to ? [] : [from])));
  for (const link of byStrength) {
    if (link.from === link.to || (hasWayIn.has(link.to) && hasWayOut.has(link.from))) continue;
    chosen.add(link);
    hasWayIn.add(link.to);
    hasWayOut.add(link.from);
  }
  const total = links.reduce((sum, { count }) => sum + count, 0);
  let moved = [...chosen].reduce((sum, { count }) => sum + count, 0);
  let extra = [...chosen].filter(({ defined: isDefined }) => !isDefined).length;
  for (const link of byStrength) {
    if (extra >= budget || moved >= total * carried) break;
    if (chosen.has(link)) continue;
    chosen.add(link);
    moved += link.count;
    extra += 1;
  }
  return {
    drawn: links.filter((link) => chosen.has(link)),
    hidden: links.filter((link) => !chosen.has(link)),
  };
}
