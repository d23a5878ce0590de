// One made-up person: how they go through the welcome journey, buy or do not buy, and perhaps come again.
import type { Channel } from '../bff/contract/index.ts';
import { Diary, type Said, type Telling } from './diary.ts';
import { conversionEvent, type WelcomeStep } from './journeys.ts';
import { send, type Device, type Sent } from './messages.ts';
import { Random } from './random.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long the step "First purchase" waits for one. */
const patience = 3 * day;

export interface Person {
  /** Whether the sender names the entry in every event of it. */
  readonly hasEntryIds: boolean;
  /** The latest to arrive first, so that what was told can be taken off the end and forgotten. */
  readonly untold: Telling[];
}

/** Makes up a person who enters the journey at a time. */
export function makePerson(seed: number, entersAt: number): Person {
  const random = new Random(seed);
  const diary = new Diary(random);
  const hasEntryIds = random.chance(0.6);
  let beginsAt = entersAt;
  for (let entry = 0; entry < 3; entry += 1) {
    const exitedAt = new Passage(random, diary, entry, beginsAt).run();
    if (!random.chance(0.045)) break;
    // Entries of one person can overlap where the sender names them.
    const overlaps = hasEntryIds && random.chance(0.2);
    beginsAt = overlaps
      ? beginsAt + random.between(hour, 3 * day)
      : exitedAt + random.between(hour, 20 * day);
  }
  return { hasEntryIds, untold: diary.tellings.toSorted((a, b) => b.arrivesAt - a.arrivesAt) };
}

/** One entry. The time stands still within a step that only decides; such facts share a millisecond and are numbered. */
class Passage {
  readonly #random: Random;
  readonly #diary: Diary;
  readonly #entry: number;
  readonly #devices: readonly [Device, ...Device[]];
  readonly #allowsSms: boolean;
  #now: number;
  #sequence = -1;

  constructor(random: Random, diary: Diary, entry: number, beginsAt: number) {
    this.#random = random;
    this.#diary = diary;
    this.#entry = entry;
    this.#now = beginsAt;
    this.#allowsSms = random.chance(0.42);
    const first: Device = random.chance(0.57) ? 'android' : random.chance(0.86) ? 'ios' : 'web';
    this.#devices = random.chance(0.07) ? [first, first === 'ios' ? 'web' : 'ios'] : [first];
  }

  /** @returns when the entry ended. */
  run(): number {
    this.#say({ type: 'journey.entered' });
    this.#enter('account-created');
    this.#pass(this.#random.between(15, 400));
    this.#browse(0.5);
    const clickedAt = this.#message('welcome-push', 'push', 0.016)?.clickedAt;
    if (clickedAt === undefined) return this.#now;

    this.#enter('wait-a-day');
    if (this.#leaves(0.006, day)) return this.#now;
    this.#pass(day);
    const clicked = clickedAt <= this.#now;
    this.#decide('clicked-push', clicked ? 'yes' : 'no');
    const appetite = clicked ? this.#tour() : this.#mail();
    if (appetite === undefined) return this.#now;
    return this.#purchase(appetite, 1);
  }

  /** @returns how likely a purchase is now, or undefined when the entry has ended. */
  #tour(): number | undefined {
    const sent = this.#message('product-tour', 'in-app', 0.074);
    if (!sent) return undefined;
    this.#pass(this.#random.between(20 * second, 12 * minute));
    return sent.clickedAt < Infinity ? 0.52 : 0.34;
  }

