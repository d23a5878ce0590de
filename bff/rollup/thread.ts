// The thread of the rollup: see rollup-thread.ts, which starts it.
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase, type Connection } from '../../db/client.ts';
import type { FromThread, ToThread } from './rollup-thread.ts';
import { startRollupWorker } from './worker.ts';

if (!parentPort) throw new Error('This file is run as a thread');
const port = parentPort;

// rollup-thread.ts passes the connection.
const database = openDatabase(workerData as Connection, { max: 3 });
const worker = startRollupWorker(database, (failure) => {
  const { isRunning, isHealthy } = worker;
  port.postMessage({ failure, isRunning, isHealthy } satisfies FromThread);
});

async function stop(): Promise<void> {
  await worker.stop();
  await database.close();
  port.close();
}

port.on('message', (message: ToThread) => {
  if (message === 'wake') worker.wake();
  else void stop();
});
