// Collects what changes in a generation's numbers when users' facts change, by block of days.
import { differenceOf, noDay, type Duration, type Fact, type Facts } from '../fold/index.ts';
import { allTimeLevel, blockOf, levels } from './blocks.ts';

/** What changes in one number: its count, and who is in its set. */
export interface CountChange {
  readonly fact: string;
  readonly stepId: string;
  readonly detail: string;
  readonly level: number;
  readonly block: number;
  count: number;
  readonly joined: number[];
  readonly left: number[];
}

/** What changes in one histogram, by bucket. */
export interface DistributionChange {
  readonly fact: string;
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

/** One kind of fact of one user: its counts by day, before and after. */
interface ByDay {
  readonly fact: Fact;
  readonly before: Map<number, number>;
  readonly after: Map<number, number>;
}

/** Which fact it is, whatever the day. */
function kindOf({ fact, step, detail }: Fact): string {
  return `${fact}\0${step}\0${detail}`;
}

function sum(days: ReadonlyMap<number, number>, level: number, block: number): number {
  let total = 0;
  for (const [day, count] of days)
    if (level === allTimeLevel || blockOf(level, day) === block) total += count;
  return total;
}

/** The changes of one generation in one shard. Users' facts are added one user at a time. */
export class Changes {
  readonly counts = new Map<string, CountChange>();
  readonly distributions = new Map<string, DistributionChange>();
  readonly closings = new Map<string, ClosingChange>();

  get isEmpty(): boolean {
    return this.counts.size === 0 && this.distributions.size === 0 && this.closings.size === 0;
  }

  /** Adds the difference between a user's facts before and after. */
  add(userId: number, before: Facts, after: Facts): void {
    const difference = differenceOf(before, after);
    this.#addCounts(userId, before, after, difference.counts.values());
    for (const duration of difference.durations.values()) this.#addDuration(duration);
    for (const [key, closing] of difference.closings) {
      const change = this.closings.get(key) ?? { day: closing.day, closesAt: closing.closesAt, count: 0 };
      change.count += closing.count;
      if (change.count === 0) this.closings.delete(key);
      else this.closings.set(key, change);
    }
  }

  #addCounts(userId: number, before: Facts, after: Facts, changed: Iterable<Fact>): void {
    const kinds = new Map<string, ByDay>();
    for (const fact of changed) {
      const kind = kindOf(fact);
      if (!kinds.has(kind)) kinds.set(kind, { fact, before: new Map(), after: new Map() });
    }
    if (kinds.size === 0) return;
    for (const fact of before.counts.values()) kinds.get(kindOf(fact))?.before.set(fact.day, fact.count);
    for (const fact of after.counts.values()) kinds.get(kindOf(fact))?.after.set(fact.day, fact.count);
    for (const [kind, byDay] of kinds) this.#addKind(userId, kind, byDay);
  }

  #addKind(userId: number, kind: string, { fact, before, after }: ByDay): void {
    const days = new Set([...before.keys(), ...after.keys()]);
    for (const level of levels) {
      const blocks = new Set<number>();
      for (const day of days) if (level === allTimeLevel || day !== noDay) blocks.add(blockOf(level, day));
      for (const block of blocks) {
        const had = sum(before, level, block);
        const has = sum(after, level, block);
        if (had === has) continue;
        const key = `${level}\0${block}\0${kind}`;
        let change = this.counts.get(key);
        if (!change) {
          const { fact: name, step: stepId, detail } = fact;
          change = { fact: name, stepId, detail, level, block, count: 0, joined: [], left: [] };
          this.counts.set(key, change);
        }
        change.count += has - had;
        if (had === 0) change.joined.push(userId);
        if (has === 0) change.left.push(userId);
      }
    }
  }

  #addDuration({ fact, step, day, bucket, count }: Duration): void {
    for (const level of levels) {
      const block = blockOf(level, day);
      const key = `${level}\0${block}\0${fact}\0${step}`;
      let change = this.distributions.get(key);
      if (!change) {
        change = { fact, stepId: step, level, block, buckets: new Map() };
        this.distributions.set(key, change);
      }
      const total = (change.buckets.get(bucket) ?? 0) + count;
      if (total === 0) change.buckets.delete(bucket);
      else change.buckets.set(bucket, total);
      if (change.buckets.size === 0) this.distributions.delete(key);
    }
  }
}
