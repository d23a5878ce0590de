import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import postgres from 'postgres';
import { MigrationError, migrate } from '../../db/migrate.ts';
import { administer, freshDatabase, testServer, withDatabase } from '../support/fresh-database.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'migrate-test-'));
const { url: server, strategy } = testServer();
const undo: string[] = [];

after(async () => {
  for (const statement of undo.toReversed()) {
    await administer(server, async (sql) => sql.unsafe(statement));
  }
  rmSync(scratch, { recursive: true, force: true });
});

function randomName(kind: string): string {
  return `journey_analytics_test_${kind}_${randomBytes(4).toString('hex')}`;
}

/** A database without anything in it. */
async function emptyDatabase(options = "encoding 'UTF8'"): Promise<string> {
  const name = randomName('empty');
  await administer(server, async (sql) =>
    sql.unsafe(`create database ${name} template template0 strategy ${strategy} ${options}`),
  );
  undo.push(`drop database ${name} with (force)`);
  return withDatabase(server, name);
}

/** A folder of migrations. */
function files(contents: Record<string, string>): string {
  const folder = path.join(scratch, randomBytes(4).toString('hex'));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(contents)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** The product's own, as they were before one. */
function migrationsBefore(number: string): string {
  const all = path.join(import.meta.dirname, '../../db/migrations');
  const before = readdirSync(all).filter((name) => name < number);
  return files(Object.fromEntries(before.map((name) => [name, readFileSync(path.join(all, name), 'utf8')])));
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Checks that a database is refused with such a message. */
async function refuses(url: string, folder: string, message: RegExp): Promise<void> {
  await assert.rejects(migrate(url, { folder }), (error) => {
    assert.ok(error instanceof MigrationError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

const first = { '0001_notes.sql': 'create table notes (note text);\ninsert into notes values ($$one$$);' };
const second = { '0002_more.sql': 'insert into notes values ($$two$$);' };

test('applies what is missing, in order, and records it', async () => {
  const url = await emptyDatabase();
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  assert.deepEqual(await migrate(url, { folder: files(first), log }), { applied: ['0001_notes'] });
  const folder = files({ ...second, ...first, 'README.md': 'no migration' });
  assert.deepEqual(await migrate(url, { folder, log }), { applied: ['0002_more'] });
  assert.deepEqual(await migrate(url, { folder, log }), { applied: [] });
  assert.deepEqual(lines, ['applied migration 0001_notes', 'applied migration 0002_more']);
  assert.deepEqual(await query(url, 'select note from notes order by note'), [
    { note: 'one' },
    { note: 'two' },
  ]);
  const [record] = await query(
    url,
    `select name, checksum, applied_at between now() - interval '1 minute' and now() as recent
     from journey_analytics.migrations order by name`,
  );
  const checksum = createHash('sha256').update(first['0001_notes.sql']).digest('hex');
  assert.deepEqual(record, { name: '0001_notes', checksum, recent: true });
});

test('several at once: each migration is applied once, and all succeed', async () => {
  const url = await emptyDatabase();
  const folder = files({
    ...first,
    '0002_slow.sql': 'select pg_sleep(0.3); insert into notes values ($$two$$);',
  });
  const results = await Promise.all([1, 2, 3].map(async () => migrate(url, { folder })));
  assert.deepEqual(
    results.flatMap(({ applied }) => applied),
    ['0001_notes', '0002_slow'],
  );
  assert.deepEqual(await query(url, 'select count(*)::int as count from notes'), [{ count: 2 }]);
});

test('a failing migration leaves nothing of itself, and says where it failed', async () => {
  const url = await emptyDatabase();
  const broken = { '0002_broken.sql': "insert into notes values ('é');\n\nselect nonsense from notes;\n" };
  await refuses(
    url,
    files({ ...first, ...broken }),
    /Migration 0002_broken failed in line 3: .*nonsense.* \(42703\)/,
  );
  assert.deepEqual(await query(url, 'select note from notes'), [{ note: 'one' }]);
  assert.deepEqual(await query(url, 'select name from journey_analytics.migrations'), [
    { name: '0001_notes' },
  ]);
  const mended = { '0002_broken.sql': "insert into notes values ('two');" };
  assert.deepEqual(await migrate(url, { folder: files({ ...first, ...mended }) }), {
    applied: ['0002_broken'],
  });
});

test('a migration that was changed after it was applied', async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: files(first) });
  const changed = { '0001_notes.sql': `${first['0001_notes.sql']} -- better` };
  await refuses(
    url,
    files({ ...changed, ...second }),
    /Changed after they were applied: 0001_notes\..*new migration/,
  );
  assert.deepEqual(await query(url, 'select note from notes'), [{ note: 'one' }], 'nothing was applied');
  const otherLineEnds = { '0001_notes.sql': first['0001_notes.sql'].replaceAll('\n', '\r\n') };
  assert.deepEqual(await migrate(url, { folder: files(otherLineEnds) }), { applied: [] });
});

test('a database of a newer version', async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: files({ ...first, ...second }) });
  await refuses(
    url,
    files(first),
    /migrated by a newer version: it has 0002_more, which this version does not know/,
  );
});

