// The tables as Drizzle sees them against the catalogue of a migrated database, and what the catalogue says of isolation
// and of growing onto several machines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { inWorkspace, openDatabase, outsideWorkspaces, type Database } from '../../db/client.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import * as tables from '../../db/schema/tables.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';

const drizzleTables = Object.values(tables).filter((table) => is(table, PgTable));

let fresh: FreshDatabase;
let database: Database;
before(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url);
});
after(async () => {
  await database.close();
  await fresh.drop();
});

const rowsOf = <Row extends Record<string, unknown>>(query: string) =>
  database.owner.execute<Row>(sql.raw(query));

/** Tables of ours that hold rows of workspaces, partitions included. */
const tablesWithWorkspace = () =>
  rowsOf<{ table_name: string; is_partition: boolean }>(`
    SELECT relname AS table_name, relispartition AS is_partition FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'workspace_id' AND NOT attisdropped
    WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`);

describe('the tables as Drizzle sees them', () => {
  test('are all the tables there are', async () => {
    const rows = await rowsOf<{ table_name: string }>(`
      SELECT relname AS table_name FROM pg_class
      WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname <> 'migrations' ORDER BY 1`);
    assert.deepEqual(
      drizzleTables.map((table) => getTableName(table)).toSorted(),
      rows.map((row) => row.table_name),
    );
  });

  for (const table of drizzleTables) {
    const name = getTableName(table);
    test(`${name} has these columns and this key`, async () => {
      const stored = await rowsOf<{ name: string; type: string; required: boolean }>(`
        SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required FROM pg_attribute
        WHERE attrelid = 'journey_analytics.${name}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`);
      const known = Object.values(getTableColumns(table)).map((column) => ({
        name: column.name,
        type: column.getSQLType(),
        required: column.notNull,
      }));
      assert.deepEqual(known, [...stored]);
      const key = await rowsOf<{ name: string }>(`
        SELECT attname AS name FROM pg_constraint
        CROSS JOIN LATERAL unnest(conkey) WITH ORDINALITY AS part (attnum, position)
        JOIN pg_attribute ON attrelid = conrelid AND pg_attribute.attnum = part.attnum
        WHERE conrelid = 'journey_analytics.${name}'::regclass AND contype = 'p' ORDER BY position`);
      const [compound] = getTableConfig(table).primaryKeys;
      const single = Object.values(getTableColumns(table)).filter((column) => column.primary);
      assert.deepEqual(
        (compound?.columns ?? single).map((column) => column.name),
        key.map((row) => row.name),
      );
    });
  }
});

