// Which fact a metric with its qualifiers names, and the set of users behind it.
import { selectMembers } from '../../db/queries/sets.ts';
import { findMetric, type Metric, type Platform } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { coverDaysWithSets } from '../rollup/blocks.ts';
import { uniteSets } from '../rollup/user-sets.ts';
import { closed, type DayRange } from './journey-numbers.ts';
import type { Reading } from './read-journey.ts';

/** A metric as requests name it. */
export interface MetricRequest {
  readonly metric: string;
  readonly stepId?: string | undefined;
  readonly platform?: Platform | undefined;
  readonly outcome?: string | undefined;
}

/** A metric, and the fact that it is. */
export interface Selection {
  readonly metric: Metric;
  readonly stepId: string;
  readonly detail: string;
}

/** What is wrong with a request for a metric: by its part. */
export interface SelectionProblem {
  readonly part: 'metric' | 'platform' | 'outcome';
  readonly message: string;
}

/** Finds the fact that a metric with its qualifiers names, or what is wrong with them. */
export function findSelection(request: MetricRequest): Selection | SelectionProblem {
  const { metric: id, stepId, platform, outcome } = request;
  const metric = findMetric(id, stepId !== undefined);
  if (!metric) {
    return {
      part: 'metric',
      message: 'must be a metric that has users, of the journey or, with stepId, of a step',
    };
  }
  if (platform !== undefined && !metric.byPlatform) {
    return { part: 'platform', message: 'goes with a message metric of a step only' };
  }
  if (outcome !== undefined && !metric.byOutcome) {
    return { part: 'outcome', message: 'goes with the metric outcome only' };
  }
  return { metric, stepId: stepId ?? '', detail: platform ?? outcome ?? '' };
}

/** As findSelection. @throws Failure `invalid_parameter` */
export function selectionOf(request: MetricRequest): Selection {
  const found = findSelection(request);
  if ('metric' in found) return found;
  throw new Failure('invalid_parameter', 'The metric and what qualifies it do not go together.', [
    { path: found.part, message: found.message },
  ]);
}

/** Whether a journey has a step: by its definition, or by an attached event. */
export async function hasStep(reading: Reading, stepId: string): Promise<boolean> {
  if (reading.definition.steps.some((step) => step.stepId === stepId)) return true;
  const { stepsWithEvents } = await reading.load({ first: null, last: null }, 'steps');
  return stepsWithEvents.has(stepId);
}

/** @throws Failure `not_found` for a step that the journey has not */
export async function requireStep(reading: Reading, stepId: string): Promise<void> {
  if (!(await hasStep(reading, stepId))) throw new Failure('not_found', 'The journey has no such step.');
}

/** The exact set of users behind a metric in a range. */
export async function membersOf(
  reading: Reading,
  { metric, stepId, detail }: Selection,
  range: DayRange,
): Promise<Uint8Array> {
  const which = { fact: metric.fact, stepId, detail };
  const { first, last } = closed(range);
  return uniteSets(await selectMembers(reading.tx, reading.numbers, which, coverDaysWithSets(first, last)));
}
