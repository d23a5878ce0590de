// The simulated traffic is valid, repeatable, and has the rates of real campaigns.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as v from 'valibot';
import {
  eventSchema,
  journeyDefinitionSchema,
  stepTypes,
  type EventInput,
  type ParsedEvent,
} from '../../bff/contract/index.ts';
import { fold, type HistoryEvent, type Participation } from '../../bff/fold/index.ts';
import { conversionEvent, welcomeJourney } from '../../demo/journeys.ts';
import { demoEvents, simulate } from '../../demo/simulate.ts';

const day = 86_400_000;
const endsAt = Date.parse('2026-11-20T15:00:00Z');
const definition = v.parse(journeyDefinitionSchema, welcomeJourney);

const inputs: EventInput[] = [...demoEvents(endsAt)];
const events: ParsedEvent[] = inputs.map((input) => v.parse(eventSchema, input));

function toHistoryEvent(event: ParsedEvent): HistoryEvent {
  return {
    id: event.id,
    type: event.type,
    at: event.at,
    sequence: event.sequence,
    entryId: ('entryId' in event ? event.entryId : undefined) ?? null,
    stepId: 'stepId' in event ? event.stepId : null,
    outcome: 'outcome' in event ? event.outcome : null,
    platform: ('platform' in event ? event.platform : undefined) ?? null,
    reason: ('reason' in event ? event.reason : undefined) ?? null,
    name: 'name' in event ? event.name : null,
    properties: ('properties' in event ? event.properties : undefined) ?? null,
  };
}

const people: Participation[] = [];
{
  const histories = Map.groupBy(events, (event) => event.userId);
  for (const history of histories.values()) people.push(fold(definition, history.map(toHistoryEvent)));
}
const entries = people.flatMap((person) => person.entries);

function between(value: number, least: number, most: number, what: string): void {
  assert.ok(value >= least && value <= most, `${what} is ${value}, not from ${least} to ${most}`);
}

function countOf(type: EventInput['type'], stepId?: string): number {
  return events.filter(
    (event) =>
      event.type === type && (stepId === undefined || ('stepId' in event && event.stepId === stepId)),
  ).length;
}

const ofSeed = (seed: number) => [...simulate({ seed, users: 200, days: 20, endsAt })];

describe('the journey', () => {
  test('has a step of every type', () => {
    assert.deepEqual(new Set(definition.steps.map((step) => step.type)), new Set(stepTypes));
  });

  test('has a campaign for each step that sends', () => {
    for (const step of definition.steps) {
      const sends = ['push', 'email', 'sms', 'in-app'].includes(step.type);
      assert.equal(typeof step.campaignId === 'string', sends, step.stepId);
    }
  });
});

describe('the events', () => {
  test('are the same for the same seed, and others for another', () => {
    assert.deepEqual(ofSeed(1), ofSeed(1));
    assert.notDeepEqual(ofSeed(1), ofSeed(2));
  });

  test('have ids of their own', () => {
    assert.equal(new Set(events.map((event) => event.id)).size, events.length);
  });

  test('seeded again later on the same day, begin as before', () => {
    const later = [...demoEvents(endsAt + day / 4)];
    assert.ok(later.length > inputs.length);
    assert.deepEqual(later.slice(0, inputs.length), inputs);
  });

  test('arrive in order, but for what is late', () => {
    let latest = 0;
    let early = 0;
    for (const { at } of events) {
      if (at < latest - 60_000) early += 1;
      latest = Math.max(latest, at);
    }
    between(early / events.length, 0.005, 0.05, 'the share of late events');
    assert.ok(latest <= endsAt);
  });

  test('interleave people', () => {
    let switches = 0;
    events.forEach((event, index) => (switches += Number(event.userId !== events[index - 1]?.userId)));
    between(switches / events.length, 0.3, 1, 'the share of events of another person than before');
  });

  test('name External IDs of one length', () => {
    assert.ok(events.every((event) => /^user-\d{6}$/.test(event.userId)));
  });
});

