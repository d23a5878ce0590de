// Which links go forward, and the row of each step: the longest forward path that leads to it.

/** A link between two steps, given by their index. */
export interface IndexedLink {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly defined: boolean;
}

export interface Ranks {
  /** For each link whether it leads back to an earlier step. A link from a step to itself is back too. */
  readonly back: readonly boolean[];
  /** The row of each step, from 0. */
  readonly rank: readonly number[];
}

/**
 * Breaks loops and ranks the steps.
 *
 * Defined links are judged by a walk in the order of the definition alone, so that numbers that arrive never move a step. Links
 * that the definition does not have, as in mined logs, are then taken strongest first: each goes forward unless it closes a loop.
 */
export function rankSteps(count: number, links: readonly IndexedLink[], entries: readonly number[]): Ranks {
  const back = links.map(({ from, to }) => from === to);
  const forward: number[][] = Array.from({ length: count }, () => []);
  markDefinedLoops(count, links, entries, back);
  links.forEach(({ from, to, defined }, index) => {
    if (defined && !back[index]) forward[from]?.push(to);
  });
  const observed = links
    .map((link, index) => ({ ...link, index }))
    .filter(({ defined, index }) => !defined && !back[index])
    .toSorted((a, b) => b.count - a.count || a.index - b.index);
  for (const { from, to, index } of observed) {
    if (reaches(forward, to, from)) back[index] = true;
    else forward[from]?.push(to);
  }
  return { back, rank: longestPaths(forward) };
}

function markDefinedLoops(
  count: number,
  links: readonly IndexedLink[],
  entries: readonly number[],
  back: boolean[],
): void {
  const outgoing: number[][] = Array.from({ length: count }, () => []);
  const hasIncoming = Array.from({ length: count }, () => false);
  links.forEach(({ from, to, defined }, index) => {
    if (!defined || from === to) return;
    outgoing[from]?.push(index);
    hasIncoming[to] = true;
  });
  const steps = Array.from({ length: count }, (_, index) => index);
  const roots = [...entries, ...steps.filter((step) => !hasIncoming[step]), ...steps];
  const state = new Uint8Array(count); // 0 not seen, 1 on the path walked now, 2 done
  for (const root of roots) {
    if (state[root] !== 0) continue;
    const path: { step: number; next: number }[] = [{ step: root, next: 0 }];
    state[root] = 1;
    let top;
    while ((top = path.at(-1))) {
      const index = outgoing[top.step]?.[top.next];
      top.next += 1;
      if (index === undefined) {
        state[top.step] = 2;
        path.pop();
        continue;
      }
      const to = links[index]?.to ?? 0;
      if (state[to] === 1) back[index] = true;
      else if (state[to] === 0) {
        state[to] = 1;
        path.push({ step: to, next: 0 });
      }
    }
  }
}

function reaches(forward: readonly (readonly number[])[], from: number, goal: number): boolean {
  const seen = new Uint8Array(forward.length);
  const waiting = [from];
  let step;
  while ((step = waiting.pop()) !== undefined) {
    if (step === goal) return true;
    if (seen[step] === 1) continue;
    seen[step] = 1;
    for (const next of forward[step] ?? []) waiting.push(next);
  }
  return false;
}

function longestPaths(forward: readonly (readonly number[])[]): number[] {
  const rank = forward.map(() => 0);
  const open = forward.map(() => 0);
  for (const targets of forward) for (const to of targets) open[to] = (open[to] ?? 0) + 1;
  const ready = open.flatMap((incoming, step) => (incoming === 0 ? [step] : []));
  let step;
  while ((step = ready.pop()) !== undefined) {
    for (const to of forward[step] ?? []) {
      rank[to] = Math.max(rank[to] ?? 0, (rank[step] ?? 0) + 1);
      open[to] = (open[to] ?? 0) - 1;
      if (open[to] === 0) ready.push(to);
    }
  }
  return rank;
}
