// A small journey and short ways to write its events, for tests that are about the service and not about the meaning.
import type { EventType, JourneyDefinitionInput } from '../../bff/contract/index.ts';
import type { SentEvent } from './conformance-case.ts';

export const journeyId = 'welcome';

export const definition = {
  name: 'Welcome series',
  timeZone: 'UTC',
  conversion: { event: 'Purchase', filters: [], stopCountingAfterExit: { value: 24, unit: 'hours' } },
  steps: [
    { stepId: 'start', type: 'entry', name: 'Start' },
    { stepId: 'hello', type: 'push', name: 'Hello', campaignId: 'c-17' },
    { stepId: 'ask', type: 'condition', name: 'Asked' },
  ],
  transitions: [
    { from: 'start', to: 'hello' },
    { from: 'hello', to: 'ask', label: 'next' },
  ],
} satisfies JourneyDefinitionInput;

let made = 0;

/** An event with an id that no other has; of the journey above unless told otherwise, `track` of none. */
export function event(
  type: EventType,
  userId: string,
  at: string,
  fields: Readonly<Record<string, unknown>> = {},
): SentEvent {
  made += 1;
  const ofJourney = type === 'track' ? {} : { journeyId };
  return { id: `event-${made}`, type, userId, at, ...ofJourney, ...fields };
}

/** A user's way through the journey on one day of March 2026: entered, greeted, asked, out, and perhaps a purchase. */
export function visitOf(userId: string, day: number, purchase = false): SentEvent[] {
  const at = (clock: string) => `2026-03-${String(day).padStart(2, '0')}T${clock}Z`;
  const way = [
    event('journey.entered', userId, at('08:00:00')),
    event('step.entered', userId, at('08:00:01'), { stepId: 'start' }),
    event('step.entered', userId, at('08:01:00'), { stepId: 'hello' }),
    event('message.sent', userId, at('08:01:01'), { stepId: 'hello', platform: 'ios' }),
    event('step.entered', userId, at('09:00:00'), { stepId: 'ask' }),
    event('step.outcome', userId, at('09:00:01'), { stepId: 'ask', outcome: 'yes' }),
    event('journey.exited', userId, at('10:00:00'), { reason: 'done' }),
  ];
  return purchase ? [...way, event('track', userId, at('11:00:00'), { name: 'Purchase' })] : way;
}
