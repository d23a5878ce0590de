// Windows has no shell to hold the server, and PostgreSQL refuses administrators, whom pg_ctl demotes: there pg_ctl
// starts and stops it. A server that outlives this process is adopted by the next one.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Installation, program } from './installation.ts';
import { type Lifeline, programEnvironment } from './lifeline.ts';

export function startOnWindows(installation: Installation, data: string, words: readonly string[]): Lifeline {
  const logFile = path.join(path.dirname(data), 'postgres.log');
  const { lifeline, end } = stoppable(installation, data);
  const start = async () => {
    const code = await runPgCtl(installation, [
      'start',
      '-w',
      '-D',
      data,
      '-l',
      logFile,
      '-o',
      words.join(' '),
    ]);
    if (code === 0) return Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    end(code);
    return undefined;
  };
  return {
    ...lifeline,
    programPid: start(),
    lastLines: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').split(/\r?\n/).slice(-50) : []),
  };
}

/** A server that runs already, which this process is to stop. */
export function stopOnWindows(installation: Installation, data: string, pid: number): Lifeline {
  return { ...stoppable(installation, data).lifeline, programPid: Promise.resolve(pid) };
}

function stoppable(installation: Installation, data: string) {
  let over = false;
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  const end = (code: number | null) => {
    over = true;
    resolve(code);
  };
  const stop = async () => end(await runPgCtl(installation, ['stop', '-w', '-m', 'fast', '-D', data]));
  const lifeline = { ended, hasEnded: () => over, lastLines: () => [], release: () => void stop() };
  return { lifeline, end };
}

/** Settles with the exit code of pg_ctl, null when it did not start. Its output goes nowhere, as the server would hold it open. */
async function runPgCtl(installation: Installation, words: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program(installation, 'pg_ctl'), words, {
      env: programEnvironment(),
      stdio: 'ignore',
      windowsHide: true,
    });
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
}
