// The events of the benchmark, in the order in which they would arrive: the same for the same seed. One user in seven comes
// again, one event in fifty is days late, one in two hundred is sent twice. Memory holds the people on their way.
import { eventTypes } from '../../../bff/contract/index.ts';
import { mixed, Random } from '../../../demo/random.ts';
import { conversionEvent, journeyId, stageCount, stepOfStage, steps } from './journey.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long people enter. */
export const seededDays = 400;
/** The first day on which somebody enters, in days since 1970. */
export const firstDay = Date.parse('2025-09-01T00:00:00Z') / day;
/** Where an event stands in no entry, in the place of the entry's day. */
export const noDay = -1;

const typeOf = (name: (typeof eventTypes)[number]) => eventTypes.indexOf(name);
const entered = typeOf('journey.entered');
const exited = typeOf('journey.exited');
const stepEntered = typeOf('step.entered');
const outcome = typeOf('step.outcome');
const sent = typeOf('message.sent');
const failed = typeOf('message.failed');
const delivered = typeOf('message.delivered');
const shown = typeOf('message.shown');
const clicked = typeOf('message.clicked');
const track = typeOf('track');

/** One event, with what the peers are told beside it: its entry and the day on which that began. */
export interface BenchEvent {
  readonly user: number;
  /** Which event of the user it is: with the user, its id. */
  readonly index: number;
  readonly type: number;
  readonly at: number;
  readonly sequence: number;
  /** Which of the user's entries, from 0; for an order that no entry has any more, -1. */
  readonly entry: number;
  readonly entryDay: number;
  readonly namesEntry: boolean;
  /** Its place in the list of steps; -1 for none. */
  readonly step: number;
  readonly detail: string;
  readonly arrivesAt: number;
  readonly isRepeated: boolean;
}

export interface GeneratorOptions {
  readonly seed: number;
  readonly firstUser: number;
  readonly users: number;
  readonly firstDay: number;
  readonly days: number;
}

const platforms = ['android', 'android', 'android', 'ios', 'ios', 'web'] as const;
const channels = new Set(['push', 'email', 'sms', 'in-app']);
const deciding = new Set(['condition', 'split', 'custom']);
const outcomes: Readonly<Record<string, readonly [string, string]>> = {
  condition: ['yes', 'no'],
  split: ['A', 'B'],
  custom: ['granted', 'failed'],
};

/** One user: all entries with all events, told to `tell`. */
function tellUser(user: number, entersAt: number, random: Random, tell: (event: BenchEvent) => void): void {
  const namesEntry = random.chance(0.6);
  const platform = random.oneOf(platforms);
  let index = 0;
  let now = entersAt;
  let sequence = 0;
  let entry = 0;
  let entryDay = Math.floor(now / day);
  const pass = (time: number) => {
    now += time;
    if (time > 0) sequence = 0;
  };
  const say = (type: number, step = -1, detail = '', at = now, entryOf = entry, dayOf = entryDay) => {
    const isLate = random.chance(0.02);
    const arrivesAt = at + (isLate ? random.between(hour, 3 * day) : random.between(50, 3 * second));
    const common = { user, index, type, at, entry: entryOf, entryDay: dayOf, namesEntry, step, detail };
    const ownSequence = at === now ? sequence : 0;
    if (at === now) sequence += 1;
    index += 1;
    tell({ ...common, sequence: ownSequence, arrivesAt, isRepeated: false });
    if (!random.chance(0.005)) return;
    tell({ ...common, sequence: ownSequence, arrivesAt: arrivesAt + 7 * hour, isRepeated: true });
  };
  for (; entry < 3; entry += 1) {
    entryDay = Math.floor(now / day);
    say(entered);
    say(stepEntered, 0);
    let stage = 0;
    let isActive = false;
    for (let visits = 0; stage <= stageCount && visits < 40; visits += 1) {
      const step = stepOfStage(stage, random.chance(0.62) ? 0 : 1);
      const type = steps[step]?.type ?? 'wait';
      say(stepEntered, step);
      if (type === 'exit') break;
      if (deciding.has(type)) say(outcome, step, outcomes[type]?.[random.chance(0.7) ? 0 : 1] ?? 'yes');
      if (channels.has(type) && type !== 'in-app') {
        pass(random.between(1, 900));
        say(random.chance(0.96) ? sent : failed, step, platform);
        if (type === 'push' && random.chance(0.5))
          say(delivered, step, platform, now + random.between(1, minute));
        if (random.chance(0.25)) say(shown, step, platform, now + random.between(minute, 8 * hour));
        if (random.chance(0.08)) say(clicked, step, platform, now + random.between(minute, 9 * hour));
      }
      if (random.chance(0.04)) say(track, -1, conversionEvent, now + random.between(second, hour));
      if (random.chance(0.27)) break;
      isActive = random.chance(0.06);
      if (isActive) break;
      pass(deciding.has(type) ? 0 : random.between(minute, type === 'wait' ? 2 * day : 9 * hour));
      stage = random.chance(0.02) && stage > 2 ? stage - 2 : stage + 1;
    }
    // Who is still on the way does not come again.
    if (isActive) return;
    // After every order of the entry.
    pass(2 * hour);
    say(exited, -1, random.chance(0.9) ? 'finished' : 'left');
    if (random.chance(0.05)) say(track, -1, conversionEvent, now + random.between(second, day));
    if (random.chance(0.03)) say(track, -1, conversionEvent, now + day + random.between(1, day), -1, noDay);
    if (!random.chance(0.15)) return;
    pass(random.between(3 * day, 30 * day));
  }
}

/** Yields the events of each day on which some arrive, in the order in which they do. */
export function* generate(options: GeneratorOptions): Generator<readonly BenchEvent[]> {
  const { seed, firstUser, users, days } = options;
  const waiting = new Map<number, BenchEvent[]>();
  const put = (event: BenchEvent) => {
    const arrivalDay = Math.floor(event.arrivesAt / day);
    const list = waiting.get(arrivalDay);
    if (list) list.push(event);
    else waiting.set(arrivalDay, [event]);
  };
  let user = firstUser;
  let today = options.firstDay;
  for (; today < options.firstDay + days || waiting.size > 0; today += 1) {
    const past = Math.min(days, today - options.firstDay + 1);
    const until = firstUser + Math.floor((users * past) / days);
    for (; user < until; user += 1) {
      const random = new Random(mixed(seed, user));
      tellUser(user, today * day + random.between(0, day - 1), random, put);
    }
    const arriving = waiting.get(today) ?? [];
    waiting.delete(today);
    yield arriving.toSorted((a, b) => a.arrivesAt - b.arrivesAt);
  }
}

/** An event as POST /v1/events takes it. Put together by hand, since JSON.stringify takes three times as long. */
export function toJson(event: BenchEvent): string {
  const { user, index, type, at, sequence, entry, step, detail } = event;
  const name = eventTypes[type] ?? '';
  let text = `{"id":"${user}-${index}","type":"${name}","at":"${new Date(at).toISOString()}","userId":"user-${user}"`;
  if (sequence > 0) text += `,"sequence":${sequence}`;
  if (type === track) return `${text},"name":"${detail}","properties":{"total":${(user % 500) + 10}}}`;
  text += `,"journeyId":"${journeyId}"`;
  if (event.namesEntry) text += `,"entryId":"${user}.${entry}"`;
  if (step >= 0) text += `,"stepId":"${steps[step]?.stepId ?? ''}"`;
  if (detail !== '') {
    text += `,"${type === outcome ? 'outcome' : type === exited ? 'reason' : 'platform'}":"${detail}"`;
  }
  return `${text}}`;
}
