// Short ways to write the histories that the tests of the fold are about.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conversion, EventType, MessageOutcome } from '../../../bff/contract/index.ts';
import { factsOf, type Facts, type HistoryEvent, type Rules } from '../../../bff/fold/index.ts';

/**
 * Reads `[day ]hours:minutes[:seconds[.milliseconds]]` as an instant of March 2026 in UTC, on the 2nd when no day is
 * given, and anything with a T as ISO 8601.
 */
export function instant(text: string): number {
  if (text.includes('T')) return Date.parse(text);
  const [clock = '', day = '2'] = text.split(' ').toReversed();
  const at = Date.parse(`2026-03-${day.padStart(2, '0')}T${clock}Z`);
  assert.ok(Number.isFinite(at), `no instant: ${text}`);
  return at;
}

export type Details = Partial<Omit<HistoryEvent, 'type' | 'at'>>;

let made = 0;

/** An event with an id that no other has. */
export function event(type: EventType, when: string, details: Details = {}): HistoryEvent {
  made += 1;
  return {
    id: `event-${made}`,
    type,
    at: instant(when),
    sequence: 0,
    entryId: null,
    stepId: null,
    outcome: null,
    platform: null,
    reason: null,
    name: null,
    properties: null,
    ...details,
  };
}

export const entered = (when: string, details?: Details) => event('journey.entered', when, details);
export const exited = (when: string, details?: Details) => event('journey.exited', when, details);
export const visit = (when: string, stepId: string, details?: Details) =>
  event('step.entered', when, { stepId, ...details });
export const outcome = (when: string, stepId: string, name: string, details?: Details) =>
  event('step.outcome', when, { stepId, outcome: name, ...details });
export const message = (kind: MessageOutcome, when: string, stepId: string, details?: Details) =>
  event(`message.${kind}`, when, { stepId, ...details });
export const purchase = (when: string, details?: Details) =>
  event('track', when, { name: 'Purchase', ...details });

/** Purchases convert within 24 hours after the exit. */
export const purchases: Conversion = {
  event: 'Purchase',
  filters: [],
  stopCountingAfterExit: { value: 24, unit: 'hours' },
};
export const rules: Rules = { conversion: purchases, timeZone: 'UTC' };
export const withoutConversion: Rules = { conversion: null, timeZone: 'UTC' };

export function withWindow(value: number, unit: Conversion['stopCountingAfterExit']['unit']): Rules {
  return { ...rules, conversion: { ...purchases, stopCountingAfterExit: { value, unit } } };
}

/** What is expected of facts: by `fact`, `fact step` or `fact step detail`, the count over all days. */
export type Expected = Readonly<Record<string, number>>;

/** Sums the counts of facts over their days, under keys like `entryCount hello` or `sentCount hello ios`. */
export function countsOf({ counts }: Facts): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { fact, step, detail, count } of counts.values()) {
    const key = `${fact} ${step} ${detail}`.trimEnd();
    sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

/** Holds the facts of a history against some that are expected; 0 says that there must be none. */
export function assertCounts(history: readonly HistoryEvent[], expected: Expected, by: Rules = rules): void {
  const counts = countsOf(factsOf(by, history));
  const found = Object.fromEntries(Object.keys(expected).map((key) => [key, counts[key] ?? 0]));
  assert.deepEqual(found, expected);
}

/** One rule of the meaning, a history it decides, and facts that follow. */
export type Case = readonly [rule: string, history: readonly HistoryEvent[], expected: Expected, by?: Rules];

/** Tests each case in the order it is written in and backwards, since the order of arrival must not matter. */
export function describeCases(subject: string, cases: readonly Case[]): void {
  void describe(subject, () => {
    for (const [rule, history, expected, by] of cases) {
      void test(rule, () => {
        assertCounts(history, expected, by);
        assertCounts(history.toReversed(), expected, by);
      });
    }
  });
}
