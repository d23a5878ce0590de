// Every table and every query keeps workspaces apart: read from the catalogue and from the modules' exports themselves, so that
// a later table without a policy, or a new query without a case, is found here.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'drizzle-orm';
import { databaseErrorCode, inWorkspace, outsideWorkspaces, type Transaction } from '../../db/client.ts';
import { createEventsPartition } from '../../db/queries/log.ts';
import { selectBacklog, selectWorkspacesWithWork } from '../../db/queries/work.ts';
import { queriesOfNoWorkspace, queryCases, type QueryCase } from '../support/query-cases.ts';
import { seedWorkspaces, type SeededWorkspace } from '../support/seeded-workspace.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const role = 'journey_analytics_service';
let service: TestService;
let a: SeededWorkspace;
let b: SeededWorkspace;
let tables: string[];

before(async () => {
  service = await startTestService({ rollup: false });
  const [first, second] = await seedWorkspaces(service, ['workspace-a', 'workspace-b']);
  assert.ok(first && second);
  [a, b] = [first, second];
  tables = (
    await service.database.owner.execute<{ name: string }>(sql`
      SELECT relname AS name FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'workspace_id'
      WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      ORDER BY relname`)
  ).map(({ name }) => name);
});
after(() => service.stop());

/** Undoes what a test did, whatever came of it. */
class Undone extends Error {}

describe('the catalogue', () => {
  /** What can hold rows and is not kept apart, with the reason. */
  async function unprotected(tx: Transaction): Promise<{ name: string; why: string }[]> {
    const rows = await tx.execute<{ name: string; why: string }>(sql`
      SELECT relname AS name, CASE
        WHEN relkind NOT IN ('r', 'p') THEN 'is neither a table nor a partition'
        WHEN pg_get_userbyid(relowner) = ${role} THEN 'is owned by the service'
        WHEN NOT relrowsecurity THEN 'has no row-level security'
        WHEN NOT EXISTS (
          SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND (SELECT oid FROM pg_roles WHERE rolname = ${role}) = ANY(polroles)
            AND pg_get_expr(polqual, polrelid) ~ 'workspace_id = .*current_setting\\(''journey_analytics\\.workspace_id'''
        ) THEN 'has no policy by workspace'
        WHEN EXISTS (
          SELECT FROM pg_policy WHERE polrelid = pg_class.oid
            AND pg_get_expr(polqual, polrelid) !~ 'current_setting\\(''journey_analytics\\.[a-z_]+'''
        ) THEN 'has a policy that asks for nothing'
      END AS why
      FROM pg_class WHERE relnamespace = 'journey_analytics'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
        -- The record of migrations: nothing of it is granted to the service, which the next test shows.
        AND relname <> 'migrations'`);
    return rows.filter(({ why }) => why !== null);
  }

  test('every table and partition is kept apart', async () => {
    await createEventsPartition(service.database, 2031, 7);
    const { owner } = service.database;
    assert.deepEqual(await owner.transaction((tx) => unprotected(tx)), []);
    const [partition] = await owner.execute(sql`SELECT FROM pg_class WHERE relname = 'events_2031_07'`);
    assert.ok(partition);
  });

  test('a later table that is not would be found', async () => {
    const wrong = [
      ['CREATE TABLE journey_analytics.later (workspace_id integer)', 'has no row-level security'],
      [
        'CREATE TABLE journey_analytics.later (); ALTER TABLE journey_analytics.later ENABLE ROW LEVEL SECURITY',
        'has no policy by workspace',
      ],
      ['CREATE VIEW journey_analytics.later AS SELECT 1', 'is neither a table nor a partition'],
      [
        `CREATE TABLE journey_analytics.later (workspace_id integer); ALTER TABLE journey_analytics.later OWNER TO ${role}`,
        'is owned by the service',
      ],
      [
        `CREATE POLICY all_of_it ON journey_analytics.users TO ${role} USING (true)`,
        'has a policy that asks for nothing',
      ],
    ];
    for (const [statement = '', why] of wrong) {
      const tried = service.database.owner.transaction(async (tx) => {
        // A table can be given only to who may make one here.
        await tx.execute(sql.raw(`GRANT CREATE ON SCHEMA journey_analytics TO ${role}; ${statement}`));
        assert.deepEqual(
          (await unprotected(tx)).map((each) => each.why),
          [why],
        );
        throw new Undone();
      });
      await assert.rejects(tried, Undone);
    }
  });

  test('the service may do what is listed here, and nothing of the record of migrations', async () => {
    const { owner } = service.database;
    const [may] = await owner.execute(sql`
      SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin,
        has_schema_privilege(${role}, 'journey_analytics', 'CREATE') AS makes,
        has_schema_privilege(${role}, 'public', 'CREATE') AS "makesElsewhere",
        has_database_privilege(${role}, current_database(), 'CREATE') AS "makesSchemas",
        EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS "isMember",
        has_any_column_privilege(${role}, 'journey_analytics.migrations', 'SELECT, INSERT, UPDATE, REFERENCES') AS migrations
      FROM pg_roles WHERE rolname = ${role}`);
    assert.ok(may);
    for (const [what, is] of Object.entries(may)) assert.equal(is, false, what);
    const grants = await owner.execute<{ table: string; may: string }>(sql`
      SELECT table_name AS table, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may
      FROM information_schema.role_table_grants
      WHERE table_schema = 'journey_analytics' AND grantee IN (${role}, 'PUBLIC') GROUP BY table_name`);
    const narrow: Record<string, string> = {
      api_keys: 'SELECT',
      exports: 'INSERT SELECT UPDATE',
      identity_providers: 'SELECT',
      workspaces: 'SELECT',
    };
    assert.deepEqual(
      Object.fromEntries(grants.map((grant) => [grant.table, grant.may])),
      Object.fromEntries(tables.map((table) => [table, narrow[table] ?? 'DELETE INSERT SELECT UPDATE'])),
    );
    const columns = await owner.execute(sql`
      SELECT attrelid::regclass::text || '.' || attname AS column, attacl::text AS may
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'journey_analytics'::regnamespace AND attacl IS NOT NULL`);
    assert.equal(columns.length, 1);
    assert.equal(columns[0]?.['column'], 'journey_analytics.api_keys.last_used_at');
    assert.match(String(columns[0]?.['may']), new RegExp(`^\\{${role}=w/\\w+\\}$`));
  });

  test('functions that run as the owner pin their search path and are nobody else’s', async () => {
    const rows = await service.database.owner.execute<{
      name: string;
      path: string | null;
      isPublic: boolean;
    }>(sql`
      SELECT proname AS name, array_to_string(proconfig, ',') AS path,
        has_function_privilege('public', oid, 'EXECUTE') AS "isPublic"
      FROM pg_proc WHERE pronamespace = 'journey_analytics'::regnamespace AND prosecdef`);
    assert.ok(rows.length > 0);
    for (const { name, path: searched, isPublic } of rows) {
      assert.match(searched ?? '', /^search_path=pg_catalog, pg_temp$/, name);
      assert.equal(isPublic, false, name);
    }
  });
});

