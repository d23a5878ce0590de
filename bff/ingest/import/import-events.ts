// Stores the items of a file in batches: while some are being stored, the next is read and parsed.
import type { Database } from '../../../db/client.ts';
import type { ParsedEvent } from '../../contract/index.ts';
import { parseEvents } from '../parse-events.ts';
import { storeEvents, type Stored } from '../store-events.ts';
import type { Item } from './item.ts';
import { Rejections } from './rejections.ts';

const eventsAtOnce = 10_000;
/** How many batches are being stored at once: while one waits for its commit, the other keeps the database busy. */
const batchesAtOnce = 2;

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

/** A batch on its way into the database. */
interface Storing {
  readonly items: number;
  /** Never rejects, so that a failure waits until the batches before are dealt with. */
  readonly outcome: Promise<readonly [PromiseSettledResult<Stored>]>;
}

/**
 * Stores all items. Batches are acknowledged in order, whichever is stored first.
 * @param skipped how many items of the file come before those given
 * @param stored told for each batch, in order, where in the file it began; when it answers false, the import ends there
 */
export async function importEvents(
  { database, workspaceId }: ImportTarget,
  groups: AsyncIterable<readonly Item[]>,
  skipped: number,
  stored: (tally: Readonly<Tally>, batchBegan: number) => Promise<boolean>,
): Promise<Tally> {
  const tally: Tally = { items: skipped, accepted: 0, duplicates: 0, rejections: new Rejections() };
  const storing: Storing[] = [];
  const acknowledgeOldest = async (): Promise<boolean> => {
    const oldest = storing.shift();
    if (!oldest) return true;
    const [result] = await oldest.outcome;
    if (result.status === 'rejected') throw result.reason;
    const began = tally.items;
    tally.items += oldest.items;
    tally.accepted += result.value.accepted;
    tally.duplicates += result.value.duplicates;
    return stored(tally, began);
  };
  try {
    for await (const { items, events } of batchesOf(groups, tally.rejections)) {
      storing.push({ items, outcome: Promise.allSettled([storeEvents(database, workspaceId, events)]) });
      if (storing.length >= batchesAtOnce && !(await acknowledgeOldest())) break;
    }
    while (storing.length > 0) await acknowledgeOldest();
  } finally {
    await Promise.all(storing.map(({ outcome }) => outcome));
  }
  return tally;
}