  #mail(): number | undefined {
    const variant = this.#random.chance(0.5) ? 'A' : 'B';
    this.#decide('subject-line', variant);
    const sent =
      variant === 'A'
        ? this.#message('first-steps', 'email', 0.036)
        : this.#message('ten-percent-off', 'email', 0.05, 1.17);
    if (!sent) return undefined;
    return (variant === 'A' ? 0.2 : 0.215) + (sent.clickedAt < Infinity ? 0.25 : 0);
  }

  #purchase(appetite: number, attempt: number): number {
    this.#enter('first-purchase');
    if (this.#leaves(0.019, patience)) return this.#now;
    const waited = minute + this.#random.waiting(20 * hour);
    if (this.#random.chance(appetite) && waited < patience) {
      this.#browse(2.5);
      this.#pass(waited);
      this.#order();
      this.#pass(this.#random.between(200, 4 * second));
      this.#say({ type: 'step.outcome', stepId: 'first-purchase', outcome: 'performed' });
      return this.#credit();
    }
    this.#browse(0.7);
    this.#pass(patience);
    this.#say({ type: 'step.outcome', stepId: 'first-purchase', outcome: 'timed out' });
    this.#decide('sms-allowed', this.#allowsSms ? 'yes' : 'no');
    if (!this.#allowsSms) {
      if (!this.#message('last-reminder', 'push', 0.047, 0.6)) return this.#now;
      return this.#finish();
    }
    if (!this.#message('finish-order', 'sms', 0.02)) return this.#now;
    const again = attempt === 1 && this.#random.chance(0.52);
    this.#decide('tried-twice', again ? 'no' : 'yes');
    return again ? this.#purchase(appetite * 0.45, attempt + 1) : this.#finish();
  }

  #credit(): number {
    this.#enter('welcome-credit');
    this.#pass(this.#random.between(80, 3 * second));
    const outcome = this.#random.chance(0.0127)
      ? 'failed'
      : this.#random.chance(0.05)
        ? 'had one'
        : 'granted';
    this.#say({ type: 'step.outcome', stepId: 'welcome-credit', outcome });
    if (outcome === 'failed') return this.#exit('credit failed');
    this.#pass(this.#random.between(2, 30));
    this.#enter('purchased');
    this.#exit('goal reached');
    this.#later(0.14, 0.16);
    return this.#now;
  }

  #finish(): number {
    this.#enter('no-purchase');
    this.#exit(this.#random.chance(0.97) ? 'finished' : undefined);
    this.#later(0.034, 0.05);
    return this.#now;
  }

  /** Orders after the end: some while they still count, and some later. */
  #later(inWindow: number, afterwards: number): void {
    const exitedAt = this.#now;
    while (this.#random.chance(inWindow)) {
      this.#now = exitedAt + this.#random.between(minute, day);
      this.#order();
    }
    if (this.#random.chance(afterwards)) {
      this.#now = exitedAt + day + 1 + this.#random.waiting(4 * day);
      this.#order();
    }
    this.#now = exitedAt;
  }

  #pass(milliseconds: number): void {
    this.#now += milliseconds;
    this.#sequence = -1;
  }

  #say(said: Said): void {
    this.#sequence += 1;
    this.#diary.tell(this.#entry, this.#now, said, this.#sequence);
  }

  #enter(stepId: WelcomeStep): void {
    this.#say({ type: 'step.entered', stepId });
  }

  #decide(stepId: WelcomeStep, outcome: string): void {
    this.#enter(stepId);
    this.#say({ type: 'step.outcome', stepId, outcome });
  }

  #exit(reason: string | undefined): number {
    this.#say(reason === undefined ? { type: 'journey.exited' } : { type: 'journey.exited', reason });
    return this.#now;
  }

  /** Leaves the journey at a step for no reason of the step's own, within a time. */
  #leaves(probability: number, within: number): boolean {
    if (!this.#random.chance(probability)) return false;
    this.#pass(this.#random.between(second, within - 1));
    this.#exit(
      this.#random.chance(0.75) ? 'left segment' : this.#random.chance(0.6) ? 'account deleted' : '',
    );
    return true;
  }

  /** @returns what became of the message, or undefined when the entry ended with it. */
  #message(stepId: WelcomeStep, channel: Channel, leaving: number, appeal = 1): Sent | undefined {
    this.#enter(stepId);
    const { doneAt, result, clickedAt } = send(this.#random, this.#diary, {
      entry: this.#entry,
      stepId,
      channel,
      devices: this.#devices,
      at: this.#now,
      appeal,
    });
    this.#pass(doneAt - this.#now);
    if (result === 'unsubscribed') this.#exit('unsubscribed');
    else if (result === 'failed' && this.#random.chance(0.6)) this.#exit('message failed');
    else if (!this.#leaves(leaving, 6 * hour)) return { doneAt, result, clickedAt };
    return undefined;
  }

  #browse(mean: number): void {
    for (let views = this.#random.waiting(mean); views > 0; views -= 1) {
      const product = `p-${this.#random.between(1, 400)}`;
      const at = this.#now + this.#random.between(second, 50 * minute);
      const said: Said = { type: 'track', name: 'Product viewed', properties: { product } };
      this.#diary.tellFromDevice(this.#entry, at, said);
    }
  }

  #order(): void {
    const total = Math.round((150 + this.#random.waiting(900)) * 100 - this.#random.between(0, 99)) / 100;
    const currency = this.#random.chance(0.9) ? 'TRY' : 'EUR';
    const said: Said = { type: 'track', name: conversionEvent, properties: { total, currency } };
    this.#diary.tell(this.#entry, this.#now, said);
    this.#sequence = 0;
  }
}
