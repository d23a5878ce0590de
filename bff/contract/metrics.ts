// The catalogue of metrics: which there are, what each counts, and which fact of the fold is behind it.
import { messageOutcomes, type MessageOutcome } from './event.ts';

/** Facts of a journey as a whole. */
export type JourneyFact =
  | 'messagesSent'
  | 'totalEntries'
  | 'conversionEvents'
  | 'totalExits'
  | 'activeEntries'
  /** The one fact that belongs to no day. */
  | 'unattachedEvents';

/** Facts of one step. */
export type StepFact =
  | 'entryCount'
  | `${MessageOutcome}Count`
  | 'outcome'
  | 'outcomeConverted'
  | 'convertedUsers'
  | 'creditedConversions'
  | 'movedOn'
  | 'exited'
  | 'completed'
  | 'droppedOff'
  | 'stoppedByFailure'
  | 'waiting'
  | 'waitingHeld'
  | 'exitReason'
  | 'transition';

/** Facts that are spread over values: each is a histogram of durations. */
export type DistributionFact = 'timeInStep' | 'timeToConvert';

export type FactName = JourneyFact | StepFact;

/** What a metric of the contract is: its fact, and which side of it (`count` or `users`) the id names. */
export interface Metric<Id extends string = string> {
  readonly id: Id;
  readonly scope: 'journey' | 'step';
  readonly fact: FactName;
  readonly side: 'count' | 'users';
  /** Whether the metric may be asked for by platform. */
  readonly byPlatform: boolean;
  /** Whether the metric may be asked for by outcome. */
  readonly byOutcome: boolean;
}

function pair<const Count extends string, const Users extends string>(
  scope: Metric['scope'],
  fact: FactName,
  count: Count,
  users: Users,
  qualifier?: 'platform' | 'outcome',
): Metric<Count | Users>[] {
  const common = {
    scope,
    fact,
    byPlatform: qualifier === 'platform',
    byOutcome: qualifier === 'outcome',
  } as const;
  return [
    { id: count, side: 'count', ...common },
    { id: users, side: 'users', ...common },
  ];
}

export const journeyMetrics: readonly Metric[] = [
  ...pair('journey', 'messagesSent', 'messagesSent', 'messagesSentUsers'),
  ...pair('journey', 'totalEntries', 'totalEntries', 'entryUsers'),
  ...pair('journey', 'conversionEvents', 'conversionEvents', 'convertedUsers'),
  ...pair('journey', 'totalExits', 'totalExits', 'exitUsers'),
  ...pair('journey', 'activeEntries', 'activeEntries', 'activeUsers'),
];

/** The ids of a step's message metrics. */
export type MessageMetricId = `${MessageOutcome}${'Count' | 'Users'}`;

export const messageMetrics: readonly Metric<MessageMetricId>[] = messageOutcomes.flatMap((outcome) =>
  pair('step', `${outcome}Count`, `${outcome}Count`, `${outcome}Users`, 'platform'),
);

/** Where a step's entries are: each has a twin that ends in `Users`. */
export const movementFacts = [
  'movedOn',
  'exited',
  'completed',
  'droppedOff',
  'stoppedByFailure',
  'waiting',
  'waitingHeld',
] as const;

type MovementFact = (typeof movementFacts)[number];

/** The ids of the metrics that stand in a step's `metrics` as counts. */
export type StepMetricId =
  | 'entryCount'
  | 'entryUsers'
  | MessageMetricId
  | `${MovementFact}${'' | 'Users'}`
  | 'convertedUsers'
  | 'creditedConversions'
  | 'creditedUsers';

/** The metrics that stand in a step's `metrics` as counts. */
export const stepMetrics: readonly Metric<StepMetricId>[] = [
  ...pair('step', 'entryCount', 'entryCount', 'entryUsers'),
  ...messageMetrics,
  ...movementFacts.flatMap((fact) => pair('step', fact, fact, `${fact}Users`)),
  {
    id: 'convertedUsers',
    scope: 'step',
    fact: 'convertedUsers',
    side: 'users',
    byPlatform: false,
    byOutcome: false,
  },
  ...pair('step', 'creditedConversions', 'creditedConversions', 'creditedUsers'),
];

/** A step's outcomes: all of them, or the one that is named. */
const outcomeMetric: Metric = {
  id: 'outcome',
  scope: 'step',
  fact: 'outcome',
  side: 'count',
  byPlatform: false,
  byOutcome: true,
};

/**
 * Finds a metric that has a set of users behind it, for a trend, an export or an audience. `entryUsers` and
 * `convertedUsers` name one of the journey and one of a step: the step tells which.
 * @returns undefined for an unknown id, a rate, or a metric of the other scope.
 */
export function findMetric(id: string, ofStep: boolean): Metric | undefined {
  if (!ofStep) return journeyMetrics.find((metric) => metric.id === id);
  return id === 'outcome' ? outcomeMetric : stepMetrics.find((metric) => metric.id === id);
}
