// `npm run audit` as an operator runs it: beside the service, over all workspaces or one journey.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'drizzle-orm';
import { allTimeLevel } from '../../../bff/rollup/blocks.ts';
import { definition, visitOf } from '../../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../../support/test-service.ts';

const program = path.join(import.meta.dirname, '../../../bff/commands/audit.ts');
let service: TestService;
let a: Workspace;

before(async () => {
  service = await startTestService();
  a = await service.workspace('a');
  const b = await service.workspace('b');
  for (const { api } of [a, b]) {
    await api.put('/v1/journeys/welcome', definition);
    await api.post('/v1/events', visitOf('ann', 2, true));
    await settled(api, 'welcome');
  }
});
after(() => service.stop());

async function audit(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
  const env = { ...process.env, DATABASE_URL: service.databaseUrl };
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string; errors: string }>();
  execFile(process.execPath, [program, ...words], { env }, (error, output, errors) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, errors });
  });
  return promise;
}

test('says that all is right, and names what is not', async () => {
  const right = await audit();
  assert.deepEqual(right, {
    code: 0,
    output: 'a  welcome  right\nb  welcome  right\n2 journeys, 0 numbers differ\n',
    errors: '',
  });
  await service.database.owner.execute(sql`
    UPDATE journey_analytics.rollups SET numbers = set_byte(numbers, 0, get_byte(numbers, 0) + 5)
    WHERE workspace_id = ${a.workspaceId} AND level = ${allTimeLevel}`);
  const wrong = await audit();
  assert.equal(wrong.code, 1, wrong.output);
  assert.match(
    wrong.output,
    /^a {2}welcome {2}\d+ differ\n(?: {2}\{"metric":.*\}\n)+b {2}welcome {2}right\n/,
  );
  const one = await audit('--workspace', 'b', '--journey', 'welcome');
  assert.deepEqual([one.code, one.output], [0, 'b  welcome  right\n1 journeys, 0 numbers differ\n']);
});

test('tells of wrong words and of what is not there', async () => {
  for (const [words, said] of [
    [['--everything'], /npm run audit/],
    [['--journey', 'welcome'], /npm run audit/],
    [['--workspace', 'c'], /no such workspace/],
    [['--workspace', 'a', '--journey', 'other'], /no such journey/],
  ] as const) {
    const { code, errors } = await audit(...words);
    assert.equal(code, 1);
    assert.match(errors, said);
  }
});