/** Whether an answer has nothing in it. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.every(isNothing);
  if (value instanceof Map || value instanceof Set) return [...value].length === 0;
  if (value instanceof Date || value instanceof Uint8Array || typeof value !== 'object') return false;
  return Object.values(value).every(isNothing);
}

/** All rows that a transaction sees, each table as one hash. */
async function state(tx: Transaction): Promise<unknown> {
  const each = tables.map(
    (table) =>
      `SELECT '${table}' AS name, md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM journey_analytics.${table} AS row`,
  );
  return tx.execute(sql.raw(each.join(' UNION ALL ')));
}

const stateOfAll = () => service.database.owner.transaction((tx) => state(tx));

describe('every query', () => {
  test('has a case here, or is of no workspace', async () => {
    const folder = path.join(import.meta.dirname, '../../db/queries');
    const found: string[] = [];
    for (const file of await readdir(folder)) {
      const exported = Object.entries((await import(path.join(folder, file))) as Record<string, unknown>);
      for (const [name, value] of exported) {
        if (typeof value === 'function') found.push(`${path.basename(file, '.ts')}.${name}`);
      }
    }
    const known = [...Object.keys(queryCases), ...Object.keys(queriesOfNoWorkspace)];
    assert.deepEqual(found.toSorted(), known.toSorted());
  });

  /** What a case does where it may, and does not leave behind. */
  async function assertWorks(tx: Transaction, { does, run }: QueryCase): Promise<never> {
    const earlier = await state(tx);
    const found = await run(tx, a);
    if (does === 'reads') assert.ok(!isNothing(found), `found nothing: ${JSON.stringify(found)}`);
    else assert.notDeepEqual(await state(tx), earlier, 'changed nothing');
    throw new Undone();
  }

  for (const [name, each] of Object.entries(queryCases)) {
    test(`${name} works in its workspace, and neither outside nor in another`, async () => {
      const { database } = service;
      await assert.rejects(
        each.ofOwner
          ? database.owner.transaction((tx) => assertWorks(tx, each))
          : inWorkspace(database, a.workspaceId, (tx) => assertWorks(tx, each)),
        Undone,
      );
      const earlier = await stateOfAll();
      const run = (tx: Transaction) => each.run(tx, a);
      const places = [outsideWorkspaces(database, run), inWorkspace(database, b.workspaceId, run)];
      for (const outcome of await Promise.allSettled(places)) {
        if (outcome.status === 'fulfilled') {
          assert.ok(isNothing(outcome.value), JSON.stringify(outcome.value));
        } else {
          // Row-level security, or a right that the service lacks.
          assert.equal(databaseErrorCode(outcome.reason), '42501', String(outcome.reason));
        }
      }
      assert.deepEqual(await stateOfAll(), earlier);
    });
  }

  test('what is of no workspace says nothing of one', async () => {
    const { database } = service;
    const backlog = await selectBacklog(database);
    assert.deepEqual(
      Object.values(backlog).map((value) => typeof value),
      ['number', 'number'],
    );
    assert.deepEqual(
      new Set(await selectWorkspacesWithWork(database)),
      new Set([a.workspaceId, b.workspaceId]),
    );
  });
});
