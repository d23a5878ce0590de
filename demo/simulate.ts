// Live traffic of the welcome journey, made up: the same for the same seed, in the order in which it would arrive.
import type { EventInput } from '../bff/contract/index.ts';
import { arrivals } from './arrivals.ts';
import type { Telling } from './diary.ts';
import { welcomeJourneyId } from './journeys.ts';
import { makePerson, type Person } from './person.ts';
import { mixed } from './random.ts';

const day = 86_400_000;

export interface SimulationOptions {
  readonly seed: number;
  /** How many people enter the journey in the time, if it is not cut short by `endsAt`. */
  readonly users: number;
  readonly days: number;
  /**
   * Milliseconds since 1970. Events that would arrive later are left out. The time simulated ends with the UTC day in
   * which this lies, so that a later end of the same day only adds events.
   */
  readonly endsAt: number;
  /** Stands before the ids of events and entries. */
  readonly prefix?: string;
  readonly journeyId?: string;
}

/** A person on the way, and how many of their events have been told. */
interface Traveller {
  readonly number: number;
  readonly person: Person;
  told: number;
  /** When their next event arrives. */
  nextAt: number;
}

/** Travellers by the time of their next event: a binary heap. */
class Waiting {
  readonly #heap: Traveller[] = [];

  get first(): Traveller | undefined {
    return this.#heap[0];
  }

  add(traveller: Traveller): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (!parent || parent.nextAt <= traveller.nextAt) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = traveller;
  }

  /** Puts the first where it now belongs, or takes it away when nothing is left to tell. */
  settle(): void {
    const heap = this.#heap;
    let moved = heap[0];
    if (moved?.nextAt === Infinity) {
      moved = heap.pop();
      if (heap.length === 0) return;
    }
    if (!moved) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let child = heap[below];
      const other = heap[below + 1];
      if (child && other && other.nextAt < child.nextAt) {
        below += 1;
        child = other;
      }
      if (!child || child.nextAt >= moved.nextAt) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = moved;
  }
}

/** @param traveller whose next telling it is */
export function toEvent(
  { number, person, told }: Pick<Traveller, 'number' | 'person' | 'told'>,
  { at, sequence, entry, said }: Telling,
  prefix: string,
  journeyId: string,
): EventInput {
  const common = {
    id: `${prefix}${number}-${told}`,
    at: new Date(at).toISOString(),
    userId: `user-${String(number).padStart(6, '0')}`,
    ...(sequence === 0 ? {} : { sequence }),
  };
  if (said.type === 'track') return { ...common, ...said };
  const ofEntry = person.hasEntryIds ? { entryId: `${prefix}${number}.${entry}` } : {};
  return { ...common, journeyId, ...ofEntry, ...said };
}

/** Yields events in the order in which they arrive. Memory holds the people who are in the journey at one time. */
export function* simulate({
  seed,
  users,
  days,
  endsAt,
  prefix = '',
  journeyId = welcomeJourneyId,
}: SimulationOptions): Generator<EventInput> {
  const before = (Math.floor(endsAt / day) + 1) * day;
  const comings = arrivals(seed, users, days, before);
  const waiting = new Waiting();
  let number = 0;
  let coming = comings.next();
  for (;;) {
    const comesAt = coming.done ? Infinity : coming.value;
    const next = waiting.first;
    if (!coming.done && comesAt <= (next?.nextAt ?? Infinity)) {
      if (comesAt > endsAt) return;
      number += 1;
      const person = makePerson(mixed(seed, 2, number), comesAt);
      waiting.add({ number, person, told: 0, nextAt: person.untold.at(-1)?.arrivesAt ?? Infinity });
      coming = comings.next();
      continue;
    }
    if (!next || next.nextAt > endsAt) return;
    const telling = next.person.untold.pop();
    if (telling) yield toEvent(next, telling, prefix, journeyId);
    next.told += 1;
    next.nextAt = next.person.untold.at(-1)?.arrivesAt ?? Infinity;
    waiting.settle();
  }
}

/**
 * The events of the demo: sixty days up to now. On one day they are always the same, but for those since the last time,
 * so that seeding twice adds only what is new.
 */
export function demoEvents(now: number): Generator<EventInput> {
  const prefix = `demo-${new Date(now).toISOString().slice(0, 10)}-`;
  return simulate({ seed: 20_26, users: 6_000, days: 60, endsAt: now, prefix });
}
