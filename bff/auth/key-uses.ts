// Notes when API keys were last used: beside the requests, seldom, and never in their way.
import { withCredentialId, type Database } from '../../db/client.ts';
import { updateLastUse } from '../../db/queries/credentials.ts';
import { describeError, type DescribedError } from '../describe-error.ts';

/** How often a process writes the use of one key, at most. */
const pauseMilliseconds = 60_000;

export class KeyUses {
  readonly #database: Database;
  readonly #report: (failure: DescribedError) => void;
  /** When the use of a key was last written, in milliseconds since 1970. Only keys that were found to be good come here. */
  readonly #written = new Map<string, number>();

  constructor(database: Database, report: (failure: DescribedError) => void) {
    this.#database = database;
    this.#report = report;
  }

  /** Notes a use of a key. Nobody need wait for it; a use that cannot be written is reported, and the next minute's is. */
  note(apiKeyId: string): void {
    const now = Date.now();
    if (now < (this.#written.get(apiKeyId) ?? 0) + pauseMilliseconds) return;
    this.#written.set(apiKeyId, now);
    withCredentialId(this.#database, apiKeyId, (tx) => updateLastUse(tx, apiKeyId, new Date(now))).catch(
      (error: unknown) => {
        this.#report(describeError(error));
      },
    );
  }
}
