// Stores the events of requests. Those that come while others are being stored share a transaction: what a transaction
// costs is paid once for all of them, and none waits for another's users and ids to be committed.
import { isUnavailable, type Database } from '../../db/client.ts';
import { limits, type ParsedEvent } from '../contract/index.ts';
import { storeBatches, storeEvents, type Stored } from './store-events.ts';

/** How many transactions of a workspace are under way at once: while one waits for its commit, the database has another. */
const transactionsAtOnce = 2;

interface Request {
  readonly events: readonly ParsedEvent[];
  readonly outcome: PromiseWithResolvers<Stored>;
}

interface Line {
  underWay: number;
  readonly waiting: Request[];
}

export class EventStore {
  readonly #database: Database;
  /** Of each workspace whose events are being stored. */
  readonly #lines = new Map<number, Line>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores the events of one request, as `storeEvents` does. @throws what the database throws; then none is stored. */
  store(workspaceId: number, events: readonly ParsedEvent[]): Promise<Stored> {
    const line = this.#lines.get(workspaceId) ?? { underWay: 0, waiting: [] };
    this.#lines.set(workspaceId, line);
    const outcome = Promise.withResolvers<Stored>();
    line.waiting.push({ events, outcome });
    if (line.underWay < transactionsAtOnce) void this.#work(workspaceId, line);
    return outcome.promise;
  }

  /** Stores what waits until nothing does. */
  async #work(workspaceId: number, line: Line): Promise<void> {
    line.underWay += 1;
    while (line.waiting.length > 0) {
      await this.#storeTogether(workspaceId, takeSome(line.waiting)); // oxlint-disable-line no-await-in-loop -- in turn
    }
    line.underWay -= 1;
    if (line.underWay === 0) this.#lines.delete(workspaceId);
  }

  /** Settles the outcome of each request, and never rejects. */
  async #storeTogether(workspaceId: number, requests: readonly Request[]): Promise<void> {
    const batches = requests.map(({ events }) => events);
    try {
      const stored = await storeBatches(this.#database, workspaceId, batches);
      requests.forEach(({ outcome }, index) => outcome.resolve(stored[index] ?? noEvents));
    } catch (error) {
      if (requests.length === 1 || isUnavailable(error)) {
        for (const { outcome } of requests) outcome.reject(error);
        return;
      }
      // Whoever sent what the database refuses fails alone.
      for (const { events, outcome } of requests) {
        const alone = storeEvents(this.#database, workspaceId, events);
        await alone.then(outcome.resolve, outcome.reject); // oxlint-disable-line no-await-in-loop -- in turn
      }
    }
  }
}

const noEvents: Stored = { accepted: 0, duplicates: 0 };

/** Takes the requests that came first, as many as hold no more events than one may; at least one. */
function takeSome(waiting: Request[]): Request[] {
  let [count, events] = [0, 0];
  for (const request of waiting) {
    events += request.events.length;
    if (count > 0 && events > limits.eventsPerRequest) break;
    count += 1;
  }
  return waiting.splice(0, count);
}
