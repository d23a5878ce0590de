// Decides which account runs PostgreSQL, which refuses to run as root: in containers root is often all there is.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { type Installation, copyInstallation, program } from './installation.ts';

export interface Account {
  /** Words before a command that make it run as this account. */
  readonly prefix: readonly string[];
  /** Set when this process is root and PostgreSQL is another user. */
  readonly ids?: { readonly uid: number; readonly gid: number };
}

/** Who runs PostgreSQL, which programs, and the folder that holds cluster and password. */
export interface Plan {
  readonly account: Account;
  readonly installation: Installation;
  readonly home: string;
}

/**
 * Not root: the user itself. Root: the user who owns the cluster, if that is not root; else root in a user namespace
 * where PostgreSQL sees an ordinary user; and where those are refused, `postgres` or `nobody`, with the data and
 * programs where that user can reach them.
 * @param folder exists
 * @param cluster the name of the cluster's folder in it
 */
export function planAccount(
  folder: string,
  cluster: string,
  installation: Installation,
  log: (line: string) => void,
): Plan {
  if (process.getuid?.() !== 0) return { account: { prefix: [] }, installation, home: folder };

  const existing = [folder, homeElsewhere(folder)]
    .map((home) => path.join(home, cluster))
    .find((file) => existsSync(file));
  const owner = existing === undefined ? undefined : lstatSync(existing);
  if (owner !== undefined && owner.uid !== 0) {
    return planUser({ uid: owner.uid, gid: owner.gid }, folder, cluster, installation, log);
  }

  const user = findUser('postgres') ?? findUser('nobody');
  const namespace = namespaceCommand(user?.uid ?? 1000, user?.gid ?? 1000);
  if (namespaceWorks(namespace, installation, folder)) {
    return { account: { prefix: namespace }, installation, home: folder };
  }
  if (user === undefined) {
    throw new EmbeddedDatabaseError(
      'no-access',
      'PostgreSQL does not run as root, user namespaces are refused here, and there is neither a user postgres nor ' +
        'nobody. Start as another user, or set DATABASE_URL to use a PostgreSQL server of your own.',
    );
  }
  return planUser(user, folder, cluster, installation, log);
}

/** Gives a file or folder to the account, when that is another user. */
export function giveTo({ ids }: Account, file: string): void {
  if (ids !== undefined) chownSync(file, ids.uid, ids.gid);
}

/** Gives a cluster to the account, when that is another user and not its owner yet. */
export function giveTreeTo({ ids }: Account, folder: string): void {
  if (ids === undefined || lstatSync(folder).uid === ids.uid) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(path.join(folder, entry), ids.uid, ids.gid);
  }
  // The folder itself last: it says that all within is done.
  chownSync(folder, ids.uid, ids.gid);
}

/** Whether the account can enter a folder, which all folders above may forbid. */
export function canEnter({ prefix, ids }: Account, folder: string): boolean {
  const [command, ...words] = [...prefix, 'sh', '-c', 'cd "$1"', 'sh', folder];
  return spawnSync(command, words, { ...ids, cwd: '/', stdio: 'ignore' }).status === 0;
}

function namespaceCommand(uid: number, gid: number): string[] {
  // initdb looks its user up by number, so the number seen inside has to be one that /etc/passwd knows.
  return ['unshare', '-U', `--map-user=${uid}`, `--map-group=${gid}`];
}

function namespaceWorks(namespace: string[], installation: Installation, folder: string): boolean {
  // For tests of what follows where user namespaces do work.
  if (process.platform !== 'linux' || process.env['EMBEDDED_POSTGRES_NO_USER_NAMESPACE'] === '1')
    return false;
  // Inside, root has lost the right to pass over permissions: see that it reaches both the programs and the data.
  const test = '"$1" -V && test -w "$2" && test -x "$2"';
  const [command, ...words] = [
    ...namespace,
    'sh',
    '-c',
    test,
    'sh',
    program(installation, 'postgres'),
    folder,
  ];
  return spawnSync(command, words, { cwd: '/', stdio: 'ignore' }).status === 0;
}

function planUser(
  ids: { uid: number; gid: number },
  folder: string,
  cluster: string,
  installation: Installation,
  log: (line: string) => void,
): Plan {
  const account: Account = { prefix: [], ids };
  const home = reachableHome(account, folder, cluster, log);
  const runs = spawnSync(program(installation, 'postgres'), ['-V'], { ...ids, cwd: '/', stdio: 'ignore' });
  return {
    account,
    installation: runs.status === 0 ? installation : copyInstallation(installation, home),
    home,
  };
}

function reachableHome(
  account: Account,
  folder: string,
  cluster: string,
  log: (line: string) => void,
): string {
  const { ids } = account;
  openToGroup(account, folder);
  if (canEnter(account, folder)) return folder;
  if (existsSync(path.join(folder, cluster))) {
    throw new EmbeddedDatabaseError(
      'no-access',
      `PostgreSQL cannot run as root here, and the user with the number ${ids?.uid} cannot reach the data in ${folder}. ` +
        'Move that folder to where every user can go and name it with DATA_DIR.',
    );
  }
  const home = homeElsewhere(folder);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  openToGroup(account, home);
  log(`${folder} is out of reach of the user who runs PostgreSQL: the embedded database is kept in ${home}`);
  return home;
}

function homeElsewhere(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 10);
  return `/var/lib/journey-analytics-${name}`;
}

/** Lets the account pass through a folder of root's. What lies in the folder stays private. */
function openToGroup({ ids }: Account, folder: string): void {
  if (ids === undefined || lstatSync(folder).uid !== 0) return;
  chownSync(folder, 0, ids.gid);
  chmodSync(folder, 0o710);
}

function findUser(name: string): { uid: number; gid: number } | undefined {
  const number = (option: string) => {
    const answer = spawnSync('id', [option, name], { encoding: 'utf8' });
    return answer.status === 0 ? Number(answer.stdout) : undefined;
  };
  const uid = number('-u');
  const gid = number('-g');
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}
