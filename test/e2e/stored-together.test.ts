// Requests that come while others are being stored share a transaction: each is told what became of its own events.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { auditSchema, ingestAnswerSchema, overviewSchema } from '../../bff/contract/index.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import type { Answer } from '../support/http-client.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, event } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const path = '/v1/journeys/welcome';

let service: TestService;
let direct: postgres.Sql;
let a: Workspace;
let b: Workspace;

before(async () => {
  service = await startTestService();
  direct = postgres(service.databaseUrl, { max: 2, onnotice: () => {} });
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
  await a.api.put(path, definition);
  await b.api.put(path, definition);
});
after(async () => {
  await direct.end();
  await service.stop();
});

const entered = (user: string) => event('journey.entered', user, '2026-03-02T08:00:00Z');

/**
 * Sends while nothing can be stored, as long as another transaction has the erasure of the workspace: two requests begin
 * their transactions, the others wait.
 */
async function sendAtOnce(
  { workspaceId, api }: Workspace,
  bodies: readonly (readonly SentEvent[])[],
): Promise<Answer[]> {
  let answering: Promise<Answer[]> | undefined;
  await direct.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(1246840100, ${workspaceId}::integer)`;
    answering = Promise.all(bodies.map((body) => api.post('/v1/events', body)));
    answering.catch(() => undefined); // looked at below
    for (;;) {
      const [row] = await tx<{ count: number }[]>`
        SELECT count(*)::integer AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
      if (row?.count === 2) break;
      await delay(5);
    }
    await delay(200); // for those of the other requests to come
  });
  return (await answering) ?? [];
}

const batchesOf = async ({ workspaceId }: Workspace): Promise<number> => {
  const [row] = await direct<{ count: number }[]>`
    SELECT count(DISTINCT batch_id)::integer AS count FROM journey_analytics.events
    WHERE workspace_id = ${workspaceId}`;
  return row?.count ?? 0;
};

test('requests share transactions; each counts its own events, and of one id the first is stored', async () => {
  const repeated = entered('in-all');
  const bodies = Array.from({ length: 12 }, (_, index) => [entered(`user-${index}`), repeated]);
  const [ofA, ofB] = [await sendAtOnce(a, bodies), await sendAtOnce(b, bodies.slice(0, 3))];
  for (const answer of [...ofA, ...ofB]) assert.equal(answer.status, 202, answer.text);
  const told = ofA.map((answer) => answer.as(ingestAnswerSchema));
  assert.equal(told.filter(({ accepted, duplicates }) => accepted === 2 && duplicates === 0).length, 1);
  assert.equal(told.filter(({ accepted, duplicates }) => accepted === 1 && duplicates === 1).length, 11);
  assert.equal(
    ofB.map((answer) => answer.as(ingestAnswerSchema)).reduce((sum, { accepted }) => sum + accepted, 0),
    4,
  );
  const batches = await batchesOf(a);
  assert.ok(batches >= 2 && batches <= 4, `12 requests were stored in ${batches} transactions`);
  for (const [{ api }, entries] of [
    [a, 13],
    [b, 4],
  ] as const) {
    await settled(api, 'welcome');
    assert.equal((await api.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries, entries);
    assert.deepEqual((await api.post(`${path}/audit`)).as(auditSchema), { differences: [] });
  }
});

test('what the database refuses fails alone', async () => {
  // All that a sender could break is refused before; so the database is told to refuse somebody.
  await direct`ALTER TABLE journey_analytics.events
    ADD CONSTRAINT refuse_somebody CHECK (entry_id IS DISTINCT FROM 'refused')`;
  try {
    const users = ['one', 'two', 'three', 'four', 'five', 'six'];
    const bodies = users.map((user) => [
      user === 'five' ? { ...entered(user), entryId: 'refused' } : entered(user),
    ]);
    const answers = await sendAtOnce(a, bodies);
    answers.forEach((answer, index) => {
      if (users[index] === 'five') assertProblem(answer, 'internal');
      else assert.equal(answer.as(ingestAnswerSchema).accepted, 1, answer.text);
    });
  } finally {
    await direct`ALTER TABLE journey_analytics.events DROP CONSTRAINT refuse_somebody`;
  }
});
