// Where all entries of a journey are now: each of them once. An entry is where its last visit is, so exits and waits of the
// steps add up over the steps, as no other of their numbers does; entries that visited no step are the rest.
import type { Flow, FlowStep } from '../../bff/contract/reading.ts';

export interface ExitShare {
  readonly stepId: string;
  readonly name: string;
  readonly count: number;
  /** Whether more of them had converted than not. */
  readonly converted: boolean;
}

export interface Whereabouts {
  readonly total: number;
  /** Not exited, whether on a step or on none. */
  readonly active: number;
  /** Left at a step that is an exit, the largest first. Those that failed there are in `failed`. */
  readonly exits: readonly ExitShare[];
  readonly otherExits: number;
  /** Left at another step, having converted. */
  readonly convertedOnTheWay: number;
  /** Left at another step without converting, and not by failure. */
  readonly leftOnTheWay: number;
  readonly failed: number;
  readonly waiting: number;
  readonly held: number;
  readonly notOnStep: number;
}

const mostExits = 3;

/** @returns null when the numbers contradict each other, so that nothing is asserted that does not hold. */
export function whereaboutsOf({ steps, totals }: Flow): Whereabouts | null {
  const sum = (chosen: readonly FlowStep[], value: (metrics: FlowStep['metrics']) => number) =>
    chosen.reduce((total, { metrics }) => total + value(metrics), 0);
  const ways = steps.filter(({ type }) => type !== 'exit');
  const exits = steps
    .filter(({ type, metrics }) => type === 'exit' && metrics.exited > metrics.stoppedByFailure)
    .map(({ stepId, name, metrics }) => ({
      stepId,
      name,
      count: metrics.exited - metrics.stoppedByFailure,
      converted: metrics.completed > metrics.droppedOff,
    }))
    .toSorted((a, b) => b.count - a.count);
  const waiting = sum(steps, (metrics) => metrics.waiting);
  const held = sum(steps, (metrics) => metrics.waitingHeld);
  const exited = sum(steps, (metrics) => metrics.exited);
  const notOnStep = totals.totalEntries - exited - waiting;
  if (notOnStep < 0 || waiting > totals.activeEntries || held > waiting) return null;
  return {
    total: totals.totalEntries,
    active: totals.activeEntries,
    exits: exits.slice(0, exits.length > mostExits ? mostExits - 1 : mostExits),
    otherExits:
      exits.length > mostExits
        ? exits.slice(mostExits - 1).reduce((total, { count }) => total + count, 0)
        : 0,
    convertedOnTheWay: sum(ways, (metrics) => metrics.completed),
    leftOnTheWay: sum(ways, (metrics) => metrics.droppedOff - metrics.stoppedByFailure),
    failed: sum(steps, (metrics) => metrics.stoppedByFailure),
    waiting: waiting - held,
    held,
    notOnStep,
  };
}
