// Opens embedded databases in processes of their own, which tests can kill or run as another user.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedDatabase } from '../../db/embedded.ts';

export interface ChildOptions {
  readonly folder: string;
  readonly join?: boolean | undefined;
  readonly binaries?: string | undefined;
  readonly settings?: Record<string, string> | undefined;
}

export interface ChildAccount {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: Record<string, string>;
}

export type ChildAnswer =
  | (Pick<EmbeddedDatabase, 'options' | 'owned'> & { log: string[]; code?: undefined })
  | { readonly code: string; readonly message: string };

export interface EmbeddedChild {
  readonly process: ChildProcess;
  /** What came of opening it. */
  readonly answer: Promise<ChildAnswer>;
  /** Has the process stop its database, and end. */
  stop(): Promise<void>;
  /** Has the process end without stopping anything. */
  leave(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
}

/** Settings that make a cluster quick, for tests in which nothing crashes. */
export const quick = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export function startChild(options: ChildOptions, account: ChildAccount = {}): EmbeddedChild {
  const program = path.join(import.meta.dirname, 'embedded-process.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    ...account,
    env: { ...process.env, ...account.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  const gone = once(child, 'exit');
  const answer = (async (): Promise<ChildAnswer> => {
    const closed = once(child, 'close');
    while (!output.includes('\n')) {
      const over = await Promise.race([closed.then(() => true), delay(10)]);
      if (over && !output.includes('\n')) throw new Error(`The process ended without an answer. ${errors}`);
    }
    // embedded-process.ts wrote it as one.
    return JSON.parse(output) as ChildAnswer;
  })();
  // One that is killed before it answers is of no interest.
  answer.catch(() => {});
  const end = async (line: string) => {
    child.stdin.end(`${line}\n`);
    await gone;
  };
  return {
    process: child,
    answer,
    stop: async () => end('stop'),
    leave: async () => end('leave'),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** The options of a child that opened its database. */
export async function opened(child: EmbeddedChild) {
  const answer = await child.answer;
  if (answer.code !== undefined) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}

/** The error of a child that did not. */
export async function refused(child: EmbeddedChild) {
  const answer = await child.answer;
  if (answer.code === undefined) throw new Error('The database was opened.');
  return answer;
}

/** The process id of the server that a cluster's files tell of. */
export function serverPid(data: string): number {
  return Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!condition()) {
    if (Date.now() - started > 15_000) throw new Error(`Not within 15 s: ${what}`);
    await delay(10);
  }
}
