// However many people there are, storing and counting what some of them did reads what is theirs, never a whole table.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { ingestAnswerSchema } from '../../bff/contract/index.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { definition, event, journeyId } from '../support/sample-journey.ts';
import { settled, startTestService, type Workspace } from '../support/test-service.ts';

const people = 20_000;
const names = Array.from({ length: people }, (_, index) => `person-${index}`);

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let direct: postgres.Sql;

before(async () => {
  fresh = await freshDatabase();
  direct = postgres(fresh.url, { max: 1, onnotice: () => {} });
});
after(async () => {
  await direct.end();
  await fresh.drop();
});

/** Runs a service for a while, and waits for its connections to end: by then they have told what they have read. */
async function withService(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  const service = await startTestService({ databaseUrl: fresh.url });
  try {
    await use(await service.workspace('workspace'));
  } finally {
    await service.stop();
  }
  for (;;) {
    const [row] = await direct<{ left: number }[]>`
      SELECT count(*)::integer AS left FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
    if (row?.left === 0) return;
    await delay(20);
  }
}

const entered = (user: string) => event('journey.entered', user, '2026-03-02T08:00:00Z');
const started = (user: string) => event('step.entered', user, '2026-03-02T08:00:01Z', { stepId: 'start' });

async function send({ api }: Workspace, events: readonly SentEvent[]): Promise<void> {
  const answer = await api.post('/v1/events', events);
  assert.equal(answer.as(ingestAnswerSchema).accepted, events.length, answer.text);
}

/** How many rows were read from end to end, by table. */
async function rowsRead(): Promise<Map<string, number>> {
  const rows = await direct<{ name: string; rows: string }[]>`
    SELECT relname AS name, seq_tup_read AS rows FROM pg_stat_user_tables
    WHERE schemaname = 'journey_analytics' AND n_live_tup >= ${people}`;
  return new Map(rows.map(({ name, rows: read }) => [name, Number(read)]));
}

test('no large table is read from end to end when some people do something', async () => {
  await withService(async (workspace) => {
    await workspace.api.put(`/v1/journeys/${journeyId}`, definition);
    for (let from = 0; from < people; from += 10_000) {
      await send(workspace, names.slice(from, from + 10_000).map(entered));
    }
    await settled(workspace.api, journeyId);
  });
  await direct.unsafe('ANALYZE');
  const readBefore = await rowsRead();
  assert.deepEqual([...readBefore.keys()].toSorted(), [
    'event_ids',
    'events_2026_03',
    'journey_users',
    'user_numbers',
    'users',
  ]);
  await withService(async (workspace) => {
    const some = names.filter((_, index) => index % 40 === 0);
    await send(workspace, some.map(started));
    await settled(workspace.api, journeyId);
  });
  assert.deepEqual(await rowsRead(), readBefore);
});
