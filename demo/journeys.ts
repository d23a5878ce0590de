// The journey of the demo. Its people are made up by simulate.ts.
import type { JourneyDefinitionInput } from '../bff/contract/index.ts';

export const welcomeJourneyId = 'welcome';

/** The product event that is the journey's conversion. */
export const conversionEvent = 'Order completed';

/** One step of every type, branches that meet again, and one way back. */
export const welcomeJourney = {
  name: 'Welcome series',
  timeZone: 'Europe/Istanbul',
  conversion: { event: conversionEvent, stopCountingAfterExit: { value: 24, unit: 'hours' } },
  steps: [
    { stepId: 'account-created', type: 'entry', name: 'Account created' },
    { stepId: 'welcome-push', type: 'push', name: 'Welcome push', campaignId: 'c-101' },
    { stepId: 'wait-a-day', type: 'wait', name: 'Wait 1 day' },
    { stepId: 'clicked-push', type: 'condition', name: 'Clicked the push?' },
    { stepId: 'product-tour', type: 'in-app', name: 'Product tour', campaignId: 'c-102' },
    {
      stepId: 'subject-line',
      type: 'split',
      name: 'Subject line test',
      variants: [
        { outcome: 'A', weight: 50, name: 'Your first steps' },
        { outcome: 'B', weight: 50, name: '10% off today' },
      ],
    },
    { stepId: 'first-steps', type: 'email', name: 'Your first steps', campaignId: 'c-103' },
    { stepId: 'ten-percent-off', type: 'email', name: '10% off today', campaignId: 'c-104' },
    { stepId: 'first-purchase', type: 'wait', name: 'First purchase' },
    { stepId: 'welcome-credit', type: 'custom', name: 'Add welcome credit' },
    { stepId: 'sms-allowed', type: 'condition', name: 'SMS allowed?' },
    { stepId: 'purchased', type: 'exit', name: 'Purchased' },
    { stepId: 'finish-order', type: 'sms', name: 'Finish your order', campaignId: 'c-105' },
    { stepId: 'last-reminder', type: 'push', name: 'Last reminder', campaignId: 'c-106' },
    { stepId: 'tried-twice', type: 'condition', name: 'Tried twice?' },
    { stepId: 'no-purchase', type: 'exit', name: 'No purchase' },
  ],
  transitions: [
    { from: 'account-created', to: 'welcome-push' },
    { from: 'welcome-push', to: 'wait-a-day' },
    { from: 'wait-a-day', to: 'clicked-push' },
    { from: 'clicked-push', to: 'product-tour', label: 'Yes' },
    { from: 'clicked-push', to: 'subject-line', label: 'No' },
    { from: 'subject-line', to: 'first-steps', label: 'A' },
    { from: 'subject-line', to: 'ten-percent-off', label: 'B' },
    { from: 'product-tour', to: 'first-purchase' },
    { from: 'first-steps', to: 'first-purchase' },
    { from: 'ten-percent-off', to: 'first-purchase' },
    { from: 'first-purchase', to: 'welcome-credit', label: 'Performed' },
    { from: 'first-purchase', to: 'sms-allowed', label: 'Timed out' },
    { from: 'welcome-credit', to: 'purchased' },
    { from: 'sms-allowed', to: 'finish-order', label: 'Yes' },
    { from: 'sms-allowed', to: 'last-reminder', label: 'No' },
    { from: 'finish-order', to: 'tried-twice' },
    { from: 'tried-twice', to: 'first-purchase', label: 'No' },
    { from: 'tried-twice', to: 'no-purchase', label: 'Yes' },
    { from: 'last-reminder', to: 'no-purchase' },
  ],
} as const satisfies JourneyDefinitionInput;

/** The steps of the journey. */
export type WelcomeStep = (typeof welcomeJourney.steps)[number]['stepId'];
