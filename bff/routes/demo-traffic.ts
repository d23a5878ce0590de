// Live traffic for the demo, on demand: made-up events, sent as a host's server would send them, by the public client through
// the public API with an API key. The key exists only while it is sent, and it ends by itself.
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Database } from '../../db/client.ts';
import { revokeApiKey } from '../../db/queries/credentials.ts';
import { LiveTraffic } from '../../demo/live-traffic.ts';
import { createApiKey } from '../auth/api-keys.ts';
import { problemResponse } from '../middleware/problems.ts';
import { createIngest } from '../sender/index.ts';
import { isOwnPage } from './demo-files.ts';

const longestMilliseconds = 5 * 60_000;
const pauseMilliseconds = 1_000;

/** This server as the request has reached it; what the request says of itself could be another's address. */
function ownAddress(context: Context): string {
  const { localAddress = '127.0.0.1', localPort } = (context.env as HttpBindings).incoming.socket; // the app runs on node:http alone
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return `http://${host}:${localPort}`;
}

export interface TrafficOptions {
  readonly database: Database;
  readonly workspaceId: number;
  readonly host: string;
}

/** Mounts the switch: POST begins or goes on, DELETE stops, GET says whether it is sent. */
export function demoTraffic({ database, workspaceId, host }: TrafficOptions) {
  let endsAt: number | undefined;
  let stop: (() => Promise<void>) | undefined;

  const begin = async (endpoint: string) => {
    const { key, apiKeyId } = await createApiKey(database, workspaceId);
    const ingest = createIngest({ endpoint, apiKey: key, retryMilliseconds: 20_000 });
    const traffic = new LiveTraffic(Date.now());
    const timer = setInterval(() => {
      const now = Date.now();
      if (endsAt === undefined || now >= endsAt) {
        stop?.().catch((error: unknown) =>
          process.emitWarning(`The key of the live traffic is left: ${String(error)}`),
        );
      } else for (const event of traffic.events(now)) void ingest.enqueue(event);
    }, pauseMilliseconds);
    timer.unref();
    return async () => {
      clearInterval(timer);
      await ingest.shutdown();
      await revokeApiKey(database.owner, apiKeyId);
    };
  };
  // One after the other, so that two requests at once begin it once.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = async (act: () => Promise<void>) => {
    const mine = turn.then(act);
    turn = mine.catch(() => undefined);
    await mine;
  };

  const start = async (endpoint: string) => {
    endsAt = Date.now() + longestMilliseconds;
    if (stop) return;
    const end = await begin(endpoint);
    stop = async () => {
      stop = undefined;
      endsAt = undefined;
      await end();
    };
  };

  const answer = (context: Context) => {
    context.header('Cache-Control', 'no-store');
    return context.json({ endsAt: endsAt === undefined ? null : new Date(endsAt).toISOString() });
  };

  return (app: Hono): void => {
    app.use('/demo/traffic', async (context, next) => {
      if (isOwnPage(context, host)) return next();
      return problemResponse(context, 'forbidden', { detail: 'Only the demo’s own page sends its traffic.' });
    });
    app.get('/demo/traffic', answer);
    app.post('/demo/traffic', async (context) => {
      await inTurn(() => start(ownAddress(context)));
      return answer(context);
    });
    app.delete('/demo/traffic', async (context) => {
      await inTurn(async () => stop?.());
      return answer(context);
    });
  };
}
