// What the reading routes answer: the shapes that the widgets draw.
import * as v from 'valibot';
import { platforms } from './event.ts';
import { stepTypes, channels } from './journey.ts';
import { messageMetrics, stepMetrics } from './metrics.ts';

const count = v.number();
const rate = v.nullable(v.number());

function counts<const Id extends string>(ids: readonly Id[]) {
  return v.object(Object.fromEntries(ids.map((id) => [id, count])) as Record<Id, typeof count>);
}

const messageCounts = counts(messageMetrics.map(({ id }) => id));

/** `from` and `to` are `YYYY-MM-DD`, both inclusive, or null where the range is open. */
export const rangeSchema = v.object({
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  timeZone: v.string(),
});
export type Range = v.InferOutput<typeof rangeSchema>;

/** Median and 90th percentile in seconds, null when there is no value. */
export const quantilesSchema = v.object({ p50: v.nullable(v.number()), p90: v.nullable(v.number()) });
export type Quantiles = v.InferOutput<typeof quantilesSchema>;

export const overviewMetricsSchema = v.object({
  messagesSent: count,
  messagesSentUsers: count,
  totalEntries: count,
  entryUsers: count,
  convertedUsers: count,
  conversionRate: rate,
  conversionEvents: count,
  totalExits: count,
  exitUsers: count,
  activeEntries: count,
  activeUsers: count,
  exitsWindowOpen: count,
});
export type OverviewMetrics = v.InferOutput<typeof overviewMetricsSchema>;

const pointSchema = v.object({ date: v.string(), count, users: count });
export type TrendPoint = v.InferOutput<typeof pointSchema>;

/** For each count metric its points by day; for the rate `{ date, value }`. */
const overviewTrendSchema = v.object({
  messagesSent: v.array(pointSchema),
  totalEntries: v.array(pointSchema),
  convertedUsers: v.array(pointSchema),
  conversionEvents: v.array(pointSchema),
  totalExits: v.array(pointSchema),
  activeEntries: v.array(pointSchema),
  messagesSentUsers: v.array(pointSchema),
  entryUsers: v.array(pointSchema),
  exitUsers: v.array(pointSchema),
  activeUsers: v.array(pointSchema),
  conversionRate: v.array(v.object({ date: v.string(), value: rate })),
});
export type OverviewTrend = v.InferOutput<typeof overviewTrendSchema>;

export const overviewSchema = v.object({
  journeyId: v.string(),
  range: rangeSchema,
  metrics: overviewMetricsSchema,
  timeToConvert: quantilesSchema,
  previous: v.nullable(
    v.object({ range: rangeSchema, metrics: overviewMetricsSchema, trend: v.optional(overviewTrendSchema) }),
  ),
  trend: v.optional(overviewTrendSchema),
  diagnostics: v.object({ unattachedEvents: count }),
  asOf: v.string(),
  pendingEvents: count,
});
/** The answer of `GET …/overview`. */
export type Overview = v.InferOutput<typeof overviewSchema>;

/** Every number of a step but its rates. */
const stepCounts = counts(stepMetrics.map(({ id }) => id));

export const flowStepSchema = v.object({
  stepId: v.string(),
  type: v.picklist(stepTypes),
  name: v.string(),
  undefinedStep: v.boolean(),
  position: v.nullable(v.object({ x: v.number(), y: v.number() })),
  metrics: v.object({ ...stepCounts.entries, dropOffRate: rate, conversionRate: rate }),
  exitReasons: v.record(v.string(), count),
  platforms: v.object(
    Object.fromEntries(platforms.map((platform) => [platform, messageCounts])) as Record<
      (typeof platforms)[number],
      typeof messageCounts
    >,
  ),
  outcomes: v.record(
    v.string(),
    v.object({ count, users: count, convertedUsers: count, conversionRate: rate }),
  ),
  timeInStep: quantilesSchema,
  variants: v.optional(
    v.array(v.object({ outcome: v.string(), weight: v.number(), name: v.optional(v.string()) })),
  ),
  report: v.object({
    available: v.boolean(),
    campaignId: v.nullable(v.string()),
    channel: v.nullable(v.picklist(channels)),
  }),
});
/** One step with its numbers: an element of the flow's `steps`, and the answer of `GET …/steps/{stepId}`. */
export type FlowStep = v.InferOutput<typeof flowStepSchema>;

/** `from` is null for a journey's first visits. */
export const flowTransitionSchema = v.object({
  from: v.nullable(v.string()),
  to: v.string(),
  count,
  users: count,
  defined: v.boolean(),
  label: v.nullable(v.string()),
});
export type FlowTransition = v.InferOutput<typeof flowTransitionSchema>;

export const flowSchema = v.object({
  steps: v.array(flowStepSchema),
  transitions: v.array(flowTransitionSchema),
  totals: v.object({ totalEntries: count, entryUsers: count, activeEntries: count, totalExits: count }),
  range: rangeSchema,
  previous: v.nullable(
    v.object({
      range: rangeSchema,
      steps: v.array(flowStepSchema),
      transitions: v.array(flowTransitionSchema),
    }),
  ),
  asOf: v.string(),
  pendingEvents: count,
});
/** The answer of `GET …/flow`. */
export type Flow = v.InferOutput<typeof flowSchema>;

/** `GET …/steps/{stepId}`: a step, with the time and the pending events of the answer beside it. */
export const stepAnswerSchema = v.object({
  ...flowStepSchema.entries,
  range: rangeSchema,
  asOf: v.string(),
  pendingEvents: count,
});
export type StepAnswer = v.InferOutput<typeof stepAnswerSchema>;

export const trendSchema = v.object({
  points: v.array(pointSchema),
  range: rangeSchema,
  asOf: v.string(),
  pendingEvents: count,
});
/** The answer of `GET …/trend`. */
export type Trend = v.InferOutput<typeof trendSchema>;

export const auditSchema = v.object({
  differences: v.array(
    v.object({
      metric: v.string(),
      stepId: v.nullable(v.string()),
      day: v.nullable(v.string()),
      served: v.number(),
      recomputed: v.number(),
    }),
  ),
});
/** The answer of `POST …/audit`. */
export type Audit = v.InferOutput<typeof auditSchema>;
