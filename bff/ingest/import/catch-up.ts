// Lets the rollup count what was stored: by its own hands, and beside a running service by that one's too.
import { setTimeout as delay } from 'node:timers/promises';
import { inWorkspace } from '../../../db/client.ts';
import { selectPendingEvents } from '../../../db/queries/pending.ts';
import { takeWorkOf } from '../../rollup/worker.ts';
import type { ImportTarget } from './import-events.ts';

const pause = 50;

/** Settles when nothing of the workspace is pending any more, or when `stopped` says so. */
export async function catchUp(
  { database, workspaceId }: ImportTarget,
  show: (pendingEvents: number) => void,
  stopped: () => boolean,
): Promise<void> {
  while (!stopped()) {
    const worked = await takeWorkOf(database, workspaceId);
    const left = await inWorkspace(database, workspaceId, (tx) => selectPendingEvents(tx, workspaceId));
    if (left === undefined) return;
    show(left);
    // Another process has the shards that are left.
    if (!worked) await delay(pause);
  }
}
