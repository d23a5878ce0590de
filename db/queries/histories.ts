// Reading users' histories out of the log.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';

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

type Row = [
  number,
  number,
  string,
  string,
  number,
  number,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
];

const columns = sql.raw(`
  event.journey_number, event.user_id, event.batch_id, event.event_id, event.event_type,
  round(date_part('epoch', event.at) * 1000) AS at, event.sequence, event.entry_id, event.step_id, event.outcome,
  event.platform, event.reason, event.name, event.properties::text AS properties`);

function toEvent(row: Record<string, unknown>): LoggedEvent {
  const [
    journeyNumber,
    userId,
    batchId,
    id,
    eventType,
    at,
    sequence,
    entryId,
    stepId,
    outcome,
    platform,
    reason,
    name,
    properties,
  ] = Object.values(row) as Row; // the columns above, in their order
  return {
    journeyNumber,
    userId,
    batchId: Number(batchId),
    id,
    eventType,
    at,
    sequence: Number(sequence),
    entryId,
    stepId,
    outcome,
    platform,
    reason,
    name,
    properties,
  };
}

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
  const rows = await tx.execute(sql`
    SELECT ${columns} FROM journey_analytics.events AS event
    WHERE event.workspace_id = ${workspaceId} AND event.journey_number = ${journeyNumber}
      AND event.user_id = ANY(${sql.param(userIds)}::integer[])`);
  return rows.map(toEvent);
}

/** The product events of users that have one of these names. */
export async function selectProductEvents(
  tx: Transaction,
  workspaceId: number,
  userIds: readonly number[],
  names: readonly string[],
): Promise<LoggedEvent[]> {
  if (userIds.length === 0 || names.length === 0) return [];
  const rows = await tx.execute(sql`
    SELECT ${columns} FROM journey_analytics.events AS event
    WHERE event.workspace_id = ${workspaceId} AND event.journey_number = 0
      AND event.user_id = ANY(${sql.param(userIds)}::integer[]) AND event.name = ANY(${sql.param(names)}::text[])`);
  return rows.map(toEvent);
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
    WHERE workspace_id = ${workspaceId} AND user_id = ANY(${sql.param(userIds)}::integer[])
      AND journey_number = ANY(${sql.param(journeyNumbers)}::integer[])`);
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
