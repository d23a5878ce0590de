// Fills a new generation: folds whole histories, a block of users at a time, and lets it serve when all are folded.
import { inWorkspace, type Database } from '../../db/client.ts';
import { reviseGenerations, serveGeneration } from '../../db/queries/generations.ts';
import { selectUsersOfJourney } from '../../db/queries/histories.ts';
import { lockShard, tryLockShard } from '../../db/queries/locks.ts';
import { finishRefold, selectPendingBatches, selectRefolds } from '../../db/queries/work.ts';
import { Changes } from './changes.ts';
import { loadGenerations } from './generation.ts';
import { conversionNamesOf, loadHistories, PortionSize } from './histories.ts';
import type { Pass } from './roll-up.ts';
import { shards, usersInBlock } from './shards.ts';
import { writeChanges } from './write-changes.ts';

/** Folds one block of users of one shard into a generation that has not folded it yet. */
export async function refold(database: Database, workspaceId: number, shard: number): Promise<Pass> {
  return inWorkspace(database, workspaceId, async (tx) => {
    if (!(await tryLockShard(tx, workspaceId, shard))) return 'busy';
    const [next] = await selectRefolds(tx, workspaceId, { shard });
    if (!next) return 'idle';
    const { snapshotAt } = await selectPendingBatches(tx, workspaceId, shard);
    const generations = await loadGenerations(tx, workspaceId, next.journeyNumber);
    const generation = generations.find((each) => each.generation === next.generation);
    if (!generation) throw new Error('A refold names a generation that does not exist');
    const changes = new Changes();
    let from = next.userBlock * usersInBlock;
    const below = from + usersInBlock;
    let events = 0;
    const portion = new PortionSize();
    for (;;) {
      const most = portion.users;
      const users = await selectUsersOfJourney(tx, workspaceId, next.journeyNumber, from, below, most);
      const pairs = users.map((userId) => ({ userId, journeyNumber: next.journeyNumber }));
      const histories = await loadHistories(tx, workspaceId, pairs, conversionNamesOf([generation]));
      const pending = await selectPendingBatches(tx, workspaceId, shard);
      const waiting = new Set(pending.batches.map((batch) => batch.batchId));
      for (const userId of users) {
        const nothing = histories.facts(generation, userId, () => false);
        changes.add(
          userId,
          nothing,
          histories.facts(generation, userId, (batchId) => !waiting.has(batchId)),
        );
      }
      events += users.length;
      const last = users.at(-1);
      if (last === undefined || users.length < most) break;
      portion.learn(users.length, histories.size);
      from = last + 1;
    }
    await writeChanges(tx, { workspaceId, ...generation }, shard, changes);
    await finishRefold(tx, workspaceId, next, generation.serving);
    await reviseGenerations(tx, workspaceId, [generation], snapshotAt);
    return { events };
  });
}

/** Lets every generation serve that has nothing left to fold. Nobody rolls up meanwhile, so none misses an event. */
export async function serveWhenFolded(database: Database, workspaceId: number): Promise<void> {
  await inWorkspace(database, workspaceId, async (tx) => {
    const isReady = async () => {
      const filling = (await loadGenerations(tx, workspaceId)).filter((generation) => !generation.serving);
      const ready = [];
      for (const generation of filling) {
        const left = await selectRefolds(tx, workspaceId, { journeyNumber: generation.journeyNumber });
        if (!left.some((refoldLeft) => refoldLeft.generation === generation.generation))
          ready.push(generation);
      }
      return ready;
    };
    if ((await isReady()).length === 0) return;
    for (const shard of shards) await lockShard(tx, workspaceId, shard);
    for (const { journeyNumber, generation } of await isReady()) {
      await serveGeneration(tx, workspaceId, journeyNumber, generation);
    }
  });
}
