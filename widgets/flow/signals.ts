// What deserves a look in a flow: facts that cross a threshold, each with the numbers behind it. Never a guess.
import type { Flow, FlowStep, Overview } from '../../bff/contract/index.ts';
import { wilsonInterval } from './proportions.ts';
import { signalThresholds as thresholds } from './signal-thresholds.ts';

/** What a share is held against: the same step in the earlier range, the other steps of its type, or all steps. */
export type UsualSource = 'previous' | 'channel' | 'journey';

export interface Usual {
  /** 0 to 100. */
  readonly rate: number;
  readonly source: UsualSource;
}

type Platform = keyof FlowStep['platforms'];

interface Facts {
  /** Where the mark stands. */
  readonly stepId: string;
  /** Entries or messages concerned: within a severity, more is worse. */
  readonly concerned: number;
}

interface Share extends Facts {
  readonly count: number;
  readonly whole: number;
  /** 0 to 100. */
  readonly rate: number;
  readonly usual: Usual | null;
}

/** Failed of attempts; `platform` when it is one platform's. */
export interface DeliveryTrouble extends Share {
  readonly kind: 'deliveryTrouble';
  readonly severity: 'high';
  readonly platform: Platform | null;
}

/** Dropped off of entered. */
export interface Friction extends Share {
  readonly kind: 'friction';
  readonly severity: 'high';
  readonly usual: Usual;
}

/** Clicked of sent. */
export interface LowEngagement extends Share {
  readonly kind: 'lowEngagement';
  readonly severity: 'medium';
  readonly usual: Usual;
}

/** Waiting of entered. */
export interface PileUp extends Share {
  readonly kind: 'pileUp';
  readonly severity: 'medium';
  readonly usual: null;
}

/** `whole` moved on from the transition's start. */
export interface UndefinedTransition extends Facts {
  readonly kind: 'undefinedTransition';
  readonly severity: 'low';
  readonly transition: { readonly from: string; readonly to: string };
  readonly count: number;
  readonly whole: number;
  readonly rate: number;
}

export interface UnusedTransition extends Facts {
  readonly kind: 'unusedTransition';
  readonly severity: 'low';
  readonly transition: { readonly from: string; readonly to: string };
  readonly label: string | null;
  readonly whole: number;
}

export interface UnreachedStep extends Facts {
  readonly kind: 'unreachedStep';
  readonly severity: 'low';
  /** All entries of the journey. */
  readonly whole: number;
}

/** Exits whose counting window is open: they can still convert. */
export interface RateNotFinal {
  readonly kind: 'rateNotFinal';
  readonly severity: 'note';
  readonly stepId: null;
  readonly concerned: number;
}

export type StepSignal =
  | DeliveryTrouble
  | Friction
  | LowEngagement
  | PileUp
  | UndefinedTransition
  | UnusedTransition
  | UnreachedStep;
export type Signal = StepSignal | RateNotFinal;

const severities = { high: 0, medium: 1, low: 2, note: 3 } as const satisfies Record<
  Signal['severity'],
  number
>;

const worstFirst = (a: Signal, b: Signal): number =>
  severities[a.severity] - severities[b.severity] || b.concerned - a.concerned;

interface Counts {
  readonly sentCount: number;
  readonly failedCount: number;
  readonly clickedCount: number;
}

interface Part {
  readonly count: number;
  readonly whole: number;
}

const failedOf = ({ failedCount, sentCount }: Counts): Part => ({
  count: failedCount,
  whole: failedCount + sentCount,
});
const clickedOf = ({ clickedCount, sentCount }: Counts): Part => ({ count: clickedCount, whole: sentCount });
const rateOf = ({ count, whole }: Part): number => (100 * count) / whole;

interface Reading {
  readonly step: FlowStep;
  readonly steps: readonly FlowStep[];
  /** The step in the earlier range. */
  readonly before: FlowStep | undefined;
}

