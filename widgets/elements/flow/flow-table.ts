// The same numbers as a table: the diagram's twin for those who read or listen rather than look, and for print.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import type { MessageKey } from '../../locales/en.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from './flow-model.ts';
import { iconOf, kindOf, typeName } from './step-facts.ts';
import { messageMetricsOf, wholeOf } from './step-metrics.ts';
import type { StepActions } from './step-node.ts';

interface Cell {
  readonly value: string;
  readonly rate: string;
}

interface Column {
  readonly title: MessageKey;
  readonly cell: (step: FlowStep, language: Language) => Cell | null;
}

const of = (count: number, whole: number, language: Language): Cell => ({
  value: language.count(count),
  rate: language.share(count, whole),
});

function message(outcome: 'sent' | 'failed' | 'shown' | 'clicked'): Column {
  return {
    title: `metric.${outcome}Count`,
    cell: (step, language) => {
      const metric = messageMetricsOf(step).find((one) => one.outcome === outcome);
      if (!metric) return null;
      const count = step.metrics[`${outcome}Count`];
      const whole = wholeOf(metric, step.metrics);
      return { value: language.count(count), rate: whole === null ? '' : language.share(count, whole) };
    },
  };
}

function movement(fact: 'movedOn' | 'waiting' | 'completed' | 'droppedOff'): Column {
  return {
    title: `metric.${fact}`,
    cell: ({ metrics }, language) => of(metrics[fact], metrics.entryCount, language),
  };
}

const columns: readonly Column[] = [
  {
    title: 'metric.entryCount',
    cell: ({ metrics }, language) => ({ value: language.count(metrics.entryCount), rate: '' }),
  },
  {
    title: 'metric.entryUsers',
    cell: ({ metrics }, language) => ({ value: language.count(metrics.entryUsers), rate: '' }),
  },
  message('sent'),
  message('failed'),
  message('shown'),
  message('clicked'),
  movement('movedOn'),
  movement('waiting'),
  movement('completed'),
  movement('droppedOff'),
  {
    title: 'metric.stepConversionRate',
    cell: ({ metrics }, language) =>
      metrics.conversionRate === null
        ? null
        : { value: language.count(metrics.convertedUsers), rate: language.rate(metrics.conversionRate) },
  },
  {
    title: 'details.timeInStep',
    cell: ({ timeInStep: { p50 } }, language) =>
      p50 === null ? null : { value: language.duration(p50), rate: '' },
  },
];

export function flowTable(
  model: FlowModel,
  language: Language,
  { open, report }: StepActions,
): TemplateResult {
  // A column that no step has anything in only takes room.
  const shown = columns.filter(({ cell }) => [...model.steps.values()].some((step) => cell(step, language)));
  return html`<div
    class="table-frame"
    tabindex="0"
    role="group"
    aria-label=${language.text('flow.viewTable')}
  >
    <table class="steps">
      <thead>
        <tr>
          <th scope="col" class="nr"><span class="unseen">${language.text('flow.stepNumber')}</span></th>
          <th scope="col">${language.text('flow.step')}</th>
          ${shown.map(({ title }) => html`<th scope="col" class="number">${language.text(title)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${model.stepIds.map((id, index) => {
          const step = model.steps.get(id);
          if (!step) return nothing;
          return html`<tr class=${kindOf(step)} data-step=${id}>
            <td class="nr">${language.count(index + 1)}</td>
            <th scope="row">
              <span class="row-head">
                <span class="tile">${icon(iconOf(step))}</span>
                <span class="row-name">
                  <button class="row-open" dir="auto" aria-haspopup="dialog" @click=${() => open(step)}>
                    ${step.name}
                  </button>
                  <small>${typeName(step, language)}</small>
                </span>
                ${
                  step.report.available
                    ? html`<button
                        class="report"
                        part="report"
                        aria-label=${language.text('step.reportOf', { name: step.name })}
                        @click=${() => report(step)}
                      >
                        ${language.text('step.report')}${icon('report', 'tiny')}
                      </button>`
                    : nothing
                }
              </span>
            </th>
            ${shown.map(({ cell }) => {
              const content = cell(step, language);
              return content
                ? html`<td class="number">${content.value}<small>${content.rate}</small></td>`
                : html`<td class="number none">${language.text('number.none')}</td>`;
            })}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
