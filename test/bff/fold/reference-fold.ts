// The meaning once more, as slow and as close to its sentences as can be: each rule asks all events, nothing is
// remembered, sorted in place or swept. It shares no code with the fold, which is held against it.
import type { Conversion, ConversionFilter } from '../../../bff/contract/index.ts';
import type { HistoryEvent, Rules } from '../../../bff/fold/index.ts';

/** One occurrence of a fact; `id` names the event. */
export interface ReferenceOccurrence {
  readonly fact: string;
  readonly step: string;
  readonly detail: string;
  /** null for facts that belong to no day. */
  readonly day: number | null;
  readonly at: number;
  readonly id: string;
}

export interface ReferenceDuration {
  readonly fact: string;
  readonly step: string;
  readonly day: number;
  readonly milliseconds: number;
}

export interface ReferenceClosing {
  readonly day: number;
  readonly closesAt: number;
}

const typesInOrder = [
  'journey.entered',
  'step.entered',
  'step.outcome',
  'message',
  'track',
  'journey.exited',
];

function isMessage(event: HistoryEvent): boolean {
  return event.type.startsWith('message.');
}

function placeOf(event: HistoryEvent): number {
  return typesInOrder.indexOf(isMessage(event) ? 'message' : event.type);
}

function pointsOf({ id }: HistoryEvent): number[] {
  return Array.from(id, (character) => character.codePointAt(0) ?? 0);
}

/** Section 2: whether one event stands before another. */
function precedes(one: HistoryEvent, other: HistoryEvent): boolean {
  if (one.at !== other.at) return one.at < other.at;
  if (one.sequence !== other.sequence) return one.sequence < other.sequence;
  if (placeOf(one) !== placeOf(other)) return placeOf(one) < placeOf(other);
  const [left, right] = [pointsOf(one), pointsOf(other)];
  const different = left.findIndex((point, index) => point !== right[index]);
  if (different === -1) return left.length < right.length;
  return different < right.length && (left[different] ?? 0) < (right[different] ?? 0);
}

function first(events: readonly HistoryEvent[]): HistoryEvent | undefined {
  return events.find((event) => events.every((other) => other === event || precedes(event, other)));
}

function last(events: readonly HistoryEvent[]): HistoryEvent | undefined {
  return events.find((event) => events.every((other) => other === event || precedes(other, event)));
}

/** Section 3: the beginnings of the entries. */
function beginningsIn(history: readonly HistoryEvent[]): HistoryEvent[] {
  const tellings = history.filter(({ type }) => type === 'journey.entered');
  return tellings.filter(
    (telling) =>
      telling.entryId === null ||
      telling === first(tellings.filter(({ entryId }) => entryId === telling.entryId)),
  );
}

/** Section 3: the beginning of the entry that an event of the journey belongs to. */
function entryOf(event: HistoryEvent, history: readonly HistoryEvent[]): HistoryEvent | undefined {
  const beginnings = beginningsIn(history);
  if (event.entryId !== null) return beginnings.find(({ entryId }) => entryId === event.entryId);
  return last(beginnings.filter((beginning) => precedes(beginning, event)));
}

const days = new Map<string, Intl.DateTimeFormat>();

/** Section 4. */
function dayOf(at: number, timeZone: string): number {
  const format = days.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
  days.set(timeZone, format);
  return Date.parse(`${format.format(at)}T00:00:00Z`) / 86_400_000;
}

function equals(left: unknown, right: unknown): boolean {
  return typeof left === typeof right && left === right;
}

/** Section 5: whether a filter holds. */
function holds(filter: ConversionFilter, properties: Readonly<Record<string, unknown>>): boolean {
  const given = Object.entries(properties).find(([key]) => key === filter.property)?.[1] ?? undefined;
  if (filter.operator === 'exists') return given !== undefined;
  if (filter.operator === 'equals') return equals(given, filter.value);
  if (filter.operator === 'notEquals') return !equals(given, filter.value);
  if (filter.operator === 'contains') {
    if (typeof given === 'string')
      return typeof filter.value === 'string' && given.split(filter.value).length > 1;
    return Array.isArray(given) && given.filter((item) => equals(item, filter.value)).length > 0;
  }
  if (typeof given !== 'number' || typeof filter.value !== 'number') return false;
  return filter.operator === 'greaterThan' ? given > filter.value : given < filter.value;
}

function isConversion(event: HistoryEvent, conversion: Conversion): boolean {
  if (event.type !== 'track' || event.name !== conversion.event) return false;
  const properties: Record<string, unknown> = JSON.parse(event.properties ?? '{}');
  return conversion.filters.every((filter) => holds(filter, properties));
}

/** Section 5, with the decimal digits of the value as they are written. */
function windowOf({ stopCountingAfterExit: { value, unit } }: Conversion): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const shift = fraction.length - Number(exponent);
  const unitMilliseconds = { minutes: 60_000n, hours: 3_600_000n, days: 86_400_000n }[unit];
  return Number((BigInt(whole + fraction) * unitMilliseconds) / 10n ** BigInt(shift));
}

