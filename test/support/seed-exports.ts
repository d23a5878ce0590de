// Fills a log with many users at once by SQL and lets the product fold it, for exports of a size that no request posts.
import { sql, type SQL } from 'drizzle-orm';
import { defineJourney } from '../../bff/rollup/define-journey.ts';
import * as v from 'valibot';
import { eventTypes, journeyDefinitionSchema, type EventType } from '../../bff/contract/index.ts';
import type { Database } from '../../db/client.ts';
import { definition, journeyId } from './sample-journey.ts';

const typeOf = (type: EventType) => sql.raw(String(eventTypes.indexOf(type)));

/**
 * Gives each name a way through the sample journey, in March 2026: entered, start, hello, a message, out; every fourth
 * buys. The journey is defined last, so that the rollup folds everything.
 * @param names a query of positions from 1 on and External IDs
 */
export async function seedUsers(database: Database, workspaceId: number, names: SQL): Promise<void> {
  await database.owner.transaction(async (tx) => {
    await tx.execute(sql`SELECT journey_analytics.create_events_partition(2026, 3)`);
    const [journey] = await tx.execute<{ journey_number: number }>(sql`
      INSERT INTO journey_analytics.journeys (workspace_id, journey_id, has_events)
      VALUES (${workspaceId}, ${journeyId}, true) RETURNING journey_number`);
    const journeyNumber = sql.raw(String(journey?.journey_number));
    const workspace = sql.raw(String(workspaceId));
    await tx.execute(sql`
      CREATE TEMPORARY TABLE seeded ON COMMIT DROP AS
      SELECT named.position::integer AS position, named.external_id COLLATE "C" AS external_id,
        nextval('journey_analytics.user_ids')::integer AS user_id
      FROM (${names}) AS named (position, external_id)`);
    await tx.execute(sql`
      INSERT INTO journey_analytics.users (workspace_id, user_id, external_id)
      SELECT ${workspace}, user_id, external_id FROM seeded`);
    await tx.execute(sql`
      INSERT INTO journey_analytics.user_numbers (workspace_id, external_id, user_id)
      SELECT ${workspace}, external_id, user_id FROM seeded`);
    await tx.execute(sql`
      INSERT INTO journey_analytics.journey_users (workspace_id, user_id, journey_number)
      SELECT ${workspace}, user_id, ${journeyNumber} FROM seeded`);
    await tx.execute(sql`
      INSERT INTO journey_analytics.events (workspace_id, journey_number, user_id, at, event_id, event_type, sequence,
        step_id, platform, reason, name, batch_id)
      SELECT ${workspace}, CASE WHEN told.name IS NULL THEN ${journeyNumber} ELSE 0 END, user_id,
        timestamptz '2026-03-01 00:00:00Z' + (position % 2000000) * interval '1 second' + told.later * interval '1 minute',
        user_id || told.suffix, told.event_type, 0, told.step_id, told.platform, told.reason, told.name, 0
      FROM seeded CROSS JOIN (VALUES
        ('e', ${typeOf('journey.entered')}, 0, NULL::text, NULL::text, NULL::text, NULL::text, 1),
        ('s', ${typeOf('step.entered')}, 0, 'start', NULL, NULL, NULL, 1),
        ('h', ${typeOf('step.entered')}, 5, 'hello', NULL, NULL, NULL, 1),
        ('m', ${typeOf('message.sent')}, 6, 'hello', 'ios', NULL, NULL, 1),
        ('x', ${typeOf('journey.exited')}, 60, NULL, NULL, 'done', NULL, 1),
        ('t', ${typeOf('track')}, 90, NULL, NULL, NULL, 'Purchase', 4)
      ) AS told (suffix, event_type, later, step_id, platform, reason, name, every)
      WHERE position % told.every = 0`);
  });
  await database.owner.execute(sql`ANALYZE`);
  await defineJourney(database, workspaceId, journeyId, v.parse(journeyDefinitionSchema, definition), false);
}
