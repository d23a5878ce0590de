// Every route of the contract with a request that it answers: what the hostile tests vary.
import { changesRoute } from '../../bff/routes/changes.ts';
import { exportRoutes } from '../../bff/routes/exports.ts';
import { operationRoutes } from '../../bff/routes/operation.ts';
import { readingRoutes } from '../../bff/routes/reading.ts';
import type { Route } from '../../bff/routes/route.ts';
import { postSegmentBatch } from '../../bff/routes/segment.ts';
import { writingRoutes } from '../../bff/routes/writing.ts';
import { definition, event } from './sample-journey.ts';

const contract = [...writingRoutes, postSegmentBatch, ...readingRoutes, changesRoute, ...exportRoutes];
export const routes: readonly Route[] = [...contract, ...operationRoutes(contract, undefined)];

/** The name of a route in the table below. */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

export interface RouteCase {
  readonly success: number;
  /** Which of the ids in the path says whose it is; null: the answer is about the caller's own workspace. */
  readonly names: 'journeyId' | 'userId' | 'exportId' | 'ticket' | null;
  readonly query?: string;
  readonly body?: unknown;
}

const reads = { success: 200, names: 'journeyId' } as const;
const where = { all: [{ metric: 'entryUsers' }, { not: { metric: 'sentCount', stepId: 'hello' } }] };
const open = { success: 200, names: null } as const;

/** Of every route one; `hostile-access.test.ts` holds that none is missing. */
export const routeCases: Readonly<Record<string, RouteCase>> = {
  'put /v1/journeys/:journeyId': { ...reads, query: 'rebuild=true', body: definition },
  'delete /v1/journeys/:journeyId': { success: 204, names: 'journeyId' },
  'post /v1/events': {
    success: 202,
    names: null,
    body: [
      event('step.entered', 'ann', '2026-03-02T08:00:00Z', { stepId: 'hello', journeyId: 'fuzzed' }),
      event('message.failed', 'ann', '2026-03-02T08:00:01Z', {
        stepId: 'hello',
        journeyId: 'fuzzed',
        reason: 'full',
        platform: 'ios',
        sequence: 1,
      }),
      event('track', 'ann', '2026-03-02T09:00:00Z', {
        name: 'Purchase',
        properties: { total: 12.5, of: ['a', { b: null }] },
      }),
    ],
  },
  'post /v1/batch': {
    success: 200,
    names: null,
    body: {
      batch: [
        {
          type: 'track',
          messageId: 'call-1',
          userId: 'ann',
          event: 'Journey Step Entered',
          timestamp: '2026-03-02T08:00:00Z',
          properties: { journeyId: 'fuzzed', stepId: 'hello' },
        },
        {
          type: 'track',
          messageId: 'call-2',
          userId: 'ann',
          event: 'Purchase',
          properties: { total: 12.5, of: ['a', { b: null }] },
        },
        { type: 'identify', messageId: 'call-3', userId: 'ann', traits: { name: 'Ann' } },
      ],
      sentAt: '2026-03-02T09:00:00Z',
    },
  },
  'delete /v1/users/:userId': { success: 204, names: 'userId' },
  'post /v1/embed-tokens': {
    success: 201,
    names: null,
    body: { subject: 'viewer', journeyIds: ['of-nobody'], scopes: ['metrics:read'], expiresInSeconds: 60 },
  },
  'get /v1/journeys': { success: 200, names: null, query: 'limit=10' },
  'get /v1/journeys/:journeyId': reads,
  'get /v1/journeys/:journeyId/overview': { ...reads, query: 'trend=day' },
  'get /v1/journeys/:journeyId/flow': reads,
  'get /v1/journeys/:journeyId/steps/:stepId': reads,
  'get /v1/journeys/:journeyId/trend': { ...reads, query: 'metric=totalEntries' },
  'post /v1/journeys/:journeyId/audit': reads,
  'get /v1/journeys/:journeyId/changes': reads,
  'get /v1/journeys/:journeyId/exports/:metric': { ...reads, query: 'format=csv' },
  'post /v1/journeys/:journeyId/exports/:metric/link': { ...reads, success: 201, query: 'format=csv' },
  'post /v1/journeys/:journeyId/audience': { ...reads, body: { where } },
  'post /v1/journeys/:journeyId/audience/export': { ...reads, query: 'format=csv', body: { where } },
  'post /v1/journeys/:journeyId/audience/link': {
    ...reads,
    success: 201,
    query: 'format=csv',
    body: { where },
  },
  'get /v1/downloads/:ticket': { success: 200, names: 'ticket' },
  'get /v1/exports/:exportId': { success: 200, names: 'exportId' },
  'get /v1/exports': { success: 200, names: null, query: 'limit=10' },
  'get /health/live': open,
  'get /health/ready': open,
  'get /metrics': open,
  'get /v1/openapi.json': open,
};

/** The path of a route with ids in the place of its parameters, encoded. */
export function pathOf(
  route: Pick<Route, 'path'>,
  ids: Readonly<Record<string, string>>,
  query?: string,
): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent({ stepId: 'start', metric: 'totalEntries', ...ids }[name] ?? 'nothing'),
  );
  return query === undefined ? path : `${path}?${query}`;
}
