// The journeys of a conformance case: definitions and a log in memory, and the numbers that the fold makes of them.
import assert from 'node:assert/strict';
import * as v from 'valibot';
import {
  eventSchema,
  journeyDefinitionSchema,
  parseDate,
  type JourneyDefinition,
  type ParsedEvent,
} from '../../../bff/contract/index.ts';
import { factsOf, noDay, quantile, type HistoryEvent } from '../../../bff/fold/index.ts';

const now = Date.now();
const units = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Reads `now`, `now-90m` and the like; every other text is already a time, or is none and stays so. */
function whenOf(at: unknown): unknown {
  const parts = typeof at === 'string' ? /^now(?:([+-]\d+)(ms|s|m|h|d))?$/.exec(at) : null;
  if (!parts) return at;
  const [, amount = '0', unit = 'ms'] = parts;
  return new Date(now + Number(amount) * (units.get(unit) ?? NaN)).toISOString();
}

/** An event as the log gives it back: what its type lacks, or what was not said, is null. */
function historyEvent({ id, type, at, sequence, ...said }: ParsedEvent): HistoryEvent {
  const { entryId, stepId, outcome, platform, reason, name, properties }: Partial<Record<string, string>> =
    said;
  return {
    id,
    type,
    at,
    sequence,
    entryId: entryId ?? null,
    stepId: stepId ?? null,
    outcome: outcome ?? null,
    platform: platform ?? null,
    reason: reason ?? null,
    name: name ?? null,
    properties: properties ?? null,
  };
}

/** A log and its definitions, as far as the fold is concerned. */
export class Journeys {
  readonly definitions = new Map<string, JourneyDefinition>();
  readonly log = new Map<string, ParsedEvent>();
  readonly erased = new Set<ParsedEvent>();

  define(journeyId: string, definition: unknown): void {
    const { success, output } = v.safeParse(journeyDefinitionSchema, definition);
    if (success) this.definitions.set(journeyId, output);
  }

  post(events: readonly Record<string, unknown>[]): void {
    for (const event of events) {
      const { success, output } = v.safeParse(eventSchema, { ...event, at: whenOf(event['at']) });
      if (success && !this.log.has(output.id)) this.log.set(output.id, output);
    }
  }

  erase(userId: string): void {
    for (const event of this.log.values()) if (event.userId === userId) this.erased.add(event);
  }

  histories(journeyId: string): Map<string, HistoryEvent[]> {
    const histories = new Map<string, HistoryEvent[]>();
    for (const event of this.log.values()) {
      if (this.erased.has(event) || ('journeyId' in event && event.journeyId !== journeyId)) continue;
      const history = histories.get(event.userId) ?? [];
      histories.set(event.userId, history);
      // Backwards: the order of arrival does not matter.
      history.unshift(historyEvent(event));
    }
    return histories;
  }
}

/** Dates, both inclusive. */
interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The numbers of a journey in a range of days, by key of fact, step and detail. */
export function numbersOf(journeys: Journeys, journeyId: string, { from, to }: DayRange) {
  const definition = journeys.definitions.get(journeyId);
  assert.ok(definition, journeyId);
  const first = (from === undefined ? undefined : parseDate(from)) ?? -Infinity;
  const last = (to === undefined ? undefined : parseDate(to)) ?? Infinity;
  const inRange = (day: number) => day === noDay || (day >= first && day <= last);
  const counts = new Map<string, number>();
  const users = new Map<string, Set<string>>();
  const histograms = new Map<string, number[]>();
  let windowsOpen = 0;
  for (const [user, history] of journeys.histories(journeyId)) {
    const facts = factsOf(definition, history);
    for (const { fact, step, detail, day, count } of facts.counts.values()) {
      if (!inRange(day)) continue;
      const key = [fact, step, detail].join('\0');
      counts.set(key, (counts.get(key) ?? 0) + count);
      users.set(key, (users.get(key) ?? new Set()).add(user));
    }
    for (const { fact, step, day, bucket, count } of facts.durations.values()) {
      const key = [fact, step].join('\0');
      if (!inRange(day)) continue;
      const histogram = histograms.get(key) ?? [];
      histogram[bucket] = (histogram[bucket] ?? 0) + count;
      histograms.set(key, histogram);
    }
    for (const { day, closesAt, count } of facts.closings.values()) {
      if (inRange(day) && now <= closesAt) windowsOpen += count;
    }
  }
  return {
    keys: [...counts.keys()],
    windowsOpen,
    count: (fact: string, step = '', detail = '') => counts.get([fact, step, detail].join('\0')) ?? 0,
    users: (fact: string, step = '', detail = '') => users.get([fact, step, detail].join('\0'))?.size ?? 0,
    quantiles: (fact: string, step: string) => {
      const histogram = histograms.get([fact, step].join('\0')) ?? [];
      return { p50: quantile(histogram, 0.5), p90: quantile(histogram, 0.9) };
    },
    rate: (part: number, whole: number) => (definition.conversion && whole > 0 ? (100 * part) / whole : null),
  };
}
export type Numbers = ReturnType<typeof numbersOf>;
