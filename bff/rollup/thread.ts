// The thread of the rollup: see rollup-thread.ts, which starts it.
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../../db/client.ts';
import type { FromThread, ThreadData, ToThread } from './rollup-thread.ts';
import { startRollupWorker } from './worker.ts';

if (!parentPort) throw new Error('This file is run as a thread');
const port = parentPort;

const { connection, worthwhile = 1 } = workerData as ThreadData; // as rollup-thread.ts passes it
const database = openDatabase(connection, { max: 3 });
const worker = startRollupWorker(
  database,
  (failure) => {
    const { isRunning, isHealthy } = worker;
    port.postMessage({ failure, isRunning, isHealthy } satisfies FromThread);
  },
  { worthwhile },
);

async function stop(): Promise<void> {
  await worker.stop();
  await database.close();
  port.close();
}

port.on('message', (message: ToThread) => {
  if (message === 'wake') worker.wake();
  else void stop();
});
