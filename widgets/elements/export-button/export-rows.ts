// How many rows an export of a metric has: its users, or the conversion events. No DOM.
import type { Flow, FlowStep, Overview } from '../../../bff/contract/index.ts';
import type { NamedMetric } from '../../internal/metric-name.ts';

/** Those whose users are not named by another ending. */
const usersOf: Readonly<Record<string, string>> = {
  messagesSent: 'messagesSentUsers',
  totalEntries: 'entryUsers',
  totalExits: 'exitUsers',
  activeEntries: 'activeUsers',
  creditedConversions: 'creditedUsers',
  conversionEvents: 'conversionEvents',
};

function usersMetric(metric: string): string {
  if (metric.endsWith('Users')) return metric;
  return usersOf[metric] ?? `${metric.replace(/Count$/, '')}Users`;
}

function numberAt(numbers: object | undefined, key: string): number | undefined {
  if (!numbers || !Object.hasOwn(numbers, key)) return undefined;
  const value: unknown = Reflect.get(numbers, key);
  return typeof value === 'number' ? value : undefined;
}

/** Rows of a metric of the journey; undefined when the overview does not tell. */
export function rowsOfJourney(metric: string, overview: Overview): number | undefined {
  return numberAt(overview.metrics, usersMetric(metric));
}

/** Rows of a metric of a step; undefined when the flow does not tell, as for all outcomes of a step together. */
export function rowsOfStep(named: NamedMetric, flow: Flow): number | undefined {
  const step = flow.steps.find(({ stepId }) => stepId === named.step);
  return step && rowsOfMetric(named, step);
}

/** As `rowsOfStep`, of a step that is at hand. */
export function rowsOfMetric(
  { metric, platform, outcome }: Omit<NamedMetric, 'step'>,
  step: FlowStep,
): number | undefined {
  if (metric === 'outcome') {
    if (!outcome || !Object.hasOwn(step.outcomes, outcome)) return undefined;
    return step.outcomes[outcome]?.users;
  }
  if (!platform) return numberAt(step.metrics, usersMetric(metric));
  const own = Object.entries(step.platforms).find(([name]) => name === platform)?.[1];
  return numberAt(own, usersMetric(metric));
}
