// The route for senders that speak Segment's HTTP tracking format already, and change only their host.
import { emptyQuerySchema, limits, segmentAnswerSchema, segmentBatchSchema } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { parseSegmentBatch } from '../ingest/segment.ts';
import { problemResponse } from '../middleware/problems.ts';
import { mediaTypeOf, readText } from '../middleware/read-body.ts';
import { readQuery } from '../middleware/read-query.ts';
import type { Route } from './route.ts';

/** @throws Failure `invalid_body`, `payload_too_large` */
function batchOf(text: string): { readonly batch: readonly unknown[]; readonly sentAt?: unknown } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Failure('invalid_body', 'The body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || !('batch' in body) || !Array.isArray(body.batch)) {
    throw new Failure('invalid_body', 'The body must be a JSON object with an array named batch.');
  }
  const batch: readonly unknown[] = body.batch;
  if (batch.length > limits.eventsPerRequest) {
    const detail = `A request may hold at most ${limits.eventsPerRequest} calls.`;
    throw new Failure('payload_too_large', detail);
  }
  return { batch, sentAt: 'sentAt' in body ? body.sentAt : undefined };
}

/** Answers as `POST /v1/events` does, but 200, which is what clients of that format wait for. */
export const postSegmentBatch: Route = {
  method: 'post',
  path: '/v1/batch',
  summary: 'Store events sent in Segment’s HTTP tracking format; answered when they are durable',
  access: 'write',
  acceptsBasic: true,
  query: emptyQuerySchema,
  body: { schema: segmentBatchSchema },
  answers: { 200: segmentAnswerSchema },
  problems: [
    'invalid_body',
    'payload_too_large',
    'unsupported_media_type',
    'validation_failed',
    'too_many_requests',
  ],
  async handle(context, { events: eventStore, rollup, instruments }, { workspaceId }) {
    readQuery(context, emptyQuerySchema);
    if (mediaTypeOf(context) !== 'application/json') {
      throw new Failure('unsupported_media_type', 'A batch is application/json.');
    }
    const parsed = parseSegmentBatch(batchOf(await readText(context, limits.bytesPerRequest)));
    const { events, rejected, ignored } = parsed;
    const stored = await eventStore.store(workspaceId, events);
    if (stored.accepted > 0) rollup.wake();
    instruments.ingested({ ...stored, rejected: rejected.length });
    const told = { success: rejected.length === 0, ...stored, ignored, rejected };
    if (told.success) return context.json(told, 200);
    return problemResponse(context, 'validation_failed', {
      detail: 'Some calls are not valid; rejected names each. The valid ones are stored.',
      more: told,
    });
  },
};
