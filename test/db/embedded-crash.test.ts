import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { type EmbeddedOptions, startEmbedded } from '../../db/embedded.ts';
import { opened, quick, serverPid, startChild, until } from '../support/embedded-child.ts';
import { isRunning, listProcesses } from '../support/processes.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'embedded-crash-'));
process.env['TMPDIR'] = scratch;
after(() => rmSync(scratch, { recursive: true, force: true }));

const folder = path.join(scratch, 'data');
const data = path.join(folder, 'pg18');

/** Starts it in this process, until the test is over at the latest. */
async function start(t: TestContext, where: string, options?: EmbeddedOptions) {
  const database = await startEmbedded(where, options);
  t.after(async () => database.stop());
  return database;
}

test('kill -9 of the owner: what was committed is there, and the next start works at once', async (t) => {
  const first = startChild({ folder });
  const { options } = await opened(first);
  const writer = postgres({ ...options, max: 1, onclose: () => {} });
  await writer`create table notes (note integer primary key)`;
  let committed = 0;
  const writing = (async () => {
    for (let note = 1; ; note += 1) {
      await writer`insert into notes values (${note})`;
      committed = note;
    }
  })();
  const failed = assert.rejects(writing);
  await until(() => committed >= 200, '200 rows');
  const pid = serverPid(data);
  await first.kill();

  const started = Date.now();
  const second = await start(t, folder);
  assert.ok(Date.now() - started < 5000, `${Date.now() - started} ms`);
  await failed;
  await writer.end({ timeout: 1 });
  assert.equal(isRunning(pid), false, 'the server has ended with its owner');
  assert.notEqual(serverPid(data), pid);
  const sql = postgres({ ...second.options, max: 1 });
  const [row] = await sql<{ count: number; last: number }[]>`
    select count(*)::int as count, max(note) as last from notes`;
  assert.ok(row !== undefined && row.count === row.last, 'no gap');
  assert.ok(row.last >= committed && row.last <= committed + 1, `${committed} committed, ${row.last} there`);
  await sql.end({ timeout: 5 });
  await second.stop();
});

test('a process that exits without stopping takes its server along', async () => {
  const child = startChild({ folder });
  await opened(child);
  const pid = serverPid(data);
  await child.leave();
  await until(() => !isRunning(pid), 'the server has ended');
  assert.equal(existsSync(path.join(data, 'postmaster.pid')), false, 'in good order');
});

test('kill -9 as soon as the server starts leaves no server', async (t) => {
  for (const wait of [0, 2, 5, 10]) {
    rmSync(path.join(data, 'postmaster.pid'), { force: true });
    const child = startChild({ folder });
    await until(() => existsSync(path.join(data, 'postmaster.pid')), 'the server has begun');
    await delay(wait);
    await child.kill();
    await until(
      () => !listProcesses().some(({ command }) => command.includes(data)),
      'no process is left that was told of the cluster',
    );
  }
  const database = await start(t, folder);
  await database.stop();
});

test('kill -9 during initdb leaves no half cluster', async (t) => {
  const target = path.join(scratch, 'cut-short');
  const isMaking = () =>
    existsSync(target) && readdirSync(target).some((name) => name.startsWith('initializing-'));
  for (const wait of [0, 100, 200]) {
    const child = startChild({ folder: target });
    await until(isMaking, 'initdb has begun');
    await delay(wait);
    await child.kill();
    // On a quick machine the last one may come too late.
    if (existsSync(path.join(target, 'pg18'))) break;
  }
  const database = await start(t, target, { settings: quick });
  await database.stop();
  assert.deepEqual(readdirSync(target).toSorted(), ['pg18', 'secret-database-password']);
});

test('a server whose owner and whose lifeline were killed is adopted, and then ends with its new owner', async (t) => {
  const first = startChild({ folder });
  const { options } = await opened(first);
  const pid = serverPid(data);
  const processes = listProcesses();
  const shell = processes.find((each) => each.pid === pid)?.parent ?? 0;
  const watchers = processes.filter((each) => each.parent === shell && each.pid !== pid);
  assert.equal(watchers.length, 1);
  // The watcher first: it would notice the death of the other.
  for (const victim of [...watchers.map((watcher) => watcher.pid), shell]) process.kill(victim, 'SIGKILL');
  await first.kill();
  assert.equal(isRunning(pid), true);

  const second = startChild({ folder });
  const answer = await opened(second);
  assert.equal(answer.owned, true);
  assert.deepEqual(answer.options, options);
  assert.equal(serverPid(data), pid, 'the same server');
  await second.kill();
  await until(() => !isRunning(pid), 'the server has ended with its new owner');

  // Once more, and stopped in good order.
  const database = await start(t, folder);
  await database.stop();
});

test('a server that dies is started again where it was, and pools recover', async (t) => {
  const lines: string[] = [];
  const database = await start(t, folder, { log: (line) => lines.push(line) });
  const sql = postgres({ ...database.options, max: 2, onnotice: () => {} });
  const isBack = async () => {
    try {
      return (await sql`select 1 as one`).length === 1;
    } catch {
      return false;
    }
  };
  const recovers = async () => {
    const started = Date.now();
    while (!(await isBack())) {
      if (Date.now() - started > 15_000) throw new Error(`It does not come back. ${lines.join('\n')}`);
      await delay(50);
    }
  };
  const interruptions = () => lines.filter((line) => /interrupted: starting it again/.test(line)).length;
  const owner = async () => {
    const name = `process ${process.pid}`;
    const [found] = await sql<{ pid: number }[]>`
      select pid from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and application_name = ${name}`;
    return found?.pid;
  };
  await sql`select`;

  const pid = serverPid(data);
  process.kill(pid, 'SIGKILL');
  await until(() => interruptions() === 1, 'noticed');
  // The dead server's processes may still answer for a moment.
  const isNew = () =>
    existsSync(path.join(data, 'postmaster.pid')) && serverPid(data) > 0 && serverPid(data) !== pid;
  await until(isNew, 'another server');
  await recovers();

  // The death of one of its processes makes the server itself begin anew.
  let victim = await owner();
  while (victim === undefined) victim = await owner();
  process.kill(victim, 'SIGKILL');
  await until(() => interruptions() === 2, 'noticed');
  await recovers();
  const second = startChild({ folder });
  const refusal = await second.answer;
  assert.equal(refusal.code, 'in-use', 'it is owned again');

  await sql.end({ timeout: 5 });
  await database.stop();
});

test('a postmaster.pid with the process id of something else is no obstacle', async (t) => {
  const other = spawn('sleep', ['60']);
  const file = path.join(data, 'postmaster.pid');
  const socket = path.join(scratch, 'nowhere');
  writeFileSync(file, `${other.pid}\n${data}\n1700000000\n5432\n${socket}\n\n  0         0\nready   \n`);
  const database = await start(t, folder);
  assert.notEqual(serverPid(data), other.pid);
  await database.stop();
  other.kill();
});

test('a copy of a folder with a running server is a database of its own', async (t) => {
  const original = await start(t, folder);
  const copy = path.join(scratch, 'copy');
  cpSync(folder, copy, { recursive: true });
  const database = await start(t, copy);
  assert.notEqual(database.options.path, original.options.path);
  const sql = postgres({ ...database.options, max: 1 });
  const [row] = await sql<{ data: string }[]>`select current_setting('data_directory') as data`;
  assert.equal(row?.data, path.join(copy, 'pg18'));
  await sql.end({ timeout: 5 });
  await database.stop();
  await original.stop();
});
