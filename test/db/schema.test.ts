// The migrated database held against the code and the rules: Drizzle's tables are its catalogue, row-level security keeps
// every workspace to itself, and what can be read of Citus's rules holds.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import * as tables from '../../db/schema/tables.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';

let database: FreshDatabase;
let sql: postgres.Sql;

before(async () => {
  database = await freshDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  // A month's partition, as the service makes them.
  await sql`SELECT journey_analytics.create_events_partition(2026, 3)`;
});
after(async () => {
  await sql.end();
  await database.drop();
});

/** The record of migrations is the owner's alone. */
const ofOwner = ['migrations'];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNotNull: boolean;
}

async function columnsOf(table: string): Promise<Column[]> {
  return sql<Column[]>`
    SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS "isNotNull"
    FROM pg_attribute
    WHERE attrelid = ${`journey_analytics.${table}`}::regclass AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum`;
}

/** Every table, with the partitions of events. */
async function tableNames(): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`;
  return rows.map(({ name }) => name);
}

/** The columns of primary and unique keys, in their order. */
async function keysOf(table: string): Promise<{ isPrimary: boolean; columns: string[] }[]> {
  return sql`
    SELECT indisprimary AS "isPrimary", ARRAY(
      SELECT attname::text FROM unnest(indkey::smallint[]) WITH ORDINALITY AS place (number, position)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = number ORDER BY position) AS columns
    FROM pg_index WHERE indrelid = ${`journey_analytics.${table}`}::regclass AND indisunique`;
}

const isPartition = (name: string) => name.startsWith('events_');
const drizzleTables = Object.values(tables).filter((each) => each instanceof PgTable);

describe('the tables as Drizzle sees them', () => {
  test('are those of the database', async () => {
    const known = drizzleTables.map((table) => getTableConfig(table).name);
    const there = (await tableNames()).filter((name) => !isPartition(name) && !ofOwner.includes(name));
    assert.deepEqual(known.toSorted(), there);
    for (const table of drizzleTables) assert.equal(getTableConfig(table).schema, 'journey_analytics');
  });

  for (const table of drizzleTables) {
    const { name, columns, primaryKeys } = getTableConfig(table);
    test(name, async () => {
      assert.deepEqual(
        columns.map((column) => ({
          name: column.name,
          type: column.getSQLType(),
          isNotNull: column.notNull,
        })),
        [...(await columnsOf(name))],
      );
      const primary = (await keysOf(name)).find((key) => key.isPrimary);
      const ownKey = columns.filter((column) => column.primary).map((column) => column.name);
      const [key] = primaryKeys;
      assert.deepEqual(key ? key.columns.map((column) => column.name) : ownKey, primary?.columns);
      const [defaults] = await sql<{ columns: string[] }[]>`
        SELECT coalesce(array_agg(attname::text ORDER BY attnum), '{}') AS columns FROM pg_attribute
        WHERE attrelid = ${`journey_analytics.${name}`}::regclass AND attnum > 0
          AND (atthasdef OR attidentity <> '')`;
      assert.deepEqual(
        columns.filter((column) => column.hasDefault).map((column) => column.name),
        defaults?.columns,
      );
    });
  }
});

describe('row-level security', () => {
  /** The statement of a service's transaction, in a workspace or in none. */
  async function asService<Result>(
    workspace: number | null,
    run: (transaction: postgres.TransactionSql) => Promise<Result>,
  ): Promise<Result> {
    return (await sql.begin(async (transaction) => {
      await transaction`SET LOCAL ROLE journey_analytics_service`;
      if (workspace !== null) {
        await transaction.unsafe(`SET LOCAL journey_analytics.workspace_id = '${workspace}'`);
      }
      return run(transaction);
    })) as Result; // postgres.js unwraps a promise that is none here
  }

  /** A value of a type, different for each number. */
  function literal({ name, type }: Column, number: number): string {
    if (name === 'at') return "'2026-03-02T08:00:00Z'";
    const literals: Record<string, string> = {
      integer: `${number}`,
      smallint: '1',
      bigint: `${number}`,
      text: `'text ${number}'`,
      boolean: 'true',
      json: `'{"number": ${number}}'`,
      uuid: `'00000000-0000-4000-8000-${String(number).padStart(12, '0')}'`,
      bytea: `'\\x${String(number).padStart(4, '0')}'`,
      'timestamp with time zone': "'2026-03-02T08:00:00Z'",
      'integer[]': `ARRAY[${number}]`,
      'bigint[]': `ARRAY[${number}]`,
    };
    const found = literals[type];
    assert.ok(found !== undefined, `no value of type ${type}`);
    return found;
  }

  async function insertStatement(table: string, workspace: number): Promise<string> {
    const columns = await columnsOf(table);
    const values = columns.map((column) =>
      column.name === 'workspace_id' ? `${workspace}` : literal(column, workspace * 100),
    );
    const names = columns.map(({ name }) => name);
    return `INSERT INTO journey_analytics.${table} (${names.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${values.join(', ')})`;
  }

  /** Tables with a workspace, those first that others refer to. */
  async function workspaceTables(): Promise<string[]> {
    const found: string[] = [];
    for (const name of await tableNames()) {
      if ((await columnsOf(name)).some((column) => column.name === 'workspace_id')) found.push(name);
    }
    return found.toSorted((one, other) => Number(other === 'workspaces') - Number(one === 'workspaces'));
  }

  const [a, b] = [11, 12];
  /** A generated number is refused before the privilege is looked at. */
  const notGranted = /permission denied|can only be updated to DEFAULT/;

  /** Whether the service was granted something on a table; its rows are another question. */
  async function may(privilege: 'INSERT' | 'UPDATE' | 'DELETE', table: string): Promise<boolean> {
    const [row] = await sql<{ may: boolean }[]>`
      SELECT has_table_privilege('journey_analytics_service', ${`journey_analytics.${table}`}, ${privilege}) AS may`;
    return row?.may ?? false;
  }

  before(async () => {
    // Rows of any values will do here.
    const checks = await sql<{ table: string; name: string }[]>`
      SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
      WHERE contype = 'c' AND connamespace = 'journey_analytics'::regnamespace`;
    for (const { table, name } of checks) await sql.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    for (const workspace of [a, b]) {
      for (const table of await workspaceTables()) {
        if (!isPartition(table)) await sql.unsafe(await insertStatement(table, workspace));
      }
    }
  });

  test('is on for every table with a workspace, with a policy for the service, which owns none', async () => {
    const rows = await sql<{ name: string; isOn: boolean; isOfService: boolean; policies: number }[]>`
      SELECT relname AS name, relrowsecurity AS "isOn",
        pg_get_userbyid(relowner) = 'journey_analytics_service' AS "isOfService",
        (SELECT count(*)::integer FROM pg_policy WHERE polrelid = pg_class.oid AND polpermissive AND polcmd = '*'
          AND polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'journey_analytics_service')]) AS policies
      FROM pg_class WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p')`;
    const withWorkspace = await workspaceTables();
    assert.ok(withWorkspace.length >= 17);
    for (const { name, isOn, isOfService, policies } of rows) {
      assert.equal(isOfService, false, name);
      if (withWorkspace.includes(name)) assert.deepEqual([isOn, policies], [true, 1], name);
      else assert.deepEqual([name], ofOwner);
    }
  });

  test('policies hold no subquery, and each is about the workspace', async () => {
    const rows = await sql<{ table: string; using: string; check: string | null }[]>`
      SELECT polrelid::regclass::text AS table, pg_get_expr(polqual, polrelid) AS using,
        pg_get_expr(polwithcheck, polrelid) AS check FROM pg_policy`;
    for (const { table, using, check } of rows) {
      assert.doesNotMatch(using, /\bSELECT\b/i, table);
      assert.match(using, /workspace_id = .*current_setting\('journey_analytics\.workspace_id'/, table);
      assert.equal(check, null, 'what may be seen is what may be written');
    }
  });

  test('the service’s role may not log in, pass by the policies, or make anything', async () => {
    const [role] = await sql`
      SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
      FROM pg_roles WHERE rolname = 'journey_analytics_service'`;
    assert.deepEqual(Object.values(role ?? { none: true }), [false, false, false, false, false, false]);
    const [granted] = await sql<{ create: boolean }[]>`
      SELECT has_schema_privilege('journey_analytics_service', 'journey_analytics', 'CREATE') AS create`;
    assert.equal(granted?.create, false);
    await assert.rejects(
      asService(a, (tx) => tx`SELECT FROM journey_analytics.migrations`),
      /permission denied/,
    );
    for (const statement of [
      'TRUNCATE journey_analytics.events',
      'ALTER TABLE journey_analytics.events DISABLE ROW LEVEL SECURITY',
      'DROP TABLE journey_analytics.users',
      'CREATE TABLE journey_analytics.extra ()',
      `UPDATE journey_analytics.api_keys SET revoked_at = NULL`,
      `UPDATE journey_analytics.workspaces SET name = 'x'`,
      `INSERT INTO journey_analytics.workspaces (name, created_at) VALUES ('x', now())`,
    ]) {
      await assert.rejects(
        asService(a, (tx) => tx.unsafe(statement)),
        /permission denied|must be owner/,
        statement,
      );
    }
  });

  test('without a workspace nothing is seen, changed or added', async () => {
    for (const table of await workspaceTables()) {
      if (isPartition(table)) continue;
      for (const workspace of [null, 13]) {
        const count = await asService(
          workspace,
          (tx) =>
            tx<{ count: number }[]>`SELECT count(*)::integer AS count FROM journey_analytics.${tx(table)}`,
        );
        assert.equal(count[0]?.count, 0, table);
      }
      const insert = await insertStatement(table, a);
      const message = (await may('INSERT', table)) ? /row-level security/ : notGranted;
      await assert.rejects(
        asService(null, (tx) => tx.unsafe(insert)),
        message,
        table,
      );
      for (const [privilege, statement] of [
        ['DELETE', `DELETE FROM journey_analytics.${table}`],
        ['UPDATE', `UPDATE journey_analytics.${table} SET workspace_id = workspace_id`],
      ] as const) {
        const isGranted = await may(privilege, table);
        const change = asService(null, (tx) => tx.unsafe(statement));
        if (isGranted) assert.equal((await change).count, 0, table);
        else await assert.rejects(change, notGranted);
      }
    }
  });

  test('in one workspace nothing of another is seen, changed or added', async () => {
    for (const table of await workspaceTables()) {
      if (isPartition(table)) continue;
      const seen = await asService(
        a,
        (tx) => tx<{ id: number }[]>`SELECT workspace_id AS id FROM journey_analytics.${tx(table)}`,
      );
      assert.deepEqual(
        seen.map(({ id }) => id),
        [a],
        table,
      );
      const refused = async (privilege: 'INSERT' | 'UPDATE', statement: string) => {
        const message = (await may(privilege, table)) ? /row-level security/ : notGranted;
        await assert.rejects(
          asService(a, (tx) => tx.unsafe(statement)),
          message,
          table,
        );
      };
      await refused('UPDATE', `UPDATE journey_analytics.${table} SET workspace_id = ${b}`);
      await refused('INSERT', await insertStatement(table, b));
      if (await may('DELETE', table)) {
        const { count } = await asService(
          a,
          (tx) => tx`DELETE FROM journey_analytics.${tx(table)} WHERE workspace_id = ${b}`,
        );
        assert.equal(count, 0, table);
      }
      const all = await sql`SELECT FROM journey_analytics.${sql(table)} WHERE workspace_id IN (${a}, ${b})`;
      assert.equal(all.length, 2, table);
    }
  });

  test('a partition of events is no way around it', async () => {
    const partitions = (await tableNames()).filter(isPartition);
    assert.ok(partitions.includes('events_2026_03'));
    for (const partition of partitions) {
      const direct = asService(a, (tx) => tx`SELECT workspace_id FROM journey_analytics.${tx(partition)}`);
      await assert.rejects(direct, /permission denied/, partition);
    }
    const [found] = await sql`SELECT count(*)::integer AS count FROM journey_analytics.events_2026_03`;
    assert.equal(found?.['count'], 2);
  });

  test('a setting that is no number lets nobody in', async () => {
    for (const value of ['', ' ', '1 OR 1=1', "11'", '11,12']) {
      const seen = sql.begin(async (tx) => {
        await tx`SET LOCAL ROLE journey_analytics_service`;
        await tx`SELECT set_config('journey_analytics.workspace_id', ${value}, true)`;
        return tx`SELECT FROM journey_analytics.events`;
      });
      await seen.then(
        (rows) => assert.equal(rows.length, 0, value),
        (error: unknown) => assert.match(String(error), /invalid input syntax/),
      );
    }
  });

  test('a key is found by its hash or its id alone', async () => {
    const found = async (setting: string, value: string) =>
      sql.begin(async (tx) => {
        await tx`SET LOCAL ROLE journey_analytics_service`;
        await tx`SELECT set_config(${`journey_analytics.${setting}`}, ${value}, true)`;
        return tx`SELECT workspace_id FROM journey_analytics.api_keys`;
      });
    assert.deepEqual([...(await found('api_key_hash', '1100'))], [{ workspace_id: a }]);
    assert.deepEqual(
      [...(await found('api_key_id', '00000000-0000-4000-8000-000000001200'))],
      [{ workspace_id: b }],
    );
    for (const [setting, value] of [
      ['api_key_hash', ''],
      ['api_key_hash', '11'],
      ['api_key_id', ''],
      ['api_key_id', '00000000-0000-4000-8000-000000000000'],
    ] as const) {
      assert.deepEqual([...(await found(setting, value))], []);
    }
  });

  test('a setting of one transaction is not that of the next on the same connection', async () => {
    assert.equal((await asService(a, (tx) => tx`SELECT FROM journey_analytics.events`)).length, 1);
    assert.equal((await asService(null, (tx) => tx`SELECT FROM journey_analytics.events`)).length, 0);
  });
});

