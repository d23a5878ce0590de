// Holds the product's answers against those of its peers, where both mean the same.
import { parseDate, type Flow, type Overview, type Trend } from '../../../bff/contract/index.ts';
import { differencesOf } from './measure.ts';
import type { Answer } from './questions.ts';

type Numbers = Map<string, number>;

function add(numbers: Numbers, key: string, count: number, users: number): void {
  if (count === 0) return;
  numbers.set(`${key} count`, count);
  numbers.set(`${key} users`, users);
}

/** Entries, messages and orders. Exits mean another thing here: those without an order. */
export function compareOverview(ours: object, theirs: Answer): string[] {
  const { metrics } = ours as Overview; // what readOverview answers
  const numbers: Numbers = new Map();
  add(numbers, 'journey.entered', metrics.totalEntries, metrics.entryUsers);
  add(numbers, 'message.sent', metrics.messagesSent, metrics.messagesSentUsers);
  add(numbers, 'track', metrics.conversionEvents, metrics.convertedUsers);
  const same = [...theirs].filter(([key]) => !key.startsWith('journey.exited'));
  return differencesOf(numbers, new Map(same));
}

/** Steps, and transitions when the peer tells of them. */
export function compareFlow(ours: object, theirs: Answer): string[] {
  const { steps, transitions } = ours as Flow; // what readFlow answers
  const numbers: Numbers = new Map();
  for (const { stepId, metrics } of steps) add(numbers, stepId, metrics.entryCount, metrics.entryUsers);
  if ([...theirs.keys()].some((key) => key.includes(' > '))) {
    for (const { from, to, count, users } of transitions) add(numbers, `${from ?? ''} > ${to}`, count, users);
  }
  return differencesOf(numbers, theirs);
}

export function compareTrend(ours: object, theirs: Answer): string[] {
  const { points } = ours as Trend; // what readTrend answers
  const numbers: Numbers = new Map();
  for (const { date, count, users } of points) add(numbers, String(parseDate(date)), count, users);
  return differencesOf(numbers, theirs);
}
