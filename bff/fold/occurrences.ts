// Participation → occurrences: each fact of sections 6 and 7 of the meaning, as often as it happened and when.
import {
  messageOutcomes,
  platforms,
  type DistributionFact,
  type EventType,
  type FactName,
  type Platform,
  type StepFact,
} from '../contract/index.ts';
import type { AttributedConversion, Entry, Participation } from './fold.ts';
import type { HistoryEvent } from './history.ts';

/** The day of facts that belong to none: `unattachedEvents`. It is the smallest integer that a database's `integer` holds. */
export const noDay = -2_147_483_648;

/**
 * Takes one occurrence of a fact.
 * @param step '' for facts of the journey; the step a transition comes from, '' for a journey's first visits
 * @param detail a platform, an outcome, a reason or the step a transition leads to; '' for all or none
 * @param day the day on which the entry began, in days since 1970-01-01, or noDay
 * @param at when it happened, in milliseconds since 1970
 * @param event what happened, where its reason or id matters
 */
type EmitOccurrence = (
  fact: FactName,
  step: string,
  detail: string,
  day: number,
  at: number,
  event: HistoryEvent,
) => void;

/** Takes several occurrences at once: the conversions from the one numbered `from` on. They may be many for each of many steps. */
type EmitConversions = (
  fact: FactName,
  step: string,
  detail: string,
  day: number,
  conversions: readonly AttributedConversion[],
  from: number,
) => void;

const messageFacts = new Map<EventType, StepFact>(
  messageOutcomes.map((outcome) => [`message.${outcome}`, `${outcome}Count`]),
);

function platformOf({ platform }: HistoryEvent): Platform {
  return platforms.find((known) => known === platform) ?? 'other';
}

/** The step of an event that has one by its type. */
function stepOf(event: HistoryEvent): string {
  if (event.stepId === null) throw new TypeError(`The ${event.type} event ${event.id} names no step.`);
  return event.stepId;
}

/** The number of the first conversion at or after an instant. */
function firstFrom(conversions: readonly AttributedConversion[], at: number): number {
  let low = 0;
  let high = conversions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((conversions[middle]?.event.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Calls `one` for each occurrence, or `several` where those are the conversions from one on. */
export function visitOccurrences(
  participation: Participation,
  one: EmitOccurrence,
  several: EmitConversions,
): void {
  for (const event of participation.unattached) one('unattachedEvents', '', '', noDay, event.at, event);
  for (const entry of participation.entries) {
    ofJourney(entry, one);
    ofVisits(entry, one);
    ofMessages(entry, one);
    ofOutcomes(entry, one);
    if (entry.conversions.length > 0) ofConversions(entry, one, several);
  }
}

function ofJourney({ beginning, exit, day, conversions }: Entry, one: EmitOccurrence): void {
  one('totalEntries', '', '', day, beginning.at, beginning);
  if (!exit) one('activeEntries', '', '', day, beginning.at, beginning);
  else if (conversions.length === 0) one('totalExits', '', '', day, exit.at, exit);
}

function ofVisits({ visits, messages, exit, day, conversions }: Entry, one: EmitOccurrence): void {
  let from = '';
  for (const { event, kind } of visits) {
    const step = stepOf(event);
    one('entryCount', step, '', day, event.at, event);
    one('transition', from, step, day, event.at, event);
    one(kind, step, '', day, event.at, event);
    from = step;
    if (kind === 'movedOn') continue;
    const lastMessage = messages.findLast(({ stepId }) => stepId === step)?.type;
    if (kind === 'waiting') {
      if (lastMessage === 'message.held') one('waitingHeld', step, '', day, event.at, event);
      continue;
    }
    one('exitReason', step, exit?.reason ?? '', day, event.at, event);
    if (conversions.length > 0) {
      one('completed', step, '', day, event.at, event);
    } else {
      one('droppedOff', step, '', day, event.at, event);
      if (lastMessage === 'message.failed') one('stoppedByFailure', step, '', day, event.at, event);
    }
  }
}

function ofMessages({ messages, day }: Entry, one: EmitOccurrence): void {
  for (const event of messages) {
    const fact = messageFacts.get(event.type);
    if (!fact) throw new TypeError(`The event ${event.id} is no message: ${event.type}.`);
    const step = stepOf(event);
    one(fact, step, '', day, event.at, event);
    one(fact, step, platformOf(event), day, event.at, event);
    if (event.type === 'message.sent') one('messagesSent', '', '', day, event.at, event);
  }
}

function ofOutcomes({ outcomes, day }: Entry, one: EmitOccurrence): void {
  for (const event of outcomes) {
    const step = stepOf(event);
    one('outcome', step, '', day, event.at, event);
    one('outcome', step, outcomeOf(event), day, event.at, event);
  }
}

function outcomeOf(event: HistoryEvent): string {
  if (event.outcome === null) throw new TypeError(`The ${event.type} event ${event.id} names no outcome.`);
  return event.outcome;
}

function ofConversions(entry: Entry, one: EmitOccurrence, several: EmitConversions): void {
  const { visits, outcomes, conversions, day } = entry;
  several('conversionEvents', '', '', day, conversions, 0);
  for (const { event, creditedStep } of conversions) {
    if (creditedStep !== null) one('creditedConversions', creditedStep, '', day, event.at, event);
  }
  const steps = new Set<string>();
  for (const { event } of visits) {
    const step = stepOf(event);
    if (steps.has(step)) continue;
    steps.add(step);
    const from = firstFrom(conversions, event.at);
    if (from < conversions.length) several('convertedUsers', step, '', day, conversions, from);
  }
  const named = new Set<string>();
  for (const event of outcomes) {
    const step = stepOf(event);
    const outcome = outcomeOf(event);
    const key = `${step}\0${outcome}`;
    if (named.has(key)) continue;
    named.add(key);
    const from = firstFrom(conversions, event.at);
    if (from < conversions.length) several('outcomeConverted', step, outcome, day, conversions, from);
  }
}

/**
 * Calls `emit` for every occurrence of every fact, each user's Count, First At, Last At and Reason in an export.
 * @param only narrows it to one fact of one step ('' for facts of the journey), which spares the others' conversions
 */
export function occurrences(
  participation: Participation,
  emit: EmitOccurrence,
  only?: { readonly fact: FactName; readonly step: string },
): void {
  visitOccurrences(
    participation,
    only
      ? (fact, step, detail, day, at, event) => {
          if (fact === only.fact && step === only.step) emit(fact, step, detail, day, at, event);
        }
      : emit,
    (fact, step, detail, day, conversions, from) => {
      if (only && (fact !== only.fact || step !== only.step)) return;
      for (let index = from; index < conversions.length; index += 1) {
        const event = conversions[index]?.event;
        if (event) emit(fact, step, detail, day, event.at, event);
      }
    },
  );
}

/** Calls `emit` for every duration: the times in step, and for each converted entry the time to convert. */
export function durations(
  { entries }: Participation,
  emit: (fact: DistributionFact, step: string, day: number, milliseconds: number) => void,
): void {
  for (const { beginning, visits, exit, day, conversions } of entries) {
    visits.forEach(({ event }, index) => {
      const end = visits[index + 1]?.event ?? exit;
      // A visit after the exit has no time in its step.
      if (end && end.at >= event.at) emit('timeInStep', stepOf(event), day, end.at - event.at);
    });
    const first = conversions[0];
    if (first) emit('timeToConvert', '', day, first.event.at - beginning.at);
  }
}
