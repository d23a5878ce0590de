// Rows of a name, a bar, a number and its share.
import { html, nothing, type TemplateResult } from 'lit';
import { cssValues } from '../flow/css-values.ts';

export interface MetricRow {
  readonly label: string | TemplateResult;
  readonly value: string;
  readonly rate?: string;
  /** The length of its bar, 0 to 1; null for no bar. */
  readonly bar?: number | null;
  readonly bad?: boolean;
  /** A text of the host's, whose direction is its own. */
  readonly foreign?: boolean;
  /** What stands at the row's end. */
  readonly action?: TemplateResult | typeof nothing;
}

export function metricRows(list: readonly MetricRow[]): TemplateResult {
  return html`<dl class="metrics">
    ${list.map(
      ({ label, value, rate = '', bar = null, bad = false, foreign = false, action = nothing }) =>
        html`<div>
          <dt>${foreign ? html`<bdi>${label}</bdi>` : label}</dt>
          <dd>
            ${bar === null ? nothing : metricBar(bar, bad)}<b>${value}</b><small>${rate}</small>${action}
          </dd>
        </div>`,
    )}
  </dl>`;
}

export function metricBar(length: number, bad = false): TemplateResult {
  const bounded = Math.min(1, Math.max(0, length));
  return html`<span class="bar ${bad ? 'failed' : ''}"><i ${cssValues({ '--v': `${bounded}` })}></i></span>`;
}
