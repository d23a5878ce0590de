// Arbitrary histories in arbitrary batches, with duplicates, erasures, rebuilds and passes of the rollup between and beside
// them, by two workers: in the end the numbers are those of a direct fold of the log.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import {
  flowSchema,
  overviewSchema,
  type JourneyDefinition,
  type ParsedEvent,
} from '../../bff/contract/index.ts';
import type { HistoryEvent, Rules } from '../../bff/fold/index.ts';
import { storeEvents } from '../../bff/ingest/store-events.ts';
import { auditJourney } from '../../bff/rollup/audit.ts';
import { defineJourney, forgetJourney } from '../../bff/rollup/define-journey.ts';
import { eraseUser } from '../../bff/rollup/erase-user.ts';
import { refold, serveWhenFolded } from '../../bff/rollup/refold.ts';
import { rollUp } from '../../bff/rollup/roll-up.ts';
import { shardCount, shards, usersInBlock } from '../../bff/rollup/shards.ts';
import { takeWork } from '../../bff/rollup/worker.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { arbitraryHistory, arbitraryRules } from '../bff/fold/arbitrary-history.ts';
import { FoldedJourney, partsOfOverview, partsOfStep, takenTransitions } from '../support/folded-journey.ts';
import { startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let otherProcess: Database;
let made = 0;

before(async () => {
  service = await startTestService({ rollup: false });
  otherProcess = openDatabase(service.databaseUrl);
});
after(async () => {
  await otherProcess.close();
  await service.stop();
});

const userIds = ['ann', 'bob', 'cem', 'dee'];
const journeyIds = ['first', 'second'];

function parsedEvent(event: HistoryEvent, userId: string, journeyId: string): ParsedEvent {
  const given = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
  const id = `${userId} ${journeyId} ${event.id}`;
  // It has the fields of its type, as arbitraryHistory makes it.
  return { ...given, id, userId, ...(event.type === 'track' ? {} : { journeyId }) } as ParsedEvent;
}

const log: fc.Arbitrary<ParsedEvent[]> = fc
  .tuple(
    ...userIds.flatMap((userId) =>
      journeyIds.map((journeyId) =>
        arbitraryHistory(18).map((history) => history.map((event) => parsedEvent(event, userId, journeyId))),
      ),
    ),
  )
  .map((histories) => histories.flat());

const oneJourney = fc.constantFrom(...journeyIds);
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      size: fc.nat(25),
      again: fc.nat(4),
      beside: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      kind: fc.constantFrom(rollUp, refold),
      // Of one shard, or of all.
      shard: fc.option(fc.constantFrom(...shards), { freq: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('workers' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('serve' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('erase' as const),
      userId: fc.constantFrom(...userIds),
      beside: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('define' as const),
      journeyId: oneJourney,
      rules: arbitraryRules,
      beside: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), journeyId: oneJourney }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      blocks: fc.integer({ min: 1, max: shardCount }),
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

const range = fc.constantFrom(
  {},
  {},
  { from: '2026-03-08' },
  { to: '2026-03-09' },
  { from: '2026-03-07', to: '2026-03-10' },
  { from: '2026-03-09', to: '2026-03-09' },
  { from: '2026-01-01', to: '2026-12-31' },
);

function definitionOf(rules: Rules): JourneyDefinition {
  const steps: JourneyDefinition['steps'] = [{ stepId: 'a', type: 'push' }];
  return { name: 'Random', ...rules, steps, transitions: [] };
}

/** What the product should know at any time. */
class Model {
  readonly seen = new Set<string>();
  readonly log = new Map<string, ParsedEvent>();
  readonly rules = new Map<string, Rules>();

  post(events: readonly ParsedEvent[]): number {
    let accepted = 0;
    for (const event of events) {
      if (this.seen.has(event.id)) continue;
      this.seen.add(event.id);
      this.log.set(event.id, event);
      accepted += 1;
    }
    return accepted;
  }

  erase(userId: string): void {
    for (const [id, event] of this.log) if (event.userId === userId) this.log.delete(id);
  }
}

/** Plays actions on a workspace of its own. */
class Play {
  readonly model = new Model();
  readonly workspace: Workspace;
  readonly #left: ParsedEvent[];
  readonly #posted: ParsedEvent[] = [];

  constructor(workspace: Workspace, events: readonly ParsedEvent[]) {
    this.workspace = workspace;
    this.#left = [...events];
  }

  /** Two processes at work at once. */
  async workers(): Promise<boolean> {
    const [one, other] = await Promise.all([takeWork(service.database), takeWork(otherProcess)]);
    return one || other;
  }

  async post(size: number, again: number): Promise<void> {
    const { workspaceId } = this.workspace;
    const events = this.#left.splice(0, size);
    const known = this.#posted.slice(-again).map((event) => ({ ...event, at: event.at + 60_000 }));
    const batch = again === 0 ? events : [...known, ...events, ...events.slice(0, again)];
    const expected = this.model.post(batch);
    const stored = await storeEvents(service.database, workspaceId, batch);
    assert.deepEqual(stored, { accepted: expected, duplicates: batch.length - expected });
    this.#posted.push(...events);
  }

  async #change(each: Action): Promise<unknown> {
    const { workspaceId } = this.workspace;
    switch (each.do) {
      case 'post':
        return this.post(each.size, each.again);
      case 'erase':
        this.model.erase(each.userId);
        return eraseUser(otherProcess, workspaceId, each.userId);
      case 'define':
        this.model.rules.set(each.journeyId, each.rules);
        return defineJourney(service.database, workspaceId, each.journeyId, definitionOf(each.rules), true);
      case 'forget':
        this.model.rules.delete(each.journeyId);
        return forgetJourney(service.database, workspaceId, each.journeyId);
      case 'pass':
        for (const shard of each.shard === null ? shards : [each.shard]) {
          await each.kind(otherProcess, workspaceId, shard);
        }
        return undefined;
      case 'serve':
        return serveWhenFolded(service.database, workspaceId);
      case 'jump':
        // The next users are those of another block, mostly of another shard.
        return service.database.owner.execute(`
          SELECT setval('journey_analytics.user_ids',
            (last_value / ${usersInBlock} + ${each.blocks}) * ${usersInBlock})
          FROM journey_analytics.user_ids`);
      default:
        return this.workers();
    }
  }

  async act(each: Action): Promise<void> {
    const work = 'beside' in each && each.beside ? this.workers() : undefined;
    await Promise.all([this.#change(each), work]);
  }

  /** Posts what is left and defines what is not, and waits until all is in the numbers. */
  async finish(): Promise<void> {
    await this.post(this.#left.length, 0);
    for (const journeyId of journeyIds) {
      const rules = this.model.rules.get(journeyId) ?? { conversion: null, timeZone: 'UTC' };
      await this.#change({ do: 'define', journeyId, rules, beside: false });
    }
    for (let idle = 0; idle < 2;) idle = (await this.workers()) ? 0 : idle + 1;
  }

  /** Holds the answers against the fold of the log. */
  async check(asked: { from?: string; to?: string }): Promise<void> {
    const { workspaceId, api } = this.workspace;
    for (const [journeyId, rules] of this.model.rules) {
      assert.deepEqual(await auditJourney(service.database, workspaceId, journeyId), { differences: [] });
      const expected = FoldedJourney.of(journeyId, rules, this.model.log.values(), asked);
      const overview = (await api.get(`/v1/journeys/${journeyId}/overview`, asked)).as(overviewSchema);
      assert.equal(overview.pendingEvents, 0);
      assert.deepEqual(partsOfOverview(overview), expected.overview);
      const flow = (await api.get(`/v1/journeys/${journeyId}/flow`, asked)).as(flowSchema);
      for (const step of flow.steps) assert.deepEqual(partsOfStep(step), expected.step(step.stepId));
      assert.deepEqual(takenTransitions(flow), expected.transitions);
    }
  }
}

test('any history, however it comes, gives the numbers of its fold', async () => {
  await fc.assert(
    fc.asyncProperty(
      log,
      fc.array(action, { minLength: 10, maxLength: 30, size: 'max' }),
      range,
      arbitraryRules,
      async (events, actions, asked, rules) => {
        made += 1;
        const play = new Play(await service.workspace(`random ${made}`), events);
        await play.act({ do: 'define', journeyId: 'first', rules, beside: false });
        for (const each of actions) await play.act(each);
        await play.finish();
        await play.check(asked);
        // Passes that find nothing to do change nothing.
        await play.workers();
        await play.check({});
      },
    ),
    {
      numRuns: Number(process.env['RANDOM_HISTORIES'] ?? 20),
      interruptAfterTimeLimit: 60_000,
      markInterruptAsFailure: false,
    },
  );
});
