// Removing a person from the log. Their events' ids stay, as hashes.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';

export async function selectUserId(
  tx: Transaction,
  workspaceId: number,
  externalId: string,
): Promise<number | undefined> {
  const [row] = await tx.execute<{ user_id: number }>(sql`
    SELECT user_id FROM journey_analytics.user_numbers
    WHERE workspace_id = ${workspaceId} AND external_id = ${externalId}`);
  return row?.user_id;
}

/** Takes a user out of the batches and blocks that are still to be rolled up, so that what waits is counted rightly. */
export async function removeFromWork(
  tx: Transaction,
  workspaceId: number,
  user: { userId: number; shard: number; userBlock: number },
): Promise<void> {
  await tx.execute(sql`
    UPDATE journey_analytics.refolds AS refold SET event_count = refold.event_count - own.events
    FROM (
      SELECT journey_number, count(*) AS events FROM journey_analytics.events
      WHERE workspace_id = ${workspaceId} AND user_id = ${user.userId}
        AND journey_number IN (
          SELECT journey_number FROM journey_analytics.journey_users
          WHERE workspace_id = ${workspaceId} AND user_id = ${user.userId})
        AND batch_id NOT IN (
          SELECT batch_id FROM journey_analytics.batches
          WHERE workspace_id = ${workspaceId} AND shard = ${user.shard})
      GROUP BY journey_number
    ) AS own
    WHERE refold.workspace_id = ${workspaceId} AND refold.user_block = ${user.userBlock}
      AND refold.journey_number = own.journey_number`);
  await tx.execute(sql`
    UPDATE journey_analytics.batches AS batch SET
      event_count = batch.event_count - (
        SELECT count(*) FROM journey_analytics.events AS event
        WHERE event.workspace_id = ${workspaceId} AND event.user_id = ${user.userId}
          AND event.journey_number IN (
            SELECT touched.journey_number FROM unnest(batch.journey_numbers, batch.user_ids)
              AS touched (journey_number, user_id)
            WHERE touched.user_id = ${user.userId})
          AND event.batch_id = batch.batch_id),
      journey_numbers = ARRAY(
        SELECT touched.journey_number FROM unnest(batch.journey_numbers, batch.user_ids)
          WITH ORDINALITY AS touched (journey_number, user_id, position)
        WHERE touched.user_id <> ${user.userId} ORDER BY position),
      user_ids = array_remove(batch.user_ids, ${user.userId}::integer)
    WHERE batch.workspace_id = ${workspaceId} AND batch.shard = ${user.shard}
      AND ${user.userId}::integer = ANY(batch.user_ids)`);
}

/** Deletes a user's events, name and number. */
export async function deleteUser(
  tx: Transaction,
  workspaceId: number,
  userId: number,
  externalId: string,
): Promise<void> {
  await tx.execute(sql`
    DELETE FROM journey_analytics.events
    WHERE workspace_id = ${workspaceId} AND user_id = ${userId} AND journey_number IN (
      SELECT journey_number FROM journey_analytics.journey_users
      WHERE workspace_id = ${workspaceId} AND user_id = ${userId}
      UNION ALL SELECT 0)`);
  await tx.execute(sql`
    DELETE FROM journey_analytics.journey_users WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`);
  await tx.execute(sql`
    DELETE FROM journey_analytics.users WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`);
  await tx.execute(sql`
    DELETE FROM journey_analytics.user_numbers
    WHERE workspace_id = ${workspaceId} AND external_id = ${externalId}`);
}
