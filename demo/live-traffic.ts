// People who come to the welcome journey while somebody looks on: some enter now, others entered days ago and are told of now,
// as by a server that was cut off, so that every number moves and not only the first.
import type { EventInput } from '../bff/contract/index.ts';
import { welcomeJourneyId } from './journeys.ts';
import { makePerson } from './person.ts';
import { mixed, Random } from './random.ts';
import { toEvent } from './simulate.ts';

const day = 86_400_000;

const peopleAtOnce = 3;
const longestAgo = 6 * day;

export class LiveTraffic {
  readonly #seed: number;
  readonly #random: Random;
  readonly #prefix: string;
  #number: number;
  #travellers: { number: number; person: ReturnType<typeof makePerson>; told: number }[] = [];

  /** @param startsAt milliseconds since 1970; people of another start are other people */
  constructor(startsAt: number) {
    this.#seed = mixed(startsAt);
    this.#random = new Random(this.#seed);
    this.#prefix = `live-${startsAt}-`;
    // Above those of the demo's people, and of a start before, which came slower than ten a second.
    this.#number = Math.floor(startsAt / 100);
  }

  /** @returns what has happened up to now since it was last asked, in the order in which it arrives */
  *events(now: number): Generator<EventInput> {
    for (let count = 0; count < peopleAtOnce; count += 1) {
      const ago = this.#random.chance(0.5) ? 0 : this.#random.between(0, longestAgo);
      this.#number += 1;
      const person = makePerson(mixed(this.#seed, this.#number), now - ago);
      this.#travellers.push({ number: this.#number, person, told: 0 });
    }
    for (const traveller of this.#travellers) {
      const { untold } = traveller.person;
      for (let next = untold.at(-1); next && next.arrivesAt <= now; next = untold.at(-1)) {
        untold.pop();
        yield toEvent(traveller, next, this.#prefix, welcomeJourneyId);
        traveller.told += 1;
      }
    }
    this.#travellers = this.#travellers.filter(({ person }) => person.untold.length > 0);
  }
}
