// What happened to one made-up person, as it will be told to the product: with delays, and some of it late.
import type { MessageOutcome } from '../bff/contract/index.ts';
import type { WelcomeStep } from './journeys.ts';
import type { Random } from './random.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** What an event says, without who, when and in which entry. */
export type Said =
  | { readonly type: 'journey.entered' }
  | { readonly type: 'journey.exited'; readonly reason?: string }
  | { readonly type: 'step.entered'; readonly stepId: WelcomeStep }
  | { readonly type: 'step.outcome'; readonly stepId: WelcomeStep; readonly outcome: string }
  | {
      readonly type: `message.${MessageOutcome}`;
      readonly stepId: WelcomeStep;
      readonly platform?: string;
      readonly reason?: string;
    }
  | { readonly type: 'track'; readonly name: string; readonly properties: Record<string, unknown> };

/** One event of the diary. */
export interface Telling {
  readonly at: number;
  /** When the product is told. */
  readonly arrivesAt: number;
  readonly sequence: number;
  /** Which of the person's entries it belongs to, from 0. */
  readonly entry: number;
  readonly said: Said;
}

export class Diary {
  readonly tellings: Telling[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A fact of a server: told within seconds, seldom by a repeated attempt hours later. */
  tell(entry: number, at: number, said: Said, sequence = 0): void {
    const delay = this.#random.chance(0.004)
      ? this.#random.between(10 * minute, 6 * hour)
      : this.#random.between(40, 2_500);
    this.tellings.push({ at, arrivesAt: at + delay, sequence, entry, said });
  }

  /** A fact of a person's device, which may be offline: one in ten is told hours or days later. */
  tellFromDevice(entry: number, at: number, said: Said): void {
    const delay = this.#random.chance(0.1)
      ? this.#random.between(20 * minute, 8 * hour) + this.#random.waiting(4 * hour)
      : this.#random.between(300, 20 * second);
    this.tellings.push({ at, arrivesAt: at + delay, sequence: 0, entry, said });
  }
}
