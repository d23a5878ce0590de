// Whether an answer is what drawing needs. The server is trusted to be right; a proxy's page with status 200 is not.
import type { Flow, FlowStep, Journey, Overview, Trend } from '../../bff/contract/index.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function isOverview(data: unknown): data is Overview {
  return (
    isRecord(data) && isRecord(data['metrics']) && isRecord(data['range']) && typeof data['asOf'] === 'string'
  );
}

export function isFlow(data: unknown): data is Flow {
  return (
    isRecord(data) &&
    Array.isArray(data['steps']) &&
    Array.isArray(data['transitions']) &&
    isRecord(data['totals']) &&
    isRecord(data['range'])
  );
}

export function isStep(data: unknown): data is FlowStep {
  return (
    isRecord(data) &&
    typeof data['stepId'] === 'string' &&
    typeof data['name'] === 'string' &&
    ['metrics', 'platforms', 'outcomes', 'exitReasons', 'timeInStep', 'report'].every((name) =>
      isRecord(data[name]),
    )
  );
}

export function isJourney(data: unknown): data is Journey {
  return isRecord(data) && typeof data['name'] === 'string' && Array.isArray(data['steps']);
}

export function isTrend(data: unknown): data is Trend {
  return (
    isRecord(data) &&
    Array.isArray(data['points']) &&
    isRecord(data['range']) &&
    typeof data['asOf'] === 'string'
  );
}
