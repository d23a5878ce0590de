// The numbers of one generation for one range of entry days: counts, distinct users and quantiles by fact.
import type { Transaction } from '../../db/client.ts';
import { selectDayBounds, type Numbers } from '../../db/queries/rollups.ts';
import {
  selectAllTime,
  selectDistributions,
  selectSpans,
  type Histograms,
  type SpanTotal,
  type Total,
} from '../../db/queries/totals.ts';
import type { DistributionFact, FactName, Quantiles } from '../contract/index.ts';
import { quantile } from '../fold/index.ts';
import { allTimeLevel, coverDays, type BlockSpan } from '../rollup/blocks.ts';
import { factKeyOf } from '../rollup/fact-key.ts';
import { countUnion } from '../rollup/user-sets.ts';

/** Days since 1970-01-01, both inclusive; null where the range is open. */
export interface DayRange {
  readonly first: number | null;
  readonly last: number | null;
}

/** A number of occurrences and of the distinct users behind it. */
export interface Tally {
  readonly count: number;
  readonly users: number;
}

const nothing: Tally = { count: 0, users: 0 };

const noDetails: ReadonlyMap<string, Tally> = new Map();

/** Tallies by fact, step and detail. */
class Tallies {
  readonly #byFact = new Map<string, Map<string, Map<string, Tally>>>();

  constructor(totals: readonly Total[]) {
    for (const { fact, stepId, detail, count, users } of totals) {
      const steps = this.#byFact.get(fact) ?? new Map<string, Map<string, Tally>>();
      this.#byFact.set(fact, steps);
      const details = steps.get(stepId) ?? new Map<string, Tally>();
      steps.set(stepId, details.set(detail, { count, users }));
    }
  }

  details(fact: FactName, stepId: string): ReadonlyMap<string, Tally> {
    return this.#byFact.get(fact)?.get(stepId) ?? noDetails;
  }

