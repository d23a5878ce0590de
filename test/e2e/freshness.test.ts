// How far the numbers are behind the log, and that the answers say so honestly: asOf, pendingEvents, and what happens beside
// live traffic.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { auditSchema, overviewSchema, type Overview } from '../../bff/contract/index.ts';
import { allTimeLevel } from '../../bff/rollup/blocks.ts';
import { refold } from '../../bff/rollup/refold.ts';
import { rollUp } from '../../bff/rollup/roll-up.ts';
import { shards } from '../../bff/rollup/shards.ts';
import { definition, event, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let made = 0;

before(async () => {
  service = await startTestService();
});
after(() => service.stop());

const path = '/v1/journeys/welcome';

async function newWorkspace(): Promise<Workspace> {
  made += 1;
  return service.workspace(`workspace ${made}`);
}

async function post(w: Workspace, events: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const answer = await w.api.post('/v1/events', events);
  assert.equal(answer.status, 202, answer.text);
}

async function overviewOf(w: Workspace): Promise<Overview> {
  return (await w.api.get(`${path}/overview`)).as(overviewSchema);
}

async function assertClean(w: Workspace): Promise<void> {
  assert.deepEqual((await w.api.post(`${path}/audit`)).as(auditSchema), { differences: [] });
}

/** One pass of one kind in every shard. */
async function pass(kind: typeof rollUp, w: Workspace): Promise<void> {
  for (const shard of shards) await kind(service.database, w.workspaceId, shard);
}

describe('pendingEvents', () => {
  test('counts what waits, event by event, and is 0 within two seconds of rolling up', async (t) => {
    const w = await newWorkspace();
    await w.api.put(path, definition);
    await post(w, visitOf('ann', 2));
    await settled(w.api, 'welcome');
    const known = await overviewOf(w);
    t.after(() => service.startRollup());
    await service.stopRollup();
    await post(w, visitOf('bob', 3, true));
    await post(w, visitOf('cem', 4));
    const waiting = await overviewOf(w);
    assert.equal(waiting.pendingEvents, 15);
    assert.deepEqual(waiting.metrics, known.metrics);
    assert.equal(waiting.asOf, known.asOf);
    // What is accepted twice waits once.
    const again = visitOf('dee', 5);
    await post(w, again);
    await post(w, again);
    assert.equal((await overviewOf(w)).pendingEvents, 22);
    service.startRollup();
    const started = Date.now();
    await settled(w.api, 'welcome', 2_000);
    assert.ok(Date.now() - started < 2_000);
    const { metrics, asOf } = await overviewOf(w);
    assert.deepEqual([metrics.totalEntries, metrics.convertedUsers], [4, 1]);
    assert.ok(asOf > known.asOf);
  });

  test('counts events of other journeys and product events of the workspace, too', async (t) => {
    const w = await newWorkspace();
    await w.api.put(path, definition);
    t.after(() => service.startRollup());
    await service.stopRollup();
    await post(w, [
      event('journey.entered', 'ann', '2026-03-02T08:00:00Z', { journeyId: 'other' }),
      event('track', 'ann', '2026-03-02T08:00:00Z', { name: 'Whatever' }),
    ]);
    assert.equal((await overviewOf(w)).pendingEvents, 2);
  });

  test('counts each event once when a journey is defined after its events', async (t) => {
    const w = await newWorkspace();
    t.after(() => service.startRollup());
    await service.stopRollup();
    await post(w, visitOf('ann', 2));
    await w.api.put(path, definition);
    assert.equal((await overviewOf(w)).pendingEvents, 7, 'waiting to be rolled up');
    await pass(rollUp, w);
    assert.equal((await overviewOf(w)).pendingEvents, 7, 'rolled up, and not folded for the journey');
    await pass(refold, w);
    const { pendingEvents, metrics } = await overviewOf(w);
    assert.deepEqual([pendingEvents, metrics.totalEntries], [0, 1]);
    await assertClean(w);
  });

  test('counts during a rebuild what it will fold again, and what comes meanwhile', async (t) => {
    const w = await newWorkspace();
    await w.api.put(path, definition);
    await post(w, visitOf('ann', 2, true));
    await settled(w.api, 'welcome');
    t.after(() => service.startRollup());
    await service.stopRollup();
    await w.api.put(path, { ...definition, timeZone: 'Asia/Tokyo' }, { rebuild: 'true' });
    const during = await overviewOf(w);
    assert.equal(during.pendingEvents, 7);
    assert.equal(during.metrics.totalEntries, 1);
    assert.equal(during.range.timeZone, 'UTC');
    await post(w, visitOf('bob', 3));
    assert.equal((await overviewOf(w)).pendingEvents, 14);
    await pass(rollUp, w);
    assert.ok((await overviewOf(w)).pendingEvents > 0);
    service.startRollup();
    await settled(w.api, 'welcome');
    const rebuilt = await overviewOf(w);
    assert.deepEqual([rebuilt.metrics.totalEntries, rebuilt.range.timeZone], [2, 'Asia/Tokyo']);
    await assertClean(w);
  });

  test('is not 0 when the last known person of a block is erased and another comes before it is folded', async (t) => {
    const w = await newWorkspace();
    t.after(() => service.startRollup());
    await service.stopRollup();
    await post(w, visitOf('ann', 2));
    await pass(rollUp, w);
    await w.api.put(path, definition);
    await w.api.delete('/v1/users/ann');
    await post(w, visitOf('bob', 3));
    await pass(rollUp, w);
    const { pendingEvents, metrics } = await overviewOf(w);
    assert.deepEqual([pendingEvents, metrics.totalEntries], [7, 0]);
    service.startRollup();
    await settled(w.api, 'welcome');
    assert.equal((await overviewOf(w)).metrics.totalEntries, 1);
    await assertClean(w);
  });
});

describe('beside live traffic', () => {
  /** Has clients post entries of users of their own until told to stop. Times are when an answer had come. */
  function traffic(w: Workspace, clients: number) {
    const acknowledged: number[] = [];
    let sent = 0;
    const stopping = new AbortController();
    const client = async (name: number) => {
      for (let round = 0; !stopping.signal.aborted; round += 1) {
        const events = Array.from({ length: 5 }, (_, index) =>
          event(
            'journey.entered',
            `user ${name} ${round % 50} ${index}`,
            `2026-03-0${1 + (round % 9)}T08:00:00Z`,
          ),
        );
        sent += events.length;
        await post(w, events);
        const now = Date.now();
        acknowledged.push(...events.map(() => now));
      }
    };
    const finished = Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
    return {
      acknowledged,
      get sent() {
        return sent;
      },
      async stop() {
        stopping.abort();
        await finished;
      },
    };
  }

  /** Whether a reading is honest, given what had been acknowledged before it was asked for. */
  function assertHonest(read: Overview, acknowledged: readonly number[], known: number, sent: number): void {
    const { totalEntries } = read.metrics;
    const earlier = acknowledged.filter((at) => at < Date.parse(read.asOf)).length;
    assert.ok(
      totalEntries >= earlier,
      `${earlier} events were acknowledged before ${read.asOf}, ${totalEntries} counted`,
    );
    const told = totalEntries + read.pendingEvents;
    assert.ok(told >= known, `${known} were acknowledged before the question, ${told} counted or pending`);
    assert.ok(told <= sent, `${sent} were sent when the answer came, ${told} counted or pending`);
  }

  test('every event acknowledged before asOf is counted, and every other one pending', async () => {
    const w = await newWorkspace();
    await w.api.put(path, definition);
    const going = traffic(w, 3);
    const asOfs: string[] = [];
    for (const end = Date.now() + 2_500; Date.now() < end;) {
      const known = going.acknowledged.length;
      const read = await overviewOf(w);
      assertHonest(read, going.acknowledged, known, going.sent);
      asOfs.push(read.asOf);
    }
    await going.stop();
    assert.deepEqual(asOfs, asOfs.toSorted(), 'asOf went back');
    assert.ok(new Set(asOfs).size > 5, 'the numbers did not follow');
    await settled(w.api, 'welcome');
    assert.equal((await overviewOf(w)).metrics.totalEntries, going.acknowledged.length);
    await assertClean(w);
  });

  test('rebuilds, erasures and readings leave nothing out and count nothing twice', async () => {
    const w = await newWorkspace();
    await w.api.put(path, definition);
    const going = traffic(w, 3);
    const zones = ['Asia/Tokyo', 'America/New_York', 'UTC', 'Europe/Istanbul'];
    let erased = 0;
    for (let round = 0; round < 8; round += 1) {
      const body = { ...definition, timeZone: zones[round % 4] };
      const { status } = await w.api.put(path, body, { rebuild: 'true' });
      assert.equal(status, 200);
      await delay(60);
      assert.ok((await overviewOf(w)).metrics.totalEntries <= going.sent);
      await w.api.delete(`/v1/users/${encodeURIComponent(`user ${round % 3} ${round} 0`)}`);
      erased += 1;
      await assertClean(w);
    }
    await going.stop();
    await settled(w.api, 'welcome');
    await assertClean(w);
    const log = await service.database.owner.execute<{ events: string }>(
      `SELECT count(*) AS events FROM journey_analytics.events WHERE workspace_id = ${w.workspaceId}`,
    );
    const { metrics, range } = await overviewOf(w);
    assert.equal(metrics.totalEntries, Number(log[0]?.events));
    assert.ok(metrics.totalEntries <= going.acknowledged.length);
    assert.ok(metrics.totalEntries > going.acknowledged.length / 2);
    assert.equal(erased, 8);
    assert.equal(range.timeZone, 'Europe/Istanbul');
  });

  test('deleting and defining a journey brings back everything', async () => {
    const w = await newWorkspace();
    await w.api.put(path, definition);
    const going = traffic(w, 2);
    for (let round = 0; round < 6; round += 1) {
      await delay(40);
      assert.equal((await w.api.delete(path)).status, 204);
      await delay(20);
      assert.equal((await w.api.put(path, definition)).status, 201);
    }
    await going.stop();
    await settled(w.api, 'welcome');
    assert.equal((await overviewOf(w)).metrics.totalEntries, going.acknowledged.length);
    await assertClean(w);
  });
});

describe('when the numbers of one workspace cannot be written', () => {
  const isRollupHealthy = async () => {
    const { text } = await service.nobody.get('/metrics');
    return /^journey_analytics_rollup_healthy 1$/m.test(text);
  };

  test('those of the others follow, the service stays ready, and its measurements tell', async () => {
    const [broken, sound] = [await newWorkspace(), await newWorkspace()];
    for (const w of [broken, sound]) {
      await w.api.put(path, definition);
      await post(w, visitOf('ann', 2));
      await settled(w.api, 'welcome');
    }
    const move = (from: number, to: number) =>
      service.database.owner.execute(`
        UPDATE journey_analytics.rollups SET level = ${to}
        WHERE workspace_id = ${broken.workspaceId} AND level = ${from}`);
    // Whoever has come before is then a user of numbers that have none.
    await move(allTimeLevel, 99);
    await post(broken, visitOf('ann', 3));
    await delay(300);
    await post(sound, visitOf('bob', 3));
    await settled(sound.api, 'welcome', 3_000);
    assert.equal((await overviewOf(sound)).metrics.totalEntries, 2);
    assert.ok((await overviewOf(broken)).pendingEvents > 0);
    assert.equal((await service.nobody.get('/health/ready')).status, 200);
    assert.equal(await isRollupHealthy(), false);
    await move(99, allTimeLevel);
    await settled(broken.api, 'welcome');
    assert.equal((await overviewOf(broken)).metrics.totalEntries, 2);
    // The worker notices a moment after the numbers are right.
    for (let tries = 0; tries < 100 && !(await isRollupHealthy()); tries += 1) await delay(20);
    assert.equal(await isRollupHealthy(), true);
    await assertClean(broken);
  });
});
