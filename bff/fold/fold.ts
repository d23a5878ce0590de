// The fold: a user's history in one journey → what took part in it. Sections 2, 3 and 5 of the meaning stand here.
import type { Conversion } from '../contract/index.ts';
import { matches, windowMilliseconds } from './conversion-rule.ts';
import { dayInZone } from './day-in-zone.ts';
import { compareEvents, inOrder, type HistoryEvent } from './history.ts';

/** What of a journey's definition decides the meaning of its events. */
export interface Rules {
  readonly conversion: Conversion | null;
  /** IANA name. */
  readonly timeZone: string;
}

/**
 * One `step.entered` of an entry: another followed, or none did and the entry has exited, or none did and it is still
 * active.
 */
interface Visit {
  readonly event: HistoryEvent;
  readonly kind: 'movedOn' | 'exited' | 'waiting';
}

/** A `track` event attributed to an entry, with the step whose message gets the credit for it, if any. */
export interface AttributedConversion {
  readonly event: HistoryEvent;
  readonly creditedStep: string | null;
}

/** One participation of the user in the journey. All lists are in the order of the history. */
export interface Entry {
  /** Its `journey.entered`; of several with one `entryId` the first. */
  readonly beginning: HistoryEvent;
  /** The calendar day of its beginning in the journey's zone, in days since 1970-01-01. */
  readonly day: number;
  /** Its first `journey.exited`, or null while it is active. */
  readonly exit: HistoryEvent | null;
  /** The last millisecond of its eligible period: exit + window; Infinity while it is active or when nothing converts. */
  readonly closesAt: number;
  readonly visits: readonly Visit[];
  readonly messages: readonly HistoryEvent[];
  readonly outcomes: readonly HistoryEvent[];
  readonly conversions: readonly AttributedConversion[];
}

/** What a history says about one user in one journey. */
export interface Participation {
  /** In the order of their beginnings. */
  readonly entries: readonly Entry[];
  /** Events of the journey that belong to no entry, in order. */
  readonly unattached: readonly HistoryEvent[];
}

/** An entry while its events are being gathered. */
interface OpenEntry {
  readonly beginning: HistoryEvent;
  exit: HistoryEvent | null;
  closesAt: number;
  readonly entered: HistoryEvent[];
  readonly messages: HistoryEvent[];
  readonly outcomes: HistoryEvent[];
  readonly converting: HistoryEvent[];
}

/**
 * Folds a history.
 * @param history in any order, without two events of one id
 */
export function fold(rules: Rules, history: readonly HistoryEvent[]): Participation {
  const events = inOrder(history);
  const { entries, byEntryId } = beginnings(events);
  const { unattached, tracks } = attach(rules.conversion, events, entries, byEntryId);
  if (rules.conversion) attribute(rules.conversion, entries, tracks);
  return { entries: entries.map((entry) => closed(entry, rules.timeZone)), unattached };
}

/** Finds the entries. All of them are needed first, since an event may name one that begins after it. */
function beginnings(events: readonly HistoryEvent[]) {
  const entries: OpenEntry[] = [];
  const byEntryId = new Map<string, OpenEntry>();
  for (const event of events) {
    if (event.type !== 'journey.entered') continue;
    if (event.entryId !== null && byEntryId.has(event.entryId)) continue;
    const entry: OpenEntry = {
      beginning: event,
      exit: null,
      closesAt: Infinity,
      entered: [],
      messages: [],
      outcomes: [],
      converting: [],
    };
    entries.push(entry);
    if (event.entryId !== null) byEntryId.set(event.entryId, entry);
  }
  return { entries, byEntryId };
}

/** Gives each event of the journey to its entry, and sets aside the product events that match the conversion. */
function attach(
  conversion: Conversion | null,
  events: readonly HistoryEvent[],
  entries: readonly OpenEntry[],
  byEntryId: ReadonlyMap<string, OpenEntry>,
) {
  const unattached: HistoryEvent[] = [];
  const tracks: HistoryEvent[] = [];
  let begun = 0;
  for (const event of events) {
    if (event.type === 'track') {
      if (conversion && matches(conversion, event.name, event.properties)) tracks.push(event);
      continue;
    }
    if (event.type === 'journey.entered') {
      // A repeated telling of an entry is no beginning: it changes nothing.
      if (event === entries[begun]?.beginning) begun += 1;
      continue;
    }
    const entry = event.entryId === null ? entries[begun - 1] : byEntryId.get(event.entryId);
    if (!entry) {
      unattached.push(event);
      continue;
    }
    switch (event.type) {
      case 'step.entered':
        entry.entered.push(event);
        break;
      case 'step.outcome':
        entry.outcomes.push(event);
        break;
      case 'journey.exited':
        entry.exit ??= event;
        break;
      default:
        entry.messages.push(event);
    }
  }
  return { unattached, tracks };
}

/**
 * Attributes matching product events, each to the most recently begun entry whose eligible period contains it. Entries
 * and events both come in the order of time, so an entry that is over for one event is over for all that follow: a
 * stack of those begun, with the latest on top, makes this linear.
 */
function attribute(
  conversion: Conversion,
  entries: readonly OpenEntry[],
  tracks: readonly HistoryEvent[],
): void {
  const window = windowMilliseconds(conversion);
  for (const entry of entries) if (entry.exit) entry.closesAt = entry.exit.at + window;
  const eligible: OpenEntry[] = [];
  let begun = 0;
  for (const track of tracks) {
    for (let next = entries[begun]; next && next.beginning.at <= track.at; next = entries[begun]) {
      eligible.push(next);
      begun += 1;
    }
    let latest = eligible.at(-1);
    while (latest && latest.closesAt < track.at) {
      eligible.pop();
      latest = eligible.at(-1);
    }
    latest?.converting.push(track);
  }
}

function closed(entry: OpenEntry, timeZone: string): Entry {
  const { beginning, exit, closesAt, entered, messages, outcomes } = entry;
  const lastKind = exit ? 'exited' : 'waiting';
  const last = entered.length - 1;
  return {
    beginning,
    day: dayInZone(beginning.at, timeZone),
    exit,
    closesAt,
    visits: entered.map((event, index) => ({ event, kind: index < last ? 'movedOn' : lastKind })),
    messages,
    outcomes,
    conversions: credited(entry),
  };
}

/** Credits each conversion to the step of the last message shown or clicked before it; if none, of the last sent. */
function credited({ messages, converting }: OpenEntry): AttributedConversion[] {
  let touched: HistoryEvent | undefined;
  let sent: HistoryEvent | undefined;
  let passed = 0;
  return converting.map((event) => {
    for (
      let message = messages[passed];
      message && compareEvents(message, event) < 0;
      message = messages[passed]
    ) {
      if (message.type === 'message.shown' || message.type === 'message.clicked') touched = message;
      else if (message.type === 'message.sent') sent = message;
      passed += 1;
    }
    return { event, creditedStep: (touched ?? sent)?.stepId ?? null };
  });
}
