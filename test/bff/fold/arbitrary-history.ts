// Arbitrary rules and histories, made so that the corners are met often: few instants, many of them equal or at the end
// of a window, few steps and entry ids, ids that order differently by UTF-16 units, and events that come late.
import * as fc from 'fast-check';
import { eventTypes, type Conversion, type EventType } from '../../../bff/contract/index.ts';
import type { HistoryEvent, Rules } from '../../../bff/fold/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 2, 7, 22, 30);

/** Distances between instants, so that one often lies exactly, or 1 ms beside, a window after another. */
const steps = [0, 0, 0, 0, 1, minute, 90 * minute, 90 * minute + 1, 3 * hour, 24 * hour, 24 * hour + 1];

const windows: readonly Conversion['stopCountingAfterExit'][] = [
  { value: 0, unit: 'minutes' },
  { value: 0.00001, unit: 'minutes' },
  { value: 1, unit: 'minutes' },
  { value: 1.5, unit: 'hours' },
  { value: 1, unit: 'days' },
  { value: 3_650, unit: 'days' },
];

const filter = fc.constantFrom<Conversion['filters'][number]>(
  { property: 'total', operator: 'exists' },
  { property: 'total', operator: 'equals', value: 5 },
  { property: 'total', operator: 'notEquals', value: '5' },
  { property: 'total', operator: 'greaterThan', value: 5 },
  { property: 'total', operator: 'lessThan', value: 6 },
  { property: 'total', operator: 'contains', value: 'a' },
);

export const arbitraryRules: fc.Arbitrary<Rules> = fc.record({
  timeZone: fc.constantFrom('UTC', 'Europe/Istanbul', 'America/New_York', 'Asia/Kathmandu'),
  conversion: fc.option(
    fc.record({
      event: fc.constant('Purchase'),
      filters: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Conversion['filters']>([]) },
        { weight: 1, arbitrary: fc.array(filter, { minLength: 1, maxLength: 2 }) },
      ),
      stopCountingAfterExit: fc.constantFrom(...windows),
    }),
    { freq: 8, nil: null },
  ),
});

const type = fc.oneof(
  { weight: 4, arbitrary: fc.constant('journey.entered' as const) },
  { weight: 6, arbitrary: fc.constant('step.entered' as const) },
  { weight: 2, arbitrary: fc.constant('step.outcome' as const) },
  { weight: 2, arbitrary: fc.constant('journey.exited' as const) },
  { weight: 5, arbitrary: fc.constant('track' as const) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<EventType>(
      'message.sent',
      'message.failed',
      'message.held',
      'message.shown',
      'message.clicked',
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom(...eventTypes) },
);

const property = fc.constantFrom<unknown>(5, 5.5, 6, '5', 'a', 'A', ['a'], [5], true, null, { a: 5 });
const properties = fc.oneof(
  fc.constant(null),
  fc.constant('{}'),
  property.map((total) => JSON.stringify({ total })),
);

const draft = fc.record({
  type,
  step: fc.constantFrom(...steps),
  sequence: fc.constantFrom(0, 0, 0, 0, -1, 1, Number.MAX_SAFE_INTEGER),
  entryId: fc.constantFrom(null, null, null, 'x', 'y', 'é', 'e\u0301'),
  stepId: fc.constantFrom('a', 'a', 'b', '\u{1F600}'),
  outcome: fc.constantFrom('yes', 'no', 'android'),
  platform: fc.constantFrom(null, 'android', 'ios', 'web', 'iOS', 'other'),
  reason: fc.constantFrom(null, '', 'quota'),
  name: fc.constantFrom('Purchase', 'Purchase', 'Purchase', 'purchase', 'Viewed'),
  properties,
  prefix: fc.constantFrom('a', 'a', 'B', 'é', '\uFF5E', '\u{1F600}'),
});

type Draft = typeof draft extends fc.Arbitrary<infer Value> ? Value : never;

/** Gives a draft the fields of its type alone, as the log does. */
function eventOf(from: Draft, at: number, index: number): HistoryEvent {
  const ofJourney = from.type !== 'track';
  const ofStep = ofJourney && from.type !== 'journey.entered' && from.type !== 'journey.exited';
  const ofMessage = from.type.startsWith('message.');
  return {
    // Some ids are the beginning of others, none is another.
    id: `${from.prefix}${index}`,
    type: from.type,
    at,
    sequence: from.sequence,
    entryId: ofJourney ? from.entryId : null,
    stepId: ofStep ? from.stepId : null,
    outcome: from.type === 'step.outcome' ? from.outcome : null,
    platform: ofMessage ? from.platform : null,
    reason: ofMessage || from.type === 'journey.exited' ? from.reason : null,
    name: ofJourney ? null : from.name,
    properties: ofJourney ? null : from.properties,
  };
}

/** A history that is shuffled or, half of the time, in the order of time. */
export function arbitraryHistory(maxLength: number): fc.Arbitrary<HistoryEvent[]> {
  const inTime = fc.array(draft, { maxLength, size: 'max' }).map((drafts) => {
    let at = start;
    return drafts.map((from, index) => eventOf(from, (at += from.step), index));
  });
  const shuffled = inTime.chain((history) =>
    fc.shuffledSubarray(history, { minLength: history.length, maxLength: history.length }),
  );
  return fc.oneof(inTime, shuffled);
}
