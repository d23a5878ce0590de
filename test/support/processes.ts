// What processes there are on this machine.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  /** Ended, and not yet collected by its parent. */
  readonly zombie: boolean;
  /** Program and arguments, separated by spaces. */
  readonly command: string;
}

/** All processes: of Linux from /proc, as small images have no ps. */
export function listProcesses(): Process[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(name) : []));
  }
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,uid=,stat=,command='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, uid, state, command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (pid === undefined || state === undefined) return [];
    return [
      { pid: Number(pid), parent: Number(parent), uid: Number(uid), zombie: state.startsWith('Z'), command },
    ];
  });
}

/** Whether a process exists and is no zombie. */
export function isRunning(pid: number): boolean {
  return listProcesses().some((each) => each.pid === pid && !each.zombie);
}

/** The server process of the database that a process started, and those that work for its connections. */
export function databaseOf(owner: number) {
  const processes = listProcesses().filter(({ zombie }) => !zombie);
  const descendants = new Set([owner]);
  for (let known = 0; known !== descendants.size;) {
    known = descendants.size;
    for (const { pid, parent } of processes) if (descendants.has(parent)) descendants.add(pid);
  }
  const server = processes.find(
    ({ pid, command }) => descendants.has(pid) && /^\S*\bpostgres\S* -D /.test(command),
  );
  if (!server) throw new Error(`The process ${owner} has no database running`);
  const backends = processes.filter(
    ({ parent, command }) =>
      parent === server.pid && command.startsWith('postgres: postgres journey_analytics '),
  );
  return { server: server.pid, backends: backends.map(({ pid }) => pid) };
}

function readProcess(name: string): Process[] {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8');
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return [
      {
        pid: Number(name),
        parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
        uid: statSync(`/proc/${name}`).uid,
        zombie: /^State:\s+Z/m.test(status),
        command,
      },
    ];
  } catch {
    // It has ended while the list was read.
    return [];
  }
}
