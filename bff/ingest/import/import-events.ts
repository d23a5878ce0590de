// Stores the items of a file in batches: while one is being stored, the next is read and parsed.
import type { Database } from '../../../db/client.ts';
import type { ParsedEvent } from '../../contract/index.ts';
import { parseEvents } from '../parse-events.ts';
import { storeEvents } from '../store-events.ts';
import type { Item } from './item.ts';
import { Rejections } from './rejections.ts';

const eventsAtOnce = 5_000;

/** What was done so far. */
export interface Tally {
  /** Items of the file that are dealt with, those of an earlier run with them. */
  items: number;
  accepted: number;
  duplicates: number;
  readonly rejections: Rejections;
}

interface Batch {
  readonly items: number;
  readonly events: readonly ParsedEvent[];
}

/** Cuts groups of items into batches and parses them. */
async function* batchesOf(
  groups: AsyncIterable<readonly Item[]>,
  rejections: Rejections,
): AsyncGenerator<Batch> {
  let items = 0;
  let events: ParsedEvent[] = [];
  for await (const group of groups) {
    for (let from = 0; from < group.length;) {
      const part = group.slice(from, from + eventsAtOnce - items);
      from += part.length;
      items += part.length;
      const parsed = parseEvents(part);
      for (const { index, errors } of parsed.rejected) rejections.add(part[index]?.line ?? 0, errors);
      events.push(...parsed.events);
      if (items < eventsAtOnce) continue;
      yield { items, events };
      items = 0;
      events = [];
    }
  }
  if (items > 0) yield { items, events };
}

export interface ImportTarget {
  readonly database: Database;
  readonly workspaceId: number;
}

/**
 * Stores all items, in order.
 * @param skipped how many items of the file come before those given
 * @param stored told after each batch where in the file it began; when it answers false, the import ends there
 */
export async function importEvents(
  { database, workspaceId }: ImportTarget,
  groups: AsyncIterable<readonly Item[]>,
  skipped: number,
  stored: (tally: Readonly<Tally>, batchBegan: number) => Promise<boolean>,
): Promise<Tally> {
  const tally: Tally = { items: skipped, accepted: 0, duplicates: 0, rejections: new Rejections() };
  const batches = batchesOf(groups, tally.rejections);
  const store = async (batch: Batch): Promise<boolean> => {
    const began = tally.items;
    const { accepted, duplicates } = await storeEvents(database, workspaceId, batch.events);
    tally.items += batch.items;
    tally.accepted += accepted;
    tally.duplicates += duplicates;
    return stored(tally, began);
  };
  try {
    let next = await batches.next();
    while (!next.done) {
      // oxlint-disable-next-line no-await-in-loop -- batches are stored in order, so that a position means all before it
      const [goesOn, following] = await Promise.all([store(next.value), batches.next()]);
      if (!goesOn) break;
      next = following;
    }
  } finally {
    await batches.return(undefined);
  }
  return tally;
}
