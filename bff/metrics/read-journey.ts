// What all readings have in common: one snapshot, the state of the journey, the range, the ETag.
import { hash } from 'node:crypto';
import { inWorkspace, type Database, type Transaction } from '../../db/client.ts';
import { selectReadState, type ReadState } from '../../db/queries/generations.ts';
import { selectOpenWindows, type Numbers } from '../../db/queries/rollups.ts';
import { formatDate, parseDate, type JourneyDefinition, type Range } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { readRules } from '../rollup/generation.ts';
import { loadNumbers, type DayRange, type JourneyNumbers } from './journey-numbers.ts';

/** The query of a reading, as the routes parse it. */
export interface RangeQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly compare?: 'previous' | undefined;
}

/** A journey as one snapshot shows it. */
export class Reading {
  readonly tx: Transaction;
  readonly numbers: Numbers;
  readonly state: ReadState;
  readonly definition: JourneyDefinition;
  /** The zone that the served numbers were counted in: during a rebuild still the old one. */
  readonly timeZone: string;
  /** Whether the rules of the served numbers have a conversion. */
  readonly hasConversion: boolean;
  readonly #cache: NumbersCache;

  constructor(tx: Transaction, workspaceId: number, state: ReadState, cache: NumbersCache) {
    this.tx = tx;
    this.state = state;
    this.numbers = { workspaceId, journeyNumber: state.journeyNumber, generation: state.generation };
    // Only parsed definitions are ever stored.
    this.definition = state.definition as JourneyDefinition;
    const rules = readRules(state.rules);
    this.timeZone = rules.timeZone;
    this.hasConversion = rules.conversion !== null;
    this.#cache = cache;
  }

  load(range: DayRange): Promise<JourneyNumbers> {
    const key = `${this.state.generation} ${this.state.revision} ${range.first} ${range.last}`;
    return this.#cache.get(key, () => loadNumbers(this.tx, this.numbers, range));
  }

  /** How many entries of the range may still convert, although they have exited. */
  async exitsWindowOpen(range: DayRange): Promise<number> {
    return (await selectOpenWindows(this.tx, this.numbers, this.state.now, range)).open;
  }

  /** The range as answers repeat it. */
  describe(range: DayRange): Range {
    const text = (day: number | null) => (day === null ? null : formatDate(day));
    return { from: text(range.first), to: text(range.last), timeZone: this.timeZone };
  }
}

/** The days of a query. */
export function dayRangeOf({ from, to }: RangeQuery): DayRange {
  const day = (text: string | undefined) => (text === undefined ? null : (parseDate(text) ?? null));
  return { first: day(from), last: day(to) };
}

/** Dates are written with four digits and begin with the year 1. */
const firstDate = parseDate('0001-01-01') ?? 0;

/**
 * The range of equal length that ends the day before, when it is asked for and both ends are given; none when it would
 * begin before there are dates.
 */
export function previousRangeOf(range: DayRange, compare: 'previous' | undefined): DayRange | null {
  if (compare === undefined || range.first === null || range.last === null) return null;
  const first = range.first - (range.last - range.first + 1);
  return first < firstDate ? null : { first, last: range.first - 1 };
}

/** Numbers that were read lately. A key names a revision, so what is kept can never be out of date. */
export class NumbersCache {
  readonly #kept = new Map<string, JourneyNumbers>();
  readonly #most: number;

  constructor(most = 200) {
    this.#most = most;
  }

  async get(key: string, load: () => Promise<JourneyNumbers>): Promise<JourneyNumbers> {
    const known = this.#kept.get(key);
    const numbers = known ?? (await load());
    this.#kept.delete(key);
    this.#kept.set(key, numbers);
    if (this.#kept.size > this.#most) {
      const oldest = this.#kept.keys().next();
      if (!oldest.done) this.#kept.delete(oldest.value);
    }
    return numbers;
  }
}

/** An answer with its ETag; `body` is null when the caller has it already. */
export interface Answer<Body> {
  readonly etag: string;
  readonly body: Body | null;
}

/** Opens a journey in a snapshot. @throws Failure `not_found` */
export async function openReading(
  tx: Transaction,
  { cache, workspaceId }: { cache: NumbersCache; workspaceId: number },
  journeyId: string,
): Promise<Reading> {
  const state = await selectReadState(tx, workspaceId, journeyId);
  if (!state) throw new Failure('not_found', 'There is no such journey.');
  return new Reading(tx, workspaceId, state, cache);
}

/**
 * Reads a journey in one snapshot.
 * @param route names route and query, which the ETag covers with everything else that the answer depends on
 * @param ifNoneMatch tells whether the caller has an answer with this ETag
 * @throws Failure `not_found`
 */
export async function readJourney<Body>(
  source: { database: Database; cache: NumbersCache; workspaceId: number; journeyId: string },
  route: string,
  ifNoneMatch: (etag: string) => boolean,
  read: (reading: Reading) => Promise<Body>,
): Promise<Answer<Body & { asOf: string; pendingEvents: number }>> {
  const { database, workspaceId, journeyId } = source;
  return inWorkspace(
    database,
    workspaceId,
    async (tx) => {
      const reading = await openReading(tx, source, journeyId);
      const everything = { first: null, last: null };
      const { nextClosing } = await selectOpenWindows(tx, reading.numbers, reading.state.now, everything);
      const { generation, revision, asOf, pendingEvents } = reading.state;
      const seed = [workspaceId, journeyId, generation, revision, asOf, pendingEvents, nextClosing, route];
      const etag = `"${hash('sha256', JSON.stringify(seed), 'base64url').slice(0, 32)}"`;
      if (ifNoneMatch(etag)) return { etag, body: null };
      return { etag, body: { ...(await read(reading)), asOf, pendingEvents } };
    },
    { snapshot: true },
  );
}
