// The numbers of one generation for one range of entry days: counts, distinct users and quantiles by fact.
import type { Transaction } from '../../db/client.ts';
import { readFactLine, splitFactLines } from '../../db/fact-lines.ts';
import type { Numbers } from '../../db/numbers.ts';
import { addNumbers, type Sum } from '../../db/packed-numbers.ts';
import { selectBlocks, selectDayBounds, type BlockNumbers } from '../../db/queries/blocks.ts';
import type { FactName, Quantiles } from '../contract/index.ts';
import { quantile, type Histogram } from '../fold/index.ts';
import { allTimeLevel, coverDays, firstDayOf, type BlockSpan } from '../rollup/blocks.ts';

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

/** What is added up of one fact. */
interface FactSum extends Sum {
  readonly fact: string;
  readonly stepId: string;
  readonly detail: string;
}

/** What is added up of one step, or of the journey as a whole. */
class StepSums {
  readonly #stepId: string;
  readonly #byLine = new Map<string, FactSum>();
  /** Found once for all rows that hold the same facts. */
  readonly #byLines = new Map<string, readonly FactSum[]>();
  readonly histogram: number[] = [];

  constructor(stepId: string) {
    this.#stepId = stepId;
  }

  /** The sums of a row's facts, in their order. */
  of(facts: string): readonly FactSum[] {
    let sums = this.#byLines.get(facts);
    if (!sums) {
      sums = splitFactLines(facts).map((line) => this.#sum(line));
      this.#byLines.set(facts, sums);
    }
    return sums;
  }

  #sum(line: string): FactSum {
    let sum = this.#byLine.get(line);
    if (!sum) {
      const [fact, detail] = readFactLine(line);
      this.#byLine.set(line, (sum = { fact, stepId: this.#stepId, detail, count: 0, users: 0 }));
    }
    return sum;
  }

  /** Those of facts that occur: in a full row a fact may stand that no longer does. */
  list(): FactSum[] {
    return [...this.#byLine.values()].filter(({ count }) => count > 0);
  }
}

/** The sums of all facts and durations of some blocks, by step; of the journey as a whole by ''. */
type Sums = ReadonlyMap<string, StepSums>;

/**
 * Adds rows up. Who had a fact before in the range is counted in an earlier block of it already.
 * @param first the first day of the range
 */
function sumBlocks(rows: readonly BlockNumbers[], first: number): Sums {
  const steps = new Map<string, StepSums>();
  for (const { stepId, level, block, facts, numbers } of rows) {
    let step = steps.get(stepId);
    if (!step) steps.set(stepId, (step = new StepSums(stepId)));
    addNumbers(numbers, step.of(facts), step.histogram, firstDayOf(level, block) - first);
  }
  return steps;
}

const listSums = (sums: Sums) => [...sums.values()].flatMap((step) => step.list());

/** Tallies by fact, step and detail. */
class Tallies {
  readonly #byFact = new Map<string, Map<string, Map<string, Tally>>>();

  constructor(sums: readonly FactSum[]) {
    for (const { fact, stepId, detail, count, users } of sums) {
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

export class JourneyNumbers {
  /** Every step that any attached event names, whatever the range. */
  readonly stepsWithEvents: ReadonlySet<string>;
  /** How many numbers these are. */
  readonly size: number;
  readonly #selected: Tallies;
  readonly #allTime: Tallies;
  readonly #histograms: ReadonlyMap<string, Histogram>;

  constructor(selected: Sums, allTime: Sums) {
    const sums = listSums(selected);
    const sumsOfAllTime = selected === allTime ? sums : listSums(allTime);
    this.#selected = new Tallies(sums);
    this.#allTime = selected === allTime ? this.#selected : new Tallies(sumsOfAllTime);
    const steps = new Set<string>();
    for (const { fact, stepId } of sumsOfAllTime)
      if (stepId !== '' && fact !== 'transition') steps.add(stepId);
    this.stepsWithEvents = steps;
    this.#histograms = new Map(Array.from(selected, ([stepId, { histogram }]) => [stepId, histogram]));
    this.size = 1 + sumsOfAllTime.length + sums.length;
    for (const histogram of this.#histograms.values()) this.size += histogram.length;
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

  /** Of the times in a step, or for the journey as a whole of the times to convert. */
  quantiles(stepId = ''): Quantiles {
    const histogram = this.#histograms.get(stepId) ?? [];
    return { p50: quantile(histogram, 0.5), p90: quantile(histogram, 0.9) };
  }
}

/** In the place of an open end: further than any day on which an entry began. It begins a block of each level. */
const farOff = 2 ** 30;

/** A range that goes from a day to a day. */
export function closed({ first, last }: DayRange): { readonly first: number; readonly last: number } {
  return { first: first ?? -farOff, last: last ?? farOff - 1 };
}

/** The days of a range on which any entry began, or null when there is none. */
export async function daysWithEntries(
  tx: Transaction,
  numbers: Numbers,
  range: DayRange,
): Promise<{ first: number; last: number } | null> {
  const bounds = await selectDayBounds(tx, numbers);
  if (!bounds) return null;
  const first = Math.max(bounds.first, range.first ?? bounds.first);
  const last = Math.min(bounds.last, range.last ?? bounds.last);
  return first > last ? null : { first, last };
}

/** Which numbers of a journey are read: those of the journey as a whole, or those of its steps and transitions too. */
export type Scope = 'journey' | 'steps';

/** Reads the numbers of a range; without ends, of all entries. */
export async function loadNumbers(
  tx: Transaction,
  numbers: Numbers,
  range: DayRange,
  scope: Scope,
): Promise<JourneyNumbers> {
  const ofStep = scope === 'journey' ? '' : null;
  const allTime: BlockSpan = { level: allTimeLevel, first: 0, last: 0 };
  const isRanged = range.first !== null || range.last !== null;
  const { first, last } = closed(range);
  const [ofAllTime, ofRange] = await Promise.all([
    selectBlocks(tx, numbers, [allTime], ofStep),
    isRanged ? selectBlocks(tx, numbers, coverDays(first, last), ofStep) : null,
  ]);
  const sums = sumBlocks(ofAllTime, first);
  return new JourneyNumbers(ofRange ? sumBlocks(ofRange, first) : sums, sums);
}
