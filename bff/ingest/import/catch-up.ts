// Lets the rollup count what was stored: by its own hands, and beside a running service by that one's too.
import { setTimeout as delay } from 'node:timers/promises';
import { inWorkspace, retryConflicts } from '../../../db/client.ts';
import { selectPendingEvents } from '../../../db/queries/pending.ts';
import { refold, serveWhenFolded } from '../../rollup/refold.ts';
import { rollUp } from '../../rollup/roll-up.ts';
import { shards } from '../../rollup/shards.ts';
import type { ImportTarget } from './import-events.ts';

const pause = 50;
/** Two passes at a time: while the database works for one, the other is folded. */
const lanes = [0, 1].map((lane) => shards.filter((shard) => shard % 2 === lane));

/** Does one pass of each kind in each of some shards. @returns whether any did something */
async function takeShards(
  { database, workspaceId }: ImportTarget,
  some: readonly number[],
): Promise<boolean> {
  let worked = false;
  for (const shard of some) {
    for (const pass of [rollUp, refold]) {
      const result = await retryConflicts(() => pass(database, workspaceId, shard));
      worked ||= typeof result === 'object';
    }
  }
  return worked;
}

/** Settles when nothing of the workspace is pending any more, or when `stopped` says so. */
export async function catchUp(
  target: ImportTarget,
  show: (pendingEvents: number) => void,
  stopped: () => boolean,
): Promise<void> {
  const { database, workspaceId } = target;
  while (!stopped()) {
    const worked = await Promise.all(lanes.map((some) => takeShards(target, some)));
    await retryConflicts(() => serveWhenFolded(database, workspaceId));
    const left = await inWorkspace(database, workspaceId, (tx) => selectPendingEvents(tx, workspaceId));
    if (left === undefined) return;
    show(left);
    // Another process has the shards that are left.
    if (!worked.includes(true)) await delay(pause);
  }
}
