// What all readings have in common: one snapshot, the state of the journey, the range, the ETag.
import { hash } from 'node:crypto';
import { inWorkspace, lookUpInWorkspace, type Database, type Transaction } from '../../db/client.ts';
import type { Numbers } from '../../db/numbers.ts';
import { countOpenWindows } from '../../db/queries/closings.ts';
import {
  selectFreshness,
  selectReadState,
  type Freshness,
  type ReadState,
} from '../../db/queries/generations.ts';
import { formatDate, parseDate, type JourneyDefinition, type Range } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { readRules } from '../rollup/generation.ts';
import { loadNumbers, type DayRange, type JourneyNumbers, type Scope } from './journey-numbers.ts';
import type { Answer, ReadingCache } from './reading-cache.ts';

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
  readonly #cache: ReadingCache;

  constructor(tx: Transaction, workspaceId: number, state: ReadState, cache: ReadingCache) {
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

  load(range: DayRange, scope: Scope): Promise<JourneyNumbers> {
    const key = `${this.state.generation} ${this.state.revision} ${range.first} ${range.last} ${scope}`;
    return this.#cache.numbers(key, () => loadNumbers(this.tx, this.numbers, range, scope));
  }

  /** How many entries of the range may still convert, although they have exited. */
  exitsWindowOpen(range: DayRange): Promise<number> {
    return countOpenWindows(this.tx, this.numbers, this.state.now, range);
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

/** Opens a journey in a snapshot. @throws Failure `not_found` */
export async function openReading(
  tx: Transaction,
  { cache, workspaceId }: { cache: ReadingCache; workspaceId: number },
  journeyId: string,
): Promise<Reading> {
  const state = await selectReadState(tx, workspaceId, journeyId);
  if (!state) throw new Failure('not_found', 'There is no such journey.');
  return new Reading(tx, workspaceId, state, cache);
}

export interface ReadingSource {
  readonly database: Database;
  /** Copies of the database that only read, and follow it at some distance. */
  readonly replica?: Replica | undefined;
  readonly cache: ReadingCache;
  readonly workspaceId: number;
  readonly journeyId: string;
}

/** What every reading says of itself. */
export interface Told {
  readonly asOf: string;
  readonly pendingEvents: number;
}

/**
 * Reads a journey in one snapshot.
 * @throws Failure `not_found`
 */
export async function readJourney<Body>(
  { database, cache, workspaceId, journeyId }: ReadingSource,
  read: (reading: Reading) => Promise<Body>,
): Promise<{ readonly state: Freshness; readonly body: Body & Told }> {
  return inWorkspace(
    database,
    workspaceId,
    async (tx) => {
      const reading = await openReading(tx, { cache, workspaceId }, journeyId);
      const { asOf, pendingEvents } = reading.state;
      return { state: reading.state, body: { ...(await read(reading)), asOf, pendingEvents } };
    },
    { snapshot: true },
  );
}

/** Those who ask together ask for much the same. */
const knownEtags = new WeakMap<Freshness, Map<string, string>>();

function etagOf(source: ReadingSource, state: Freshness, route: string): string {
  const known = knownEtags.get(state) ?? new Map<string, string>();
  knownEtags.set(state, known);
  const etag = known.get(route) ?? makeEtag(source, state, route);
  known.set(route, etag);
  return etag;
}

function makeEtag({ workspaceId, journeyId }: ReadingSource, state: Freshness, route: string): string {
  const { generation, revision, asOf, pendingEvents, nextClosing } = state;
  const seed = [workspaceId, journeyId, generation, revision, asOf, pendingEvents, nextClosing, route];
  return `"${hash('sha256', JSON.stringify(seed), 'base64url').slice(0, 32)}"`;
}

/** A copy of the database, and who is told that it does not answer. */
export interface Replica {
  readonly database: Database;
  readonly failed: (error: unknown) => void;
}

/**
 * Reads from the replica, when it has the numbers of this very state. The numbers of a revision never change, so whoever
 * has it has them right; how fresh they are is what the database itself says.
 * @returns undefined when the replica is behind or away: then the database itself is read
 */
async function readFromReplica<Body>(
  source: ReadingSource,
  state: Freshness,
  read: (reading: Reading) => Promise<Body>,
): Promise<(Body & Told) | undefined> {
  const { replica, workspaceId, journeyId, cache } = source;
  if (!replica) return undefined;
  try {
    return await inWorkspace(
      replica.database,
      workspaceId,
      async (tx) => {
        const known = await selectReadState(tx, workspaceId, journeyId);
        if (known?.generation !== state.generation || known.revision !== state.revision) return undefined;
        const body = await read(new Reading(tx, workspaceId, known, cache));
        return { ...body, asOf: state.asOf, pendingEvents: state.pendingEvents };
      },
      { snapshot: true },
    );
  } catch (error) {
    if (error instanceof Failure) throw error;
    replica.failed(error);
    return undefined;
  }
}

/**
 * Answers with a journey as it is after the question came: from memory when nothing has changed since it was read.
 * @param route names route and query, which the ETag covers with everything else that the answer depends on
 * @param ifNoneMatch tells whether the caller has an answer with this ETag
 * @throws Failure `not_found`
 */
export async function answerJourney(
  source: ReadingSource,
  route: string,
  ifNoneMatch: (etag: string) => boolean,
  read: (reading: Reading) => Promise<object>,
): Promise<Answer> {
  const { database, cache, workspaceId, journeyId } = source;
  const state = await cache.freshness.ask(`${workspaceId} ${journeyId}`, () =>
    selectFreshness(lookUpInWorkspace(database, workspaceId), workspaceId, journeyId),
  );
  if (!state) throw new Failure('not_found', 'There is no such journey.');
  const etag = etagOf(source, state, route);
  if (ifNoneMatch(etag)) return { etag, text: null };
  return cache.answer(etag, async () => {
    const copied = await readFromReplica(source, state, read);
    if (copied) return { etag, text: JSON.stringify(copied) };
    // By now the journey may be newer than the state.
    const { state: served, body } = await readJourney(source, read);
    return { etag: etagOf(source, served, route), text: JSON.stringify(body) };
  });
}
