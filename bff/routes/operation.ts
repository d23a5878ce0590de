// Routes about the service itself: health and the OpenAPI document.
import { selectWorkspacesWithWork } from '../../db/queries/work.ts';
import { Failure } from '../failure.ts';
import { openApiOf } from '../openapi.ts';
import type { Route } from './route.ts';

const live: Route = {
  method: 'get',
  path: '/health/live',
  summary: 'The process is up',
  access: 'open',
  answers: { 200: null },
  problems: [],
  handle: (context) => context.json({ status: 'live' }),
};

const ready: Route = {
  method: 'get',
  path: '/health/ready',
  summary: 'The database is reachable and migrated, and the rollup is running',
  access: 'open',
  answers: { 200: null },
  problems: ['unavailable'],
  async handle(context, { database, rollup }) {
    // This reads what only a migrated database has; a failure is answered as unavailable.
    await selectWorkspacesWithWork(database);
    if (!rollup.isHealthy) throw new Failure('unavailable', 'The rollup is not running.');
    return context.json({ status: 'ready' });
  },
};

/** The routes about the service, and the document of them and all others. */
export function operationRoutes(others: readonly Route[]): readonly Route[] {
  const openApi: Route = {
    method: 'get',
    path: '/v1/openapi.json',
    summary: 'This document',
    access: 'open',
    answers: { 200: null },
    problems: [],
    handle: (context) => context.json(document),
  };
  const routes = [live, ready, openApi];
  const document = openApiOf([...others, ...routes]);
  return routes;
}
