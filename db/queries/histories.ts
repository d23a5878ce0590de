// Reading users' histories out of the log.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';
import { anyOf, plainArray, textArray } from '../array-text.ts';

/** One event as the log holds it; `at` is milliseconds since 1970. */
export interface LoggedEvent {
  readonly journeyNumber: number;
  readonly userId: number;
  readonly batchId: number;
  readonly id: string;
  readonly eventType: number;
  readonly at: number;
  readonly sequence: number;
  readonly entryId: string | null;
  readonly stepId: string | null;
  readonly outcome: string | null;
  readonly platform: string | null;
  readonly reason: string | null;
  readonly name: string | null;
  readonly properties: string | null;
}

/** Sequences and numbers of batches are far below 2^53, so as doubles they come as numbers. */
const columns = sql.raw(`
  event.journey_number AS "journeyNumber", event.user_id AS "userId", event.batch_id::float8 AS "batchId",
  event.event_id AS id, event.event_type AS "eventType", round(date_part('epoch', event.at) * 1000) AS at,
  event.sequence::float8 AS sequence, event.entry_id AS "entryId", event.step_id AS "stepId", event.outcome,
  event.platform, event.reason, event.name, event.properties::text AS properties`);

type Row = LoggedEvent & Record<string, unknown>;

/**
 * The events of users in a journey. A list of users, and no join with one: that is answered from the index also where
 * PostgreSQL has no statistics yet, while for a join it may then read the whole journey.
 */
export async function selectJourneyEvents(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  userIds: readonly number[],
): Promise<LoggedEvent[]> {
  if (userIds.length === 0) return [];
  return tx.execute<Row>(sql`
    SELECT ${columns} FROM journey_analytics.events AS event
    WHERE event.workspace_id = ${workspaceId} AND event.journey_number = ${journeyNumber}
      AND event.user_id = ${anyOf(plainArray(userIds), 'integer')}`);
}

/** The product events of users that have one of these names. */
export async function selectProductEvents(
  tx: Transaction,
  workspaceId: number,
  userIds: readonly number[],
  names: readonly string[],
): Promise<LoggedEvent[]> {
  if (userIds.length === 0 || names.length === 0) return [];
  return tx.execute<Row>(sql`
    SELECT ${columns} FROM journey_analytics.events AS event
    WHERE event.workspace_id = ${workspaceId} AND event.journey_number = 0
      AND event.user_id = ${anyOf(plainArray(userIds), 'integer')} AND event.name = ${anyOf(textArray(names), 'text')}`);
}

/** In which of these journeys each of these users has any event. */
export async function selectJourneysOfUsers(
  tx: Transaction,
  workspaceId: number,
  userIds: readonly number[],
  journeyNumbers: readonly number[],
): Promise<{ userId: number; journeyNumber: number }[]> {
  if (userIds.length === 0 || journeyNumbers.length === 0) return [];
  const rows = await tx.execute<{ user_id: number; journey_number: number }>(sql`
    SELECT user_id, journey_number FROM journey_analytics.journey_users
    WHERE workspace_id = ${workspaceId} AND user_id = ${anyOf(plainArray(userIds), 'integer')}
      AND journey_number = ${anyOf(plainArray(journeyNumbers), 'integer')}`);
  return rows.map((row) => ({ userId: row.user_id, journeyNumber: row.journey_number }));
}

/** Up to `limit` users of a journey whose number is at least `from`, in order. */
export async function selectUsersOfJourney(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  from: number,
  below: number,
  limit: number,
): Promise<number[]> {
  const rows = await tx.execute<{ user_id: number }>(sql`
    SELECT user_id FROM journey_analytics.journey_users
    WHERE workspace_id = ${workspaceId} AND journey_number = ${journeyNumber}
      AND user_id >= ${from} AND user_id < ${below}
    ORDER BY user_id LIMIT ${limit}`);
  return rows.map((row) => row.user_id);
}
