// Fills the demo's workspace when it is empty: one made-up journey, months of made-up people.
import * as v from 'valibot';
import { inWorkspace } from '../db/client.ts';
import { selectJourneys } from '../db/queries/generations.ts';
import {
  eventSchema,
  journeyDefinitionSchema,
  type EventInput,
  type JourneyDefinitionInput,
} from './contract/index.ts';
import { storeEvents } from './ingest/store-events.ts';
import { defineJourney } from './rollup/define-journey.ts';
import type { Services } from './routes/route.ts';

const eventsAtOnce = 2_000;

/** Defines the journeys and stores the events, unless the workspace has a journey already. @returns whether it did. */
export async function seedDemo(
  { database, rollup }: Pick<Services, 'database' | 'rollup'>,
  workspaceId: number,
  journeys: Readonly<Record<string, JourneyDefinitionInput>>,
  events: Iterable<EventInput>,
): Promise<boolean> {
  const page = { cursor: '', limit: 1 };
  const known = await inWorkspace(database, workspaceId, (tx) => selectJourneys(tx, workspaceId, page));
  if (known.length > 0) return false;
  for (const [journeyId, definition] of Object.entries(journeys)) {
    await defineJourney(
      database,
      workspaceId,
      journeyId,
      v.parse(journeyDefinitionSchema, definition),
      false,
    );
  }
  let batch = [];
  for (const event of events) {
    batch.push(v.parse(eventSchema, event));
    if (batch.length < eventsAtOnce) continue;
    await storeEvents(database, workspaceId, batch);
    rollup.wake();
    batch = [];
  }
  await storeEvents(database, workspaceId, batch);
  rollup.wake();
  return true;
}
