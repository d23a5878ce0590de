// Opens the configured database, migrated: the one that DATABASE_URL names, or the embedded one.
import { openDatabase, type Connection, type Database } from '../db/client.ts';
import { joinEmbedded, startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import type { Config } from './config.ts';

/** How long a statement may take for a request, but for exports, audits and the like. */
const requestMilliseconds = 30_000;

export interface OpenedDatabase {
  readonly database: Database;
  /** How another thread of this process opens the same database. */
  readonly connection: Connection;
  /** Closes the pool, and stops the embedded server when this process started it. */
  readonly close: () => Promise<void>;
}

/** Opens the copy that DATABASE_READ_URL names, when it does. It need not be there yet. */
export function openReadDatabase({ databaseReadUrl }: Pick<Config, 'databaseReadUrl'>): Database | undefined {
  if (databaseReadUrl === undefined) return undefined;
  return openDatabase(databaseReadUrl, { statementMilliseconds: requestMilliseconds });
}

/**
 * Opens the configured database and migrates it.
 * @param as `owner` runs the embedded server and is alone in that; `guest` joins the server of a running owner, or
 *   starts it for as long as needed
 * @throws an error whose message says what to do when there is no such database
 */
export async function openConfiguredDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDirectory' | 'postgresBinaries'>,
  as: 'owner' | 'guest',
): Promise<OpenedDatabase> {
  // A command may take the time that it takes; a request may not.
  const pool = { statementMilliseconds: as === 'owner' ? requestMilliseconds : 0 };
  if (config.databaseUrl !== undefined) {
    await migrate(config.databaseUrl);
    const database = openDatabase(config.databaseUrl, pool);
    return { database, connection: config.databaseUrl, close: () => database.close() };
  }
  const start = as === 'owner' ? startEmbedded : joinEmbedded;
  const embedded = await start(
    config.dataDirectory,
    config.postgresBinaries === undefined ? {} : { binaries: config.postgresBinaries },
  );
  try {
    await migrate(embedded.options);
    const database = openDatabase(embedded.options, pool);
    return {
      database,
      connection: embedded.options,
      close: async () => {
        await database.close();
        await embedded.stop();
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
