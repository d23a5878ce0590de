// Which message metrics a step shows, and what each is a share of.
import type { MessageOutcome } from '../../../bff/contract/event.ts';
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { MessageKey } from '../../locales/en.ts';

interface MessageMetric {
  readonly outcome: MessageOutcome;
  readonly label: MessageKey;
  /** Failed is of all attempts; what becomes of a message is of those sent; the rest is of nothing. */
  readonly of: 'attempts' | 'sent' | null;
}

const metrics = {
  sent: { label: 'metric.sentCount', of: null },
  failed: { label: 'metric.failedCount', of: 'attempts' },
  delivered: { label: 'metric.deliveredCount', of: 'sent' },
  shown: { label: 'metric.shownCount', of: 'sent' },
  clicked: { label: 'metric.clickedCount', of: 'sent' },
  held: { label: 'metric.heldCount', of: null },
  skipped: { label: 'metric.skippedCount', of: null },
  bounced: { label: 'metric.bouncedCount', of: 'sent' },
  unsubscribed: { label: 'metric.unsubscribedCount', of: 'sent' },
  complained: { label: 'metric.complainedCount', of: 'sent' },
} as const satisfies Record<MessageOutcome, Omit<MessageMetric, 'outcome'>>;

const shownByType: Readonly<Partial<Record<FlowStep['type'], readonly MessageOutcome[]>>> = {
  push: ['sent', 'failed', 'clicked'],
  email: ['sent', 'failed', 'shown', 'clicked'],
  sms: ['sent', 'failed'],
};

/** Those of the step's type, and every other that is not 0. */
export function messageMetricsOf({ type, metrics: counts }: FlowStep): MessageMetric[] {
  const always = shownByType[type] ?? [];
  const list = Object.entries(metrics) as [MessageOutcome, Omit<MessageMetric, 'outcome'>][]; // its keys are these
  return list
    .filter(([outcome]) => always.includes(outcome) || counts[`${outcome}Count`] > 0)
    .map(([outcome, metric]) => ({ outcome, ...metric }));
}

type Counts = Readonly<Record<`${MessageOutcome}Count`, number>>;

/** The whole that a metric is a share of; null when it is a share of nothing. */
export function wholeOf({ of }: MessageMetric, counts: Counts): number | null {
  if (of === null) return null;
  return of === 'sent' ? counts.sentCount : counts.sentCount + counts.failedCount;
}

/** Platforms that have a column: Android and iOS on a push step always, others when they have messages. */
export function platformsOf(step: FlowStep): (keyof FlowStep['platforms'])[] {
  const names = Object.keys(step.platforms) as (keyof FlowStep['platforms'])[]; // its keys are the platforms
  const isUsed = (name: keyof FlowStep['platforms']) =>
    messageMetricsOf(step).some(({ outcome }) => step.platforms[name][`${outcome}Count`] > 0);
  if (step.type !== 'push') return [];
  return names.filter((name) => name === 'android' || name === 'ios' || isUsed(name));
}

export interface Balance {
  readonly moved: number;
  readonly waiting: number;
  readonly held: number;
  readonly completed: number;
  readonly droppedOff: number;
  readonly failed: number;
  readonly entries: number;
  /** Whether the parts make the whole, as they must. */
  readonly addsUp: boolean;
}

export function balanceOf({ metrics: counts }: FlowStep): Balance {
  const { movedOn, waiting, waitingHeld, completed, droppedOff, stoppedByFailure, entryCount } = counts;
  return {
    moved: movedOn,
    waiting,
    held: waitingHeld,
    completed,
    droppedOff,
    failed: stoppedByFailure,
    entries: entryCount,
    addsUp: movedOn + waiting + completed + droppedOff === entryCount,
  };
}
