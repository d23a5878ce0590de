// Distinct users of any range, whatever days people come again on and whatever shards they are in: as an overview, a step
// and an audience count them, and as they are counted here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { sql } from 'drizzle-orm';
import {
  audienceAnswerSchema,
  auditSchema,
  flowSchema,
  formatDate,
  overviewSchema,
  parseDate,
} from '../../bff/contract/index.ts';
import { shardCount, shardOf, usersInBlock } from '../../bff/rollup/shards.ts';
import { Random } from '../../demo/random.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { assertClean } from '../support/ledger.ts';
import { definition, event, journeyId } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

const path = `/v1/journeys/${journeyId}`;
const firstDay = parseDate('2025-03-01') ?? 0;
const days = 500;
const random = new Random(20_260_301);
let service: TestService;
let a: Workspace;
/** On which days a user's entries began. */
const entries = new Map<string, number[]>();

before(async () => {
  service = await startTestService();
  a = await service.workspace('a');
  await a.api.put(path, definition);
});
after(() => service.stop());

function entriesOf(userId: string, count: number): SentEvent[] {
  return Array.from({ length: count }, () => {
    const day = firstDay + random.between(0, days - 1);
    entries.set(userId, [...(entries.get(userId) ?? []), day]);
    const entryId = `${userId} ${entries.get(userId)?.length ?? 0}`;
    const at = (clock: string) => `${formatDate(day)}T${clock}Z`;
    return [
      event('journey.entered', userId, at('08:00:00'), { entryId }),
      event('step.entered', userId, at('08:00:01'), { entryId, stepId: 'start' }),
    ];
  }).flat();
}

async function post(events: readonly SentEvent[]): Promise<void> {
  const answer = await a.api.post('/v1/events', events);
  assert.equal(answer.status, 202, answer.text);
}

/** New users get numbers of the next shard, and of another range of 65,536. */
async function nextShard(): Promise<void> {
  await service.database.owner.execute(sql`
    SELECT setval('journey_analytics.user_ids',
      (last_value / ${usersInBlock}::integer + 17) * ${usersInBlock}::integer + ${random.between(1, 50)}::integer)
    FROM journey_analytics.user_ids`);
}

type Range = Readonly<Partial<Record<'from' | 'to', string>>>;

/** Short and long ones, with open ends, and such as begin or end with a block of days. */
function someRange(): Range {
  const first = random.chance(0.3)
    ? Math.ceil(firstDay / 64) * 64 + 64 * random.between(0, 6)
    : firstDay + random.between(-20, days);
  const last = first + (random.chance(0.3) ? 8 * random.between(1, 20) - 1 : random.between(0, days));
  return {
    ...(random.chance(0.85) ? { from: formatDate(first) } : {}),
    ...(random.chance(0.85) ? { to: formatDate(last) } : {}),
  };
}

async function assertCounted(range: Range): Promise<void> {
  const first = parseDate(range.from ?? '0001-01-01') ?? 0;
  const last = parseDate(range.to ?? '9999-12-31') ?? 0;
  const inRange = [...entries.values()].map((all) => all.filter((day) => day >= first && day <= last).length);
  const expected = {
    count: inRange.reduce((sum, count) => sum + count, 0),
    users: inRange.filter((count) => count > 0).length,
  };
  const { metrics } = (await a.api.get(`${path}/overview`, range)).as(overviewSchema);
  const { steps, totals } = (await a.api.get(`${path}/flow`, range)).as(flowSchema);
  const start = steps.find(({ stepId }) => stepId === 'start')?.metrics;
  const where = { metric: 'entryCount', stepId: 'start' };
  const { users } = (await a.api.post(`${path}/audience`, { where }, range)).as(audienceAnswerSchema);
  assert.deepEqual(
    {
      overview: { count: metrics.totalEntries, users: metrics.entryUsers },
      flow: { count: totals.totalEntries, users: totals.entryUsers },
      step: { count: start?.entryCount, users: start?.entryUsers },
      audience: users,
    },
    { overview: expected, flow: expected, step: expected, audience: expected.users },
    JSON.stringify(range),
  );
}

