// What keeps the service from starting: one message that says what to do, exit code 1, and no secret in it.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import postgres from 'postgres';
import { explainStart } from '../../bff/explain-start.ts';
import { openConfiguredDatabase } from '../../bff/open-database.ts';
import {
  administer,
  freshDatabase,
  testServer,
  withDatabase,
  type FreshDatabase,
} from '../support/fresh-database.ts';
import { makeSite, ServiceProcess, type Environment, type Site } from '../support/service-process.ts';

const sites: Site[] = [];
const databases: FreshDatabase[] = [];
const started: ServiceProcess[] = [];
after(async () => {
  for (const service of started) if (service.child.exitCode === null) await service.stop('SIGKILL');
  for (const database of databases) await database.drop();
  for (const site of sites) site.remove();
});

function newSite(hasWidgets = true): Site {
  const site = makeSite(hasWidgets);
  sites.push(site);
  return site;
}

function start(environment: Environment, site = shared): ServiceProcess {
  const service = new ServiceProcess(site, environment);
  started.push(service);
  return service;
}

async function newDatabase(): Promise<string> {
  const database = await freshDatabase();
  databases.push(database);
  return database.url;
}

const shared = newSite();
const secret = 'a-very-secret-value-that-is-long-enough';
const signing = { TOKEN_SECRET: secret, BOOTSTRAP_API_KEY: `jk_${secret}` };

/** Starts the service, which must end with one message like this. @returns the message */
async function assertRefuses(environment: Environment, message: RegExp, site = shared): Promise<string> {
  const service = start(environment, site);
  assert.equal(await service.ended(), 1, `${service.output}${service.errors}`);
  const said = service.output + service.errors;
  assert.equal(service.output, '');
  assert.match(service.errors, /^Journey Analytics could not start\.\n/);
  assert.match(service.errors, message);
  assert.doesNotMatch(said, /^\s+at |node:internal|Error:/m);
  assert.ok(said.trim().split('\n').length <= 12, said);
  assert.ok(!said.includes(secret), said);
  return service.errors;
}

describe('variables', () => {
  test('are all named in one message, and none is repeated', async () => {
    const wrong = {
      DATABASE_URL: `mysql://${secret}`,
      PORT: '87870',
      BOOTSTRAP_API_KEY: 'a-wrong-value-1',
      TOKEN_SECRET: 'a-wrong-value-2',
      ALLOWED_ORIGINS: 'https://good.example,https://a-wrong-value-3/path',
      LOG_LEVEL: 'a-wrong-value-4',
      HOST: 'a wrong value 5',
      DEMO: 'a-wrong-value-6',
    };
    const said = await assertRefuses(wrong, /environment variables/);
    for (const name of Object.keys(wrong)) {
      assert.equal(said.split('\n').filter((line) => line.trim().startsWith(`${name} `)).length, 1, name);
    }
    assert.doesNotMatch(said, /a.wrong.value|good\.example/);
  });

  test('TOKEN_SECRET is needed with DATABASE_URL', async () => {
    await assertRefuses({ DATABASE_URL: `postgres://u:${secret}@localhost/x` }, /TOKEN_SECRET is required/);
  });
});

describe('the place to listen', () => {
  test('a port in use', async (t) => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => taken.close());
    const { port } = taken.address() as AddressInfo; // it listens on TCP
    await assertRefuses({ PORT: String(port) }, /port is in use.*PORT/i);
  });

  test('a name that nobody knows', async () => {
    await assertRefuses({ HOST: 'no-such-host.invalid' }, /HOST/);
  });
});

