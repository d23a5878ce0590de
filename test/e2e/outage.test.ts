// The database goes away and comes back: meanwhile answers say so, nothing hangs, and afterwards nothing is missing.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { auditSchema, ingestAnswerSchema, overviewSchema } from '../../bff/contract/index.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { databaseProxy, type DatabaseProxy } from '../support/database-proxy.ts';
import type { Answer } from '../support/http-client.ts';
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

test('a deadlock with another transaction is tried again, and the events are stored once', async () => {
  const known = (await a.api.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries;
  const sent = [1, 2].map(() => event('journey.entered', 'deadlocked', '2026-03-02T08:00:00Z'));
  // The order in which ids are claimed.
  const [first, second] = sent.map(({ id }) => hash('sha256', String(id), 'hex').slice(0, 32)).toSorted();
  const direct = postgres(service.databaseUrl, { max: 2, onnotice: () => {} });
  const deadlocks = async () => {
    const [row] = await direct<{ deadlocks: string }[]>`
      SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`;
    return Number(row?.deadlocks);
  };
  const claim = (tx: postgres.TransactionSql, id = '') => tx`
    INSERT INTO journey_analytics.event_ids (workspace_id, event_id_hash) VALUES (${a.workspaceId}, ${id})`;
  const earlier = await deadlocks();
  const undone = new Error('this transaction is undone');
  let answering: Promise<Answer> | undefined;
  try {
    await assert.rejects(
      direct.begin(async (tx) => {
        await claim(tx, second);
        answering = a.api.post('/v1/events', sent);
        answering.catch(() => undefined); // looked at below
        // It has claimed the first id and waits for the second one, which this transaction has, and now wants the first.
        await waiting(direct);
        await claim(tx, first);
        throw undone;
      }),
      undone,
    );
    const answer = await answering;
    assert.equal(answer?.status, 202, answer?.text);
    assert.equal(answer.as(ingestAnswerSchema).accepted, 2);
    await settled(a.api, 'welcome');
    const { metrics } = (await a.api.get(`${path}/overview`)).as(overviewSchema);
    assert.equal(metrics.totalEntries - known, 2);
    assert.deepEqual((await a.api.post(`${path}/audit`)).as(auditSchema), { differences: [] });
    // Its counters are told a moment late.
    await within(
      5_000,
      'the deadlock is counted',
      (async () => {
        while ((await deadlocks()) === earlier) await delay(50);
      })(),
    );
  } finally {
    await direct.end({ timeout: 5 });
  }
});

/** Waits until a transaction waits for another one. */
async function waiting(sql: postgres.Sql): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const rows = await sql`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'`;
    if (rows.length > 0) return;
    await delay(10);
  }
  assert.fail('no transaction waits');
}
