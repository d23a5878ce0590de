// What a step says of itself in a few words: its kind, its facts, and all of it as one sentence for those who listen.
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { FlowLink } from '../../flow/geometry.ts';
import type { IconName } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';

/** The colour family of a step. */
export type StepKind = 'push' | 'email' | 'sms' | 'inapp' | 'custom' | 'logic' | 'converted';

const kinds = {
  entry: 'logic',
  push: 'push',
  email: 'email',
  sms: 'sms',
  'in-app': 'inapp',
  wait: 'logic',
  condition: 'logic',
  split: 'logic',
  custom: 'custom',
  exit: 'logic',
} as const satisfies Record<FlowStep['type'], StepKind>;

const icons = {
  entry: 'entry',
  push: 'push',
  email: 'email',
  sms: 'sms',
  'in-app': 'inapp',
  wait: 'wait',
  condition: 'branch',
  split: 'ab',
  custom: 'custom',
  exit: 'exit',
} as const satisfies Record<FlowStep['type'], IconName>;

/** Whether a step is an exit at which more completed than dropped off. */
function isGoal({ type, metrics }: FlowStep): boolean {
  return type === 'exit' && metrics.completed > metrics.droppedOff;
}

export function kindOf(step: FlowStep): StepKind {
  return isGoal(step) ? 'converted' : kinds[step.type];
}

export function iconOf(step: FlowStep): IconName {
  return isGoal(step) ? 'done' : icons[step.type];
}

export function typeName({ type, undefinedStep }: FlowStep, language: Language): string {
  return language.text(undefinedStep ? 'step.undefined' : `step.type.${type}`);
}

/** The second line of a step: how many are here now, or began here, where that says more than the type. */
export function secondLine(step: FlowStep, starts: number, language: Language): string {
  const { waiting } = step.metrics;
  if ((step.type === 'wait' || step.type === 'condition') && waiting > 0) {
    return language.text('step.hereNow', { count: language.stepCount(waiting) });
  }
  if (step.type !== 'entry' && starts > 0) {
    return language.text('flow.startHere', { entries: language.stepCount(starts) }, starts);
  }
  return typeName(step, language);
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

const mostFacts = 3;

/** The facts of a step's footer: three, or two where the Report button needs the room. */
export function footerFacts(step: FlowStep, language: Language): Fact[] {
  const { metrics, type, report } = step;
  const sent = { label: language.text('metric.sentCount'), value: language.stepCount(metrics.sentCount) };
  const clicked = {
    label: language.text('metric.clickedCount'),
    value: language.share(metrics.clickedCount, metrics.sentCount),
  };
  const failed = {
    label: language.text('metric.failedCount'),
    value: language.share(metrics.failedCount, metrics.sentCount + metrics.failedCount),
  };
  const room = report.available ? mostFacts - 1 : mostFacts;
  switch (type) {
    case 'push':
    case 'email':
      return [sent, clicked, failed].slice(0, room);
    case 'sms':
      return [sent, failed];
    case 'in-app':
      return [
        {
          label: language.text('metric.movedOn'),
          value: language.share(metrics.movedOn, metrics.entryCount),
        },
      ];
    case 'custom':
      return outcomeFacts(step, language);
    default:
      return [];
  }
}

/** The outcomes that most had; those that find no place are counted together. */
function outcomeFacts({ outcomes }: FlowStep, language: Language): Fact[] {
  const sorted = Object.entries(outcomes).toSorted(([, a], [, b]) => b.count - a.count);
  const shown = sorted.length > mostFacts ? sorted.slice(0, mostFacts - 1) : sorted;
  const rest = sorted.slice(shown.length).reduce((sum, [, { count }]) => sum + count, 0);
  const facts = shown.map(([label, { count }]) => ({ label, value: language.stepCount(count) }));
  if (rest === 0) return facts;
  return [...facts, { label: language.text('step.otherOutcomes'), value: language.stepCount(rest) }];
}

/** A step as it is read aloud. */
export function readAloud(
  step: FlowStep,
  ways: { readonly onward: readonly FlowLink[]; readonly back: readonly FlowLink[]; readonly starts: number },
  nameOf: (stepId: string) => string,
  language: Language,
): string {
  const { metrics } = step;
  const namesOf = (links: readonly FlowLink[]) => {
    const names = links.map(({ to }) => nameOf(to));
    return names.length === 1 ? (names[0] ?? '') : language.list(names);
  };
  const parts = [
    language.text('step.reads', {
      name: step.name,
      type: typeName(step, language),
      entries: language.count(metrics.entryCount),
      users: language.count(metrics.entryUsers),
    }),
  ];
  if (step.type !== 'entry' && ways.starts > 0) {
    parts.push(language.text('flow.startHere', { entries: language.count(ways.starts) }, ways.starts));
  }
  if (metrics.waiting > 0)
    parts.push(language.text('step.hereNow', { count: language.count(metrics.waiting) }));
  if (step.type !== 'exit' && metrics.droppedOff > 0) {
    parts.push(language.text('step.readsLeft', { rate: language.rate(metrics.dropOffRate) }));
  }
  parts.push(...footerFacts(step, language).map(({ label, value }) => `${label} ${value}`));
  if (ways.onward.length > 0) parts.push(language.text('step.readsNext', { steps: namesOf(ways.onward) }));
  if (ways.back.length > 0) parts.push(language.text('step.readsBack', { steps: namesOf(ways.back) }));
  if (ways.onward.length + ways.back.length === 0 && step.type !== 'exit') {
    parts.push(language.text('step.readsNowhere'));
  }
  return parts.join(', ');
}
