// Builds the HTTP app from the routes.
import { Hono, type Context } from 'hono';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { basicAsBearer } from './auth/basic-credential.ts';
import { credentialOf, requireKey, requireScope, type Caller } from './auth/caller.ts';
import { allowOrigins } from './middleware/cors.ts';
import { requestHeader } from './middleware/node-headers.ts';
import { observe } from './middleware/observe.ts';
import { answerError, problemResponse } from './middleware/problems.ts';
import { changesRoute } from './routes/changes.ts';
import { exportRoutes } from './routes/exports.ts';
import { operationRoutes } from './routes/operation.ts';
import { readingRoutes } from './routes/reading.ts';
import type { Route, Services } from './routes/route.ts';
import { postSegmentBatch } from './routes/segment.ts';
import { writingRoutes } from './routes/writing.ts';

async function work(
  route: Exclude<Route, { access: 'open' }>,
  context: Context,
  services: Services,
  caller: Caller,
): Promise<Response> {
  context.set('workspaceId', caller.workspaceId);
  await services.rateLimits.count(context, caller);
  if (route.access === 'write') requireKey(caller);
  else requireScope(caller, route.access === 'read' ? 'metrics:read' : 'users:export');
  const { admission } = services;
  const gate = route.access === 'write' ? admission.writing : admission.reading;
  return gate.run(credentialOf(caller), () => route.handle(context, services, caller));
}

async function handle(route: Route, context: Context, services: Services): Promise<Response> {
  if (route.access === 'open') return route.handle(context, services);
  const header = requestHeader(context, 'authorization');
  const authorization = route.acceptsBasic ? basicAsBearer(header) : header;
  const recognised = services.callers.recognise(authorization);
  const { caller, confirmed } = recognised instanceof Promise ? await recognised : recognised;
  if (!route.hasNoEffect) await confirmed;
  try {
    return await work(route, context, services, caller);
  } finally {
    // What has no effect may begin meanwhile; its answer waits, and that the caller is refused goes before all else.
    await confirmed;
  }
}

export interface AppOptions {
  readonly allowedOrigins: readonly string[];
  /** Required as Bearer by /metrics; undefined: it is open. */
  readonly metricsToken?: string | undefined;
  /** Further parts of the site, such as the widgets' files and the demo. */
  readonly mount?: (app: Hono) => void;
}

/** Builds the app: every route of the contract, problem documents for everything else. */
export function createApp(services: Services, options: AppOptions): Hono {
  // One regular expression for all routes. A route that it cannot hold keeps the service from starting: Hono's own choice would
  // look through a tree at every request instead, which makes a cached reading a tenth dearer.
  const app = new Hono({ router: new RegExpRouter() });
  app.onError(answerError(services.logger));
  app.notFound((context) =>
    problemResponse(context, 'not_found', { detail: 'There is nothing at this path.' }),
  );
  app.use('*', observe(services.logger, services.instruments));
  app.use('/v1/*', allowOrigins(options.allowedOrigins));

  const contract = [...writingRoutes, postSegmentBatch, ...readingRoutes, changesRoute, ...exportRoutes];
  const routes = [...contract, ...operationRoutes(contract, options.metricsToken)];
  for (const route of routes) app.on(route.method, route.path, (context) => handle(route, context, services));
  for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
    const allowed = same.flatMap(({ method }) =>
      method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
    );
    app.all(path, (context) =>
      problemResponse(context, 'method_not_allowed', { headers: { Allow: allowed.join(', ') } }),
    );
  }
  options.mount?.(app);
  return app;
}
