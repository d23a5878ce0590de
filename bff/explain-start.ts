// Says what kept the service from starting and what to do, in one message without values of the environment.
import { EmbeddedDatabaseError } from '../db/embedded.ts';
import { databaseErrorCode } from '../db/client.ts';
import { MigrationError } from '../db/migrate.ts';
import { ConfigError } from './config.ts';

const byCode: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use: stop the program that has it, or set PORT to another.',
  EADDRNOTAVAIL: 'HOST is no address of this machine: set HOST to one that is, such as 127.0.0.1.',
  EACCES:
    'The port may not be used by this account, or a folder may not be written: set PORT above 1023, or DATA_DIR to a folder of yours.',
  ECONNREFUSED: 'Nothing answers where DATABASE_URL points: start PostgreSQL there, or correct DATABASE_URL.',
  ENOTFOUND: 'The host in DATABASE_URL is not known: correct DATABASE_URL.',
  CONNECT_TIMEOUT: 'The database that DATABASE_URL names does not answer: check its host, port and firewall.',
  '3D000': 'The database that DATABASE_URL names does not exist: create it, or correct DATABASE_URL.',
  '28P01': 'The database refused the password in DATABASE_URL: correct it.',
  '28000': 'The database refused the user in DATABASE_URL: correct it.',
  '42501':
    'The user in DATABASE_URL may not do what a migration needs: it must own the database, or may create schemas and roles (CREATEROLE).',
};

export function explainStart(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof EmbeddedDatabaseError ||
    error instanceof MigrationError
  ) {
    return error.message;
  }
  const code = databaseErrorCode(error);
  const known = code === undefined ? undefined : byCode[code];
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined ? message : `${message} (${code})`;
}