describe('workspaces are kept apart by the database', () => {
  test('every table with a workspace has row-level security, a policy for the service, and another owner', async () => {
    const named = await tablesWithWorkspace();
    assert.ok(named.length > 15);
    for (const { table_name: name, is_partition: isPartition } of named) {
      const [table] = await rowsOf<{ secured: boolean; owner: string; policies: string; granted: boolean }>(`
        SELECT relrowsecurity AS secured, pg_get_userbyid(relowner) AS owner,
          (SELECT count(*) FROM pg_policy WHERE polrelid = pg_class.oid
            AND 'journey_analytics_service'::regrole = ANY(polroles)) AS policies,
          has_table_privilege('journey_analytics_service', pg_class.oid, 'SELECT') AS granted
        FROM pg_class WHERE oid = 'journey_analytics.${name}'::regclass`);
      assert.equal(table?.secured, true, `${name} has row-level security`);
      assert.equal(Number(table.policies), 1, `${name} has a policy for the service`);
      assert.notEqual(table.owner, 'journey_analytics_service');
      assert.equal(table.granted, !isPartition, `${name}: a partition is reached through its table only`);
    }
    const [service] = await rowsOf<{ super: boolean; bypass: boolean; login: boolean }>(`
      SELECT rolsuper AS super, rolbypassrls AS bypass, rolcanlogin AS login FROM pg_roles
      WHERE rolname = 'journey_analytics_service'`);
    assert.deepEqual(service, { super: false, bypass: false, login: false });
  });

  test('in no workspace, and in another, every table is empty and refuses rows', async () => {
    const mine = await ensureWorkspace(database.owner, 'mine');
    const other = await ensureWorkspace(database.owner, 'other');
    /** A value of a column's type, for a row that must not be let in. */
    const values: Readonly<Record<string, string>> = {
      integer: '1',
      bigint: '1',
      smallint: '1',
      text: `'x'`,
      boolean: 'true',
      uuid: `'00000000-0000-0000-0000-000000000001'`,
      bytea: `'\\x01'`,
      json: `'{}'`,
      'timestamp with time zone': `'2019-03-02T09:00:00Z'`,
      'integer[]': `'{1}'`,
      'bigint[]': `'{1}'`,
    };
    for (const table of drizzleTables) {
      const name = getTableName(table);
      const columns = Object.values(getTableColumns(table)).filter(
        (column) => column.generatedIdentity === undefined,
      );
      if (!columns.some((column) => column.name === 'workspace_id')) continue;
      const row = columns.map((column) =>
        column.name === 'workspace_id' ? String(mine) : values[column.getSQLType()],
      );
      const state =
        name === 'exports'
          ? row.with(
              columns.findIndex((column) => column.name === 'state'),
              `'waiting'`,
            )
          : row;
      const insert = `INSERT INTO journey_analytics.${name} (${columns.map((column) => column.name).join(', ')})
        VALUES (${state.join(', ')})`;
      await rowsOf(insert);
      const count = `SELECT count(*) AS rows FROM journey_analytics.${name}`;
      const counted = async (run: typeof outsideWorkspaces) => {
        const [answer] = await run(database, (tx) => tx.execute<{ rows: string }>(sql.raw(count)));
        return Number(answer?.rows);
      };
      assert.equal(await counted(outsideWorkspaces), 0, `${name} without a workspace`);
      assert.equal(
        await counted((db, run) => inWorkspace(db, other, run)),
        0,
        `${name} in another workspace`,
      );
      assert.equal(await counted((db, run) => inWorkspace(db, mine, run)), 1, `${name} in its workspace`);
      for (const run of [
        outsideWorkspaces,
        <R>(db: Database, work: Parameters<typeof outsideWorkspaces<R>>[1]) => inWorkspace(db, other, work),
      ]) {
        await assert.rejects(
          run(database, (tx) => tx.execute(sql.raw(insert))),
          (error: Error) => /row-level security|permission denied/.test(String(error.cause)),
          `${name} takes no row of another workspace`,
        );
      }
    }
  });
});

describe('growing onto several machines', () => {
  const small = ['workspaces', 'api_keys', 'journeys', 'generations', 'exports'];
  /** What stays on the coordinator, by the rules of the schema. */
  const atCoordinator = ['batches', 'refolds', 'rollups', 'distributions', 'window_closings'];
  /** Distributed by their own key: the External ID, and the id of an event. */
  const byOtherKeys = ['user_numbers', 'event_ids'];

  test('every large table has user_id in its primary and unique keys', async () => {
    const keys = await rowsOf<{ table_name: string; columns: string[] }>(`
      SELECT relname AS table_name, array_agg(attname::text) AS columns FROM pg_index
      JOIN pg_class ON pg_class.oid = indrelid
      JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
      WHERE relnamespace = 'journey_analytics'::regnamespace AND indisunique GROUP BY relname, indexrelid`);
    const large = keys.filter(
      ({ table_name: name }) => ![...small, ...atCoordinator, ...byOtherKeys, 'migrations'].includes(name),
    );
    assert.ok(large.some((key) => key.table_name === 'events'));
    for (const key of large)
      assert.ok(key.columns.includes('user_id'), `${key.table_name}: ${key.columns.join(', ')}`);
  });

  test('foreign keys lead to small tables only, and there is no trigger', async () => {
    const foreign = await rowsOf<{ target: string }>(`
      SELECT confrelid::regclass::text AS target FROM pg_constraint
      WHERE contype = 'f' AND connamespace = 'journey_analytics'::regnamespace`);
    for (const { target } of foreign) assert.equal(target, 'journey_analytics.workspaces');
    const triggers = await rowsOf(`
      SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
      WHERE relnamespace = 'journey_analytics'::regnamespace AND NOT tgisinternal`);
    assert.equal(triggers.length, 0);
  });
});
