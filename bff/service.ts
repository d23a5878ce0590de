// Puts the service together: database, secrets, rollup, app. Starts and stops it.
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { insertApiKey, selectApiKeyIdByPrefix } from '../db/queries/credentials.ts';
import { ensureWorkspace } from '../db/queries/workspaces.ts';
import { createApp } from './app.ts';
import { adoptApiKey, apiKeyStart } from './auth/api-keys.ts';
import { EmbedTokens } from './auth/embed-tokens.ts';
import type { Config } from './config.ts';
import { openConfiguredDatabase, openReadDatabase } from './open-database.ts';
import { startRollupThread } from './rollup/rollup-thread.ts';
import { demoPages } from './routes/demo-pages.ts';
import type { Services } from './routes/route.ts';
import { widgetFiles } from './routes/widget-files.ts';
import { keptSecret } from './secrets.ts';
import { makeServices } from './services.ts';

const defaultWorkspace = 'default';
const demoWorkspace = 'demo';
const keyFile = 'api-key';

export interface Service {
  readonly app: Hono;
  readonly services: Services;
  /** The file that holds the API key of the workspace `default`, when one was made for it. */
  readonly apiKeyFile: string | undefined;
  /** The workspace of the demo, when it is served. */
  readonly demoWorkspaceId: number | undefined;
  /** Ends the streams of changes, which would go on for ever. */
  endStreams(): Promise<void>;
  /** Stops the rollup and closes the database. */
  stop(): Promise<void>;
}

/** Makes sure of the first API key. @returns the file that holds it, when it is one of our making. */
async function ensureFirstKey(config: Config, database: Database): Promise<string | undefined> {
  const isOurs = config.bootstrapApiKey === undefined;
  if (isOurs && config.databaseUrl !== undefined) return undefined;
  const makeKey = () => `${apiKeyStart}${randomBytes(30).toString('base64url')}`;
  const key = config.bootstrapApiKey ?? (await keptSecret(config.dataDirectory, keyFile, makeKey));
  const workspaceId = await ensureWorkspace(database.owner, defaultWorkspace);
  if ((await adoptApiKey(database, workspaceId, key)) !== workspaceId) {
    throw new Error('BOOTSTRAP_API_KEY is already a key of another workspace: choose another');
  }
  return isOurs ? join(config.dataDirectory, keyFile) : undefined;
}

/** The demo's page has tokens minted on the word of a key that nobody holds. */
async function demoMinter(database: Database, workspaceId: number) {
  const prefix = '(demo page)';
  const known = await selectApiKeyIdByPrefix(database.owner, workspaceId, prefix);
  const apiKeyId = known ?? randomUUID();
  if (known === undefined) {
    await insertApiKey(database.owner, {
      workspaceId,
      apiKeyId,
      hash: randomBytes(32).toString('hex'),
      prefix,
    });
  }
  return { workspace: demoWorkspace, apiKeyId };
}

/**
 * Starts the service, but for listening.
 * @param distribution the folder that `npm run build` writes
 */
export async function startService(config: Config, logger: Logger, distribution: string): Promise<Service> {
  const mountWidgets = await widgetFiles(distribution);
  const opened = await openConfiguredDatabase(config, 'owner');
  const { database } = opened;
  try {
    const apiKeyFile = await ensureFirstKey(config, database);
    const makeSecret = () => randomBytes(48).toString('base64url');
    const secrets = config.tokenSecrets ?? [
      await keptSecret(config.dataDirectory, 'token-secret', makeSecret),
    ];
    const tokens = new EmbedTokens(secrets);
    const rollup = startRollupThread(opened.connection, (failure) => {
      if (failure) logger.warn(failure, 'the rollup failed and will try again');
      else logger.info('the rollup works again');
    });
    const { rateLimits } = config;
    const readDatabase = openReadDatabase(config);
    const services = makeServices({
      database,
      readDatabase,
      tokens,
      rollup,
      logger,
      rateLimits,
      measuresProcess: true,
    });
    let demoWorkspaceId: number | undefined;
    let mountDemo: ((site: Hono) => void) | undefined;
    if (config.demo) {
      const workspaceId = await ensureWorkspace(database.owner, demoWorkspace);
      demoWorkspaceId = workspaceId;
      const minter = await demoMinter(database, workspaceId);
      mountDemo = demoPages({ distribution, database, tokens, minter, workspaceId, host: config.host });
    }
    const app = createApp(services, {
      allowedOrigins: config.allowedOrigins,
      metricsToken: config.metricsToken,
      mount(site) {
        mountWidgets(site);
        mountDemo?.(site);
      },
    });
    return {
      app,
      services,
      apiKeyFile,
      demoWorkspaceId,
      endStreams: () => services.changes.stop(),
      async stop() {
        await rollup.stop();
        await readDatabase?.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
