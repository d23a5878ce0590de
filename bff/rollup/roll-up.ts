// One pass of the rollup over a shard of a workspace's users: waiting batches become differences in the numbers.
import { inWorkspace, type Database, type Transaction } from '../../db/client.ts';
import { reviseGenerations } from '../../db/queries/generations.ts';
import { selectJourneysOfUsers, selectProductEvents } from '../../db/queries/histories.ts';
import { tryLockShard } from '../../db/queries/locks.ts';
import {
  addToRefolds,
  deleteBatches,
  selectPendingBatches,
  selectRefolds,
  selectTouched,
  type PendingBatch,
} from '../../db/queries/work.ts';
import { noJourney } from '../ingest/store-events.ts';
import { Changes } from './changes.ts';
import { loadGenerations, type Generation } from './generation.ts';
import { conversionNamesOf, loadHistories, PortionSize, type Histories } from './histories.ts';
import { userBlockOf } from './shards.ts';
import { writeChanges } from './write-changes.ts';

/**
 * A pass takes all that waits, up to this many events. The more it takes, the fewer times a user's history is read and a
 * set is written again; the fewer, the shorter its transaction.
 */
const mostEvents = 50_000;

interface Pair {
  readonly journeyNumber: number;
  readonly userId: number;
}

/** The oldest batches, up to what one pass may take; at least one. */
function chooseBatches(waiting: readonly PendingBatch[]): number[] {
  const chosen: number[] = [];
  let events = 0;
  for (const batch of waiting) {
    if (chosen.length > 0 && events + batch.eventCount > mostEvents) break;
    chosen.push(batch.batchId);
    events += batch.eventCount;
  }
  return chosen;
}

/** Which users of which defined journeys a pass must fold again. */
async function pairsToFold(
  tx: Transaction,
  workspaceId: number,
  touched: readonly Pair[],
  chosen: ReadonlySet<number>,
  generations: readonly Generation[],
): Promise<Pair[]> {
  const defined = new Set(generations.map((generation) => generation.journeyNumber));
  const pairs = new Map<string, Pair>();
  const customers = new Set<number>();
  for (const pair of touched) {
    if (pair.journeyNumber === noJourney) customers.add(pair.userId);
    else if (defined.has(pair.journeyNumber)) pairs.set(`${pair.journeyNumber} ${pair.userId}`, pair);
  }
  if (customers.size === 0) return [...pairs.values()];
  // A new product event concerns the journeys that convert by its name and that the user is in.
  const byName = new Map<string, Set<number>>();
  const added = await selectProductEvents(tx, workspaceId, [...customers], conversionNamesOf(generations));
  for (const { name, batchId, userId } of added) {
    if (name === null || !chosen.has(batchId)) continue;
    const users = byName.get(name) ?? new Set();
    byName.set(name, users.add(userId));
  }
  for (const [name, users] of byName) {
    const journeys = generations
      .filter(({ rules }) => rules.conversion?.event === name)
      .map((generation) => generation.journeyNumber);
    for (const pair of await selectJourneysOfUsers(tx, workspaceId, [...users], journeys)) {
      pairs.set(`${pair.journeyNumber} ${pair.userId}`, pair);
    }
  }
  return [...pairs.values()];
}

/** Portions of pairs, with all pairs of a user in one, each as large as the size then is. */
function* portionsOf(pairs: readonly Pair[], size: PortionSize): Generator<Pair[]> {
  const inOrder = pairs.toSorted((a, b) => a.userId - b.userId);
  let portion: Pair[] = [];
  let users = 0;
  let last: number | undefined;
  for (const pair of inOrder) {
    if (pair.userId !== last) {
      if (users >= size.users) {
        yield portion;
        portion = [];
        users = 0;
      }
      users += 1;
      last = pair.userId;
    }
    portion.push(pair);
  }
  if (portion.length > 0) yield portion;
}

/** How many of the chosen batches' events each block of users has in each journey. */
class EventsOfBlocks {
  readonly #blocks = new Map<string, { journeyNumber: number; userBlock: number; events: number }>();