/** What is usual for a share of a step: its own of the range before, else that of the other steps of its type together. */
function usualOf({ step, steps, before }: Reading, read: (step: FlowStep) => Part): Usual | null {
  const earlier = before && read(before);
  if (earlier && earlier.whole >= thresholds.minimum) return { rate: rateOf(earlier), source: 'previous' };
  let count = 0;
  let whole = 0;
  for (const other of steps) {
    if (other.type !== step.type || other.stepId === step.stepId) continue;
    const part = read(other);
    count += part.count;
    whole += part.whole;
  }
  return whole < thresholds.minimum ? null : { rate: rateOf({ count, whole }), source: 'channel' };
}

function deliveryTrouble(reading: Reading): DeliveryTrouble | null {
  const { step } = reading;
  const { rate: always, noticedRate, timesUsual } = thresholds.delivery;
  const judge = (platform: Platform | null): DeliveryTrouble | null => {
    const read = (one: FlowStep) => failedOf(platform === null ? one.metrics : one.platforms[platform]);
    const part = read(step);
    if (part.whole < thresholds.minimum) return null;
    const rate = rateOf(part);
    const usual = usualOf(reading, read);
    const isUnusual =
      usual !== null &&
      rate >= noticedRate &&
      rate >= timesUsual * usual.rate &&
      100 * wilsonInterval(part.count, part.whole).low > usual.rate;
    if (rate < always && !isUnusual) return null;
    return {
      kind: 'deliveryTrouble',
      severity: 'high',
      stepId: step.stepId,
      platform,
      ...part,
      rate,
      usual,
      concerned: part.count,
    };
  };
  const whole = judge(null);
  if (whole) return whole;
  const platforms = Object.keys(step.platforms) as Platform[]; // its keys are the platforms
  const found = platforms.map((platform) => judge(platform)).filter((signal) => signal !== null);
  return found.toSorted(worstFirst)[0] ?? null;
}

function friction({ step }: Reading, median: number | null): Friction | null {
  const { entryCount: whole, droppedOff: count } = step.metrics;
  if (step.type === 'exit' || median === null || whole < thresholds.minimum) return null;
  const rate = rateOf({ count, whole });
  const { timesMedian, pointsAbove, pointsAlone } = thresholds.friction;
  const isFar =
    (rate >= timesMedian * median && rate >= median + pointsAbove) || rate >= median + pointsAlone;
  if (!isFar) return null;
  return {
    kind: 'friction',
    severity: 'high',
    stepId: step.stepId,
    count,
    whole,
    rate,
    usual: { rate: median, source: 'journey' },
    concerned: count - (median / 100) * whole,
  };
}

function lowEngagement(reading: Reading): LowEngagement | null {
  const { step } = reading;
  // Others have no clicks that are measured.
  if (step.type !== 'push' && step.type !== 'email') return null;
  const read = ({ metrics }: FlowStep) => clickedOf(metrics);
  const part = read(step);
  const usual = usualOf(reading, read);
  if (part.whole < thresholds.minimum || !usual) return null;
  const rate = rateOf(part);
  const isLow =
    usual.rate > 0 &&
    rate <= thresholds.engagement.ofUsual * usual.rate &&
    100 * wilsonInterval(part.count, part.whole).high < usual.rate;
  if (!isLow) return null;
  return {
    kind: 'lowEngagement',
    severity: 'medium',
    stepId: step.stepId,
    ...part,
    rate,
    usual,
    concerned: (usual.rate / 100) * part.whole - part.count,
  };
}

function pileUp({ step }: Reading): PileUp | null {
  const { entryCount: whole, waiting: count } = step.metrics;
  if (whole < thresholds.minimum || count === 0) return null;
  const rate = rateOf({ count, whole });
  const { waitRate, rate: other } = thresholds.pileUp;
  if (rate < (step.type === 'wait' || step.type === 'condition' ? waitRate : other)) return null;
  return {
    kind: 'pileUp',
    severity: 'medium',
    stepId: step.stepId,
    count,
    whole,
    rate,
    usual: null,
    concerned: count,
  };
}

