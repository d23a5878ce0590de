// Runs the rollup in a thread of its own, so that folding never keeps a request waiting.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Connection } from '../../db/client.ts';
import { describeError, type DescribedError } from '../describe-error.ts';
import type { RollupWorker, Worthwhile } from './worker.ts';

/** What the thread begins with. */
export interface ThreadData extends Worthwhile {
  readonly connection: Connection;
}
/** What the thread is told. */
export type ToThread = 'wake' | 'stop';
/** What the thread tells: a failure, or null when work succeeds again, and how it then is. */
export interface FromThread extends Pick<RollupWorker, 'isRunning' | 'isHealthy'> {
  readonly failure: DescribedError | null;
}

const restartMilliseconds = 1_000;

/** Starts the rollup in a thread, and starts it again should the thread end by itself. */
export function startRollupThread(
  connection: Connection,
  report: (failure: DescribedError | null) => void,
  worthwhile: Worthwhile = {},
): RollupWorker {
  let stopping = false;
  let state = { isRunning: true, isHealthy: true };
  let restart: NodeJS.Timeout | undefined;

  const fail = (failure: DescribedError) => {
    state = { isRunning: false, isHealthy: false };
    report(failure);
  };
  const spawn = (): Worker => {
    // Beside this file, and of its kind: `.ts` in the repository, `.js` in the package.
    const file = new URL(`thread${extname(import.meta.filename)}`, import.meta.url);
    const workerData: ThreadData = { connection, ...worthwhile };
    const thread = new Worker(file, { workerData });
    thread.on('message', ({ failure, ...now }: FromThread) => {
      state = now;
      report(failure);
    });
    thread.on('error', (error) => {
      fail(describeError(error));
    });
    thread.on('exit', () => {
      if (stopping) return;
      state = { isRunning: false, isHealthy: false };
      restart = setTimeout(() => {
        current = spawn();
        state = { isRunning: true, isHealthy: true };
      }, restartMilliseconds);
    });
    return thread;
  };
  let current = spawn();

  return {
    wake() {
      current.postMessage('wake' satisfies ToThread);
    },
    get isRunning() {
      return state.isRunning;
    },
    get isHealthy() {
      return state.isHealthy;
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      const { promise, resolve } = Promise.withResolvers<void>();
      current.once('exit', () => {
        resolve();
      });
      current.postMessage('stop' satisfies ToThread);
      if (current.threadId !== -1) await promise;
    },
  };
}
