// The database goes away and comes back: meanwhile answers say so, nothing hangs, and afterwards nothing is missing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { auditSchema, ingestAnswerSchema, overviewSchema } from '../../bff/contract/index.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { databaseProxy, type DatabaseProxy } from '../support/database-proxy.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { definition, event } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let proxy: DatabaseProxy;
let a: Workspace;
const path = '/v1/journeys/welcome';

before(async () => {
  service = await startTestService({
    detour: async (databaseUrl) => {
      proxy = await databaseProxy(databaseUrl);
      return proxy.url;
    },
  });
  a = await service.workspace('workspace-a');
  await a.api.put(path, definition);
});
after(async () => {
  await service.stop();
  await proxy.stop();
});

/** Fails when a promise takes too long. */
async function within<Result>(milliseconds: number, what: string, promise: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`${what} took more than ${milliseconds} ms`));
  }, milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

for (const then of ['refuse', 'hang up'] as const) {
  describe(`connections are cut, and the way on is to ${then}`, () => {
    test('answers are 503 until it is mended; all that was acknowledged is counted once', async () => {
      const known = (await a.api.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries;
      let acknowledged = 0;
      let refusedBatches = 0;
      const stopping = new AbortController();
      const client = async (name: number) => {
        let open: SentEvent | undefined;
        for (let round = 0; !stopping.signal.aborted || open; round += 1) {
          open ??= event('journey.entered', `${then} ${name} ${round % 20}`, '2026-03-02T08:00:00Z');
          const answer = await within(15_000, 'a batch', a.api.post('/v1/events', [open]));
          if (answer.status === 202) {
            const { accepted, duplicates } = answer.as(ingestAnswerSchema);
            assert.equal(accepted + duplicates, 1);
            acknowledged += 1;
            open = undefined;
          } else {
            assertProblem(answer, 'unavailable');
            assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/);
            assertSilentAbout(answer, ['ECONN', 'CONNECTION', '127.0.0.1', 'postgres', 'SELECT']);
            refusedBatches += 1;
            await delay(50);
          }
        }
      };
      const traffic = Promise.all([0, 1, 2, 3].map(client));
      traffic.catch(() => undefined); // looked at below
      await delay(300);
      await proxy.cut(then);
      await delay(100);
      assertProblem(await within(10_000, 'a reading', a.api.get(`${path}/overview`)), 'unavailable');
      const ready = await within(10_000, 'readiness', service.nobody.get('/health/ready'));
      assert.equal(ready.status, 503);
      assert.equal((await service.nobody.get('/health/live')).status, 200);
      await delay(700);
      await proxy.mend();
      await delay(1_000);
      stopping.abort();
      await traffic;
      assert.ok(refusedBatches > 0 && acknowledged > 0);
      await settled(a.api, 'welcome', 30_000);
      const { metrics } = (await a.api.get(`${path}/overview`)).as(overviewSchema);
      assert.equal(metrics.totalEntries - known, acknowledged);
      assert.deepEqual((await a.api.post(`${path}/audit`)).as(auditSchema), { differences: [] });
      assert.equal((await service.nobody.get('/health/ready')).status, 200);
    });
  });
}
