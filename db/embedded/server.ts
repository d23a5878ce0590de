// The server process of a cluster: how it is started, and what its own files say about it.
import { spawnSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  rmdirSync,
  statfsSync,
} from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { type Account, type Plan, canEnter, giveTo, giveTreeTo } from './account.ts';
import { EmbeddedDatabaseError, hasCode } from './embedded-database-error.ts';
import { isAlive } from './is-alive.ts';
import { program } from './installation.ts';
import { type Lifeline, startOnLifeline, watchOnLifeline } from './lifeline.ts';
import { startOnWindows, stopOnWindows } from './server-on-windows.ts';

/** What postmaster.pid says, the file that PostgreSQL keeps in a cluster's folder while a server runs there. */
export interface ServerState {
  readonly pid: number;
  readonly port: number;
  /** The folder of the Unix socket, or an address. */
  readonly host: string;
  readonly ready: boolean;
}

const windows = process.platform === 'win32';
const port = 5432;
const megabyte = 2 ** 20;

function pidFileOf(data: string): string {
  return path.join(data, 'postmaster.pid');
}

export function readServerState(data: string): ServerState | undefined {
  let text: string;
  try {
    text = readFileSync(pidFileOf(data), 'utf8');
  } catch (error) {
    // EBUSY, EPERM: on Windows while the server makes or removes it.
    if (hasCode(error, 'ENOENT', 'EBUSY', 'EPERM')) return undefined;
    throw error;
  }
  const [pid, , , listens, socketFolder, address, , status] = text.split('\n').map((line) => line.trim());
  if (!pid || !listens) return undefined;
  return {
    pid: Number(pid),
    port: Number(listens),
    host: socketFolder || address || '127.0.0.1',
    ready: status === 'ready',
  };
}

/** Starts a server in the cluster. When another one is faster, this one ends by itself. */
export function startServer(
  { account, installation }: Plan,
  data: string,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Lifeline {
  giveTreeTo(account, data);
  const all: Record<string, string> = {
    listen_addresses: windows ? '127.0.0.1' : '',
    port: String(windows ? randomInt(20_000, 50_000) : port),
    unix_socket_directories: windows ? '' : makeSocketFolder(account, data),
    unix_socket_permissions: '0700',
    max_connections: '60',
    // A statement over many partitions takes a lock on each of them and of their indexes.
    max_locks_per_transaction: '256',
    shared_buffers: `${sharedMegabytes()}MB`,
    max_wal_size: '2GB',
    // Solid state disks.
    random_page_cost: '1.1',
    // The queries are short, and not all binaries can.
    jit: 'off',
    // Containers often have 64 MB of shared memory, where parallel queries fail.
    ...(hasSmallSharedMemory() ? { dynamic_shared_memory_type: 'mmap' } : {}),
    // Statements and their values hold personal data; the service reports its failures itself.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...settings,
  };
  const words = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const file = program(installation, 'postgres');
  if (windows) return startOnWindows(installation, data, words);
  return startOnLifeline(account, file, ['-D', data, ...words], 'shutDown', log);
}

/** Whether this server, or a process it left behind, still works in the cluster. */
export function isServing(data: string, { pid }: ServerState): boolean {
  return readServerState(data)?.pid === pid && (windows ? isAlive(pid) : worksIn(pid, data));
}

/** Ties a server that was found running to this process. */
export function adoptServer({ account, installation }: Plan, data: string, { pid }: ServerState): Lifeline {
  if (windows) return stopOnWindows(installation, data, pid);
  return watchOnLifeline(account, pidFileOf(data), pid);
}

/**
 * Removes a postmaster.pid whose process id was given to another process since, or is that of a dead process nobody
 * reaps: PostgreSQL takes both for a running server. Returns whether it did.
 */
export function removeStalePidFile(data: string): boolean {
  const state = readServerState(data);
  if (state === undefined || windows || worksIn(state.pid, data)) return false;
  rmSync(pidFileOf(data), { force: true });
  return true;
}

/** Removes the socket's folder once its server has stopped, unless the next one is in it. */
export function removeSocketFolder({ host }: ServerState): void {
  if (!path.isAbsolute(host) || windows) return;
  try {
    rmdirSync(host);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Whether any process of a server of this cluster is left: they all have its folder as their working folder. */
function worksIn(pid: number, data: string): boolean {
  if (process.platform === 'linux') {
    const folder = realpathSync(data);
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && workingFolder(name) === folder);
  }
  const answer = spawnSync('ps', ['-p', String(pid), '-o', 'stat=,comm='], { encoding: 'utf8' });
  const [state = '', command = ''] = answer.stdout.trim().split(/\s+/);
  return !state.startsWith('Z') && /postgres/.test(command);
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    // It has ended, is a zombie, or is another user's, which a server of this cluster is not.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

/** A private folder with a short path: a socket's path ends at 103 bytes on some systems, and data may lie deeper. */
function makeSocketFolder(account: Account, data: string): string {
  const user = account.ids?.uid ?? process.getuid?.();
  const name = `journey-${createHash('sha256').update(`${user}\n${data}`).digest('hex').slice(0, 10)}`;
  for (const parent of [tmpdir(), '/tmp']) {
    const folder = path.join(parent, name);
    if (Buffer.byteLength(`${folder}/.s.PGSQL.${port}`) > 103) continue;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = lstatSync(folder);
    const expected = [process.getuid?.(), user];
    if (!made.isDirectory() || !expected.includes(made.uid) || (made.mode & 0o077) !== 0) {
      throw new EmbeddedDatabaseError('no-access', `${folder} was made by somebody else: remove it.`);
    }
    giveTo(account, folder);
    if (canEnter(account, folder)) return folder;
  }
  throw new EmbeddedDatabaseError(
    'no-access',
    `Neither ${tmpdir()} nor /tmp can hold the socket of the embedded database: set TMPDIR to a short path.`,
  );
}

/**
 * How much of tables and indexes the server keeps in its own memory: an eighth of what there is, from 128 MB, which is
 * PostgreSQL's default, to 1 GB. Ids of events are random, so with little of it each is a page read and one written.
 */
function sharedMegabytes(): number {
  // Without a limit of its container a process is told of more than any machine has, or of none.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.round(Math.min(Math.max(memory / 8, 128 * megabyte), 1_024 * megabyte) / megabyte);
}

function hasSmallSharedMemory(): boolean {
  if (process.platform !== 'linux') return false;
  if (!existsSync('/dev/shm')) return true;
  const { blocks, bsize } = statfsSync('/dev/shm');
  return blocks * bsize < 256 * megabyte;
}