describe('the database of DATABASE_URL', () => {
  const { url } = testServer();

  /** Opens it as the service does, which must say why not. */
  async function assertExplains(databaseUrl: string, message: RegExp): Promise<void> {
    const config = { databaseUrl, dataDirectory: shared.dataDirectory, postgresBinaries: undefined };
    await assert.rejects(openConfiguredDatabase(config, 'owner'), (error) => {
      const said = explainStart(error);
      assert.match(said, message);
      assert.ok(!said.includes(secret) && !said.includes('\n'), said);
      return true;
    });
  }

  test('where nothing listens', async () => {
    const nothing = `postgres://u:${secret}@127.0.0.1:1/x`;
    await assertRefuses({ ...signing, DATABASE_URL: nothing }, /Nothing answers.*DATABASE_URL/);
  });

  test('on a host that nobody knows', async () => {
    await assertExplains(`postgres://u:${secret}@no-such-host.invalid/x`, /host in DATABASE_URL/);
  });

  test('that does not exist', async () => {
    await assertExplains(withDatabase(url, 'no_such_database'), /does not exist.*DATABASE_URL/);
  });

  test('with a wrong password', async () => {
    const wrong = new URL(url);
    wrong.password = secret;
    await assertExplains(wrong.href, /password.*DATABASE_URL/);
  });

  test('with a user that is not there', async () => {
    const wrong = new URL(url);
    wrong.username = 'nobody_here';
    wrong.password = secret;
    await assertExplains(wrong.href, /DATABASE_URL/);
  });

  test('with a user that may not migrate it', async (t) => {
    const database = await newDatabase();
    const role = `journey_analytics_test_${process.pid}`;
    await administer(database, (sql) => sql.unsafe('DROP SCHEMA journey_analytics CASCADE'));
    await administer(url, (sql) => sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD '${secret}'`));
    t.after(() => administer(url, (sql) => sql.unsafe(`DROP ROLE ${role}`)));
    const limited = new URL(database);
    limited.username = role;
    limited.password = secret;
    await assertExplains(limited.href, /DATABASE_URL.*own/);
  });

  test('that a newer version has migrated', async () => {
    const database = await newDatabase();
    await administer(
      database,
      (sql) => sql`INSERT INTO journey_analytics.migrations (name, checksum) VALUES ('9999_future', 'x')`,
    );
    await assertExplains(database, /9999_future/);
  });

  test('in which the first key belongs to another workspace', async () => {
    const database = await newDatabase();
    const sql = postgres(database, { max: 1 });
    await sql`INSERT INTO journey_analytics.workspaces (name, created_at) VALUES ('theirs', now())`;
    await sql`
      INSERT INTO journey_analytics.api_keys (workspace_id, api_key_id, hash, prefix, created_at)
      SELECT workspace_id, gen_random_uuid(), sha256(${signing.BOOTSTRAP_API_KEY}::text::bytea), 'x', now()
      FROM journey_analytics.workspaces`;
    await sql.end();
    await assertRefuses({ ...signing, DATABASE_URL: database }, /BOOTSTRAP_API_KEY/);
  });
});

describe('the embedded database', () => {
  test('runs once in a folder: the second start is told so, and the first goes on', async () => {
    const site = newSite();
    const first = start({}, site);
    const address = await first.running();
    const said = await assertRefuses({}, /DATA_DIR|already/, site);
    assert.match(said, /the data/);
    assert.equal((await fetch(`${address}/health/ready`)).status, 200);
    assert.match(first.output, /API key of the workspace "default" is in .*the data.api-key/);
    assert.equal(await first.stop(), 0);
  });

  test('where the folder is a file', async () => {
    const file = path.join(shared.folder, 'a file');
    writeFileSync(file, '');
    await assertRefuses({ DATA_DIR: file }, /DATA_DIR/);
  });

  test('with binaries that are not there', async () => {
    const folder = path.join(shared.folder, 'no binaries');
    mkdirSync(folder);
    await assertRefuses({ PG_BIN_DIR: folder }, /PG_BIN_DIR/);
  });
});

test('widgets that are not built', async () => {
  await assertRefuses({}, /npm run build/, newSite(false));
});

describe('a start that succeeds', () => {
  test('says where it runs, keeps its secrets, and answers', async () => {
    const database = await newDatabase();
    const service = start({ ...signing, DATABASE_URL: database, LOG_LEVEL: 'info' });
    const address = await service.running();
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
    for (const part of [
      '/health/live',
      '/health/ready',
      '/widgets/journey-analytics.js',
      '/widgets/manifest.json',
    ]) {
      assert.equal((await fetch(address + part)).status, 200, part);
    }
    const headers = { authorization: `Bearer ${signing.BOOTSTRAP_API_KEY}` };
    assert.equal((await fetch(`${address}/v1/journeys`, { headers })).status, 200);
    assert.equal(
      (await fetch(`${address}/demo/embed-token`, { method: 'POST' })).status,
      404,
      'DEMO is false',
    );
    assert.equal(await service.stop(), 0);
    assert.ok(!(service.output + service.errors).includes(secret));
  });
});
