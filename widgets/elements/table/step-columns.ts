// The columns of the table of steps: what each says, what it is sorted by, and which of them may be added up.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { MessageKey } from '../../locales/en.ts';
import type { Language } from '../../locales/language.ts';
import { cssValues } from '../flow/css-values.ts';
import { messageMetricsOf, wholeOf } from '../flow/step-metrics.ts';

export type ColumnGroup = 'entries' | 'messages' | 'movement';

export interface StepColumn {
  readonly id: string;
  readonly group: ColumnGroup;
  readonly title: MessageKey;
  /** What the column is sorted by; null draws a dash. */
  readonly value: (step: FlowStep) => number | null;
  readonly draw: (step: FlowStep, language: Language) => TemplateResult;
  /** Of all steps, for what each entry or message is at one step only. */
  readonly total?: (steps: readonly FlowStep[], language: Language) => TemplateResult;
}

const sumOf = (steps: readonly FlowStep[], value: (step: FlowStep) => number) =>
  steps.reduce((sum, step) => sum + value(step), 0);

/** A count, with its rate beside it where it is a part of something. */
const counted = (count: number, rate: string | null, language: Language) =>
  html`${language.count(count)}${rate === null ? nothing : html`<small>${rate}</small>`}`;

function message(outcome: 'sent' | 'failed' | 'shown' | 'clicked'): StepColumn {
  const metricOf = (step: FlowStep) => messageMetricsOf(step).find((one) => one.outcome === outcome);
  return {
    id: outcome,
    group: 'messages',
    title: `metric.${outcome}Count`,
    value: (step) => (metricOf(step) ? step.metrics[`${outcome}Count`] : null),
    draw: (step, language) => {
      const metric = metricOf(step);
      const count = step.metrics[`${outcome}Count`];
      const whole = metric ? wholeOf(metric, step.metrics) : null;
      return counted(count, whole === null ? null : language.share(count, whole), language);
    },
    total: (steps, language) => {
      const count = sumOf(steps, ({ metrics }) => metrics[`${outcome}Count`]);
      if (outcome !== 'failed') return counted(count, outcome === 'sent' ? null : '', language);
      const sent = sumOf(steps, ({ metrics }) => metrics.sentCount);
      return counted(count, language.share(count, sent + count), language);
    },
  };
}

/** Where entries are or ended: each of them at one step only. */
function ending(fact: 'waiting' | 'completed' | 'droppedOff', hasRate: boolean): StepColumn {
  return {
    id: fact,
    group: 'movement',
    title: `metric.${fact}`,
    value: ({ metrics }) => metrics[fact],
    draw: ({ metrics }, language) =>
      counted(metrics[fact], hasRate ? language.share(metrics[fact], metrics.entryCount) : null, language),
    total: (steps, language) =>
      counted(
        sumOf(steps, ({ metrics }) => metrics[fact]),
        hasRate ? '' : null,
        language,
      ),
  };
}

/** An exit is where a journey ends: that nobody moves on from it says nothing. */
const endsHere = ({ type, metrics }: FlowStep) => type === 'exit' && metrics.movedOn === 0;

const movedOnRate = ({ metrics: { movedOn, entryCount } }: FlowStep): number | null =>
  entryCount > 0 ? (100 * movedOn) / entryCount : null;

const columns: readonly StepColumn[] = [
  {
    id: 'entryCount',
    group: 'entries',
    title: 'metric.entryCount',
    value: ({ metrics }) => metrics.entryCount,
    draw: ({ metrics }, language) => counted(metrics.entryCount, null, language),
  },
  {
    id: 'entryUsers',
    group: 'entries',
    title: 'metric.entryUsers',
    value: ({ metrics }) => metrics.entryUsers,
    draw: ({ metrics }, language) => counted(metrics.entryUsers, null, language),
  },
  message('sent'),
  message('failed'),
  message('shown'),
  message('clicked'),
  {
    id: 'movedOn',
    group: 'movement',
    title: 'metric.movedOn',
    value: (step) => (endsHere(step) ? null : movedOnRate(step)),
    draw: (step, language) => {
      const rate = movedOnRate(step);
      return html`<span class="share" aria-hidden="true"
          ><i ${cssValues({ width: `${Math.min(100, rate ?? 0)}%` })}></i></span
        >${counted(step.metrics.movedOn, language.rate(rate), language)}`;
    },
  },
  ending('waiting', false),
  ending('completed', false),
  ending('droppedOff', true),
  {
    id: 'conversionRate',
    group: 'movement',
    title: 'metric.stepConversionRate',
    value: ({ metrics }) => metrics.conversionRate,
    draw: ({ metrics }, language) =>
      counted(metrics.convertedUsers, language.rate(metrics.conversionRate), language),
  },
  {
    id: 'timeInStep',
    group: 'movement',
    title: 'table.medianTime',
    value: ({ timeInStep }) => timeInStep.p50,
    draw: ({ timeInStep }, language) => html`${language.duration(timeInStep.p50)}`,
  },
];

export const columnGroups: readonly ColumnGroup[] = ['entries', 'messages', 'movement'];

/** The columns in which some step has something: an empty one only takes room. */
export function columnsOf(steps: readonly FlowStep[]): StepColumn[] {
  return columns.filter(({ value }) => steps.some((step) => value(step) !== null));
}
