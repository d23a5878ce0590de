// Keeps the numbers up with the log: takes waiting work wherever there is some, until it is stopped.
import { retryConflicts, type Database } from '../../db/client.ts';
import { selectWorkspacesWithWork } from '../../db/queries/work.ts';
import { describeError, type DescribedError } from '../describe-error.ts';
import { refold, serveWhenFolded } from './refold.ts';
import { rollUp } from './roll-up.ts';
import { shards } from './shards.ts';

/** How long to wait before looking for work that other processes accepted. */
const idleMilliseconds = 250;
/** How long to wait after a failure, at most; each failure in a row doubles the wait. */
const longestWait = 10_000;

export interface RollupWorker {
  /** Says that there is work now. */
  wake(): void;
  /** Whether the last look for work succeeded. */
  readonly isHealthy: boolean;
  /** Finishes the pass under way and ends. */
  stop(): Promise<void>;
}

/** Does one pass of each kind in each shard of each workspace with work. @returns whether any did something. */
export async function takeWork(database: Database): Promise<boolean> {
  let worked = false;
  for (const workspaceId of await selectWorkspacesWithWork(database)) {
    for (const shard of shards) {
      for (const pass of [rollUp, refold]) {
        const result = await retryConflicts(() => pass(database, workspaceId, shard));
        worked ||= typeof result === 'object';
      }
    }
    await retryConflicts(() => serveWhenFolded(database, workspaceId));
  }
  return worked;
}

/**
 * Starts the rollup. Failures are waited out and tried again: nothing is lost, since undone work stays waiting.
 * @param report is told of each failure, and with null that work succeeds again
 */
export function startRollupWorker(
  database: Database,
  report: (failure: DescribedError | null) => void,
): RollupWorker {
  const stopping = new AbortController();
  let failures = 0;
  let awake = false;
  let wake: (() => void) | undefined;

  const sleep = async (milliseconds: number) => {
    if (awake || stopping.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    wake = resolve;
    await promise;
    clearTimeout(timer);
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      awake = false;
      try {
        const worked = await takeWork(database);
        if (failures > 0) report(null);
        failures = 0;
        if (!worked) await sleep(idleMilliseconds);
      } catch (error) {
        failures += 1;
        report(describeError(error));
        awake = false;
        await sleep(Math.min(longestWait, 100 * 2 ** failures));
      }
    }
  };
  const finished = run();

  return {
    wake() {
      awake = true;
      wake?.();
    },
    get isHealthy() {
      return failures === 0;
    },
    async stop() {
      stopping.abort();
      wake?.();
      await finished;
    },
  };
}
