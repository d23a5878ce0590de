// Collects what changes in a generation's numbers when users' facts change, by block of days.
import {
  differenceOf,
  noDay,
  type Duration,
  type Fact,
  type FactDifference,
  type Facts,
} from '../fold/index.ts';
import { allTimeLevel, blockOf, firstDayOf, levels } from './blocks.ts';

/** What changes in one number: its count, who is in its set, and how many of them were counted before. */
export interface CountChange {
  readonly fact: string;
  readonly stepId: string;
  readonly detail: string;
  readonly level: number;
  readonly block: number;
  count: number;
  readonly joined: number[];
  readonly left: number[];
  /** More or fewer users by how many days before the block the last day was on which they had the fact; null for none. */
  earlier: Map<number, number> | null;
}

/** What changes in one histogram, by bucket: of times in a step, or for the journey as a whole of times to convert. */
export interface DistributionChange {
  readonly stepId: string;
  readonly level: number;
  readonly block: number;
  readonly buckets: Map<number, number>;
}

/** How many entries of a day may convert until this time, more or fewer. */
export interface ClosingChange {
  readonly day: number;
  readonly closesAt: number;
  count: number;
}

/** Counts by day; one day comes once. */
type Days = (readonly [day: number, count: number])[];

/** One kind of fact of one user: its counts by day, before and after. */
interface ByDay {
  readonly fact: Fact;
  readonly before: Days;
  readonly after: Days;
}

/** What one kind of fact of one user comes to in a block. */
interface InBlock {
  count: number;
  /** How many days before the block the user last had the fact; 0 for never. */
  readonly earlier: number;
}

const notThere: InBlock = { count: 0, earlier: 0 };

/** Adds days, in order, up by the blocks of a level. */
function byBlock(days: Days, level: number): Map<number, InBlock> {
  const blocks = new Map<number, InBlock>();
  let last = noDay;
  for (const [day, count] of days) {
    if (day === noDay && level !== allTimeLevel) continue;
    const block = blockOf(level, day);
    const known = blocks.get(block);
    if (known) known.count += count;
    else {
      const isFirst = last === noDay || level === allTimeLevel;
      blocks.set(block, { count, earlier: isFirst ? 0 : firstDayOf(level, block) - last });
    }
    last = day;
  }
  return blocks;
}

/** Which fact it is, whatever the day. */
function kindOf({ fact, step, detail }: Fact): string {
  return `${fact}\0${step}\0${detail}`;
}

/** For each level the changes of its blocks: what a number of one kind, or a histogram, is found by. */
type ByBlock<Change> = readonly Map<number, Change>[];

const noBlocks = <Change>(): ByBlock<Change> => levels.map(() => new Map<number, Change>());

/** Whether all of a user's entries began on one day, before and after: what most users are like. */
function haveOneDay(before: Facts, after: Facts): boolean {
  let only = noDay;
  for (const { counts } of [before, after]) {
    for (const { day } of counts.values()) {
      if (day === only || day === noDay) continue;
      if (only !== noDay) return false;
      only = day;
    }
  }
  return true;
}

/** The changes of one generation in one shard. Users' facts are added one user at a time. */
export class Changes {
  /** One for each number. */
  readonly counts: CountChange[] = [];
  /** One for each histogram. One in which nothing changes in the end may be among them, without buckets. */
  readonly distributions: DistributionChange[] = [];
  readonly closings = new Map<string, ClosingChange>();
  readonly #countsOfKind = new Map<string, ByBlock<CountChange>>();
  readonly #distributionsOfStep = new Map<string, ByBlock<DistributionChange>>();
  /** By the key of a fact on its day: the changes of the blocks in which that day lies, found once for all users. */
  readonly #countsOfFact = new Map<string, readonly CountChange[]>();
  readonly #distributionsOfDay = new Map<string, readonly DistributionChange[]>();

  get isEmpty(): boolean {
    return (
      this.counts.length === 0 &&
      this.closings.size === 0 &&
      this.distributions.every(({ buckets }) => buckets.size === 0)
    );
  }

  /** Adds the difference between a user's facts before and after. */
  add(userId: number, before: Facts, after: Facts): void {
    const difference = differenceOf(before, after);
    if (haveOneDay(before, after)) this.#addFactsOfOneDay(userId, difference.counts);
    else this.#addFacts(userId, before, after, difference.counts.values());
    for (const duration of difference.durations.values()) this.#addDuration(duration);
    for (const [key, closing] of difference.closings) {
      const change = this.closings.get(key) ?? { day: closing.day, closesAt: closing.closesAt, count: 0 };
      change.count += closing.count;
      if (change.count === 0) this.closings.delete(key);
      else this.closings.set(key, change);
    }
  }

