// What stands around the diagram, and in its place: the switches, the skeletons, the words for no steps.
import { html, type TemplateResult } from 'lit';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowWidth } from './flow-model.ts';

export type FlowView = 'flow' | 'table';

const views = [
  { view: 'flow', text: 'flow.viewFlow' },
  { view: 'table', text: 'flow.viewTable' },
] as const;

export function viewSwitch(
  shown: FlowView,
  language: Language,
  show: (view: FlowView) => void,
): TemplateResult {
  return html`<div class="segmented" role="group" aria-label=${language.text('flow.view')}>
    ${views.map(
      ({ view, text }) =>
        html`<button aria-pressed=${view === shown ? 'true' : 'false'} @click=${() => show(view)}>
          ${icon(view, 'small')}${language.text(text)}
        </button>`,
    )}
  </div>`;
}

const widths = [
  { width: 'entries', text: 'flow.widthEntries' },
  { width: 'users', text: 'flow.widthUsers' },
] as const;

/** What the width of a band shows. */
export function widthSwitch(
  shown: FlowWidth,
  language: Language,
  show: (width: FlowWidth) => void,
): TemplateResult {
  const label = language.text('flow.width');
  return html`<span class="width-label" aria-hidden="true">${label}</span>
    <div class="segmented" role="group" aria-label=${label}>
      ${widths.map(
        ({ width, text }) =>
          html`<button aria-pressed=${width === shown ? 'true' : 'false'} @click=${() => show(width)}>
            ${language.text(text)}
          </button>`,
      )}
    </div>`;
}

export function noSteps(language: Language): TemplateResult {
  return html`<div class="message" part="message">
    ${icon('flow', 'big')}
    <h4>${language.text('state.noSteps.title')}</h4>
    <p>${language.text('state.noSteps.text')}</p>
  </div>`;
}

export function tableSkeleton(language: Language): TemplateResult {
  return html`<div class="table-bones" role="status">
    <span class="unseen">${language.text('flow.loading')}</span>
    ${[0, 1, 2, 3, 4, 5].map(
      () =>
        html`<div aria-hidden="true">
          <i class="bone"></i><i class="bone"></i><i class="bone"></i><i class="bone"></i>
        </div>`,
    )}
  </div>`;
}

export function skeleton(language: Language): TemplateResult {
  return html`<div class="skeleton" role="status">
    <span class="unseen">${language.text('flow.loading')}</span>
    ${[0, 1, 2].map(
      () =>
        html`<div class="node bones" aria-hidden="true">
          <i class="bone tile-bone"></i><i class="bone name-bone"></i><i class="bone type-bone"></i>
        </div>`,
    )}
  </div>`;
}
