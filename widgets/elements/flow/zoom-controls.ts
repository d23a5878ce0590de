// The corner of the diagram: the map of the whole, and the buttons that zoom.
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from './flow-model.ts';
import { minimap } from './minimap.ts';

export interface ZoomActions {
  readonly zoomBy: (direction: 1 | -1) => void;
  readonly fit: () => void;
}

export function zoomControls(
  model: FlowModel,
  language: Language,
  { zoomBy, fit }: ZoomActions,
): TemplateResult {
  return html`<div class="corner">
    ${guard([model], () => minimap(model))}
    <div class="zoom" role="group" aria-label=${language.text('flow.zoomLevel')}>
      <button class="icon-button" aria-label=${language.text('flow.zoomOut')} @click=${() => zoomBy(-1)}>
        ${icon('minus', 'small')}
      </button>
      <span class="level" aria-hidden="true"></span>
      <button class="icon-button" aria-label=${language.text('flow.zoomIn')} @click=${() => zoomBy(1)}>
        ${icon('plus', 'small')}
      </button>
      <button class="icon-button" aria-label=${language.text('flow.zoomFit')} @click=${fit}>
        ${icon('fit', 'small')}
      </button>
    </div>
  </div>`;
}
