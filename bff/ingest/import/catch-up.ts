// Lets the rollup count what was stored: by its own hands, and beside a running service by that one's too.
import { setTimeout as delay } from 'node:timers/promises';
import { inWorkspace, retryConflicts } from '../../../db/client.ts';
import { selectPendingEvents } from '../../../db/queries/pending.ts';
import { refold, serveWhenFolded } from '../../rollup/refold.ts';
import { rollUp } from '../../rollup/roll-up.ts';
import { shards } from '../../rollup/shards.ts';
import type { ImportTarget } from './import-events.ts';

const pause = 50;
/** Does one pass of each kind in each shard. @returns whether any did something */
async function takeWork({ database, workspaceId }: ImportTarget): Promise<boolean> {
  let worked = false;
  for (const shard of shards) {
    for (const pass of [rollUp, refold]) {
      const result = await retryConflicts(() => pass(database, workspaceId, shard));
      worked ||= typeof result === 'object';
    }
  }
  await retryConflicts(() => serveWhenFolded(database, workspaceId));
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
    const worked = await takeWork(target);
    const left = await inWorkspace(database, workspaceId, (tx) => selectPendingEvents(tx, workspaceId));
    if (left === undefined) return;
    show(left);
    // Another process has the shards that are left.
    if (!worked) await delay(pause);
  }
}
