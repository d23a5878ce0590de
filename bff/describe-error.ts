// What may be logged of an error. The libraries put parameters into their messages, so messages are left out.
import { databaseErrorCode } from '../db/client.ts';

export interface DescribedError {
  readonly name: string;
  readonly code: string | undefined;
  /** The places of the stack, without the message above them. */
  readonly places: readonly string[];
}

export function describeError(error: unknown): DescribedError {
  const code = databaseErrorCode(error);
  if (!(error instanceof Error)) return { name: typeof error, code, places: [] };
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, code, places: places.map((line) => line.trim()) };
}
