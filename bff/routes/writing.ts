// Routes that write: journeys, events, erasure, embed tokens. All need an API key.
import * as v from 'valibot';
import {
  embedTokenAnswerSchema,
  embedTokenRequestSchema,
  emptyQuerySchema,
  eventSchema,
  idText,
  ingestAnswerSchema,
  journeyDefinitionSchema,
  journeyIdSchema,
  journeySchema,
  limits,
  putJourneyQuerySchema,
} from '../contract/index.ts';
import { requireJourney } from '../auth/caller.ts';
import { Failure } from '../failure.ts';
import { parseEvents, readNdjson } from '../ingest/parse-events.ts';
import { problemResponse } from '../middleware/problems.ts';
import { mediaTypeOf, readJson, readText } from '../middleware/read-body.ts';
import { readQuery } from '../middleware/read-query.ts';
import { defineJourney, forgetJourney } from '../rollup/define-journey.ts';
import { eraseUser } from '../rollup/erase-user.ts';
import { pathParameter, type Route } from './route.ts';

const definitionBytes = 5_000_000;
const tokenRequestBytes = 200_000;

const putJourney: Route = {
  method: 'put',
  path: '/v1/journeys/:journeyId',
  summary: 'Create or replace a journey',
  access: 'write',
  query: putJourneyQuerySchema,
  body: { schema: journeyDefinitionSchema },
  answers: { 200: journeySchema, 201: journeySchema },
  problems: [
    'invalid_body',
    'rebuild_required',
    'payload_too_large',
    'unsupported_media_type',
    'validation_failed',
  ],
  async handle(context, { database, rollup }, { workspaceId }) {
    const { rebuild } = readQuery(context, putJourneyQuerySchema);
    const journeyId = v.safeParse(journeyIdSchema, pathParameter(context, 'journeyId'));
    if (!journeyId.success) {
      throw new Failure('validation_failed', 'The journey id is not valid.', [
        { path: 'journeyId', message: journeyId.issues[0].message },
      ]);
    }
    const definition = await readJson(context, journeyDefinitionSchema, definitionBytes);
    const { created } = await defineJourney(
      database,
      workspaceId,
      journeyId.output,
      definition,
      rebuild === 'true',
    );
    rollup.wake();
    return context.json({ journeyId: journeyId.output, ...definition }, created ? 201 : 200);
  },
};

const deleteJourney: Route = {
  method: 'delete',
  path: '/v1/journeys/:journeyId',
  summary: 'Forget a journey’s definition and numbers; its events stay',
  access: 'write',
  query: emptyQuerySchema,
  answers: { 204: null },
  problems: ['not_found'],
  async handle(context, { database }, caller) {
    readQuery(context, emptyQuerySchema);
    const journeyId = pathParameter(context, 'journeyId');
    requireJourney(caller, journeyId);
    if (!(await forgetJourney(database, caller.workspaceId, journeyId))) {
      throw new Failure('not_found', 'There is no such journey.');
    }
    return context.body(null, 204);
  },
};

/** The elements of a body of events. @throws Failure `invalid_body`, `payload_too_large` */
function elementsOf(text: string, media: string) {
  const most = limits.eventsPerRequest;
  const tooMany = () => new Failure('payload_too_large', `A request may hold at most ${most} events.`);
  if (media === 'application/x-ndjson') {
    const lines = readNdjson(text, most);
    if (lines.length > most) throw tooMany();
    return lines;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('invalid_body', 'The body is not JSON.');
  }
  if (!Array.isArray(value)) throw new Failure('invalid_body', 'The body must be a JSON array of events.');
  if (value.length > most) throw tooMany();
  return value.map((element: unknown) => ({ value: element }));
}

const postEvents: Route = {
  method: 'post',
  path: '/v1/events',
  summary: 'Store events; answered when they are durable',
  access: 'write',
  query: emptyQuerySchema,
  body: { schema: v.array(eventSchema), media: ['application/json', 'application/x-ndjson'] },
  answers: { 202: ingestAnswerSchema },
  problems: [
    'invalid_body',
    'payload_too_large',
    'unsupported_media_type',
    'validation_failed',
    'too_many_requests',
  ],
  async handle(context, { events: eventStore, rollup, instruments }, { workspaceId }) {
    readQuery(context, emptyQuerySchema);
    const media = mediaTypeOf(context);
    if (media !== 'application/json' && media !== 'application/x-ndjson') {
      throw new Failure('unsupported_media_type', 'Events are application/json or application/x-ndjson.');
    }
    const elements = elementsOf(await readText(context, limits.bytesPerRequest), media);
    const { events, rejected } = parseEvents(elements);
    const stored = await eventStore.store(workspaceId, events);
    if (stored.accepted > 0) rollup.wake();
    instruments.ingested({ ...stored, rejected: rejected.length });
    if (rejected.length === 0) return context.json({ ...stored, rejected }, 202);
    return problemResponse(context, 'validation_failed', {
      detail: 'Some events are not valid; rejected names each. The valid ones are stored.',
      more: { ...stored, rejected },
    });
  },
};

const deleteUser: Route = {
  method: 'delete',
  path: '/v1/users/:userId',
  summary: 'Erase a person from log, sets and exports',
  access: 'write',
  query: emptyQuerySchema,
  answers: { 204: null },
  problems: [],
  async handle(context, { database }, { workspaceId }) {
    readQuery(context, emptyQuerySchema);
    // What no sender can have called a person is nobody.
    const userId = pathParameter(context, 'userId');
    if (v.is(idText, userId)) await eraseUser(database, workspaceId, userId);
    return context.body(null, 204);
  },
};

const postEmbedTokens: Route = {
  method: 'post',
  path: '/v1/embed-tokens',
  summary: 'Mint an embed token for a browser',
  access: 'write',
  query: emptyQuerySchema,
  body: { schema: embedTokenRequestSchema },
  answers: { 201: embedTokenAnswerSchema },
  problems: ['invalid_body', 'payload_too_large', 'unsupported_media_type', 'validation_failed'],
  async handle(context, { tokens }, { workspace, credentialId }) {
    readQuery(context, emptyQuerySchema);
    const request = await readJson(context, embedTokenRequestSchema, tokenRequestBytes);
    return context.json(await tokens.mint({ workspace, apiKeyId: credentialId }, request), 201);
  },
};

export const writingRoutes: readonly Route[] = [
  putJourney,
  deleteJourney,
  postEvents,
  deleteUser,
  postEmbedTokens,
];
