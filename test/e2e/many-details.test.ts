// A step whose exits give more reasons than a row of numbers holds: as a host does that writes an error's text into each.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'drizzle-orm';
import { flowSchema } from '../../bff/contract/index.ts';
import { assertClean } from '../support/ledger.ts';
import { definition, event, journeyId } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const users = 700;
const path = `/v1/journeys/${journeyId}`;
let service: TestService;
let a: Workspace;

before(async () => {
  service = await startTestService();
  a = await service.workspace('a');
  await a.api.put(path, definition);
});
after(() => service.stop());

/** Everybody comes in, reaches the first step and leaves for a reason of their own. */
const visits = (from: number, to: number, at = '2026-03-02') =>
  Array.from({ length: to - from }, (_, index) => `user-${String(from + index).padStart(4, '0')}`).flatMap(
    (id) => [
      event('journey.entered', id, `${at}T08:00:00Z`),
      event('step.entered', id, `${at}T08:00:01Z`, { stepId: 'start' }),
      event('journey.exited', id, `${at}T09:00:00Z`, { reason: `error ${id}` }),
    ],
  );

async function post(events: readonly object[]): Promise<void> {
  for (let at = 0; at < events.length; at += 500) {
    const answer = await a.api.post('/v1/events', events.slice(at, at + 500));
    assert.equal(answer.status, 202, answer.text);
  }
  await settled(a.api, journeyId);
}

/** The reasons that one person of the range each left for. */
async function reasons(): Promise<string[]> {
  const answer = await a.api.get(`${path}/flow`, { from: '2026-03-01', to: '2026-03-31' });
  const { steps } = answer.as(flowSchema);
  const start = steps.find(({ stepId }) => stepId === 'start');
  return Object.entries(start?.exitReasons ?? {})
    .filter(([, count]) => count === 1)
    .map(([reason]) => reason);
}

test('all of them are counted, in rows of bounded length, and go when their users go', async () => {
  await post(visits(0, users));
  assert.equal((await reasons()).length, users);
  await assertClean(a.api);
  const rows = await service.database.owner.execute<{ part: number; facts: number }>(sql`
    SELECT part, cardinality(string_to_array(facts, E'\\n')) AS facts FROM journey_analytics.rollups
    WHERE workspace_id = ${a.workspaceId} AND step_id = 'start' ORDER BY facts DESC`);
  assert.ok(rows.every(({ facts }) => facts <= 512));
  assert.ok(rows.some(({ part, facts }) => part === 0 && facts === 512));
  assert.ok(rows.some(({ part }) => part > 0));

  // Room that comes free in a full row is not taken by a reason that stands elsewhere.
  for (const index of [0, 1, 2, 300, users - 1]) {
    const id = `user-${String(index).padStart(4, '0')}`;
    assert.equal((await a.api.delete(`/v1/users/${id}`)).status, 204);
  }
  await settled(a.api, journeyId);
  assert.equal((await reasons()).length, users - 5);
  await assertClean(a.api);

  // The same people again, for the same reasons on another day, and new ones.
  await post([...visits(3, 100, '2026-03-05'), ...visits(users, users + 20)]);
  await assertClean(a.api);
  assert.equal((await reasons()).length, users - 5 - (100 - 3) + 20);
});
