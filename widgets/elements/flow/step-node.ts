// One step of the diagram, the outline and the skeleton: a button, and where it has one, its Report beside it.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import { signalIcon, signalText } from '../../internal/signal-text.ts';
import type { StepSignal } from '../../flow/signals.ts';
import type { Language } from '../../locales/language.ts';
import { hasFooter, type FlowModel } from './flow-model.ts';
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
  readonly mark: StepMark | undefined;
}

/** The worst of a step's signals, with its sentence. */
export interface StepMark {
  readonly signal: StepSignal;
  readonly text: string;
}

export function stepMark(stepId: string, model: FlowModel, language: Language): StepMark | undefined {
  const signal = model.signals.get(stepId)?.[0];
  if (!signal) return undefined;
  return { signal, text: signalText(signal, (id) => model.steps.get(id)?.name ?? id, language) };
}

export function stepNode(
  { step, starts, name, tabbable, mark }: StepNodeParts,
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
      title=${mark ? `${step.name}\n${mark.text}` : step.name}
      @click=${() => actions.open(step)}
    >
      <span class="unseen">${name}</span>
      ${mark ? html`<span class="unseen">. ${language.text('signal.reads', { fact: mark.text })}</span>` : nothing}
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
    <div class="facts">
      ${footerFacts(step, language).map(
        ({ label, value }) => html`<span class="fact"><span dir="auto">${label}</span><b>${value}</b></span>`,
      )}
    </div>
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

/** The mark itself: for those who look; the step's name tells it to those who listen. */
export function signalMark({ signal }: StepMark): TemplateResult {
  return html`<span class="mark ${signal.severity}" part="signal">${icon(signalIcon(signal), 'tiny')}</span>`;
}

/** The classes of a step's box. */
export function nodeClass(step: FlowStep): string {
  const shape = step.type === 'exit' ? ' end' : '';
  const size = hasFooter(step) ? ' tall' : '';
  return `node ${kindOf(step)}${shape}${size}${step.undefinedStep ? ' undefined' : ''}`;
}
