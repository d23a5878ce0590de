// The data folder of the embedded database: made once, whole or not at all, for one major version of PostgreSQL.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type Plan, giveTo } from './account.ts';
import { EmbeddedDatabaseError, hasCode } from './embedded-database-error.ts';
import { isWritable, program } from './installation.ts';
import { programEnvironment, startOnLifeline } from './lifeline.ts';
import { isAlive } from './is-alive.ts';

export interface Cluster {
  readonly data: string;
  /** Of the superuser `postgres`. */
  readonly password: string;
}

const secretName = 'secret-database-password';

/** The scratch folders that this process is filling right now. */
const scratchInUse = new Set<string>();

export function clusterName(major: number): string {
  return `pg${major}`;
}

/**
 * Opens the cluster of this major version, or makes it.
 * @param durable false leaves out that everything is flushed to disk, for tests
 */
export async function openCluster(plan: Plan, durable: boolean): Promise<Cluster> {
  const { home, installation, account } = plan;
  const data = path.join(home, clusterName(installation.major));
  refuseWithoutAccess(home, data);
  if (!existsSync(data)) refuseOtherMajors(home, installation.major);
  removeAbandonedScratch(home);
  const secretFile = path.join(home, secretName);
  const password = readOrMakeSecret(secretFile);
  giveTo(account, secretFile);
  if (!existsSync(data)) await createCluster(plan, data, secretFile, durable);

  const made = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (made !== String(installation.major)) {
    throw new EmbeddedDatabaseError(
      'other-major',
      `${data} holds data of PostgreSQL ${made}, in spite of its name.`,
    );
  }
  // PostgreSQL insists on it, and copying a folder may lose it.
  chmodSync(data, 0o700);
  return { data, password };
}

function refuseWithoutAccess(home: string, data: string): void {
  const user = process.getuid?.();
  // Root may do anything, and Windows is not asked.
  if (user === undefined || user === 0) return;
  const mine = lstatSync(home).uid === user || isWritable(home);
  const file = mine ? data : home;
  const owner = existsSync(file) ? lstatSync(file).uid : user;
  if (mine && owner === user) return;
  throw new EmbeddedDatabaseError(
    'no-access',
    `${file} belongs to the user with the number ${owner}, and this process runs as ${user}. ` +
      'Start as that user, or name another folder with DATA_DIR.',
  );
}

function refuseOtherMajors(home: string, major: number): void {
  const others = readdirSync(home)
    .filter((name) => /^pg\d+$/.test(name))
    .toSorted();
  const other = others.at(-1);
  if (other === undefined) return;
  const otherMajor = other.slice(2);
  throw new EmbeddedDatabaseError(
    'other-major',
    `${path.join(home, other)} holds data of PostgreSQL ${otherMajor}, but the programs are PostgreSQL ${major}, which cannot ` +
      `read it. Either set PG_BIN_DIR to the folder of PostgreSQL ${otherMajor}'s programs and go on with those; or ` +
      `start with those once more, save the database with pg_dump, move ${other} away, start without PG_BIN_DIR ` +
      'and restore it; or name another folder with DATA_DIR.',
  );
}

/** Runs initdb into a scratch folder and renames that: a start cut short, or two at once, never leave half a cluster. */
async function createCluster(
  { home, installation, account }: Plan,
  data: string,
  secretFile: string,
  durable: boolean,
): Promise<void> {
  const scratch = path.join(home, `initializing-${process.pid}-${randomBytes(4).toString('hex')}`);
  scratchInUse.add(scratch);
  try {
    mkdirSync(scratch, { mode: 0o700 });
    giveTo(account, scratch);
    // Never the environment's locale, which decides what text sorts like and, when it is C, the encoding.
    const builtin = installation.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
    const initdb = program(installation, 'initdb');
    const words = [
      `--pgdata=${scratch}`,
      '--username=postgres',
      `--pwfile=${secretFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      ...builtin,
      '--data-checksums',
      ...(durable ? [] : ['--no-sync']),
    ];
    const { code, output } =
      process.platform === 'win32'
        ? await run(initdb, words)
        : await runOnLifeline({ account }, initdb, words);
    if (code !== 0) {
      throw new EmbeddedDatabaseError('not-created', `${initdb} failed (exit code ${code}): ${output}`);
    }
    try {
      renameSync(scratch, data);
    } catch (error) {
      // Another process made the cluster in the meantime: that one is used.
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM') || !existsSync(data)) throw error;
    }
    flushFolder(home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    scratchInUse.delete(scratch);
  }
}

async function runOnLifeline({ account }: Pick<Plan, 'account'>, file: string, words: string[]) {
  const lifeline = startOnLifeline(account, file, words, 'kill');
  const code = await lifeline.ended;
  return { code, output: lifeline.lastLines().join('\n') };
}

async function run(file: string, words: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { env: programEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function removeAbandonedScratch(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^initializing-(\d+)-/.exec(name)?.[1];
    const folder = path.join(home, name);
    if (pid === undefined || scratchInUse.has(folder)) continue;
    if (Number(pid) !== process.pid && isAlive(Number(pid))) continue;
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 4, retryDelay: 50 });
    } catch (error) {
      // Its initdb, killed just now, is not gone yet: the next start removes it.
      if (!hasCode(error, 'ENOTEMPTY', 'EBUSY', 'EPERM')) throw error;
    }
  }
}

/** Of several processes that make the secret at once, link() lets one win; a file is never seen half written. */
function readOrMakeSecret(file: string): string {
  if (!existsSync(file)) {
    const scratch = `${file}.${randomBytes(4).toString('hex')}`;
    writeFileSync(scratch, `${randomBytes(24).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    try {
      linkSync(scratch, file);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    } finally {
      unlinkSync(scratch);
    }
    flushFolder(path.dirname(file));
  }
  return readFileSync(file, 'utf8').trim();
}

function flushFolder(folder: string): void {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
