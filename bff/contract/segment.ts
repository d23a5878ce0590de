// Segment's HTTP tracking format, as far as this product reads it: a batch of calls, and the answer to one.
import * as v from 'valibot';
import { ingestAnswerSchema } from './event.ts';

/** Calls that describe people, pages and companies. They are no events of this product. */
export const ignoredSegmentCalls = ['identify', 'page', 'screen', 'group', 'alias'] as const;

/** The body of `POST /v1/batch`, as it is described; each call is checked on its own. Other fields are ignored. */
export const segmentBatchSchema = v.object({
  batch: v.array(
    v.object({
      type: v.picklist(['track', ...ignoredSegmentCalls]),
      messageId: v.string(),
      userId: v.string(),
      event: v.optional(v.string()),
      properties: v.optional(v.record(v.string(), v.unknown())),
      timestamp: v.optional(v.string()),
      originalTimestamp: v.optional(v.string()),
      sentAt: v.optional(v.string()),
    }),
  ),
  sentAt: v.optional(v.string()),
});

/** The answer to `POST /v1/batch`. `ignored` counts the calls that are no events of this product. */
export const segmentAnswerSchema = v.object({
  success: v.boolean(),
  ...ingestAnswerSchema.entries,
  ignored: v.number(),
});
