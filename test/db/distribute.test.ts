// Distribution: on one PostgreSQL it says that there is nothing to do, and does nothing. What Citus asks of tables is read
// from the catalogue, in schema.test.ts and here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import postgres from 'postgres';
import { distribute } from '../../db/distribute.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';

let database: FreshDatabase;
let sql: postgres.Sql;
before(async () => {
  database = await freshDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
});
after(async () => {
  await sql.end();
  await database.drop();
});

async function hasCitus(): Promise<boolean> {
  return (await sql`SELECT FROM pg_extension WHERE extname = 'citus'`).length > 0;
}

test('without Citus nothing is done, in words that say so', async (t) => {
  if (await hasCitus()) {
    t.skip('this server has Citus');
    return;
  }
  const catalogue = () => sql`SELECT oid, relname, relfilenode FROM pg_class ORDER BY oid`;
  const known = await catalogue();
  assert.deepEqual(await distribute(database.url), { outcome: 'no-citus' });
  assert.deepEqual([...(await catalogue())], [...known]);
  const program = path.join(import.meta.dirname, '../../bff/commands/distribute.ts');
  const output = execFileSync(process.execPath, [program], {
    env: { ...process.env, DATABASE_URL: database.url },
    encoding: 'utf8',
  });
  assert.match(output, /^Nothing to do: this database has no Citus\./);
});

test('with Citus it is done once, and again does nothing', async (t) => {
  if (!(await hasCitus())) {
    t.skip('this server has no Citus: point TEST_DATABASE_URL to one that has');
    return;
  }
  const first = await distribute(database.url);
  assert.equal(first.outcome, 'distributed');
  const again = await distribute(database.url);
  assert.ok(again.outcome === 'distributed' && again.now.length === 0);
});

test('every unique key of a distributed table holds the column that it is distributed by', async () => {
  const distributedBy: Record<string, string> = {
    users: 'user_id',
    journey_users: 'user_id',
    events: 'user_id',
    user_numbers: 'external_id',
    event_ids: 'event_id_hash',
  };
  for (const [table, column] of Object.entries(distributedBy)) {
    const keys = await sql<{ columns: string[] }[]>`
      SELECT ARRAY(
        SELECT attname::text FROM unnest(indkey::smallint[]) AS number JOIN pg_attribute
          ON attrelid = indrelid AND attnum = number) AS columns
      FROM pg_index WHERE indrelid = ${`journey_analytics.${table}`}::regclass AND indisunique`;
    assert.ok(keys.length > 0, table);
    for (const { columns } of keys) assert.ok(columns.includes(column), `${table}: ${columns.join()}`);
  }
  const foreign = await sql<{ from: string; to: string }[]>`
    SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'journey_analytics'::regnamespace AND conparentid = 0`;
  for (const { from, to } of foreign) {
    assert.ok(!(from.replace('journey_analytics.', '') in distributedBy), from);
    assert.equal(to, 'journey_analytics.workspaces');
  }
});
