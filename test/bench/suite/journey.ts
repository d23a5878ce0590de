// The journey of the benchmark: thirty-two steps of every type, two ways side by side from stage to stage, and ways back.
import type { JourneyDefinitionInput, StepType } from '../../../bff/contract/index.ts';

export const journeyId = 'bench';
export const conversionEvent = 'Order completed';
/** How many stages there are between the first step and the last; each has two steps. */
export const stageCount = 15;

/** What the steps of a stage are, its two sides. */
const stageTypes: readonly (readonly [StepType, StepType])[] = [
  ['push', 'email'],
  ['wait', 'in-app'],
  ['condition', 'split'],
  ['email', 'push'],
  ['custom', 'sms'],
];

export interface BenchStep {
  readonly stepId: string;
  readonly type: StepType;
}

/** The steps in order: the first, then two a stage, then the last. */
export const steps: readonly BenchStep[] = [
  { stepId: 'start', type: 'entry' },
  ...Array.from({ length: stageCount }, (_, stage) => stage).flatMap((stage) =>
    (stageTypes[stage % stageTypes.length] ?? ['wait', 'wait']).map((type, side) => ({
      stepId: `${type}-${stage + 1}${side === 0 ? 'a' : 'b'}`,
      type,
    })),
  ),
  { stepId: 'done', type: 'exit' },
];

/** Where a step of a stage stands in the list of steps. */
export function stepOfStage(stage: number, side: 0 | 1): number {
  return stage >= stageCount ? steps.length - 1 : 1 + 2 * stage + side;
}

function transitions(): { from: string; to: string }[] {
  const found: { from: string; to: string }[] = [];
  const add = (from: number, to: number) => {
    found.push({ from: steps[from]?.stepId ?? '', to: steps[to]?.stepId ?? '' });
  };
  for (const side of [0, 1] as const) add(0, stepOfStage(0, side));
  for (let stage = 0; stage < stageCount; stage += 1) {
    for (const side of [0, 1] as const) {
      add(stepOfStage(stage, side), stepOfStage(stage + 1, 0));
      if (stage + 1 < stageCount) add(stepOfStage(stage, side), stepOfStage(stage + 1, 1));
    }
  }
  return found;
}

export const journey: JourneyDefinitionInput = {
  name: 'The journey of the benchmark',
  timeZone: 'UTC',
  conversion: { event: conversionEvent, stopCountingAfterExit: { value: 24, unit: 'hours' } },
  steps: steps.map((step, index) => ({ ...step, name: step.stepId, campaignId: `c-${index}` })),
  transitions: transitions(),
};
