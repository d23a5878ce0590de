// Says what kept the service from starting and what to do, in one message without values of the environment.
import { EmbeddedDatabaseError } from '../db/embedded.ts';
import { databaseErrorCode } from '../db/client.ts';
import { MigrationError } from '../db/migrate.ts';
import { ConfigError } from './config.ts';

/** What kept the service from listening, as opposed to what kept it from its database. */
export class ListenError extends Error {}

const ofListening: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use: stop the program that has it, or set PORT to another.',
  EADDRNOTAVAIL: 'HOST is no address of this machine: set HOST to one that is, such as 127.0.0.1.',
  ENOTFOUND: 'HOST is no name of this machine: set HOST to an address of it, such as 127.0.0.1.',
  EACCES: 'The port may not be used by this account: set PORT above 1023.',
};

const byCode: Readonly<Record<string, string>> = {
  EACCES: 'A file or folder under DATA_DIR cannot be written: set DATA_DIR to a folder of this account.',
  ECONNREFUSED: 'Nothing answers where DATABASE_URL points: start PostgreSQL there, or correct DATABASE_URL.',
  ECONNRESET:
    'What answers where DATABASE_URL points hangs up: correct DATABASE_URL, or see to the database.',
  ENOTFOUND: 'The host in DATABASE_URL is not known: correct DATABASE_URL.',
  CONNECT_TIMEOUT: 'The database that DATABASE_URL names does not answer: check its host, port and firewall.',
  '3D000': 'The database that DATABASE_URL names does not exist: create it, or correct DATABASE_URL.',
  '28P01': 'The database refused the password in DATABASE_URL: correct it.',
  '28000': 'The database refused the user in DATABASE_URL: correct it.',
  '42501':
    'The user in DATABASE_URL may not do what a migration needs: it must own the database, or may create schemas and roles (CREATEROLE).',
};

/** Codes that come to the same. */
const sameAs: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'ENOTFOUND',
  EPIPE: 'ECONNRESET',
  EEXIST: 'EACCES',
  ENOTDIR: 'EACCES',
  EPERM: 'EACCES',
  EROFS: 'EACCES',
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
  const codes = error instanceof ListenError ? ofListening : byCode;
  const known = code === undefined ? undefined : codes[sameAs[code] ?? code];
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined ? message : `${message} (${code})`;
}
