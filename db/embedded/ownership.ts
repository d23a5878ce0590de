// Who may use the embedded database: one owner at a time, known by a lock that ends with its connection.
import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import type { Plan } from './account.ts';
import type { Cluster } from './cluster.ts';
import { EmbeddedDatabaseError, hasCode } from './embedded-database-error.ts';
import type { Lifeline } from './lifeline.ts';
import { type ServerState, adoptServer, readServerState, removeStalePidFile, startServer } from './server.ts';

export interface Site {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** A server that answers, with the connection that found it so. */
export interface Access {
  readonly state: ServerState;
  /** To the database `postgres`. The owner's lock lasts as long as it does. */
  readonly connection: postgres.Sql;
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  /** Holds the server of an owner; undefined for one who joined. */
  readonly lifeline: Lifeline | undefined;
}

type Found = Pick<Access, 'connection' | 'closed'> & { readonly owner: string | undefined };

/** Any number that nothing else uses as an advisory lock in the database `postgres` of a cluster of our own. */
const ownersLock = 7_281_991;
const passingCodes =
  '57P01 57P02 57P03 53300 ECONNREFUSED ECONNRESET ENOENT EPIPE CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED CONNECT_TIMEOUT'.split(
    ' ',
  );
/** Recovering from a crash may take minutes; what cannot get better is told at once. */
const startTimeLimit = 300_000;
/** How long a second owner waits, in case the first is just ending. */
const patience = 3000;
/**
 * A server of another process without an owner is one whose owner has just started it, or has just died so that its
 * lifeline is about to stop it; only one that stays so for this long is adopted.
 */
const adoptionDelay = 1000;

/**
 * Starts the server of this cluster, or adopts a live one that has no owner, and becomes the owner.
 * @param whenTaken what to do when there is an owner already
 * @param held the lifeline of a server that this process has started before
 */
export async function gainAccess(site: Site, whenTaken: 'refuse' | 'join', held?: Lifeline): Promise<Access> {
  const { plan, cluster, settings, log } = site;
  const started = Date.now();
  let lifeline = held;
  let failures = 0;
  let ownerless: { pid: number; since: number } | undefined;
  let access: Access | undefined;
  try {
    while (Date.now() - started < startTimeLimit) {
      const state = readServerState(cluster.data);
      const found = state?.ready ? await knock(state, site) : undefined;
      if (state !== undefined && found !== undefined) {
        const { connection, closed, owner } = found;
        if (owner !== undefined) {
          if (whenTaken === 'join') return (access = { state, connection, closed, lifeline: undefined });
          await connection.end({ timeout: 1 });
          if (Date.now() - started > patience) throw inUse(cluster.data, owner);
        } else {
          const isOurs = lifeline !== undefined && (await lifeline.programPid) === state.pid;
          if (ownerless?.pid !== state.pid) ownerless = { pid: state.pid, since: Date.now() };
          const mayOwn = isOurs || Date.now() - ownerless.since >= adoptionDelay;
          if (mayOwn && (await takeLock(connection))) {
            if (isOurs) return (access = { state, connection, closed, lifeline });
            log(`adopted the embedded database that was running in ${cluster.data}`);
            return (access = { state, connection, closed, lifeline: adoptServer(plan, cluster.data, state) });
          }
          await connection.end({ timeout: 1 });
        }
      } else if (lifeline === undefined) {
        lifeline = startServer(plan, cluster.data, settings, log);
      } else if (lifeline.hasEnded()) {
        // That one did start, and has died since.
        if (lifeline !== held) refuseIfFinal(lifeline, cluster.data);
        failures += 1;
        await delay(Math.min(200 * failures, 2000));
        if (failures >= 3 && removeStalePidFile(cluster.data)) {
          log(`removed postmaster.pid from ${cluster.data}: its process is no server of this folder`);
        }
        lifeline = startServer(plan, cluster.data, settings, log);
      }
      await delay(30);
    }
    throw new EmbeddedDatabaseError(
      'not-started',
      `The embedded database in ${cluster.data} did not come up within ${startTimeLimit / 1000} s. ` +
        `${lifeline?.lastLines().slice(-5).join(' ')}`,
    );
  } finally {
    if (lifeline !== undefined && access?.lifeline !== lifeline) lifeline.release();
  }
}

export function connectionTo(state: ServerState, password: string, database: string) {
  return {
    host: state.host,
    port: state.port,
    ...(state.host.startsWith('/') ? { path: `${state.host}/.s.PGSQL.${state.port}` } : {}),
    user: 'postgres',
    password,
    database,
  };
}

/** Connects to a server that says it is ready, and asks who owns it. Undefined: it is not there, or not of this cluster. */
async function knock(state: ServerState, { cluster }: Site): Promise<Found | undefined> {
  const { promise: closed, resolve: onclose } = Promise.withResolvers<void>();
  const connection = postgres({
    ...connectionTo(state, cluster.password, 'postgres'),
    max: 1,
    connect_timeout: 5,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    connection: { application_name: `process ${process.pid}` },
    onnotice: () => {},
    onclose: () => onclose(),
  });
  try {
    const [row] = await connection<{ data: string; owner: string | null }[]>`
      select
        current_setting('data_directory') as data,
        (
          select application_name
          from pg_locks join pg_stat_activity using (pid)
          where locktype = 'advisory' and classid = 0 and objid = ${ownersLock} and granted
          limit 1
        ) as owner`;
    if (row !== undefined && realpathSync(row.data) === realpathSync(cluster.data)) {
      return { connection, closed, owner: row.owner ?? undefined };
    }
    await connection.end({ timeout: 1 });
    return undefined;
  } catch (error) {
    await connection.end({ timeout: 1 });
    if (hasCode(error, '28P01')) {
      throw new EmbeddedDatabaseError(
        'not-started',
        `The password beside ${cluster.data} is not the one that this cluster was made with: restore the file.`,
        { cause: error },
      );
    }
    // The caller looks again.
    if (isPassing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that the server is on its way up or down, or that all its connections are taken. */
function isPassing(error: unknown): boolean {
  return hasCode(error, ...passingCodes);
}

async function takeLock(connection: postgres.Sql): Promise<boolean> {
  try {
    const [row] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(${ownersLock}) as taken`;
    return row?.taken === true;
  } catch (error) {
    if (isPassing(error)) return false;
    throw error;
  }
}

function inUse(data: string, owner: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'in-use',
    `The embedded database in ${data} is in use by ${owner}. Stop that process, or give this one a folder of its ` +
      'own with DATA_DIR, or let both use one PostgreSQL server with DATABASE_URL.',
  );
}

/** Another server in the folder, or one that has not quite gone, passes; anything else will not get better. */
function refuseIfFinal(lifeline: Lifeline, data: string): void {
  const lines = lifeline.lastLines();
  const passing = /lock file|shared memory block|could not bind|could not create any/;
  if (lines.some((line) => passing.test(line))) return;
  const told = lines.filter((line) => /FATAL|PANIC|HINT|DETAIL/.test(line));
  throw new EmbeddedDatabaseError(
    'not-started',
    `The embedded database in ${data} did not start: ${(told.length > 0 ? told : lines).slice(-4).join(' ')}`,
  );
}
