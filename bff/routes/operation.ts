// Routes about the service itself: health, measurements and the OpenAPI document.
import { timingSafeEqual, hash } from 'node:crypto';
import { isUnavailable } from '../../db/client.ts';
import { selectBacklog, selectWorkspacesWithWork, type Backlog } from '../../db/queries/work.ts';
import { emptyQuerySchema } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { readQuery } from '../middleware/read-query.ts';
import { openApiOf } from '../openapi.ts';
import type { Route, Services } from './route.ts';

const live: Route = {
  method: 'get',
  path: '/health/live',
  summary: 'The process is up',
  access: 'open',
  query: emptyQuerySchema,
  answers: { 200: null },
  problems: [],
  handle(context) {
    readQuery(context, emptyQuerySchema);
    return context.json({ status: 'live' });
  },
};

const ready: Route = {
  method: 'get',
  path: '/health/ready',
  summary: 'The database is reachable and migrated, and the rollup is running',
  access: 'open',
  query: emptyQuerySchema,
  answers: { 200: null },
  problems: ['unavailable'],
  async handle(context, { database, rollup }) {
    readQuery(context, emptyQuerySchema);
    // This reads what only a migrated database has; a failure is answered as unavailable.
    await selectWorkspacesWithWork(database);
    // What fails in one workspace alone must not take the others' service away: /metrics tells of it.
    if (!rollup.isRunning) throw new Failure('unavailable', 'The rollup is not running.');
    return context.json({ status: 'ready' });
  },
};

/** Compares in a time that tells nothing of the secret. */
function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', secret, 'buffer'));
}

/** What waits for the rollup; undefined while the database cannot be asked, which is a measurement too. */
async function backlogOf({ database }: Services): Promise<Backlog | undefined> {
  try {
    return await selectBacklog(database);
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}

function measurements(metricsToken: string | undefined): Route {
  return {
    method: 'get',
    path: '/metrics',
    summary: 'What the service measures of itself, for Prometheus',
    access: 'open',
    query: emptyQuerySchema,
    answers: { 200: null },
    problems: metricsToken === undefined ? [] : ['unauthorized'],
    async handle(context, services) {
      readQuery(context, emptyQuerySchema);
      const given = /^Bearer +(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
      if (metricsToken !== undefined && !isSame(given, metricsToken)) throw new Failure('unauthorized');
      const { database, rollup, exportSlots, changes, instruments } = services;
      const backlog = await backlogOf(services);
      const text = await instruments.text({
        isDatabaseUp: backlog !== undefined,
        transactions: database.load,
        isRollupHealthy: rollup.isHealthy,
        backlog,
        exportsRunning: exportSlots.running,
        listeners: changes.listeners,
      });
      return context.body(text, 200, {
        'Content-Type': instruments.contentType,
        'Cache-Control': 'no-store',
      });
    },
  };
}

/** The routes about the service, and the document of them and all others. */
export function operationRoutes(
  others: readonly Route[],
  metricsToken: string | undefined,
): readonly Route[] {
  const openApi: Route = {
    method: 'get',
    path: '/v1/openapi.json',
    summary: 'This document',
    access: 'open',
    query: emptyQuerySchema,
    answers: { 200: null },
    problems: [],
    handle(context) {
      readQuery(context, emptyQuerySchema);
      return context.json(document);
    },
  };
  const routes = [live, ready, measurements(metricsToken), openApi];
  const document = openApiOf([...others, ...routes]);
  return routes;
}
