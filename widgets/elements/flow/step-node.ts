// One step of the diagram, the outline and the skeleton: a button, and where it has one, its Report beside it.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { hasFooter } from './flow-model.ts';
import { footerFacts, iconOf, kindOf, secondLine } from './step-facts.ts';

/** What a step's buttons do: the flow gives it. */
export interface StepActions {
  readonly open: (step: FlowStep) => void;
  readonly report: (step: FlowStep) => void;
}

export interface StepNodeParts {
  readonly step: FlowStep;
  readonly starts: number;
  /** How the step is read aloud. */
  readonly name: string;
  /** In the diagram only the step that has the focus takes part in the order of the Tab key. */
  readonly tabbable: boolean;
}

export function stepNode(
  { step, starts, name, tabbable }: StepNodeParts,
  language: Language,
  actions: StepActions,
): TemplateResult {
  const { entryCount, entryUsers } = step.metrics;
  const users = language.text('step.users', { users: language.stepCount(entryUsers) }, entryUsers);
  return html`<button
      class="node-main"
      part="step"
      tabindex=${tabbable ? '0' : '-1'}
      aria-haspopup="dialog"
      title=${step.name}
      @click=${() => actions.open(step)}
    >
      <span class="unseen">${name}</span>
      <span class="tile">${icon(iconOf(step))}</span>
      <span class="node-line" aria-hidden="true">
        <span class="node-name" dir="auto">${step.name}</span>
        <span class="node-count" title=${language.count(entryCount)}>${language.stepCount(entryCount)}</span>
      </span>
      <span class="node-line" aria-hidden="true">
        <span class="node-type">${secondLine(step, starts, language)}</span>
        <span class="node-users" title=${language.count(entryUsers)}>${users}</span>
      </span>
    </button>
    ${hasFooter(step) ? footer(step, tabbable, language, actions) : nothing}`;
}

function footer(step: FlowStep, tabbable: boolean, language: Language, actions: StepActions): TemplateResult {
  return html`<div class="node-foot">
    ${footerFacts(step, language).map(
      ({ label, value }) => html`<span class="fact"><span dir="auto">${label}</span><b>${value}</b></span>`,
    )}
    ${
      step.report.available
        ? html`<button
            class="report"
            part="report"
            tabindex=${tabbable ? '0' : '-1'}
            aria-label=${language.text('step.reportOf', { name: step.name })}
            @click=${() => actions.report(step)}
          >
            ${language.text('step.report')}${icon('report', 'tiny')}
          </button>`
        : nothing
    }
  </div>`;
}

/** The classes of a step's box. */
export function nodeClass(step: FlowStep): string {
  const shape = step.type === 'exit' ? ' end' : '';
  const size = hasFooter(step) ? ' tall' : '';
  return `node ${kindOf(step)}${shape}${size}${step.undefinedStep ? ' undefined' : ''}`;
}
