// The embedded database: a real PostgreSQL of this service's own, started from the binaries of an npm package when no
// DATABASE_URL is set.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type postgres from 'postgres';
import { planAccount } from './embedded/account.ts';
import { clusterName, openCluster } from './embedded/cluster.ts';
import { EmbeddedDatabaseError, hasCode } from './embedded/embedded-database-error.ts';
import { findInstallation } from './embedded/installation.ts';
import { own } from './embedded/owner.ts';
import { type Site, connectionTo, gainAccess } from './embedded/ownership.ts';

export { EmbeddedDatabaseError };

export interface EmbeddedDatabase {
  /** How to connect, for `postgres(options)`. */
  readonly options: {
    readonly host: string;
    readonly port: number;
    /** The Unix socket; absent on Windows. */
    readonly path?: string;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  };
  /** Whether this process is the owner; false when it joined another's server. */
  readonly owned: boolean;
  /** Stops the server, cutting its connections off; does nothing for one that was joined. Settles when it is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** A folder with other PostgreSQL programs: PG_BIN_DIR. */
  readonly binaries?: string | undefined;
  /** Told what the server and this module have to say, a line at a time. */
  readonly log?: ((line: string) => void) | undefined;
  /** Server settings on top of the defaults. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Made when missing. Default: `journey_analytics`. */
  readonly database?: string | undefined;
}

/**
 * Starts the server of this folder, or adopts a live one that lost its owner, and becomes its only owner: the server
 * ends with this process. The first start makes the cluster.
 * @throws EmbeddedDatabaseError with a message that says what to do; code `in-use` when there is an owner already
 */
export async function startEmbedded(
  folder: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  return open(folder, options, 'refuse');
}

/** Joins the live server of this folder, for a command beside a running service; without one, starts it as owner. */
export async function joinEmbedded(folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  return open(folder, options, 'join');
}

async function open(
  folder: string,
  { binaries, log = () => {}, settings = {}, database = 'journey_analytics' }: EmbeddedOptions,
  whenTaken: 'refuse' | 'join',
): Promise<EmbeddedDatabase> {
  const home = path.resolve(folder);
  const installation = findInstallation(binaries);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const plan = planAccount(home, clusterName(installation.major), installation, log);
  const cluster = await openCluster(plan, settings['fsync'] !== 'off');

  const site: Site = { plan, cluster, settings, log };
  const access = await gainAccess(site, whenTaken);
  const stop = access.lifeline === undefined ? async () => {} : own(site, access, access.lifeline);
  try {
    await makeDatabase(access.connection, database);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    if (access.lifeline === undefined) await access.connection.end({ timeout: 1 });
  }
  return {
    options: connectionTo(access.state, cluster.password, database),
    owned: access.lifeline !== undefined,
    stop,
  };
}

async function makeDatabase(sql: postgres.Sql, name: string): Promise<void> {
  const found = await sql`select from pg_database where datname = ${name}`;
  if (found.length > 0) return;
  try {
    await sql`create database ${sql(name)} template template0`;
  } catch (error) {
    // The process beside this one made it in the meantime.
    if (!hasCode(error, '42P04', '23505')) throw error;
  }
}
