// Differences of facts: what a batch of events changes for one user in one journey.
import type { Closing, Duration, Fact, Facts } from './facts.ts';

/** A change of a fact: `count` is what is to be added and may be negative. */
export interface FactDifference extends Fact {
  /** The user had no such fact before and has one now: he enters its set. */
  readonly joined: boolean;
  /** The user has no such fact left: he leaves its set. */
  readonly left: boolean;
}

/** What is to be added, by the same keys as the facts'; what stays the same is not there. Counts are never 0. */
interface Difference {
  readonly counts: Map<string, FactDifference>;
  readonly durations: Map<string, Duration>;
  readonly closings: Map<string, Closing>;
}

/** after − before. */
export function differenceOf(before: Facts, after: Facts): Difference {
  return {
    counts: countDifferences(before.counts, after.counts),
    durations: subtracted(before.durations, after.durations),
    closings: subtracted(before.closings, after.closings),
  };
}

function countDifferences(
  before: ReadonlyMap<string, Fact>,
  after: ReadonlyMap<string, Fact>,
): Map<string, FactDifference> {
  const differences = new Map<string, FactDifference>();
  for (const [key, { fact, step, detail, day, count }] of after) {
    const earlier = before.get(key);
    const more = count - (earlier?.count ?? 0);
    if (more === 0) continue;
    const joined = earlier === undefined;
    differences.set(key, { fact, step, detail, day, count: more, joined, left: false });
  }
  for (const [key, { fact, step, detail, day, count }] of before) {
    if (after.has(key)) continue;
    differences.set(key, { fact, step, detail, day, count: -count, joined: false, left: true });
  }
  return differences;
}

function subtracted<Counted extends { readonly count: number }>(
  before: ReadonlyMap<string, Counted>,
  after: ReadonlyMap<string, Counted>,
): Map<string, Counted> {
  const differences = new Map<string, Counted>();
  for (const [key, now] of after) {
    const count = now.count - (before.get(key)?.count ?? 0);
    if (count !== 0) differences.set(key, { ...now, count });
  }
  for (const [key, earlier] of before) {
    if (!after.has(key)) differences.set(key, { ...earlier, count: -earlier.count });
  }
  return differences;
}
