// How much of a workspace is stored and not counted yet.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';

/** How many events wait in batches and in blocks to be folded again; undefined when there is neither. */
export async function selectPendingEvents(tx: Transaction, workspaceId: number): Promise<number | undefined> {
  const [row] = await tx.execute<{ work: string; events: string }>(sql`
    SELECT count(*) AS work, coalesce(sum(event_count), 0) AS events FROM (
      SELECT event_count FROM journey_analytics.batches WHERE workspace_id = ${workspaceId}
      UNION ALL
      SELECT event_count FROM journey_analytics.refolds WHERE workspace_id = ${workspaceId}
    ) AS pending`);
  return row === undefined || Number(row.work) === 0 ? undefined : Number(row.events);
}
