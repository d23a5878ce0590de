// The flow of a journey: its steps and transitions with their numbers.
import {
  compareCodePoints,
  isChannel,
  messageMetrics,
  platforms,
  stepMetrics,
  type Flow,
  type FlowStep,
  type FlowTransition,
  type JourneyDefinition,
  type Metric,
  type Step,
  type StepAnswer,
} from '../contract/index.ts';
import { Failure } from '../failure.ts';
import type { DayRange, JourneyNumbers } from './journey-numbers.ts';
import { rateOf } from './rate.ts';
import { dayRangeOf, previousRangeOf, type RangeQuery, type Reading } from './read-journey.ts';

/** Numbers by metric id. */
function countsOf<Id extends string>(
  metrics: readonly Metric<Id>[],
  numbers: JourneyNumbers,
  stepId: string,
  detail: string,
): Record<Id, number> {
  const entries = metrics.map(({ id, fact, side }) => [id, numbers.tally(fact, stepId, detail)[side]]);
  return Object.fromEntries(entries) as Record<Id, number>; // every id of the list is there
}

function outcomesOf(numbers: JourneyNumbers, stepId: string, hasConversion: boolean): FlowStep['outcomes'] {
  const converted = numbers.details('outcomeConverted', stepId);
  const outcomes = [...numbers.details('outcome', stepId)].filter(([name]) => name !== '');
  return Object.fromEntries(
    outcomes
      .toSorted(([a], [b]) => compareCodePoints(a, b))
      .map(([name, { count, users }]) => {
        const convertedUsers = converted.get(name)?.users ?? 0;
        const conversionRate = hasConversion ? rateOf(convertedUsers, users) : null;
        return [name, { count, users, convertedUsers, conversionRate }];
      }),
  );
}

function exitReasonsOf(numbers: JourneyNumbers, stepId: string): FlowStep['exitReasons'] {
  const reasons = [...numbers.details('exitReason', stepId)].toSorted(([a], [b]) => compareCodePoints(a, b));
  return Object.fromEntries(reasons.map(([reason, { count }]) => [reason, count]));
}

function stepOf(
  step: Step,
  undefinedStep: boolean,
  numbers: JourneyNumbers,
  hasConversion: boolean,
): FlowStep {
  const { stepId, type } = step;
  const counts = countsOf(stepMetrics, numbers, stepId, '');
  const channel = isChannel(type) ? type : null;
  const campaignId = step.campaignId ?? null;
  return {
    stepId,
    type,
    name: step.name ?? stepId,
    undefinedStep,
    position: step.position ?? null,
    metrics: {
      ...counts,
      dropOffRate: rateOf(counts.droppedOff, counts.entryCount),
      conversionRate: hasConversion ? rateOf(counts.convertedUsers, counts.entryUsers) : null,
    },
    exitReasons: exitReasonsOf(numbers, stepId),
    platforms: Object.fromEntries(
      platforms.map((platform) => [platform, countsOf(messageMetrics, numbers, stepId, platform)]),
    ) as FlowStep['platforms'], // every platform is there, since the list is what it was made from
    outcomes: outcomesOf(numbers, stepId, hasConversion),
    timeInStep: numbers.quantiles(stepId),
    ...(type === 'split' && step.variants
      ? {
          variants: step.variants.map(({ outcome, weight, name }) =>
            name === undefined ? { outcome, weight } : { outcome, weight, name },
          ),
        }
      : {}),
    report: {
      available: channel !== null && campaignId !== null && numbers.allTime('sentCount', stepId).count > 0,
      campaignId,
      channel,
    },
  };
}

/** The defined steps in their order, then those that only events name. */
function stepsOf(definition: JourneyDefinition, numbers: JourneyNumbers, hasConversion: boolean): FlowStep[] {
  const defined = new Set(definition.steps.map((step) => step.stepId));
  const named = [...numbers.stepsWithEvents]
    .filter((stepId) => !defined.has(stepId))
    .toSorted(compareCodePoints);
  return [
    ...definition.steps.map((step) => stepOf(step, false, numbers, hasConversion)),
    ...named.map((stepId) => stepOf({ stepId, type: 'custom', name: stepId }, true, numbers, hasConversion)),
  ];
}

const pairOf = (from: string | null, to: string) => `${from ?? ''}\0${to}`;

/** Defined transitions, those that lead into the journey, and those that users took although nobody defined them. */
function transitionsOf(definition: JourneyDefinition, numbers: JourneyNumbers): FlowTransition[] {
  const labels = new Map<string, { from: string | null; to: string; labels: string[] }>();
  const led = new Set<string>();
  for (const { from, to } of definition.transitions) if (from !== to) led.add(to);
  for (const { stepId, type } of definition.steps) {
    if (type === 'entry' || !led.has(stepId)) {
      labels.set(pairOf(null, stepId), { from: null, to: stepId, labels: [] });
    }
  }
  for (const { from, to, label } of definition.transitions) {
    const transition = labels.get(pairOf(from, to)) ?? { from, to, labels: [] };
    labels.set(pairOf(from, to), transition);
    if (label) transition.labels.push(label);
  }
  const transitions: FlowTransition[] = Array.from(labels.values(), ({ from, to, labels: texts }) => ({
    from,
    to,
    ...numbers.tally('transition', from ?? '', to),
    defined: true,
    label: texts.length > 0 ? texts.join(' / ') : null,
  }));
  const taken: FlowTransition[] = numbers.stepsOf('transition').flatMap((from) =>
    [...numbers.details('transition', from)]
      .filter(([to]) => !labels.has(pairOf(from === '' ? null : from, to)))
      .map(([to, tally]) => ({
        from: from === '' ? null : from,
        to,
        ...tally,
        defined: false,
        label: null,
      })),
  );
  taken.sort((a, b) => compareCodePoints(a.from ?? '', b.from ?? '') || compareCodePoints(a.to, b.to));
  return [...transitions, ...taken];
}

async function part(reading: Reading, range: DayRange) {
  const numbers = await reading.load(range, 'steps');
  return {
    range: reading.describe(range),
    steps: stepsOf(reading.definition, numbers, reading.hasConversion),
    transitions: transitionsOf(reading.definition, numbers),
  };
}

/** Reads the flow of a journey for a range, and of the range before it when compared. */
export async function readFlow(
  reading: Reading,
  query: RangeQuery,
): Promise<Omit<Flow, 'asOf' | 'pendingEvents'>> {
  const range = dayRangeOf(query);
  const current = await part(reading, range);
  const numbers = await reading.load(range, 'steps');
  const previous = previousRangeOf(range, query.compare);
  const entries = numbers.tally('totalEntries');
  return {
    ...current,
    totals: {
      totalEntries: entries.count,
      entryUsers: entries.users,
      activeEntries: numbers.tally('activeEntries').count,
      totalExits: numbers.tally('totalExits').count,
    },
    previous: previous && (await part(reading, previous)),
  };
}

/** Reads one step. @throws Failure `not_found` */
export async function readStep(
  reading: Reading,
  stepId: string,
  query: RangeQuery,
): Promise<Omit<StepAnswer, 'asOf' | 'pendingEvents'>> {
  const { range, steps } = await part(reading, dayRangeOf(query));
  const step = steps.find((each) => each.stepId === stepId);
  if (!step) throw new Failure('not_found', 'The journey has no such step.');
  return { ...step, range };
}
