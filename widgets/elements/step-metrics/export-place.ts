// The place of a metric's export icon. It stays empty where exports are not offered, or their element is not on the page.
import { html, nothing, type TemplateResult } from 'lit';

export interface ExportedMetric {
  readonly metric: string;
  readonly outcome?: string;
}

/** Draws the export icon of a metric of the step. */
export type ExportPlace = (exported: ExportedMetric) => TemplateResult | typeof nothing;

export const noExports: ExportPlace = () => nothing;

/** @param offered whether the server and the token allow exports */
export function exportPlace(stepId: string, offered: boolean): ExportPlace {
  if (!offered || !customElements.get('journey-export-button')) return noExports;
  return ({ metric, outcome }) =>
    html`<journey-export-button
      metric=${metric}
      step=${stepId}
      outcome=${outcome ?? nothing}
    ></journey-export-button>`;
}
