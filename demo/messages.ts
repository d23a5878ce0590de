// What becomes of a message to a made-up person, at rates like those of real campaigns.
import type { Channel } from '../bff/contract/index.ts';
import { hourInIstanbul, nextInIstanbul } from './arrivals.ts';
import type { Diary } from './diary.ts';
import type { WelcomeStep } from './journeys.ts';
import type { Random } from './random.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export type Device = 'android' | 'ios' | 'web';

interface Rates {
  /** Sent, and refused by the provider. */
  readonly failed: number;
  readonly bounced: number;
  readonly delivered: number;
  /** Of those delivered. */
  readonly shown: number;
  /** Of those delivered. */
  readonly clicked: Readonly<Record<Device, number>>;
  /** Of those delivered. */
  readonly unsubscribed: number;
  readonly skipped: number;
  /** Whether nothing is sent at night. */
  readonly waitsForMorning: boolean;
  readonly reasons: readonly [string, ...string[]];
}

const rates: Readonly<Record<Channel, Rates>> = {
  push: {
    failed: 0.045,
    bounced: 0,
    delivered: 0.97,
    shown: 0.62,
    clicked: { android: 0.25, ios: 0.3, web: 0.12 },
    unsubscribed: 0.003,
    skipped: 0.004,
    waitsForMorning: true,
    reasons: ['invalid token', 'app removed', 'provider unavailable', 'message too large'],
  },
  email: {
    failed: 0.022,
    bounced: 0.012,
    delivered: 0.995,
    shown: 0.51,
    clicked: { android: 0.12, ios: 0.135, web: 0.14 },
    unsubscribed: 0.009,
    skipped: 0.006,
    waitsForMorning: false,
    reasons: ['mailbox full', 'address rejected', 'domain not found', 'template error'],
  },
  sms: {
    failed: 0.046,
    bounced: 0,
    delivered: 0.96,
    shown: 0,
    clicked: { android: 0.07, ios: 0.08, web: 0 },
    unsubscribed: 0.008,
    skipped: 0.003,
    waitsForMorning: true,
    reasons: ['number not in use', 'blocked by operator', 'provider unavailable'],
  },
  'in-app': {
    failed: 0.004,
    bounced: 0,
    delivered: 1,
    shown: 0.93,
    clicked: { android: 0.44, ios: 0.47, web: 0.4 },
    unsubscribed: 0,
    skipped: 0.01,
    waitsForMorning: false,
    reasons: ['version too old'],
  },
};

/** Where a message stands in the simulation. */
export interface Sending {
  readonly entry: number;
  readonly stepId: WelcomeStep;
  readonly channel: Channel;
  /** A push goes to each device; other messages go once and are read on one of them. */
  readonly devices: readonly [Device, ...Device[]];
  /** When the step was reached. */
  readonly at: number;
  /** How much better than others the message is clicked. */
  readonly appeal: number;
}

export interface Sent {
  /** When the step is done with the message. */
  readonly doneAt: number;
  readonly result: 'sent' | 'failed' | 'unsubscribed';
  /** The first click, or Infinity. */
  readonly clickedAt: number;
}

/** Until when a message is held, and why: at night, or since the person had too many lately. */
function holding(
  random: Random,
  at: number,
  channel: Channel,
): { until: number; reason: string } | undefined {
  const hourOfDay = hourInIstanbul(at);
  if (rates[channel].waitsForMorning && (hourOfDay >= 22 || hourOfDay < 9)) {
    return { until: nextInIstanbul(at, 9) + random.between(0, 10 * minute), reason: 'outside send hours' };
  }
  if (channel !== 'in-app' && random.chance(0.009)) {
    return { until: at + random.between(day, 3 * day), reason: 'frequency cap' };
  }
  return undefined;
}