  /** With one day there is nothing to sum up: what happens to a fact on its day happens to it in every block. */
  #addFactsOfOneDay(userId: number, differences: ReadonlyMap<string, FactDifference>): void {
    for (const [key, difference] of differences) {
      const { day, count, joined, left } = difference;
      let changes = this.#countsOfFact.get(key);
      if (!changes) {
        const kind = kindOf(difference);
        const own = levels.filter((level) => level === allTimeLevel || day !== noDay);
        changes = own.map((level) => this.#countChange(kind, difference, level, blockOf(level, day)));
        this.#countsOfFact.set(key, changes);
      }
      for (const change of changes) {
        change.count += count;
        if (joined) change.joined.push(userId);
        if (left) change.left.push(userId);
      }
    }
  }

  #addFacts(userId: number, before: Facts, after: Facts, changed: Iterable<Fact>): void {
    const kinds = new Map<string, ByDay>();
    for (const fact of changed) {
      const kind = kindOf(fact);
      if (!kinds.has(kind)) kinds.set(kind, { fact, before: [], after: [] });
    }
    if (kinds.size === 0) return;
    for (const fact of before.counts.values()) kinds.get(kindOf(fact))?.before.push([fact.day, fact.count]);
    for (const fact of after.counts.values()) kinds.get(kindOf(fact))?.after.push([fact.day, fact.count]);
    for (const [kind, byDay] of kinds) this.#addKind(userId, kind, byDay);
  }

  #addKind(userId: number, kind: string, { fact, before, after }: ByDay): void {
    for (const days of [before, after]) days.sort(([one], [other]) => one - other);
    for (const level of levels) {
      const blocksBefore = byBlock(before, level);
      const blocksAfter = byBlock(after, level);
      for (const block of new Set([...blocksBefore.keys(), ...blocksAfter.keys()])) {
        const had = blocksBefore.get(block) ?? notThere;
        const has = blocksAfter.get(block) ?? notThere;
        // In a block where nothing happens the user may come to be one who was there before.
        if (had.count === has.count && had.earlier === has.earlier) continue;
        const change = this.#countChange(kind, fact, level, block);
        change.count += has.count - had.count;
        if (had.count === 0) change.joined.push(userId);
        if (has.count === 0) change.left.push(userId);
        if (had.earlier === has.earlier) continue;
        const earlier = (change.earlier ??= new Map<number, number>());
        if (had.earlier > 0) earlier.set(had.earlier, (earlier.get(had.earlier) ?? 0) - 1);
        if (has.earlier > 0) earlier.set(has.earlier, (earlier.get(has.earlier) ?? 0) + 1);
      }
    }
  }

  #countChange(kind: string, { fact, step, detail }: Fact, level: number, block: number): CountChange {
    let blocks = this.#countsOfKind.get(kind);
    if (!blocks) this.#countsOfKind.set(kind, (blocks = noBlocks()));
    let change = blocks[level]?.get(block);
    if (!change) {
      change = { fact, stepId: step, detail, level, block, count: 0, joined: [], left: [], earlier: null };
      blocks[level]?.set(block, change);
      this.counts.push(change);
    }
    return change;
  }

  #addDuration({ step, day, bucket, count }: Duration): void {
    const key = `${step}\0${day}`;
    let changes = this.#distributionsOfDay.get(key);
    if (!changes) {
      changes = levels.map((level) => this.#distributionChange(level, blockOf(level, day), step));
      this.#distributionsOfDay.set(key, changes);
    }
    for (const { buckets } of changes) {
      const total = (buckets.get(bucket) ?? 0) + count;
      if (total === 0) buckets.delete(bucket);
      else buckets.set(bucket, total);
    }
  }

  #distributionChange(level: number, block: number, stepId: string): DistributionChange {
    let blocks = this.#distributionsOfStep.get(stepId);
    if (!blocks) this.#distributionsOfStep.set(stepId, (blocks = noBlocks()));
    let change = blocks[level]?.get(block);
    if (!change) {
      change = { stepId, level, block, buckets: new Map() };
      blocks[level]?.set(block, change);
      this.distributions.push(change);
    }
    return change;
  }
}