test('files out of order, of one number, or misnamed', async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: files({ ...first, '0003_later.sql': 'select' }) });
  const late = files({ ...first, ...second, '0003_later.sql': 'select' });
  await refuses(url, late, /0002_more comes before 0003_later, which is applied already/);
  await refuses(
    url,
    files({ ...first, '0001_twin.sql': '' }),
    /0001_notes\.sql and 0001_twin\.sql have the same number/,
  );
  await refuses(url, files({ 'notes.sql': '' }), /notes\.sql is not named like/);
});

test('a server older than 15', async () => {
  const url = await emptyDatabase();
  // There is none at hand: this database tells the version of one.
  await query(
    url,
    `create schema older;
     create function older.current_setting(name text) returns text stable
       return case name when 'server_version_num' then '140012' when 'server_version' then '14.12'
         else pg_catalog.current_setting(name) end;
     alter database ${new URL(url).pathname.slice(1)} set search_path = older, pg_catalog`,
  );
  await refuses(url, files(first), /The server is PostgreSQL 14\.12; 15 or newer is needed/);
  assert.deepEqual(await query(url, `select to_regnamespace('journey_analytics') as found`), [
    { found: null },
  ]);
});

test('a database with another encoding', async () => {
  const url = await emptyDatabase(`encoding 'LATIN1' locale 'C'`);
  await refuses(url, files(first), /has the encoding LATIN1; UTF8 is needed/);
});

test('time limits that were set for queries do not end a migration', async () => {
  const url = await emptyDatabase();
  const name = new URL(url).pathname.slice(1);
  await query(url, `alter database ${name} set statement_timeout = '50ms'`);
  const folder = files({ '0001_slow.sql': 'select pg_sleep(0.2)' });
  assert.deepEqual(await migrate(url, { folder }), { applied: ['0001_slow'] });
});

test('what a migration sets does not reach the next', async () => {
  const url = await emptyDatabase();
  const role = randomName('role');
  await administer(server, async (sql) => sql.unsafe(`create role ${role}; grant ${role} to current_user`));
  undo.push(`drop role ${role}`);
  const folder = files({
    '0001_sets.sql': `set role ${role}; set search_path = nowhere;`,
    '0002_looks.sql': `create table found as
      select current_user <> '${role}' as myself, current_setting('search_path') as search_path;`,
  });
  await migrate(url, { folder });
  const [row] = await query(url, 'select myself, search_path from found');
  assert.deepEqual(row, { myself: true, search_path: '"$user", public' });
});

test('a role that may not create anything can start on a database that is up to date', async () => {
  const url = await emptyDatabase();
  const folder = files(first);
  await migrate(url, { folder });
  const role = randomName('reader');
  await query(
    url,
    `create role ${role} login password 'reader';
     grant usage on schema journey_analytics to ${role};
     grant select on journey_analytics.migrations to ${role}`,
  );
  // The database goes first, and its grants with it.
  undo.unshift(`drop role ${role}`);
  const reader = new URL(url);
  reader.username = role;
  reader.password = 'reader';
  assert.deepEqual(await migrate(reader.href, { folder }), { applied: [] });
});

test('the migrations of this version', async () => {
  const database = await freshDatabase();
  try {
    assert.deepEqual(await migrate(database.url), { applied: [] }, 'a fresh database has them all');
  } finally {
    await database.drop();
  }
  const url = await emptyDatabase();
  const { applied } = await migrate(url);
  assert.equal(applied[0], '0001_foundation');
});