describe('the journeys of people', () => {
  test('all begin, and re-enter now and then', () => {
    between(people.length, 5_900, 6_000, 'the number of people');
    between(entries.length / people.length, 1.02, 1.06, 'entries a person');
  });

  test('have late events that stand alone only at the end', () => {
    const unattached = people.flatMap((person) => person.unattached);
    between(unattached.length, 0, 10, 'the number of unattached events');
  });

  test('follow the definition, both ways round the loop', () => {
    const defined = new Set(definition.transitions.map(({ from, to }) => `${from} ${to}`));
    const taken = new Set<string>();
    let surprises = 0;
    for (const { visits } of entries) {
      visits.forEach((visit, index) => {
        const before = visits[index - 1]?.event.stepId;
        if (before === undefined || before === null) return;
        const transition = `${before} ${visit.event.stepId}`;
        if (defined.has(transition)) taken.add(transition);
        else surprises += 1;
      });
    }
    assert.deepEqual(taken, defined);
    // A step may be told hours late, and overlapping entries without an entry id mix.
    between(surprises, 0, events.length * 0.001, 'the number of transitions that are not defined');
  });

  test('keep the balance of each step near that of the design', () => {
    const kinds = entries.flatMap(({ visits }) => visits);
    const share = (stepId: string, kind: string) => {
      const own = kinds.filter((visit) => visit.event.stepId === stepId);
      return own.filter((visit) => visit.kind === kind).length / own.length;
    };
    between(share('welcome-push', 'movedOn'), 0.92, 0.98, 'moved on from the welcome push');
    between(share('wait-a-day', 'waiting'), 0.005, 0.06, 'waiting for a day');
    between(share('first-purchase', 'movedOn'), 0.85, 0.97, 'moved on from the purchase');
    between(share('first-purchase', 'waiting'), 0.02, 0.14, 'waiting for a purchase');
    between(share('no-purchase', 'exited'), 0.99, 1, 'exited at the end');
    between(share('ten-percent-off', 'exited'), 0.04, 0.1, 'left at the second mail');
    between(entries.filter(({ exit }) => exit === null).length, 250, 900, 'active entries');
  });

  test('hold some messages at the end of the data', () => {
    const held = entries.filter(({ exit, messages }) => !exit && messages.at(-1)?.type === 'message.held');
    between(held.length, 1, 150, 'entries waiting with a held message');
  });

  test('convert as often as real ones, also after the end and more than once', () => {
    const converted = entries.filter(({ conversions }) => conversions.length > 0);
    between(converted.length / entries.length, 0.22, 0.36, 'the share of converted entries');
    const again = converted.filter(({ conversions }) => conversions.length > 1);
    between(again.length / converted.length, 0.05, 0.25, 'the share of those that convert again');
    const afterExit = converted.filter(({ exit, conversions }) =>
      conversions.some(({ event }) => exit && event.at > exit.at),
    );
    between(afterExit.length / converted.length, 0.05, 0.4, 'the share of those that convert after the end');
    const orders = events.filter((event) => event.type === 'track' && event.name === conversionEvent).length;
    const counted = entries.reduce((sum, { conversions }) => sum + conversions.length, 0);
    between((orders - counted) / orders, 0.05, 0.35, 'the share of orders that do not count');
    between(countOf('track') - orders, orders, orders * 8, 'product events that are no orders');
  });
});

describe('the messages', () => {
  for (const { stepId, type } of definition.steps) {
    if (type !== 'push' && type !== 'email' && type !== 'sms') continue;
    test(`of ${stepId} have the rates of a campaign`, () => {
      const sent = countOf('message.sent', stepId);
      assert.ok(sent > 1_000);
      between(countOf('message.failed', stepId) / sent, 0.012, 0.065, 'failed');
      between(countOf('message.delivered', stepId) / sent, 0.9, 0.99, 'delivered');
      between(countOf('message.clicked', stepId) / sent, 0.04, 0.34, 'clicked');
      const shown = countOf('message.shown', stepId) / sent;
      if (type === 'sms') assert.equal(shown, 0);
      else between(shown, 0.45, 0.75, 'shown');
    });
  }

  test('come on every platform, with every result and several reasons', () => {
    const messages = events.filter((event) => 'platform' in event || event.type.startsWith('message.'));
    const platforms = new Set(messages.map((event) => ('platform' in event ? event.platform : undefined)));
    assert.deepEqual(platforms, new Set(['android', 'ios', 'web', undefined]));
    for (const type of ['held', 'skipped', 'bounced', 'unsubscribed', 'complained'] as const) {
      assert.ok(countOf(`message.${type}`) > 0, type);
    }
    const reasons = new Set(
      events.flatMap((event) => (event.type === 'message.failed' ? [event.reason] : [])),
    );
    assert.ok(reasons.size >= 8);
    const exits = new Set(events.flatMap((event) => (event.type === 'journey.exited' ? [event.reason] : [])));
    assert.ok(exits.has(undefined) && exits.has('') && exits.size >= 7);
  });
});

test('entries come with and without ids', () => {
  const entered = events.filter((event) => event.type === 'journey.entered');
  const named = entered.filter((event) => event.entryId !== undefined);
  between(named.length / entered.length, 0.5, 0.7, 'the share of entries with an id');
});
