// What belongs to a step: all that leads to it and all it leads to.
import type { FlowLink } from './geometry.ts';

export interface Trace {
  readonly steps: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

/** The paths of a step both ways. A link that goes back belongs to it only when it begins or ends there. */
export function traceStep(
  stepId: string,
  links: readonly FlowLink[],
  isBack: (link: FlowLink) => boolean,
): Trace {
  const steps = new Set([stepId]);
  const keys = new Set<string>();
  const forward = links.filter((link) => !isBack(link));
  const ways = [
    { next: Map.groupBy(forward, ({ from }) => from), end: 'to' as const },
    { next: Map.groupBy(forward, ({ to }) => to), end: 'from' as const },
  ];
  for (const { next, end } of ways) {
    const seen = new Set([stepId]);
    const waiting = [stepId];
    let id;
    while ((id = waiting.pop()) !== undefined) {
      for (const link of next.get(id) ?? []) {
        keys.add(link.key);
        steps.add(link[end]);
        if (seen.has(link[end])) continue;
        seen.add(link[end]);
        waiting.push(link[end]);
      }
    }
  }
  for (const link of links) {
    if (link.from !== stepId && link.to !== stepId) continue;
    keys.add(link.key);
    steps.add(link.from).add(link.to);
  }
  return { steps, links: keys };
}
