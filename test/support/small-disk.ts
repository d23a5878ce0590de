// A disk that can be filled, for a service process: a file system in memory, mounted where only that process and its
// children see it, so that nobody has to be root. Linux only, and only where user namespaces may be made.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';

/** The words that run a command in a file system of its own. The folder is the first parameter of the script. */
const asOwnRoot = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'] as const;

const mounting = (megabytes: number) => `mount -t tmpfs -o size=${megabytes}m,mode=700 tmpfs "$0"`;

/** Why a process cannot have such a disk on this machine; undefined when it can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has file systems of one process';
  const [command, ...words] = asOwnRoot;
  const tried = spawnSync(command, [...words, `${mounting(1)} && unshare --user true`, '/mnt'], {
    encoding: 'utf8',
  });
  if (tried.status === 0) return undefined;
  return `no process may mount a file system here: ${tried.error?.message ?? tried.stderr.trim()}`;
}

/** The words before a command that run it with a disk of this size in the place of a folder, which exists. */
export function withSmallDisk(folder: string, megabytes: number): readonly string[] {
  return [...asOwnRoot, `${mounting(megabytes)} && exec "$@"`, folder];
}

/** The disk of a running process. */
export class SmallDisk {
  readonly #folder: string;
  readonly #ballast: string;

  /** @param pid of the process, which sees the disk at `folder` */
  constructor(pid: number, folder: string) {
    // The kernel shows the files of a process as that process sees them.
    this.#folder = path.join(`/proc/${pid}/root`, folder);
    this.#ballast = path.join(this.#folder, 'ballast');
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#folder);
    return bavail * bsize;
  }

  /** Fills it up, but for what is left over of the last page. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    const zeros = Buffer.alloc(65_536);
    try {
      while (this.freeBytes > 0) writeSync(file, zeros, 0, Math.min(zeros.length, this.freeBytes));
    } finally {
      closeSync(file);
    }
  }

  clear(): void {
    rmSync(this.#ballast);
  }
}