/** Sends a message and tells the diary what became of it. */
export function send(random: Random, diary: Diary, sending: Sending): Sent {
  const { entry, stepId, channel, devices } = sending;
  const rate = rates[channel];
  let at = sending.at + random.between(20, 900);
  if (random.chance(rate.skipped)) {
    diary.tell(entry, at, { type: 'message.skipped', stepId, reason: 'no consent' });
    return { doneAt: at, result: 'sent', clickedAt: Infinity };
  }
  const held = holding(random, at, channel);
  if (held) {
    diary.tell(entry, at, { type: 'message.held', stepId, reason: held.reason });
    at = held.until;
  }
  let reached = false;
  let clickedAt = Infinity;
  let unsubscribedAt = Infinity;
  for (const device of channel === 'push' ? devices : ([devices[0]] as const)) {
    const one = sendOnce(random, diary, { ...sending, at }, device);
    reached ||= one.reached;
    clickedAt = Math.min(clickedAt, one.clickedAt);
    unsubscribedAt = Math.min(unsubscribedAt, one.unsubscribedAt);
    at += random.between(1, 40);
  }
  if (unsubscribedAt < Infinity) return { doneAt: unsubscribedAt, result: 'unsubscribed', clickedAt };
  // A sender learns of a refusal within a minute, and the journey waits for that.
  return reached
    ? { doneAt: at + random.between(5, 60), result: 'sent', clickedAt }
    : { doneAt: at + minute, result: 'failed', clickedAt };
}

function sendOnce(
  random: Random,
  diary: Diary,
  { entry, stepId, channel, at, appeal }: Sending,
  device: Device,
) {
  const rate = rates[channel];
  const nothing = { reached: false, clickedAt: Infinity, unsubscribedAt: Infinity };
  const platform = channel === 'push' || channel === 'in-app' ? { platform: device } : {};
  const readOn = channel === 'sms' ? {} : { platform: device };
  const refused = random.chance(rate.failed);
  // Some refusals are known before anything is sent.
  if (!refused || random.chance(0.7)) diary.tell(entry, at, { type: 'message.sent', stepId, ...platform });
  if (refused) {
    const reason = random.oneOf(rate.reasons);
    const refusedAt = at + random.between(30, 40 * second);
    diary.tell(entry, refusedAt, { type: 'message.failed', stepId, ...platform, reason });
    return nothing;
  }
  if (random.chance(rate.bounced)) {
    const bouncedAt = at + random.between(2 * second, 4 * hour);
    diary.tell(entry, bouncedAt, { type: 'message.bounced', stepId, reason: 'mailbox does not exist' });
    return { ...nothing, reached: true };
  }
  if (!random.chance(rate.delivered)) return { ...nothing, reached: true };
  const deliveredAt = at + random.between(200, channel === 'email' ? 90 * second : 9 * second);
  diary.tell(entry, deliveredAt, { type: 'message.delivered', stepId, ...platform });
  const isClicked = random.chance(rate.clicked[device] * appeal);
  const isShown = rate.shown > 0 && (isClicked ? random.chance(0.93) : random.chance(rate.shown));
  const seenAt = deliveredAt + random.waiting(channel === 'in-app' ? 10 * minute : 2.5 * hour);
  if (isShown) diary.tellFromDevice(entry, seenAt, { type: 'message.shown', stepId, ...readOn });
  const clickedAt = isClicked ? seenAt + random.between(second, 3 * minute) : Infinity;
  if (isClicked) diary.tellFromDevice(entry, clickedAt, { type: 'message.clicked', stepId, ...readOn });
  if (!random.chance(rate.unsubscribed)) return { reached: true, clickedAt, unsubscribedAt: Infinity };
  const unsubscribedAt = seenAt + random.between(5 * second, 5 * minute);
  const complains = channel === 'email' && random.chance(0.12);
  diary.tell(entry, unsubscribedAt, {
    type: complains ? 'message.complained' : 'message.unsubscribed',
    stepId,
  });
  return { reached: true, clickedAt, unsubscribedAt };
}