/** Folds a history into its occurrences, durations and closing windows. */
export function referenceFold({ conversion, timeZone }: Rules, history: readonly HistoryEvent[]) {
  const occurrences: ReferenceOccurrence[] = [];
  const durations: ReferenceDuration[] = [];
  const closings: ReferenceClosing[] = [];

  const ofJourney = history.filter(({ type }) => type !== 'track' && type !== 'journey.entered');
  const beginnings = beginningsIn(history);
  const exitOf = (beginning: HistoryEvent) =>
    first(
      ofJourney.filter((event) => event.type === 'journey.exited' && entryOf(event, history) === beginning),
    );

  const attributedTo = (event: HistoryEvent) => {
    if (!conversion || !isConversion(event, conversion)) return undefined;
    return last(
      beginnings.filter((beginning) => {
        const exit = exitOf(beginning);
        return beginning.at <= event.at && (!exit || event.at <= exit.at + windowOf(conversion));
      }),
    );
  };

  for (const event of ofJourney) {
    if (entryOf(event, history)) continue;
    occurrences.push({
      fact: 'unattachedEvents',
      step: '',
      detail: '',
      day: null,
      at: event.at,
      id: event.id,
    });
  }

  for (const beginning of beginnings) {
    const day = dayOf(beginning.at, timeZone);
    const occurs = (fact: string, step: string, detail: string, event: HistoryEvent) => {
      occurrences.push({ fact, step, detail, day, at: event.at, id: event.id });
    };
    const own = ofJourney.filter((event) => entryOf(event, history) === beginning);
    const exit = exitOf(beginning);
    const conversions = history.filter((event) => attributedTo(event) === beginning);
    const visits = own.filter(({ type }) => type === 'step.entered');
    const messages = own.filter(isMessage);
    const outcomes = own.filter(({ type }) => type === 'step.outcome');

    occurs('totalEntries', '', '', beginning);
    if (!exit) occurs('activeEntries', '', '', beginning);
    if (exit && conversions.length === 0) occurs('totalExits', '', '', exit);
    if (exit && conversions.length === 0 && conversion) {
      closings.push({ day, closesAt: exit.at + windowOf(conversion) });
    }

    for (const message of messages) {
      const step = message.stepId ?? '';
      const kind = `${message.type.slice('message.'.length)}Count`;
      const known =
        message.platform === 'android' || message.platform === 'ios' || message.platform === 'web';
      occurs(kind, step, '', message);
      occurs(kind, step, known ? (message.platform ?? '') : 'other', message);
      if (message.type === 'message.sent') occurs('messagesSent', '', '', message);
    }

    for (const outcome of outcomes) {
      occurs('outcome', outcome.stepId ?? '', '', outcome);
      occurs('outcome', outcome.stepId ?? '', outcome.outcome ?? '', outcome);
      const same = outcomes.filter(
        (other) => other.stepId === outcome.stepId && other.outcome === outcome.outcome,
      );
      if (outcome !== first(same)) continue;
      for (const converting of conversions.filter(({ at }) => at >= outcome.at)) {
        occurs('outcomeConverted', outcome.stepId ?? '', outcome.outcome ?? '', converting);
      }
    }

    for (const visit of visits) {
      const step = visit.stepId ?? '';
      const previous = last(visits.filter((other) => precedes(other, visit)));
      const next = first(visits.filter((other) => precedes(visit, other)));
      const lastMessage = last(messages.filter(({ stepId }) => stepId === step))?.type;
      occurs('entryCount', step, '', visit);
      occurs('transition', previous?.stepId ?? '', step, visit);
      if (next) occurs('movedOn', step, '', visit);
      if (!next && exit) occurs('exited', step, '', visit);
      if (!next && exit) occurs('exitReason', step, exit.reason ?? '', visit);
      if (!next && exit && conversions.length > 0) occurs('completed', step, '', visit);
      if (!next && exit && conversions.length === 0) {
        occurs('droppedOff', step, '', visit);
        if (lastMessage === 'message.failed') occurs('stoppedByFailure', step, '', visit);
      }
      if (!next && !exit) {
        occurs('waiting', step, '', visit);
        if (lastMessage === 'message.held') occurs('waitingHeld', step, '', visit);
      }
      if (next) durations.push({ fact: 'timeInStep', step, day, milliseconds: next.at - visit.at });
      else if (exit && exit.at >= visit.at) {
        durations.push({ fact: 'timeInStep', step, day, milliseconds: exit.at - visit.at });
      }
      if (visit !== first(visits.filter(({ stepId }) => stepId === step))) continue;
      for (const converting of conversions.filter(({ at }) => at >= visit.at)) {
        occurs('convertedUsers', step, '', converting);
      }
    }

    for (const converting of conversions) {
      occurs('conversionEvents', '', '', converting);
      const before = messages.filter((message) => precedes(message, converting));
      const touched = before.filter(({ type }) => type === 'message.shown' || type === 'message.clicked');
      const sent = before.filter(({ type }) => type === 'message.sent');
      const credited = last(touched.length > 0 ? touched : sent);
      if (credited) occurs('creditedConversions', credited.stepId ?? '', '', converting);
    }
    const firstConversion = first(conversions);
    if (firstConversion) {
      durations.push({
        fact: 'timeToConvert',
        step: '',
        day,
        milliseconds: firstConversion.at - beginning.at,
      });
    }
  }
  return { occurrences, durations, closings };
}
