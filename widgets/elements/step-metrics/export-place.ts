// The place of a metric's export icon. It stays empty where the icon's element is not on the page; the icon itself stays
// away where exports are not allowed.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { Settings } from '../../connection/settings-scope.ts';
import { rowsOfMetric } from '../export-button/export-rows.ts';

export interface ExportedMetric {
  readonly metric: string;
  readonly outcome?: string;
}

/** Draws the export icon of a metric of the step. */
export type ExportPlace = (exported: ExportedMetric) => TemplateResult | typeof nothing;

/** @param settings of the element that draws the step, which need not be among those that give theirs to others */
export function exportPlace(step: FlowStep, settings: Settings): ExportPlace {
  if (!customElements.get('journey-export-button')) return () => nothing;
  const { endpoint, getToken, journey, from, to, locale, messages } = settings;
  return ({ metric, outcome = null }) =>
    html`<journey-export-button
      .metric=${metric}
      .step=${step.stepId}
      .outcome=${outcome}
      .rows=${rowsOfMetric({ metric, platform: null, outcome }, step) ?? null}
      .endpoint=${endpoint}
      .getToken=${getToken}
      .journey=${journey}
      .from=${from}
      .to=${to}
      .locale=${locale}
      .messages=${messages}
    ></journey-export-button>`;
}