test('numbers that stand a row a fact come to stand a row a step', async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: migrationsBefore('0008') });
  const key = () => randomUUID();
  await query(
    url,
    `insert into journey_analytics.rollups
       (workspace_id, journey_number, generation, level, fact_key, block, shard, fact, step_id, detail, count, users, members)
     values (1, 1, 1, 0, '${key()}', 20000, 2, 'sentCount', 'hello', 'ios', 5, 2, '\\x0102'),
       (1, 1, 1, 0, '${key()}', 20000, 2, 'entryCount', 'hello', '', 7, 3, '\\x030405'),
       (1, 1, 1, 0, '${key()}', 20001, 2, 'entryCount', 'hello', '', 1, 1, '\\x06'),
       (1, 1, 1, 3, '${key()}', 0, 2, 'entryCount', 'hello', '', 8, 3, null),
       (2, 1, 1, 0, '${key()}', 20000, 2, 'entryCount', 'hello', '', 9, 9, '\\x07')`,
  );
  const { applied } = await migrate(url, { folder: migrationsBefore('0009') });
  assert.deepEqual(applied, ['0008_rollups_by_step']);
  const rows = await query(
    url,
    `select workspace_id as workspace, level, block, step_id, part, shard, facts, counts, users, ends,
       encode(members, 'hex') as members
     from journey_analytics.rollups order by workspace_id, level, block`,
  );
  const entries = ['entryCount', ''];
  const common = { workspace: 1, level: 0, block: 20_000, step_id: 'hello', part: 0, shard: 2 };
  assert.deepEqual(rows, [
    {
      ...common,
      facts: [entries, ['sentCount', 'ios']],
      counts: ['7', '5'],
      users: [3, 2],
      ends: [3, 5],
      members: '0304050102',
    },
    { ...common, block: 20_001, facts: [entries], counts: ['1'], users: [1], ends: [1], members: '06' },
    { ...common, level: 3, block: 0, facts: [entries], counts: ['8'], users: [3], ends: [0], members: '' },
    { ...common, workspace: 2, facts: [entries], counts: ['9'], users: [9], ends: [1], members: '07' },
  ]);
});

test('numbers of the old form go, and every block of users is to be folded again', async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: migrationsBefore('0009') });
  await query(
    url,
    `insert into journey_analytics.generations (workspace_id, journey_number, generation, rules, serving, revision, as_of)
     values (1, 1, 1, '{}', true, 1, now()), (1, 1, 2, '{}', false, 2, now()), (2, 1, 3, '{}', true, 3, now());
     insert into journey_analytics.rollups (workspace_id, journey_number, generation, level, block, step_id, part, shard,
       facts, counts, users, ends, members)
     values (1, 1, 1, 0, 20000, '', 0, 0, '[["totalEntries",""]]', '{1}', '{1}', '{2}', '\\x0102');
     insert into journey_analytics.refolds (workspace_id, journey_number, generation, shard, user_block, event_count, folded)
     values (1, 1, 2, 0, 0, 4, true), (1, 1, 2, 1, 1, 1, false);
     insert into journey_analytics.batches (workspace_id, batch_id, shard, accepted_at, event_count, journey_numbers, user_ids)
     values (1, 9, 1, now(), 1, '{1}', '{4097}')`,
  );
  const events = [
    [1, 7, 1],
    [1, 5_000, 2],
    [1, 4_097, 9],
    [1, 4_098, 9],
    [2, 7, 4],
  ];
  for (const [workspace = 0, user = 0, batch = 0] of events) {
    await query(
      url,
      `insert into journey_analytics.events (workspace_id, journey_number, user_id, at, event_id, event_type, sequence, batch_id)
       values (${workspace}, 1, ${user}, '1990-01-01', '${randomUUID()}', 1, 0, ${batch})`,
    );
  }
  await migrate(url);
  assert.deepEqual(await query(url, 'select from journey_analytics.rollups'), []);
  const refolds = await query(
    url,
    `select workspace_id as workspace, generation::int, shard, user_block as block, event_count::int as events, folded
     from journey_analytics.refolds order by 1, 2, 4`,
  );
  const folded = false;
  assert.deepEqual(refolds, [
    { workspace: 1, generation: 1, shard: 0, block: 0, events: 1, folded },
    // The two events of a batch that waits are counted where it does.
    { workspace: 1, generation: 1, shard: 1, block: 1, events: 1, folded },
    { workspace: 1, generation: 2, shard: 0, block: 0, events: 4, folded },
    { workspace: 1, generation: 2, shard: 1, block: 1, events: 1, folded },
    { workspace: 2, generation: 3, shard: 0, block: 0, events: 1, folded },
  ]);
  const revisions = await query(
    url,
    'select count(distinct revision)::int as count from journey_analytics.generations',
  );
  assert.deepEqual(revisions, [{ count: 3 }]);
});