  add(pairs: readonly Pair[], histories: Histories, chosen: ReadonlySet<number>): void {
    for (const { journeyNumber, userId } of pairs) {
      const userBlock = userBlockOf(userId);
      const key = `${journeyNumber} ${userBlock}`;
      const block = this.#blocks.get(key) ?? { journeyNumber, userBlock, events: 0 };
      block.events += histories.countOwn(journeyNumber, userId, (batchId) => chosen.has(batchId));
      this.#blocks.set(key, block);
    }
  }

  list() {
    return [...this.#blocks.values()];
  }
}

/** What a pass found: another process has the shard, nothing to do, or how many events it rolled up. */
export type Pass = 'busy' | 'idle' | { readonly events: number };

/**
 * Rolls up waiting batches of one shard. The batches are done exactly when the numbers hold them, since both happen in
 * one transaction.
 */
export async function rollUp(database: Database, workspaceId: number, shard: number): Promise<Pass> {
  return inWorkspace(database, workspaceId, async (tx) => {
    if (!(await tryLockShard(tx, workspaceId, shard))) return 'busy';
    const { batches, snapshotAt } = await selectPendingBatches(tx, workspaceId, shard);
    if (batches.length === 0) return 'idle';
    const chosenIds = chooseBatches(batches);
    const chosen = new Set(chosenIds);
    const generations = await loadGenerations(tx, workspaceId);
    const touched = await selectTouched(tx, workspaceId, shard, chosenIds);
    const pairs = await pairsToFold(tx, workspaceId, touched, chosen, generations);
    const foldedJourneys = new Set(pairs.map((pair) => pair.journeyNumber));
    const folded = generations.filter((generation) => foldedJourneys.has(generation.journeyNumber));
    const names = conversionNamesOf(folded);
    const refolds = await selectRefolds(tx, workspaceId, { shard });
    const refolding = new Set(refolds.map((refold) => `${refold.generation} ${refold.userBlock}`));
    const collected = folded.map((generation) => ({ generation, changes: new Changes() }));
    const eventsOfBlocks = new EventsOfBlocks();
    const size = new PortionSize();
    for (const portion of portionsOf(pairs, size)) {
      const histories = await loadHistories(tx, workspaceId, portion, names);
      // Batches that were committed meanwhile may show in the histories already: they wait for their own pass.
      const later = await selectPendingBatches(tx, workspaceId, shard);
      const waiting = new Set(later.batches.map((batch) => batch.batchId));
      const isDone = (batchId: number) => !waiting.has(batchId);
      const willBeDone = (batchId: number) => chosen.has(batchId) || !waiting.has(batchId);
      for (const { generation, changes } of collected) {
        for (const { journeyNumber, userId } of portion) {
          if (journeyNumber !== generation.journeyNumber) continue;
          // A block that the generation has not folded yet will be folded with these batches in it.
          if (refolding.has(`${generation.generation} ${userBlockOf(userId)}`)) continue;
          const before = histories.facts(generation, userId, isDone);
          changes.add(userId, before, histories.facts(generation, userId, willBeDone));
        }
      }
      eventsOfBlocks.add(portion, histories, chosen);
      size.learn(new Set(portion.map(({ userId }) => userId)).size, histories.size);
    }
    const changed = collected.filter(({ changes }) => !changes.isEmpty);
    for (const { generation, changes } of changed) {
      await writeChanges(tx, { workspaceId, ...generation }, shard, changes);
    }
    // Their batches are done, so from now on it is their blocks that say they are pending, where these are to be folded.
    await addToRefolds(tx, workspaceId, eventsOfBlocks.list());
    await deleteBatches(tx, workspaceId, shard, chosenIds);
    await reviseGenerations(
      tx,
      workspaceId,
      changed.map(({ generation }) => generation),
      snapshotAt,
    );
    let events = 0;
    for (const batch of batches) if (chosen.has(batch.batchId)) events += batch.eventCount;
    return { events };
  });
}
