// The download icon of a metric, where another element shows its number. It is there only where its element is on the page, so
// that who embeds numbers alone does not load exports; the icon itself stays away where they are not allowed.
import { html, nothing, type TemplateResult } from 'lit';
import type { Settings } from '../connection/settings-scope.ts';

export interface ExportTag {
  readonly metric: string;
  readonly step?: string;
  readonly outcome?: string | null;
  /** How many rows the file has; null where only the server can tell. */
  readonly rows: number | null;
}

/** @param settings of the element that shows the number, which need not be among those that give theirs to others */
export function exportTag(
  { metric, step, outcome = null, rows }: ExportTag,
  { endpoint, getToken, journey, from, to, locale, messages }: Settings,
): TemplateResult | typeof nothing {
  if (!customElements.get('journey-export-button')) return nothing;
  return html`<journey-export-button
    .metric=${metric}
    .step=${step ?? null}
    .outcome=${outcome}
    .rows=${rows}
    .endpoint=${endpoint}
    .getToken=${getToken}
    .journey=${journey}
    .from=${from}
    .to=${to}
    .locale=${locale}
    .messages=${messages}
  ></journey-export-button>`;
}
