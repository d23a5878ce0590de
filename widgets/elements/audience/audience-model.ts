// An audience as it is put together on the screen, and as the contract writes it. No DOM.
import type { Audience, Flow, FlowStep, Platform } from '../../../bff/contract/index.ts';
import { messageMetricsOf } from '../flow/step-metrics.ts';

/** The users of one metric. */
export interface Condition {
  readonly metric: string;
  /** Null for a metric of the whole journey. */
  readonly step: string | null;
  readonly platform: Platform | null;
  readonly outcome: string | null;
  readonly not: boolean;
}

/** Conditions of which all, or any, must hold. On the screen a group stands at most in the outermost one. */
export interface Group {
  readonly join: 'all' | 'any';
  readonly not: boolean;
  readonly parts: readonly Part[];
}
export type Part = Condition | Group;

/** The contract's limit. */
export const mostConditions = 32;

export const isGroup = (part: Part): part is Group => 'parts' in part;

export const nobodyYet: Group = { join: 'all', not: false, parts: [] };
export const converted: Condition = {
  metric: 'convertedUsers',
  step: null,
  platform: null,
  outcome: null,
  not: false,
};

export function conditionsIn(part: Part): number {
  return isGroup(part) ? part.parts.reduce((sum, inner) => sum + conditionsIn(inner), 0) : 1;
}

/** What the contract takes; undefined for a group that holds no condition. */
export function whereOf(part: Part): Audience | undefined {
  let where: Audience | undefined;
  if (isGroup(part)) {
    const parts = part.parts.map(whereOf).filter((inner) => inner !== undefined);
    where = parts.length < 2 ? parts[0] : part.join === 'all' ? { all: parts } : { any: parts };
  } else {
    const { metric, step, platform, outcome } = part;
    where = {
      metric,
      ...(step !== null && { stepId: step }),
      ...(platform !== null && { platform }),
      ...(outcome !== null && { outcome }),
    };
  }
  return part.not && where !== undefined ? { not: where } : where;
}

export const journeyMetrics: readonly string[] = [
  'convertedUsers',
  'totalExits',
  'activeEntries',
  'messagesSent',
  'totalEntries',
];

const always = ['entryCount', 'movedOn', 'waiting', 'droppedOff', 'completed', 'convertedUsers'] as const;
const whenThereAre = ['waitingHeld', 'stoppedByFailure', 'creditedConversions'] as const;

/** The metrics that a step offers: those of its type, and every other that is not 0. */
export function metricsOf(step: FlowStep): string[] {
  return [
    ...messageMetricsOf(step).map(({ outcome }) => `${outcome}Count`),
    ...always,
    ...whenThereAre.filter((metric) => step.metrics[metric] > 0),
    ...(Object.keys(step.outcomes).length > 0 ? ['outcome'] : []),
  ];
}

export const isMessageMetric = (metric: string): boolean =>
  metric.endsWith('Count') && metric !== 'entryCount';

/** The steps where the metric is not 0, those with most users first. */
function stepsWith({ steps }: Flow, metric: 'failedCount' | 'droppedOff'): Condition[] {
  return steps
    .filter(({ metrics }) => metrics[metric] > 0)
    .toSorted((a, b) => b.metrics[metric] - a.metrics[metric])
    .map(({ stepId }) => ({ ...converted, metric, step: stepId }));
}

export const readyMade = ['recovery', 'reengagement', 'tags'] as const;
export type ReadyMade = (typeof readyMade)[number];

/** @returns undefined where the journey has nobody of that kind */
export function readyMadeOf(name: ReadyMade, flow: Flow): Group | undefined {
  if (name === 'tags') return { ...nobodyYet, parts: [converted] };
  const parts = stepsWith(flow, name === 'recovery' ? 'failedCount' : 'droppedOff');
  return parts.length === 0 ? undefined : { join: 'any', not: false, parts: parts.slice(0, mostConditions) };
}
