/** What went wrong with the embedded database, for code; the message says it, and what to do, for people. */
export type EmbeddedDatabaseErrorCode =
  /** Another process owns the database of this folder. */
  | 'in-use'
  /** No PostgreSQL that runs here was found. */
  | 'no-binaries'
  /** The folder holds data of another major version. */
  | 'other-major'
  /** The folder or what lies in it belongs to, or is out of reach of, the account that has to run PostgreSQL. */
  | 'no-access'
  /** initdb failed. */
  | 'not-created'
  /** The server did not come up, or refused its own password. */
  | 'not-started'
  /** The server did not stop. */
  | 'not-stopped';

/** The one error of the embedded database. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError';
  readonly code: EmbeddedDatabaseErrorCode;

  constructor(code: EmbeddedDatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether an error carries this `code`, as those of Node and of PostgreSQL do. */
export function hasCode(error: unknown, ...codes: string[]): error is Error & { code: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}
