// Routes that read: journeys, overview, flow, steps, trend, and the audit.
import type { Context } from 'hono';
import type { GenericSchema, InferOutput } from 'valibot';
import { inWorkspace } from '../../db/client.ts';
import { selectJourney, selectJourneys, type JourneyRow } from '../../db/queries/generations.ts';
import { requireJourney, type Caller } from '../auth/caller.ts';
import {
  auditSchema,
  emptyQuerySchema,
  flowQuerySchema,
  flowSchema,
  journeyListSchema,
  journeySchema,
  listQuerySchema,
  overviewQuerySchema,
  overviewSchema,
  rangeQuerySchema,
  stepAnswerSchema,
  trendQuerySchema,
  trendSchema,
  type Journey,
  type JourneyDefinition,
} from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { completeResponse, requestHeader } from '../middleware/node-headers.ts';
import { readQuery } from '../middleware/read-query.ts';
import { readFlow, readStep } from '../metrics/flow.ts';
import { readOverview } from '../metrics/overview.ts';
import { answerJourney, type Reading } from '../metrics/read-journey.ts';
import { readTrend } from '../metrics/trend.ts';
import { auditJourney } from '../rollup/audit.ts';
import { pathParameter, type Route, type Services } from './route.ts';

function toJourney(row: JourneyRow): Journey {
  // Only parsed definitions are ever stored.
  return { journeyId: row.journeyId, ...(row.definition as JourneyDefinition) };
}

/** Whether the caller's If-None-Match names the ETag. Weak comparison, as RFC 9110 has it for this header. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => {
    const tag = part.trim();
    return tag === '*' || tag === etag || tag === `W/${etag}`;
  });
}

/** What a route reads: the answer without what every answer carries. */
type Read<Query> = (reading: Reading, journeyId: string, query: Query, context: Context) => Promise<object>;

/** Answers with a reading of the journey in the path, or 304. */
async function answer<Query extends object>(
  context: Context,
  services: Services,
  caller: Caller,
  query: Query,
  read: Read<Query>,
): Promise<Response> {
  const { database, replica, numbers: cache } = services;
  const { workspaceId } = caller;
  const journeyId = pathParameter(context, 'journeyId');
  const { etag, text } = await answerJourney(
    { database, replica, cache, workspaceId, journeyId },
    JSON.stringify([context.req.path, query]),
    (tag) => matches(requestHeader(context, 'if-none-match'), tag),
    (reading) => read(reading, journeyId, query, context),
  );
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Authorization, Origin' };
  if (text === null) return completeResponse(context, null, 304, headers);
  return completeResponse(context, text, 200, { 'Content-Type': 'application/json', ...headers });
}

/** A route that reads numbers of one journey. */
function readingRoute<Schema extends GenericSchema<unknown, object>>(
  path: string,
  summary: string,
  query: Schema,
  schema: GenericSchema,
  read: Read<InferOutput<Schema>>,
): Route {
  return {
    method: 'get',
    path: `/v1/journeys/:journeyId/${path}`,
    summary,
    access: 'read',
    hasNoEffect: true,
    query,
    answers: { 200: schema, 304: null },
    problems: ['not_found'],
    handle(context, services, caller) {
      requireJourney(caller, pathParameter(context, 'journeyId'));
      return answer(context, services, caller, readQuery(context, query), read);
    },
  };
}

const listJourneys: Route = {
  method: 'get',
  path: '/v1/journeys',
  summary: 'List the defined journeys in order of their ids',
  access: 'read',
  query: listQuerySchema,
  answers: { 200: journeyListSchema },
  problems: [],
  async handle(context, { database }, { workspaceId, journeyIds }) {
    const { cursor = '', limit } = readQuery(context, listQuerySchema);
    const only = journeyIds ? { only: [...journeyIds] } : {};
    const page = { cursor, limit: limit + 1, ...only };
    const rows = await inWorkspace(database, workspaceId, (tx) => selectJourneys(tx, workspaceId, page));
    const shown = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (shown.at(-1)?.journeyId ?? null) : null;
    return context.json({ journeys: shown.map(toJourney), nextCursor });
  },
};

const getJourney: Route = {
  method: 'get',
  path: '/v1/journeys/:journeyId',
  summary: 'Read a journey’s definition',
  access: 'read',
  query: emptyQuerySchema,
  answers: { 200: journeySchema },
  problems: ['not_found'],
  async handle(context, { database }, caller) {
    const { workspaceId } = caller;
    const journeyId = pathParameter(context, 'journeyId');
    requireJourney(caller, journeyId);
    readQuery(context, emptyQuerySchema);
    const row = await inWorkspace(database, workspaceId, (tx) => selectJourney(tx, workspaceId, journeyId));
    if (!row || row.definition === null) throw new Failure('not_found', 'There is no such journey.');
    return context.json(toJourney(row));
  },
};

const audit: Route = {
  method: 'post',
  path: '/v1/journeys/:journeyId/audit',
  summary: 'Fold the whole log afresh and name every number that differs',
  access: 'write',
  query: emptyQuerySchema,
  answers: { 200: auditSchema },
  problems: ['not_found'],
  async handle(context, { database }, caller) {
    readQuery(context, emptyQuerySchema);
    const journeyId = pathParameter(context, 'journeyId');
    requireJourney(caller, journeyId);
    return context.json(await auditJourney(database, caller.workspaceId, journeyId));
  },
};

export const readingRoutes: readonly Route[] = [
  listJourneys,
  getJourney,
  readingRoute(
    'overview',
    'The numbers of the six cards',
    overviewQuerySchema,
    overviewSchema,
    (reading, journeyId, query) => readOverview(reading, journeyId, query),
  ),
  readingRoute(
    'flow',
    'Steps and transitions with their numbers',
    flowQuerySchema,
    flowSchema,
    (reading, _, query) => readFlow(reading, query),
  ),
  readingRoute(
    'steps/:stepId',
    'One step with its numbers',
    rangeQuerySchema,
    stepAnswerSchema,
    (reading, _, query, context) => readStep(reading, pathParameter(context, 'stepId'), query),
  ),
  readingRoute(
    'trend',
    'A metric by the day on which entries began',
    trendQuerySchema,
    trendSchema,
    (reading, _, query) => readTrend(reading, query),
  ),
  audit,
];