describe('functions that run as the owner', () => {
  test('are few, set their search path, and are the service’s alone', async () => {
    const rows = await sql<{ name: string; path: string | null; isPublic: boolean }[]>`
      SELECT proname AS name, array_to_string(proconfig, ',') AS path,
        has_function_privilege('public', oid, 'EXECUTE') AS "isPublic"
      FROM pg_proc WHERE pronamespace = 'journey_analytics'::regnamespace AND prosecdef ORDER BY proname`;
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['create_events_partition', 'rollup_backlog', 'workspaces_with_work'],
    );
    for (const { path, isPublic } of rows) {
      assert.match(path ?? '', /search_path=pg_catalog, pg_temp/);
      assert.equal(isPublic, false);
    }
  });

  test('make partitions of months that have one, and of no others', async () => {
    const partition = (year: number, month: number) =>
      sql`SELECT journey_analytics.create_events_partition(${year}, ${month})`;
    await partition(2020, 1);
    await partition(2020, 1);
    await partition(2039, 12);
    for (const [year, month] of [
      [2019, 12],
      [2040, 1],
      [2026, 0],
      [2026, 13],
      [-1, 1],
    ] as const) {
      await assert.rejects(partition(year, month), /2020-01 to 2039-12/);
    }
  });
});

describe('what can be read of Citus’s rules', () => {
  /** Large: they grow with people and events. */
  const large = ['users', 'events', 'journey_users'];
  /** Distributed by what they look up. */
  const lookups = { user_numbers: 'external_id', event_ids: 'event_id_hash' };
  /** Small, the same on every machine. */
  const small = ['workspaces', 'api_keys', 'identity_providers', 'journeys', 'generations'];
  /** On the coordinator. */
  const coordinated = ['batches', 'refolds', 'rollups', 'rollup_sets', 'window_closings'];

  test('every table is of a known kind', async () => {
    const all = (await tableNames()).filter((name) => !isPartition(name) && !ofOwner.includes(name));
    const sorted = [...large, ...Object.keys(lookups), ...small, ...coordinated];
    assert.deepEqual(
      all.filter((name) => !sorted.includes(name) && !/export|download|audit/.test(name)),
      [],
    );
  });

  test('large tables have user_id in every primary and unique key', async () => {
    for (const table of [...large, 'events_2026_03', 'events_before_2020', 'events_from_2040']) {
      const keys = await keysOf(table);
      assert.ok(keys.length > 0, table);
      for (const { columns } of keys)
        assert.ok(columns.includes('user_id'), `${table}: ${columns.join(', ')}`);
    }
    for (const [table, column] of Object.entries(lookups)) {
      for (const { columns } of await keysOf(table)) assert.ok(columns.includes(column), table);
    }
  });

  test('foreign keys lead to small tables only', async () => {
    const rows = await sql<{ from: string; to: string }[]>`
      SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
      WHERE contype = 'f' AND connamespace = 'journey_analytics'::regnamespace`;
    assert.ok(rows.length > 0);
    for (const { from, to } of rows) {
      assert.ok(small.includes(to.replace('journey_analytics.', '')), `${from} refers to ${to}`);
    }
  });

  test('there are no triggers and no rules', async () => {
    const triggers = await sql`
      SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
      WHERE relnamespace = 'journey_analytics'::regnamespace AND NOT tgisinternal`;
    assert.deepEqual([...triggers], []);
    const rules = await sql`SELECT rulename FROM pg_rules WHERE schemaname = 'journey_analytics'`;
    assert.deepEqual([...rules], []);
  });

  test('the order of texts that matters is that of code points', async () => {
    const rows = await sql<{ column: string; collation: string }[]>`
      SELECT attrelid::regclass || '.' || attname AS column, collname AS collation
      FROM pg_attribute
      JOIN pg_class ON pg_class.oid = attrelid
      JOIN pg_collation ON pg_collation.oid = attcollation
      WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
        AND attname IN ('journey_id', 'external_id', 'event_id', 'step_id', 'entry_id', 'detail', 'fact', 'outcome')`;
    assert.ok(rows.length >= 10);
    for (const { column, collation } of rows) assert.equal(collation, 'C', column);
  });
});
