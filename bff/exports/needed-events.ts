// Which events of a history decide how often one fact of one step occurred: an export reads no others. What the fold says of
// the fact is the same with the rest.
import { messageOutcomes, type EventType, type FactName } from '../contract/index.ts';

export interface NeededEvents {
  /** Events of the journey, at whatever step. */
  readonly anywhere: readonly EventType[];
  /** Events of the journey at the fact's own step. */
  readonly atStep: readonly EventType[];
  /** Whether it matters what converts. */
  readonly conversions: boolean;
}

const messages = messageOutcomes.map((outcome): EventType => `message.${outcome}`);
const beginnings: readonly EventType[] = ['journey.entered'];
const spans: readonly EventType[] = ['journey.entered', 'journey.exited'];
const movements: readonly EventType[] = [...spans, 'step.entered'];

const needed = (
  anywhere: readonly EventType[],
  atStep: readonly EventType[] = [],
  conversions = false,
): NeededEvents => ({ anywhere, atStep, conversions });

const byFact: Partial<Record<FactName, NeededEvents>> = {
  messagesSent: needed([...beginnings, 'message.sent']),
  totalEntries: needed(beginnings),
  activeEntries: needed(spans),
  totalExits: needed(spans, [], true),
  conversionEvents: needed(spans, [], true),
  entryCount: needed(beginnings, ['step.entered']),
  outcome: needed(beginnings, ['step.outcome']),
  convertedUsers: needed(spans, ['step.entered'], true),
  // The credit goes to the last message before, wherever it was.
  creditedConversions: needed([...spans, 'message.sent', 'message.shown', 'message.clicked'], [], true),
  movedOn: needed(movements),
  exited: needed(movements),
  waiting: needed(movements),
  waitingHeld: needed(movements, messages),
  completed: needed(movements, [], true),
  droppedOff: needed(movements, [], true),
  stoppedByFailure: needed(movements, messages, true),
  ...Object.fromEntries(
    messageOutcomes.map((outcome) => [`${outcome}Count`, needed(beginnings, [`message.${outcome}`])]),
  ),
};

/** @throws Error for a fact that no metric with users names */
export function neededEventsOf(fact: FactName): NeededEvents {
  const found = byFact[fact];
  if (!found) throw new Error(`It is not known which events ${fact} needs`);
  return found;
}
