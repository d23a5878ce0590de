// Runs `npm run import` in a process of its own, as people run it, and reads the numbers that it leaves.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Database } from '../../db/client.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import type { Summary } from '../../bff/ingest/import/summary.ts';
import { readFlow } from '../../bff/metrics/flow.ts';
import { readOverview } from '../../bff/metrics/overview.ts';
import { readJourney } from '../../bff/metrics/read-journey.ts';
import { ReadingCache } from '../../bff/metrics/reading-cache.ts';

const program = path.join(import.meta.dirname, '../../bff/commands/import.ts');

export interface ImportEnvironment {
  /** Absent: the embedded database of `dataDirectory`. */
  readonly databaseUrl?: string;
  readonly dataDirectory: string;
}

export interface Finished {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface RunningImport {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts the command. @param input what standard input holds */
export function startImport(
  environment: ImportEnvironment,
  words: readonly string[],
  input: string | Buffer = '',
): RunningImport {
  const { databaseUrl = '', dataDirectory } = environment;
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDirectory },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  // One that ends before it has read everything closes its end: that is for the test to judge.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const finished = once(child, 'close').then(() => ({ code: child.exitCode, output, errors }));
  return { process: child, finished };
}

/** Runs the command. */
export async function runImport(
  environment: ImportEnvironment,
  words: readonly string[],
  input: string | Buffer = '',
): Promise<Finished> {
  return startImport(environment, words, input).finished;
}

/** Runs the command, which must succeed. @returns its summary */
export async function importFile(
  environment: ImportEnvironment,
  words: readonly string[],
  input: string | Buffer = '',
): Promise<Summary> {
  const { code, output, errors } = await runImport(environment, [...words, '--json'], input);
  if (code !== 0) throw new Error(`The import ended with ${code}. ${errors}`);
  return JSON.parse(output) as Summary; // what --json prints
}

/** Reads overview and flow of a journey, over all time. */
export async function readNumbers(database: Database, journeyId: string, workspace = 'demo') {
  const workspaceId = await ensureWorkspace(database.owner, workspace);
  const source = { database, cache: new ReadingCache(), workspaceId, journeyId };
  const { body } = await readJourney(source, async (reading) => ({
    definition: reading.definition,
    overview: await readOverview(reading, journeyId, {}),
    flow: await readFlow(reading, {}),
  }));
  return body;
}