  /** The steps from which or at which the fact is known. */
  stepsOf(fact: FactName): string[] {
    return [...(this.#byFact.get(fact)?.keys() ?? [])];
  }
}

/** Pairs of bucket and count, in order of bucket. */
type Histogram = readonly (readonly [bucket: number, count: number])[];

/** Adds histograms up, by fact and step. No duration is so long that its bucket would be above 2,000. */
function sumHistograms(distributions: readonly Histograms[]): Map<string, Histogram> {
  const sums = new Map<string, number[]>();
  for (const { fact, stepId, buckets, counts } of distributions) {
    const key = `${fact}\0${stepId}`;
    const sum = sums.get(key) ?? [];
    sums.set(key, sum);
    buckets.forEach((bucket, index) => {
      while (sum.length <= bucket) sum.push(0);
      sum[bucket] = (sum[bucket] ?? 0) + (counts[index] ?? 0);
    });
  }
  const histograms = new Map<string, Histogram>();
  for (const [key, sum] of sums) {
    const pairs = sum.map((count, bucket) => [bucket, count] as const);
    histograms.set(
      key,
      pairs.filter(([, count]) => count > 0),
    );
  }
  return histograms;
}

export class JourneyNumbers {
  /** Every step that any attached event names, whatever the range. */
  readonly stepsWithEvents: ReadonlySet<string>;
  /** How many numbers these are. */
  readonly size: number;
  readonly #selected: Tallies;
  readonly #allTime: Tallies;
  readonly #distributions: ReadonlyMap<string, Histogram>;

  constructor(selected: readonly Total[], allTime: readonly Total[], distributions: readonly Histograms[]) {
    this.#selected = new Tallies(selected);
    this.#allTime = selected === allTime ? this.#selected : new Tallies(allTime);
    const steps = new Set<string>();
    for (const { fact, stepId } of allTime) if (stepId !== '' && fact !== 'transition') steps.add(stepId);
    this.stepsWithEvents = steps;
    this.#distributions = sumHistograms(distributions);
    this.size = 1 + allTime.length + selected.length;
    for (const histogram of this.#distributions.values()) this.size += histogram.length;
  }

  tally(fact: FactName, stepId = '', detail = ''): Tally {
    return this.#selected.details(fact, stepId).get(detail) ?? nothing;
  }

  details(fact: FactName, stepId: string): ReadonlyMap<string, Tally> {
    return this.#selected.details(fact, stepId);
  }

  stepsOf(fact: FactName): string[] {
    return this.#selected.stepsOf(fact);
  }

  /** A tally over all entries, whatever the range. */
  allTime(fact: FactName, stepId = ''): Tally {
    return this.#allTime.details(fact, stepId).get('') ?? nothing;
  }

  quantiles(fact: DistributionFact, stepId = ''): Quantiles {
    const histogram = this.#distributions.get(`${fact}\0${stepId}`) ?? [];
    return { p50: quantile(histogram, 0.5), p90: quantile(histogram, 0.9) };
  }
}

/** Adds counts and unites sets, by fact. What occurs in any range occurs in all time, by which the facts are known. */
function uniteSpans(spans: readonly SpanTotal[], allTime: readonly Total[]): Total[] {
  const groups = new Map<string, { count: number; sets: string[] }>();
  for (const { factKey, count, sets } of spans) {
    const group = groups.get(factKey);
    if (group) {
      group.count += count;
      group.sets.push(sets);
    } else {
      groups.set(factKey, { count, sets: [sets] });
    }
  }
  const totals: Total[] = [];
  for (const total of allTime) {
    const group = groups.get(total.factKey);
    if (!group) continue;
    // Those of one fact at a time, since all of a large journey's are a great deal.
    const sets = group.sets.map((text) => Buffer.from(text, 'base64'));
    totals.push({ ...total, count: group.count, users: countUnion(sets) });
  }
  if (totals.length < groups.size) {
    throw new Error('The numbers of days do not match those of all time: an audit will name them');
  }
  return totals;
}

/** Every entry's first fact is the entry itself, so its days bound all others. */
const entriesKey = factKeyOf('totalEntries', '', '');

/** The days of a range on which any entry began, or null when there is none. */
export async function daysWithEntries(
  tx: Transaction,
  numbers: Numbers,
  range: DayRange,
): Promise<{ first: number; last: number } | null> {
  const bounds = await selectDayBounds(tx, numbers, entriesKey);
  if (!bounds) return null;
  const first = Math.max(bounds.first, range.first ?? bounds.first);
  const last = Math.min(bounds.last, range.last ?? bounds.last);
  return first > last ? null : { first, last };
}

/** Which numbers of a journey are read: those of the journey as a whole, or those of its steps and transitions too. */
export type Scope = 'journey' | 'steps';

const journeyFacts: readonly FactName[] = [
  'messagesSent',
  'totalEntries',
  'conversionEvents',
  'totalExits',
  'activeEntries',
  'unattachedEvents',
];
const journeyKeys = journeyFacts.map((fact) => factKeyOf(fact, '', ''));

/** In the place of an open end: further than any day on which an entry began. It begins a block of each level. */
const farOff = 2 ** 30;

/** Reads the numbers of a range; without ends, of all entries. */
export async function loadNumbers(
  tx: Transaction,
  numbers: Numbers,
  range: DayRange,
  scope: Scope,
): Promise<JourneyNumbers> {
  const [keys, ofStep] = scope === 'journey' ? [journeyKeys, ''] : [null, null];
  if (range.first === null && range.last === null) {
    const everything: BlockSpan = { level: allTimeLevel, first: 0, last: 0 };
    const [allTime, distributions] = await Promise.all([
      selectAllTime(tx, numbers, allTimeLevel, keys),
      selectDistributions(tx, numbers, [everything], ofStep),
    ]);
    return new JourneyNumbers(allTime, allTime, distributions);
  }
  const spans = coverDays(range.first ?? -farOff, range.last ?? farOff - 1);
  // One after the other on their connection: while the database answers one, what came before is worked on.
  const allTime = selectAllTime(tx, numbers, allTimeLevel, keys);
  const ofSpans = selectSpans(tx, numbers, spans, keys);
  const united = Promise.all([ofSpans, allTime]).then(([some, all]) => uniteSpans(some, all));
  const ofDistributions = selectDistributions(tx, numbers, spans, ofStep);
  return new JourneyNumbers(...(await Promise.all([united, allTime, ofDistributions])));
}