async function assertAllCounted(): Promise<void> {
  await settled(a.api, journeyId);
  await assertCounted({});
  for (let index = 0; index < 40; index += 1) await assertCounted(someRange());
  await assertClean(a.api);
}

test('are exact in every range, with users in every shard', async () => {
  for (let shard = 0; shard < shardCount; shard += 1) {
    await nextShard();
    const users = Array.from({ length: 15 }, (_, index) => `user ${shard} ${index}`);
    await post(users.flatMap((userId) => entriesOf(userId, random.between(1, 7))));
  }
  const known = await service.database.owner.execute<{ user_id: number }>(sql`
    SELECT user_id FROM journey_analytics.users WHERE workspace_id = ${a.workspaceId}`);
  assert.equal(new Set(known.map((row) => shardOf(row.user_id))).size, shardCount);
  await assertAllCounted();
});

test('stay so when entries come that lie before, between and after those that are known', async () => {
  for (let round = 0; round < 3; round += 1) {
    const users = [...entries.keys()].filter(() => random.chance(0.4));
    await post(users.flatMap((userId) => entriesOf(userId, random.between(1, 2))));
    await settled(a.api, journeyId);
  }
  await assertAllCounted();
});

test('stay so when people are erased', async () => {
  for (const userId of [...entries.keys()].filter(() => random.chance(0.3))) {
    assert.equal((await a.api.delete(`/v1/users/${encodeURIComponent(userId)}`)).status, 204);
    entries.delete(userId);
  }
  await assertAllCounted();
});

test('stay so when everything is folded again in another time zone', async () => {
  const elsewhere = { ...definition, timeZone: 'Asia/Kathmandu' };
  assert.equal((await a.api.put(`${path}?rebuild=true`, elsewhere)).status, 200);
  await assertAllCounted();
});

test('stay so when the migration that brought the way they are counted has everything folded again', async () => {
  const file = new URL('../../db/migrations/0009_packed_numbers.sql', import.meta.url);
  const statements = readFileSync(file, 'utf8').split(/^(?=TRUNCATE|DROP|CREATE|ALTER|DO|INSERT|UPDATE)/m);
  const again = statements.filter((each) => /^(INSERT|UPDATE)/.test(each));
  assert.equal(again.length, 2);
  await service.database.owner.transaction(async (tx) => {
    await tx.execute(
      sql`TRUNCATE journey_analytics.rollups, journey_analytics.rollup_sets, journey_analytics.window_closings`,
    );
    for (const statement of again) await tx.execute(sql.raw(statement));
  });
  const { pendingEvents } = (await a.api.get(`${path}/overview`)).as(overviewSchema);
  assert.ok(pendingEvents > 0);
  await assertAllCounted();
});

test('an audit names users who were there before and members of sets, when these are not what the log says', async () => {
  const { owner } = service.database;
  // At the end of such a row stands of its last fact, in how many days before the block how many users last entered.
  const changed = await owner.execute(sql`
    UPDATE journey_analytics.rollups SET numbers = set_byte(numbers, octet_length(numbers) - 1, 100)
    WHERE workspace_id = ${a.workspaceId} AND level = 3 AND step_id = ''
      AND facts LIKE '%["transition","start"]'`);
  assert.ok(changed.count > 0);
  await owner.execute(sql`
    DELETE FROM journey_analytics.rollup_sets
    WHERE workspace_id = ${a.workspaceId} AND level = 0 AND step_id = 'start'`);
  const { differences } = (await a.api.post(`${path}/audit`)).as(auditSchema);
  const named = (pattern: RegExp) => differences.some(({ metric }) => pattern.test(metric));
  assert.ok(named(/^transition\[start\] .*users of \d+ days before$/));
  assert.ok(named(/^entryCount members$/));
});