/** Of the steps on which somebody could drop off; null when too few say anything. */
function medianDropOff(steps: readonly FlowStep[]): number | null {
  const rates = steps
    .filter(({ type, metrics }) => type !== 'exit' && metrics.entryCount >= thresholds.minimum)
    .map(({ metrics }) => rateOf({ count: metrics.droppedOff, whole: metrics.entryCount }))
    .toSorted((a, b) => a - b);
  // Of two, the median lies halfway to the one that is judged.
  if (rates.length < 3) return null;
  const middle = rates.length / 2;
  const [low = 0, high = low] = [rates[Math.ceil(middle) - 1], rates[Math.floor(middle)]];
  return (low + high) / 2;
}

function unreachedSteps({ steps, totals }: Flow): UnreachedStep[] {
  const { totalEntries } = totals;
  if (totalEntries < thresholds.minimum) return [];
  return steps
    .filter(({ undefinedStep, metrics }) => !undefinedStep && metrics.entryCount === 0)
    .map(({ stepId }) => ({
      kind: 'unreachedStep',
      severity: 'low',
      stepId,
      whole: totalEntries,
      concerned: 0,
    }));
}

function transitionSignals(
  { transitions }: Flow,
  steps: ReadonlyMap<string, FlowStep>,
): (UndefinedTransition | UnusedTransition)[] {
  const between = transitions.flatMap(({ from, ...rest }) => (from === null ? [] : [{ from, ...rest }]));
  const moves = between.reduce((sum, { count }) => sum + count, 0);
  const explained = between.reduce((sum, { count, defined }) => sum + (defined ? count : 0), 0);
  const isPlan =
    between.some(({ defined }) => defined) &&
    100 * explained >= thresholds.undefinedTransition.explainedRate * moves;
  return between.flatMap(
    ({ from, to, count, defined, label }): (UndefinedTransition | UnusedTransition)[] => {
      const whole = steps.get(from)?.metrics.movedOn ?? 0;
      if (whole < thresholds.minimum) return [];
      const facts = { severity: 'low', stepId: from, transition: { from, to }, whole } as const;
      if (defined) {
        // That nobody reached the step it leads to is said of that step.
        const isUnused = count === 0 && (steps.get(to)?.metrics.entryCount ?? 0) > 0;
        return isUnused ? [{ kind: 'unusedTransition', ...facts, label, concerned: 0 }] : [];
      }
      const rate = rateOf({ count, whole });
      if (!isPlan || count === 0 || rate < thresholds.undefinedTransition.rate) return [];
      return [{ kind: 'undefinedTransition', ...facts, count, rate, concerned: count }];
    },
  );
}

/** Every signal of a flow, worst first. */
export function flowSignals(flow: Flow): StepSignal[] {
  const steps = new Map(flow.steps.map((step) => [step.stepId, step]));
  const before = new Map(flow.previous?.steps.map((step) => [step.stepId, step]));
  const median = medianDropOff(flow.steps);
  const ofSteps = flow.steps.flatMap((step) => {
    const reading = { step, steps: flow.steps, before: before.get(step.stepId) };
    return [deliveryTrouble(reading), friction(reading, median), lowEngagement(reading), pileUp(reading)];
  });
  return [
    ...ofSteps.filter((signal) => signal !== null),
    ...transitionSignals(flow, steps),
    ...unreachedSteps(flow),
  ].toSorted(worstFirst);
}

/** The signals of a journey's page, worst first. */
export function journeySignals(flow: Flow | undefined, overview: Overview | undefined): Signal[] {
  const open = overview?.metrics.exitsWindowOpen ?? 0;
  const notFinal: Signal[] =
    open > 0 ? [{ kind: 'rateNotFinal', severity: 'note', stepId: null, concerned: open }] : [];
  return [...(flow ? flowSignals(flow) : []), ...notFinal];
}
