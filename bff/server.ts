// Starts the product: `node bff/server.ts`. Everything that keeps it from starting is said in one message.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { demoEvents } from '../demo/simulate.ts';
import { welcomeJourney, welcomeJourneyId } from '../demo/journeys.ts';
import { readConfig, type Config } from './config.ts';
import { explainStart, ListenError } from './explain-start.ts';
import { seedDemo } from './seed-demo.ts';
import { startService, type Service } from './service.ts';

const distribution = fileURLToPath(new URL('../dist', import.meta.url));
/** How long requests under way may take after the service was told to stop. */
const drainMilliseconds = 10_000;

/** Listens before anything else is started, so that a port in use is known at once; until then every answer is 503. */
async function listen(config: Config, current: () => Service | undefined): Promise<Server> {
  const starting = () =>
    new Response('Starting', { status: 503, headers: { 'Retry-After': '1', 'Content-Type': 'text/plain' } });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = serve(
    {
      fetch: (request, env) => current()?.app.fetch(request, env) ?? starting(),
      hostname: config.host,
      port: config.port,
      serverOptions: {
        headersTimeout: 15_000,
        // The whole request with its body: a client that trickles must not hold a place for ever.
        requestTimeout: 60_000,
        // Longer than the idle time of usual load balancers, which then never write to a connection that has just closed.
        keepAliveTimeout: 75_000,
      },
    },
    () => {
      resolve();
    },
  ) as Server; // without options for TLS or HTTP/2 it is this one
  server.once('error', (error) => {
    reject(new ListenError(error.message, { cause: error }));
  });
  await promise;
  return server;
}

/** Takes no new requests and waits until those under way are answered; those that take too long are cut off. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that is kept alive becomes idle when its request is answered.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const limit = setTimeout(() => {
    server.closeAllConnections();
  }, drainMilliseconds);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}

async function start(): Promise<void> {
  const config = readConfig(process.env);
  // Lines are written together, twice a second or sooner: each by itself would cost a request more than it does else.
  const log = pino.destination({ dest: 1, sync: false, minLength: 4_096 });
  const logger = pino({ level: config.logLevel }, log);
  const flushing = setInterval(() => {
    log.flush();
  }, 500);
  let service: Service | undefined;
  const server = await listen(config, () => service);

  let isStopping = false;
  const stop = async (signal: string) => {
    isStopping = true;
    logger.info({ signal }, 'stopping');
    await Promise.all([drain(server), service?.endStreams()]);
    await service?.stop();
    clearInterval(flushing);
    log.flushSync();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop(signal));

  service = await startService(config, logger, distribution);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const base = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  const lines = [`Journey Analytics is running at ${base}`];
  if (config.demo) lines.push(`  Open ${base}/ to see a journey`);
  if (service.apiKeyFile !== undefined)
    lines.push(`  The API key of the workspace "default" is in ${service.apiKeyFile}`);
  console.log(lines.join('\n'));
  if (service.demoWorkspaceId !== undefined) {
    const journeys = { [welcomeJourneyId]: welcomeJourney };
    const { services, demoWorkspaceId } = service;
    try {
      const seeded = await seedDemo(services, demoWorkspaceId, journeys, demoEvents(Date.now()));
      if (seeded) logger.info('the demo has its people');
    } catch (error) {
      // Told to stop meanwhile, the database is closed under it.
      if (!isStopping) throw error;
    }
  }
}

try {
  await start();
} catch (error) {
  console.error(`Journey Analytics could not start.\n${explainStart(error)}`);
  process.exit(1);
}
