// The events of the log, as senders write them and as the product holds them.
import * as v from 'valibot';
import { instantSchema } from './instant.ts';
import { idText, journeyIdSchema, nameText, reasonText } from './text.ts';

/** What can become of one message, in the order in which metrics are listed. */
export const messageOutcomes = [
  'sent',
  'failed',
  'delivered',
  'shown',
  'clicked',
  'held',
  'skipped',
  'bounced',
  'unsubscribed',
  'complained',
] as const;
export type MessageOutcome = (typeof messageOutcomes)[number];

export const messageEventTypes = messageOutcomes.map((outcome) => `message.${outcome}` as const);

/** Every type of event. The position in this list is the number that the database stores: append only. */
export const eventTypes = [
  'journey.entered',
  'step.entered',
  'step.outcome',
  'message.sent',
  'message.failed',
  'message.delivered',
  'message.shown',
  'message.clicked',
  'message.held',
  'message.skipped',
  'message.bounced',
  'message.unsubscribed',
  'message.complained',
  'track',
  'journey.exited',
] as const;
export type EventType = (typeof eventTypes)[number];

/** The platforms that message metrics are told apart by; any other text, or none, counts as `other`. */
export const platforms = ['android', 'ios', 'web', 'other'] as const;
export type Platform = (typeof platforms)[number];

export const limits = {
  eventsPerRequest: 10_000,
  bytesPerRequest: 10_000_000,
  propertiesBytes: 16_384,
  propertiesDepth: 8,
} as const;

/** @returns what is wrong with an event's properties, or undefined. */
function propertiesProblem(properties: unknown): string | undefined {
  const visit = (value: unknown, depth: number): string | undefined => {
    if (typeof value === 'string') {
      if (value.includes('\0') || !value.isWellFormed()) return 'must not contain U+0000 or lone surrogates';
      return undefined;
    }
    if (typeof value === 'number')
      return Number.isFinite(value) ? undefined : 'must hold numbers that a double can hold';
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth > limits.propertiesDepth) return `must nest at most ${limits.propertiesDepth} deep`;
    if (Array.isArray(value)) {
      for (const item of value) {
        const problem = visit(item, depth + 1);
        if (problem) return problem;
      }
      return undefined;
    }
    for (const [key, item] of Object.entries(value)) {
      const problem = visit(key, depth) ?? visit(item, depth + 1);
      if (problem) return problem;
    }
    return undefined;
  };
  return visit(properties, 1);
}

const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A product event's properties, kept as the JSON text that was sent, since a reader of them wants exactly that. */
const propertiesSchema = v.pipe(
  v.custom<Record<string, unknown>>(isJsonObject, 'must be an object'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const problem = propertiesProblem(dataset.value);
    if (problem) {
      addIssue({ message: problem });
      return NEVER;
    }
    const json = JSON.stringify(dataset.value);
    if (
      json.length * 3 > limits.propertiesBytes &&
      new TextEncoder().encode(json).length > limits.propertiesBytes
    ) {
      addIssue({ message: `must be at most ${limits.propertiesBytes} bytes of JSON` });
      return NEVER;
    }
    return json;
  }),
);

const common = {
  id: idText,
  at: instantSchema,
  userId: idText,
  sequence: v.optional(
    v.pipe(
      v.number('must be an integer'),
      v.safeInteger('must be an integer within ±(2^53−1)'),
      v.transform((sequence) => sequence + 0),
    ),
    0,
  ),
};
const ofJourney = { ...common, journeyId: journeyIdSchema, entryId: v.optional(idText) };
const ofStep = { ...ofJourney, stepId: idText };

/**
 * One event as a sender writes it. Fields that are not listed are ignored. Parsed, `at` is milliseconds since 1970 and
 * `properties` is JSON text.
 */
export const eventSchema = v.variant(
  'type',
  [
    v.object({ type: v.literal('step.entered'), ...ofStep }),
    v.object({
      type: v.picklist(messageEventTypes),
      ...ofStep,
      platform: v.optional(nameText),
      reason: v.optional(reasonText),
    }),
    v.object({ type: v.literal('journey.entered'), ...ofJourney }),
    v.object({
      type: v.literal('track'),
      ...common,
      name: nameText,
      properties: v.optional(propertiesSchema),
    }),
    v.object({ type: v.literal('journey.exited'), ...ofJourney, reason: v.optional(reasonText) }),
    v.object({ type: v.literal('step.outcome'), ...ofStep, outcome: nameText }),
  ],
  (issue) => (issue.expected === 'Object' ? 'must be an object' : 'must be a known type of event'),
);

/** An event as senders write it: times are text and properties an object. */
export type EventInput = v.InferInput<typeof eventSchema>;
/** An event after parsing. */
export type ParsedEvent = v.InferOutput<typeof eventSchema>;

const problemSchema = v.object({ path: v.string(), message: v.string() });

/** The answer to `POST /v1/events`. */
export const ingestAnswerSchema = v.object({
  accepted: v.number(),
  duplicates: v.number(),
  rejected: v.array(
    v.object({ index: v.number(), id: v.nullable(v.string()), errors: v.array(problemSchema) }),
  ),
});
export type IngestAnswer = v.InferOutput<typeof ingestAnswerSchema>;
