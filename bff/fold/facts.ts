// Facts: the occurrences of one user in one journey, counted. They are what the rollups add up.
import type { DistributionFact, FactName } from '../contract/index.ts';
import { bucketOf } from './distribution.ts';
import { fold, type Participation, type Rules } from './fold.ts';
import type { HistoryEvent } from './history.ts';
import { durations, visitOccurrences } from './occurrences.ts';

/** How often something happened to the user, in the entries begun on one day. */
export interface Fact {
  readonly fact: FactName;
  readonly step: string;
  readonly detail: string;
  /** Days since 1970-01-01, or noDay. */
  readonly day: number;
  readonly count: number;
}

/** How many durations fell into one bucket of a histogram. */
export interface Duration {
  readonly fact: DistributionFact;
  readonly step: string;
  readonly day: number;
  readonly bucket: number;
  readonly count: number;
}

/** How many exited, unconverted entries have their attribution window end at one instant. */
export interface Closing {
  readonly day: number;
  /** The last millisecond of the window. */
  readonly closesAt: number;
  readonly count: number;
}

/** The facts of one user in one journey, by their keys. Counts are never 0. */
export interface Facts {
  readonly counts: Map<string, Fact>;
  readonly durations: Map<string, Duration>;
  readonly closings: Map<string, Closing>;
}

// Neither ids nor names nor reasons contain U+0000, so it can separate the parts of a key.

export function factKey(fact: FactName, step: string, detail: string, day: number): string {
  return `${fact}\0${step}\0${detail}\0${day}`;
}

export function durationKey(fact: DistributionFact, step: string, day: number, bucket: number): string {
  return `${fact}\0${step}\0${day}\0${bucket}`;
}

export function closingKey(day: number, closesAt: number): string {
  return `${day}\0${closesAt}`;
}

type Counting<T> = { -readonly [Key in keyof T]: T[Key] };

/** Folds a history and counts its occurrences, durations and closing windows. */
export function factsOf(rules: Rules, history: readonly HistoryEvent[]): Facts {
  const participation = fold(rules, history);
  return {
    counts: countsOf(participation),
    durations: histogramsOf(participation),
    closings: rules.conversion ? closingsOf(participation) : new Map(),
  };
}

function countsOf(participation: Participation): Map<string, Fact> {
  const counts = new Map<string, Counting<Fact>>();
  const add = (fact: FactName, step: string, detail: string, day: number, count: number) => {
    const key = factKey(fact, step, detail, day);
    const known = counts.get(key);
    if (known) known.count += count;
    else counts.set(key, { fact, step, detail, day, count });
  };
  visitOccurrences(
    participation,
    (fact, step, detail, day) => {
      add(fact, step, detail, day, 1);
    },
    (fact, step, detail, day, conversions, from) => {
      add(fact, step, detail, day, conversions.length - from);
    },
  );
  return counts;
}

function histogramsOf(participation: Participation): Map<string, Duration> {
  const counts = new Map<string, Counting<Duration>>();
  durations(participation, (fact, step, day, milliseconds) => {
    const bucket = bucketOf(milliseconds);
    const key = durationKey(fact, step, day, bucket);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { fact, step, day, bucket, count: 1 });
  });
  return counts;
}

function closingsOf({ entries }: Participation): Map<string, Closing> {
  const counts = new Map<string, Counting<Closing>>();
  for (const { day, exit, closesAt, conversions } of entries) {
    if (!exit || conversions.length > 0) continue;
    const key = closingKey(day, closesAt);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { day, closesAt, count: 1 });
  }
  return counts;
}
