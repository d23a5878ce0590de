// What a step shows of itself, in the flow's popover and alone: every number, and where its entries went.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { iconOf, kindOf, typeName } from '../flow/step-facts.ts';
import { messageMetricsOf, platformsOf, wholeOf } from '../flow/step-metrics.ts';
import type { ExportPlace } from './export-place.ts';
import { metricBar, metricRows, type MetricRow } from './metric-rows.ts';
import { stepBalance } from './step-balance.ts';
import { stepOutcomes } from './step-outcomes.ts';
import { Terms } from './terms.ts';

export interface StepDetailsParts {
  readonly step: FlowStep;
  readonly language: Language;
  readonly report: (step: FlowStep) => void;
  /** Its place along the flow, from 1, and how many there are. */
  readonly place?: { readonly number: number; readonly total: number };
  /** Where it can be closed. */
  readonly close?: () => void;
  /** What deserves a look, as sentences. */
  readonly signals?: readonly string[];
  /** What only the flow knows: where its entries went next. */
  readonly next?: TemplateResult | typeof nothing;
  readonly exports: ExportPlace;
}

export function stepDetails(parts: StepDetailsParts): TemplateResult {
  const { step, language, signals = [], next = nothing, exports } = parts;
  const terms = new Terms(language);
  return html`${head(parts)}
    <div class="details" tabindex=${parts.close ? '0' : nothing}>
      ${signals.map((text) => html`<p class="signal">${icon('warning', 'small')}<span dir="auto">${text}</span></p>`)}
      ${step.metrics.entryCount === 0 ? html`<p class="signal muted">${language.text('details.nobody')}</p>` : nothing}
      ${entries(step, language, terms, exports)} ${messages(step, language, terms, exports)}
      ${stepOutcomes(step, language, terms, exports)} ${stepBalance(step, language, terms, exports)} ${next}
      ${conversion(step, language, terms, exports)}
    </div>
    ${timeInStep(step, language, terms)} ${terms.definitions()}`;
}

function head({ step, place, language, close, report }: StepDetailsParts): TemplateResult {
  const type = typeName(step, language);
  const about = place
    ? language.text('details.position', {
        type,
        number: language.count(place.number),
        total: language.count(place.total),
      })
    : type;
  return html`<header class="details-head ${kindOf(step)}">
    <span class="tile">${icon(iconOf(step))}</span>
    <div>
      <h4 part="name"><bdi>${step.name}</bdi></h4>
      <p>${about}</p>
    </div>
    ${
      step.report.available
        ? html`<button
            class="button small"
            part="report"
            aria-label=${language.text('step.reportOf', { name: step.name })}
            @click=${() => report(step)}
          >
            ${language.text('step.report')}${icon('report', 'tiny')}
          </button>`
        : nothing
    }
    ${
      close
        ? html`<button class="icon-button" aria-label=${language.text('details.close')} @click=${close}>
            ${icon('close', 'small')}
          </button>`
        : nothing
    }
  </header>`;
}

function entries(
  { metrics }: FlowStep,
  language: Language,
  terms: Terms,
  exports: ExportPlace,
): TemplateResult {
  return html`<section>
    ${metricRows(
      (['entryCount', 'entryUsers'] as const).map((metric) => ({
        label: terms.of(metric),
        value: language.count(metrics[metric]),
        action: exports({ metric }),
      })),
    )}
  </section>`;
}

function messages(
  step: FlowStep,
  language: Language,
  terms: Terms,
  exports: ExportPlace,
): TemplateResult | typeof nothing {
  const shown = messageMetricsOf(step);
  if (shown.length === 0) return nothing;
  const platforms = platformsOf(step);
  if (platforms.length === 0) {
    return html`<section>
      ${metricRows(
        shown.map((metric): MetricRow => {
          const id = `${metric.outcome}Count` as const;
          const count = step.metrics[id];
          const whole = wholeOf(metric, step.metrics);
          return {
            label: terms.of(id),
            value: language.count(count),
            rate: whole === null ? '' : language.share(count, whole),
            bar:
              whole === null
                ? metric.outcome === 'sent'
                  ? Math.min(1, count)
                  : null
                : count / Math.max(1, whole),
            bad: metric.outcome === 'failed',
            action: exports({ metric: id }),
          };
        }),
      )}
    </section>`;
  }
  const columns = [
    { title: language.text('details.all'), counts: step.metrics },
    ...platforms.map((name) => ({ title: language.text(`platform.${name}`), counts: step.platforms[name] })),
  ];
  return html`<section>
    <table class="platforms">
      <thead>
        <tr>
          <th scope="col"><span class="unseen">${language.text('details.metric')}</span></th>
          ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
          ${exports({ metric: 'sentCount' }) === nothing ? nothing : html`<td></td>`}
        </tr>
      </thead>
      <tbody>
        ${shown.map((metric) => {
          const id = `${metric.outcome}Count` as const;
          const action = exports({ metric: id });
          return html`<tr>
            <th scope="row">${terms.of(id)}</th>
            ${columns.map(({ counts }, column) => {
              const count = counts[id];
              const whole =
                metric.outcome === 'sent' && column > 0 ? step.metrics.sentCount : wholeOf(metric, counts);
              return html`<td>
                <b>${language.count(count)}</b>
                ${column > 0 && whole !== null ? metricBar(count / Math.max(1, whole), metric.outcome === 'failed') : nothing}
                ${whole === null ? nothing : html`<small>${language.share(count, whole)}</small>`}
              </td>`;
            })}
            ${action === nothing ? nothing : html`<td class="action">${action}</td>`}
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

function conversion(
  { metrics }: FlowStep,
  language: Language,
  terms: Terms,
  exports: ExportPlace,
): TemplateResult {
  const list: MetricRow[] = [
    {
      label: terms.of('stepConversionRate'),
      value: language.count(metrics.convertedUsers),
      rate: language.rate(metrics.conversionRate),
      bar: (metrics.conversionRate ?? 0) / 100,
      action: exports({ metric: 'convertedUsers' }),
    },
  ];
  if (metrics.creditedConversions > 0) {
    list.push({
      label: terms.of('creditedConversions'),
      value: language.count(metrics.creditedConversions),
      action: exports({ metric: 'creditedConversions' }),
    });
  }
  return html`<section>${metricRows(list)}</section>`;
}

function timeInStep(
  { timeInStep: { p50, p90 } }: FlowStep,
  language: Language,
  terms: Terms,
): TemplateResult | typeof nothing {
  if (p50 === null) return nothing;
  const values = { median: language.duration(p50), bound: language.duration(p90) };
  return html`<p class="details-foot">
    ${icon('wait', 'small')}${terms.of('timeInStep')}
    <span>${language.text('details.timeValue', values)}</span>
  </p>`;
}
