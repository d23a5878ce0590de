// What the owner of the embedded database does while it runs: keep it running, and in the end stop it.
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import type { Lifeline } from './lifeline.ts';
import { type Access, type Site, gainAccess } from './ownership.ts';
import { type ServerState, isServing, removeSocketFolder } from './server.ts';

/** A lifeline gives a server a minute to stop in peace. */
const stopTimeLimit = 75_000;
/** How long to wait before a server that did not start is tried again. */
const retryDelay = 1_000;

/**
 * Keeps the server: when it dies, or restarts after the death of one of its processes, it is started again where it
 * was, so that pools of connections recover, and owned again.
 * @returns stops it
 */
export function own(site: Site, access: Access, held: Lifeline): () => Promise<void> {
  const { log, cluster } = site;
  let current = access;
  let lifeline = held;
  let stopped: Promise<void> | undefined;
  let regaining: Promise<void> | undefined;

  const isStopped = () => stopped !== undefined;
  const regain = async () => {
    if (isStopped()) return;
    log('the embedded database was interrupted: starting it again');
    await current.connection.end({ timeout: 1 });
    const settings = { ...site.settings, ...placeOf(current.state) };
    while (!isStopped()) {
      try {
        const next = await gainAccess({ ...site, settings }, 'refuse', lifeline);
        if (next.lifeline === undefined) return;
        current = next;
        lifeline = next.lifeline;
        void watch();
        return;
      } catch (error) {
        // What keeps a server from starting that ran before may pass, as a full disk does.
        log(
          `the embedded database does not start: ${error instanceof Error ? error.message : String(error)}`,
        );
        await delay(retryDelay);
      }
    }
  };
  const watch = async () => {
    await current.closed;
    regaining = regain();
    await regaining;
  };
  void watch();

  const stop = async () => {
    await regaining;
    lifeline.release();
    await stopsWith(lifeline, cluster.data, current.state);
    await current.connection.end({ timeout: 1 });
    removeSocketFolder(current.state);
  };
  return async () => (stopped ??= stop());
}

/** Settings that bring a server up where its clients know it. */
function placeOf({ host, port }: ServerState): Record<string, string> {
  return host.startsWith('/')
    ? { port: String(port), unix_socket_directories: host }
    : { port: String(port), listen_addresses: host };
}

async function stopsWith(lifeline: Lifeline, data: string, state: ServerState): Promise<void> {
  const limit = AbortSignal.timeout(stopTimeLimit);
  await Promise.race([lifeline.ended, delay(stopTimeLimit, undefined, { ref: false })]);
  // The shell that holds the server may have been killed, and the server be still at it.
  while (isServing(data, state)) {
    if (limit.aborted) {
      throw new EmbeddedDatabaseError(
        'not-stopped',
        `The server in ${data} (process ${state.pid}) does not stop.`,
      );
    }
    await delay(50);
  }
}
