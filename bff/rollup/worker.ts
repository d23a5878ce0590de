// Keeps the numbers up with the log: takes waiting work wherever there is some, until it is stopped.
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { inWorkspace, retryConflicts, type Database } from '../../db/client.ts';
import { selectShardsWithWork, selectWorkspacesWithWork } from '../../db/queries/work.ts';
import { describeError, type DescribedError } from '../describe-error.ts';
import { refold, serveWhenFolded } from './refold.ts';
import { rollUp } from './roll-up.ts';
import { shards } from './shards.ts';

/** How long to wait before looking for work that other processes accepted. */
const idleMilliseconds = 250;
/** Passes are followed by a rest as long as they took, at most so many milliseconds. */
const longestRest = 200;
/** How long to wait after a failure, at most; each failure in a row doubles the wait. */
const longestWait = 10_000;

export interface RollupWorker {
  /** Says that there is work now. */
  wake(): void;
  /** Whether it finds work and takes it, though that of some workspace may fail. */
  readonly isRunning: boolean;
  /** Whether nothing fails: neither the look for work, nor the work of any workspace. */
  readonly isHealthy: boolean;
  /** Finishes the pass under way and ends. */
  stop(): Promise<void>;
}

/** How many events have to wait in a shard for a pass to be worth its while: each writes the same sets again. */
export interface Worthwhile {
  readonly worthwhile?: number;
}

/** How many shards are worked on at once: while one is folded here, the database has the other's statements. */
const shardsAtOnce = 2;

/**
 * Does one pass of each kind in each shard of a workspace that has work of it.
 * @param worthwhile a shard in which fewer events wait is left for later
 * @returns whether any did something
 */
export async function takeWorkOf(
  database: Database,
  workspaceId: number,
  { worthwhile = 1 }: Worthwhile = {},
): Promise<boolean> {
  const work = await inWorkspace(database, workspaceId, (tx) => selectShardsWithWork(tx, workspaceId));
  const limit = pLimit(shardsAtOnce);
  const outcomes = await Promise.allSettled(
    shards.map((shard) =>
      limit(async () => {
        let worked = false;
        const passes = [
          ...((work.batches.get(shard) ?? 0) >= worthwhile ? [rollUp] : []),
          ...(work.refolds.has(shard) ? [refold] : []),
        ];
        for (const pass of passes) {
          const result = await retryConflicts(() => pass(database, workspaceId, shard));
          worked ||= typeof result === 'object';
        }
        return worked;
      }),
    ),
  );
  // Not before all have ended, since they use the database.
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  await retryConflicts(() => serveWhenFolded(database, workspaceId));
  return outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value);
}

/** Does one pass of each kind in each shard of each workspace with work. @returns whether any did something. */
export async function takeWork(database: Database): Promise<boolean> {
  let worked = false;
  for (const workspaceId of await selectWorkspacesWithWork(database)) {
    worked = (await takeWorkOf(database, workspaceId)) || worked;
  }
  return worked;
}

/** Work that fails again and again, and when to try next. */
interface Trouble {
  readonly failures: number;
  /** By a clock that nobody sets. */
  readonly retryAt: number;
}

function moreTrouble(known: Trouble | undefined): Trouble {
  const failures = (known?.failures ?? 0) + 1;
  return { failures, retryAt: performance.now() + Math.min(longestWait, 100 * 2 ** failures) };
}

/**
 * Starts the rollup. Failures are waited out and tried again: nothing is lost, since undone work stays waiting. A workspace
 * whose work fails keeps no other from its own.
 * @param report is told of each failure, and with null that an outage is over or that nothing fails any more
 * @param worthwhile a shard in which fewer events wait is left for later
 */
export function startRollupWorker(
  database: Database,
  report: (failure: DescribedError | null) => void,
  { worthwhile = 1 }: Worthwhile = {},
): RollupWorker {
  const stopping = new AbortController();
  const troubles = new Map<number, Trouble>();
  let outage: Trouble | undefined;
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

  /** Lets more come after passes: the next take it together, reading users and writing rows once for all. */
  const rest = async (taken: number) => {
    // Rejects when the rollup is stopped, which ends the loop.
    await delay(Math.min(taken, longestRest), undefined, { signal: stopping.signal }).catch(() => undefined);
  };

  /** Looks for work and takes it, but for what failed a moment ago. @returns whether any was done. */
  const look = async (): Promise<boolean> => {
    const workspaceIds = await selectWorkspacesWithWork(database);
    for (const workspaceId of troubles.keys()) {
      if (!workspaceIds.includes(workspaceId)) troubles.delete(workspaceId);
    }
    let worked = false;
    for (const workspaceId of workspaceIds) {
      const trouble = troubles.get(workspaceId);
      if (stopping.signal.aborted || (trouble && performance.now() < trouble.retryAt)) continue;
      try {
        worked = (await takeWorkOf(database, workspaceId, { worthwhile })) || worked;
        troubles.delete(workspaceId);
      } catch (error) {
        troubles.set(workspaceId, moreTrouble(trouble));
        report(describeError(error));
      }
    }
    return worked;
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      awake = false;
      const wasOut = outage !== undefined;
      const wasTroubled = troubles.size > 0;
      try {
        const startedAt = performance.now();
        const worked = await look();
        outage = undefined;
        if (wasOut || (wasTroubled && troubles.size === 0)) report(null);
        if (worked) await rest(performance.now() - startedAt);
        else await sleep(idleMilliseconds);
      } catch (error) {
        outage = moreTrouble(outage);
        report(describeError(error));
        awake = false;
        await sleep(outage.retryAt - performance.now());
      }
    }
  };
  const finished = run();

  return {
    wake() {
      awake = true;
      wake?.();
    },
    get isRunning() {
      return outage === undefined;
    },
    get isHealthy() {
      return outage === undefined && troubles.size === 0;
    },
    async stop() {
      stopping.abort();
      wake?.();
      await finished;
    },
  };
}
