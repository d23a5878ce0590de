// Runs PostgreSQL's programs so that they end when this process does, even by kill -9.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Account } from './account.ts';

export interface Lifeline {
  /** The process id of the program itself; undefined when it did not start. */
  readonly programPid: Promise<number | undefined>;
  /** Settles when the program has ended, with its exit code; null when it did not start. Never rejects. */
  readonly ended: Promise<number | null>;
  hasEnded(): boolean;
  /** The last lines that it wrote to its standard error. */
  lastLines(): readonly string[];
  /**
   * Ends it, as the end of this process would. A server gets SIGINT, a shutdown that waits for no client and loses
   * nothing; after a minute SIGQUIT, from which it recovers at its next start.
   */
  release(): void;
}

// In these scripts file descriptor 3 is a pipe whose other end only this process holds, so reading it ends when this
// process does.

/** The signal is repeated because a server ignores it until its handlers are in place. */
const shutDown = `signal=INT
count=0
while isRunning && test $count -lt 240 && kill -$signal $program; do
  sleep 0.5
  count=$((count + 1))
  test $count -lt 120 || signal=QUIT
done`;

/** The program's own processes too: they are in the process group of the shell. */
const killAll = 'kill -KILL 0';

const startScript = (end: string) => `exec 3<&0
"$@" </dev/null >/dev/null 3<&- &
program=$!
echo $program
trap "" INT TERM HUP QUIT
isRunning() { true; }
( read -r _ <&3; ${end} ) >/dev/null 2>&1 &
watcher=$!
wait $program
code=$?
kill -KILL $watcher 2>/dev/null
exit $code`;

/** The same for a server that runs already. Its process id is used only while its own file has it. */
const watchScript = `exec 3<&0
pidFile=$1
program=$2
trap "" INT TERM HUP QUIT
isRunning() { read -r pid < "$pidFile" && test "$pid" = "$program"; }
read -r _ <&3
${shutDown}`;

/**
 * Starts a program as the account.
 * @param whenReleased `shutDown` for a server; `kill` for a program that nothing is lost by
 */
export function startOnLifeline(
  account: Account,
  file: string,
  words: readonly string[],
  whenReleased: 'shutDown' | 'kill',
  log: (line: string) => void = () => {},
): Lifeline {
  const script = startScript(whenReleased === 'kill' ? killAll : shutDown);
  const shell = spawn('sh', ['-c', script, 'sh', ...account.prefix, file, ...words], {
    ...spawnOptions(account),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  forEachLine(shell.stderr, (line) => {
    lines.push(line);
    if (lines.length > 50) lines.shift();
    log(line);
  });
  const programPid = new Promise<number | undefined>((resolve) => {
    forEachLine(shell.stdout, (line) => resolve(Number(line)));
    shell.once('close', () => resolve(undefined));
  });
  return asLifeline(shell, programPid, lines);
}

/** Ties a running server to this process, as if this process had started it. */
export function watchOnLifeline(account: Account, pidFile: string, pid: number): Lifeline {
  const shell = spawn('sh', ['-c', watchScript, 'sh', pidFile, String(pid)], {
    ...spawnOptions(account),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return asLifeline(shell, Promise.resolve(pid), []);
}

function spawnOptions({ ids }: Account) {
  return {
    ...ids,
    cwd: '/',
    env: programEnvironment(),
    // A session of its own: Ctrl-C in a terminal is for this process, which stops the server once it is done with it.
    detached: true,
  };
}

function asLifeline(shell: ChildProcess, programPid: Promise<number | undefined>, lines: string[]): Lifeline {
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    // 'close' comes when all output was read too, but a process of the program's own may hold that open for long.
    shell.once('exit', (code) => {
      const done = () => resolve(code);
      shell.once('close', done);
      setTimeout(done, 200).unref();
    });
    shell.once('error', (error) => {
      lines.push(error.message);
      resolve(null);
    });
  }).finally(() => {
    over = true;
  });
  // Releasing a program that has just ended writes to a pipe without reader; `ended` tells the same.
  shell.stdin?.on('error', () => {});
  return {
    programPid,
    ended,
    hasEnded: () => over,
    lastLines: () => lines,
    release: () => shell.stdin?.end(),
  };
}

function forEachLine(stream: Readable, visit: (line: string) => void): void {
  createInterface({ input: stream }).on('line', visit);
}

/** Not the whole environment: it may hold this service's secrets, and PG… variables change what the programs do. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const kept = [
    'PATH',
    'HOME',
    'TMPDIR',
    'LD_LIBRARY_PATH',
    'DYLD_LIBRARY_PATH',
    // Windows
    'SystemRoot',
    'ComSpec',
    'TEMP',
    'TMP',
    'USERPROFILE',
  ];
  const values = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(values), LC_ALL: 'C', TZ: 'UTC' };
}
