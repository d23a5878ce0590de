// `npm run keys` as an operator runs it: keys are shown once, listed by what may be shown, and end; providers likewise.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'drizzle-orm';
import { openDatabase, type Database } from '../../../db/client.ts';
import { freshDatabase, type FreshDatabase } from '../../support/fresh-database.ts';

const program = path.join(import.meta.dirname, '../../../bff/commands/keys.ts');
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const time = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z';
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

async function keys(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
  const env = { ...process.env, DATABASE_URL: fresh.url };
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string; errors: string }>();
  execFile(process.execPath, [program, ...words], { env }, (error, output, errors) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, errors });
  });
  return promise;
}

async function listed(...words: string[]): Promise<string[]> {
  const { code, output } = await keys('list', ...words);
  assert.equal(code, 0);
  return output.split('\n').filter((line) => line !== '');
}

test('a key is shown once, listed without it, and ends', async () => {
  const [one, two] = [
    await keys('create', '--workspace', 'acme'),
    await keys('create', '--workspace', 'acme'),
  ];
  await keys('create', '--workspace', 'other');
  const key = one.output.trim();
  assert.match(key, /^jk_[\w-]{40}$/);
  assert.notEqual(two.output.trim(), key);
  const id = new RegExp(uuid).exec(one.errors)?.[0] ?? '';
  assert.ok(!one.errors.includes(key));
  const lines = await listed('--workspace', 'acme');
  assert.equal(lines.length, 2);
  assert.equal((await listed()).length, 3);
  const own = lines.find((line) => line.startsWith(id)) ?? '';
  assert.match(own, new RegExp(`^${uuid}  acme  ${key.slice(0, 9)}…  made ${time}  never used  in use$`));
  assert.ok(!own.includes(key.slice(0, 10)), 'nothing but the prefix');
  await database.owner.execute(sql`
    UPDATE journey_analytics.api_keys SET last_used_at = '2026-03-02T08:00:00Z' WHERE api_key_id = ${id}`);
  assert.equal((await keys('revoke', id)).code, 0);
  const ended = (await listed('--workspace', 'acme')).find((line) => line.startsWith(id)) ?? '';
  assert.match(ended, new RegExp(`last used 2026-03-02T08:00:00.000Z  revoked ${time}$`));
  const again = await keys('revoke', id);
  assert.deepEqual([again.code, again.output], [1, '']);
  assert.match(again.errors, /no such key/);
});

test('an identity provider is trusted, given another URL, listed and removed', async () => {
  const issuer = 'https://idp.example/';
  const trust = (workspace: string, jwks: string) =>
    keys('trust', '--workspace', workspace, '--issuer', issuer, '--jwks', jwks);
  const made = await trust('hosted', 'https://idp.example/keys.json');
  const id = made.output.trim();
  assert.match(id, new RegExp(`^${uuid}$`), made.errors);
  assert.equal((await trust('hosted', 'https://idp.example/new.json')).output.trim(), id);
  const [line = '', ...more] = await listed('--workspace', 'hosted');
  assert.deepEqual(more, []);
  assert.match(
    line,
    new RegExp(`^${id}  hosted  ${issuer}  https://idp.example/new.json  made ${time}  trusted$`),
  );
  const foreign = await trust('other', 'https://idp.example/keys.json');
  assert.deepEqual([foreign.code, foreign.output], [1, '']);
  assert.match(foreign.errors, /Another workspace/);
  assert.ok(!foreign.errors.includes('hosted'));
  assert.equal((await keys('revoke', id)).code, 1, 'it is no key');
  assert.equal((await keys('distrust', id)).code, 0);
  assert.equal((await keys('distrust', id)).code, 1);
  assert.match((await listed('--workspace', 'hosted'))[0] ?? '', new RegExp(`removed ${time}$`));
  const anew = await trust('other', 'http://127.0.0.1:9/keys');
  assert.equal(anew.code, 0, 'an issuer that nobody trusts any more may be another’s');
  assert.notEqual(anew.output.trim(), id);
});

test('wrong words are answered with the right ones', async () => {
  const trust = ['trust', '--workspace', 'acme', '--issuer', 'https://i.example', '--jwks'];
  const id = '00000000-0000-4000-8000-000000000000';
  for (const words of [
    [],
    ['create', '--workspace', 'acme', 'more'],
    ['revoke', 'no-id'],
    ['revoke', id, '--workspace', 'acme'],
    ['trust', '--workspace', 'acme', '--issuer', 'journey-analytics', '--jwks', 'https://i.example'],
    [...trust, 'http://i.example/keys'],
    [...trust, 'http://127.0.0.1.example/keys'],
    [...trust, 'https://user:password@i.example/keys'],
  ]) {
    const { code, output, errors } = await keys(...words);
    assert.deepEqual([code, output], [1, ''], words.join(' '));
    assert.match(errors, /npm run keys -- create/);
  }
  assert.equal((await keys(...trust, 'http://[::1]:1/keys')).code, 0, 'this machine may do without TLS');
});
