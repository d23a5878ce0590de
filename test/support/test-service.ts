// The service as the product puts it together, in this process: a fresh database, the rollup, the app, and a real server on
// a free port. A test may stop the rollup, to see what is answered while events wait.
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { createApp, type AppOptions } from '../../bff/app.ts';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import { EmbedTokens } from '../../bff/auth/embed-tokens.ts';
import { overviewSchema } from '../../bff/contract/index.ts';
import type { KeyFetching } from '../../bff/auth/provider-keys.ts';
import type { RateLimitSizes } from '../../bff/middleware/rate-limits.ts';
import { startRollupWorker, type RollupWorker } from '../../bff/rollup/worker.ts';
import { makeServices } from '../../bff/services.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { freshDatabase } from './fresh-database.ts';
import { HttpClient } from './http-client.ts';

export interface Workspace {
  readonly workspaceId: number;
  readonly name: string;
  readonly key: string;
  readonly apiKeyId: string;
  /** Calls with the API key. */
  readonly api: HttpClient;
}

export interface TestService {
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: Database;
  /** The first signs embed tokens, both verify. */
  readonly secrets: readonly [string, string];
  /** What was logged, a JSON text a line. */
  readonly log: readonly string[];
  /** Calls without a credential. */
  readonly nobody: HttpClient;
  /** Makes a workspace with one API key. */
  workspace(name: string): Promise<Workspace>;
  startRollup(): void;
  stopRollup(): Promise<void>;
  stop(): Promise<void>;
}

const secrets = [
  'the first secret, which signs embed tokens',
  'the second secret, which only verifies',
] as const;

export const allowedOrigin = 'https://console.example';

/** Starts the service. Call `stop` in an `after` hook. */
export async function startTestService(
  options: {
    readonly rollup?: boolean;
    readonly app?: Partial<AppOptions>;
    readonly rateLimits?: RateLimitSizes;
    readonly keyFetching?: KeyFetching;
    /** A database to use, instead of a fresh one of its own. */
    readonly databaseUrl?: string;
    /** A replica of it. */
    readonly readDatabase?: Database;
    /** Another way to the database than straight. */
    readonly detour?: (databaseUrl: string) => Promise<string>;
  } = {},
): Promise<TestService> {
  const fresh = options.databaseUrl === undefined ? await freshDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? fresh?.url ?? '';
  const database = openDatabase((await options.detour?.(databaseUrl)) ?? databaseUrl);
  const log: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(line) });
  let worker: RollupWorker | undefined;
  const startRollup = () => {
    worker ??= startRollupWorker(database, (event) => {
      logger.warn(event, 'the rollup failed and will try again');
    });
  };
  const stopRollup = async () => {
    await worker?.stop();
    worker = undefined;
  };
  if (options.rollup !== false) startRollup();
  const rollup = {
    wake: () => worker?.wake(),
    get isRunning() {
      return worker?.isRunning ?? false;
    },
    get isHealthy() {
      return worker?.isHealthy ?? false;
    },
  };
  const tokens = new EmbedTokens(secrets);
  const { rateLimits, keyFetching } = options;
  const services = makeServices({
    database,
    readDatabase: options.readDatabase,
    tokens,
    rollup,
    logger,
    rateLimits,
    keyFetching,
    measuresProcess: false,
  });
  const app = createApp(services, { allowedOrigins: [allowedOrigin], ...options.app });
  const { promise: listening, resolve } = Promise.withResolvers<AddressInfo>();
  // Without options for TLS or HTTP/2 it is a server of node:http.
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, resolve) as Server;
  const url = `http://127.0.0.1:${(await listening).port}`;
  const nobody = new HttpClient(url);
  return {
    url,
    databaseUrl,
    database,
    secrets,
    log,
    nobody,
    startRollup,
    stopRollup,
    async workspace(name) {
      const workspaceId = await ensureWorkspace(database.owner, name);
      const { key, apiKeyId } = await createApiKey(database, workspaceId);
      return { workspaceId, name, key, apiKeyId, api: nobody.as(key) };
    },
    async stop() {
      nobody.close();
      await services.changes.stop();
      server.closeAllConnections();
      server.close();
      await stopRollup();
      await database.close();
      await fresh?.drop();
    },
  };
}

/** Waits until every event of the workspace is in the journey's numbers. */
export async function settled(api: HttpClient, journeyId: string, milliseconds = 15_000): Promise<void> {
  const end = Date.now() + milliseconds;
  for (let pause = 10; ; pause = Math.min(200, pause * 1.5)) {
    const answer = await api.get(`/v1/journeys/${journeyId}/overview`);
    if (answer.status !== 200) throw new Error(`The overview of ${journeyId} answered ${answer.status}`);
    if (answer.as(overviewSchema).pendingEvents === 0) return;
    if (Date.now() > end) throw new Error(`Events of ${journeyId} are still pending: ${answer.text}`);
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
    });
  }
}
