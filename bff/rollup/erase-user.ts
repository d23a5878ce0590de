// Erasing a person: the numbers lose what the person's events gave them, then the events go.
import { inWorkspace, retryConflicts, type Database } from '../../db/client.ts';
import { deleteUser, removeFromWork, selectUserId } from '../../db/queries/erasure.ts';
import { reviseGenerations } from '../../db/queries/generations.ts';
import { selectJourneysOfUsers } from '../../db/queries/histories.ts';
import { lockForErasure, lockShard } from '../../db/queries/locks.ts';
import { selectPendingBatches, selectRefolds } from '../../db/queries/work.ts';
import { Changes } from './changes.ts';
import { loadGenerations, type Generation } from './generation.ts';
import { conversionNamesOf, loadHistories } from './histories.ts';
import { shardOf, userBlockOf } from './shards.ts';
import { writeChanges } from './write-changes.ts';

/** Erases a person by External ID from log, sets and counts. Does nothing when the person is unknown. */
export async function eraseUser(database: Database, workspaceId: number, externalId: string): Promise<void> {
  await retryConflicts(() =>
    inWorkspace(
      database,
      workspaceId,
      async (tx) => {
        await lockForErasure(tx, workspaceId);
        const userId = await selectUserId(tx, workspaceId, externalId);
        if (userId === undefined) return;
        const shard = shardOf(userId);
        const userBlock = userBlockOf(userId);
        await lockShard(tx, workspaceId, shard);
        const generations = await loadGenerations(tx, workspaceId);
        const numbers = generations.map((generation) => generation.journeyNumber);
        const pairs = await selectJourneysOfUsers(tx, workspaceId, [userId], numbers);
        const histories = await loadHistories(tx, workspaceId, pairs, conversionNamesOf(generations));
        const { batches, snapshotAt } = await selectPendingBatches(tx, workspaceId, shard);
        const waiting = new Set(batches.map((batch) => batch.batchId));
        const refolds = await selectRefolds(tx, workspaceId, { shard });
        const joined = new Set(pairs.map((pair) => pair.journeyNumber));
        const changed: Generation[] = [];
        for (const generation of generations) {
          const notYetFolded = refolds.some(
            (refold) => refold.generation === generation.generation && refold.userBlock === userBlock,
          );
          if (notYetFolded || !joined.has(generation.journeyNumber)) continue;
          const changes = new Changes();
          const counted = histories.facts(generation, userId, (batchId) => !waiting.has(batchId));
          changes.add(
            userId,
            counted,
            histories.facts(generation, userId, () => false),
          );
          if (changes.isEmpty) continue;
          changed.push(generation);
          await writeChanges(tx, { workspaceId, ...generation }, shard, changes);
        }
        await removeFromWork(tx, workspaceId, { userId, shard, userBlock });
        await deleteUser(tx, workspaceId, userId, externalId);
        await reviseGenerations(tx, workspaceId, changed, snapshotAt);
      },
      { patient: true },
    ),
  );
}
