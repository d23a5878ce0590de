// What the popover of a step shows: every number of the step, and where its entries went.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { DrawnLink } from '../../flow/links.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { cssValues } from './css-values.ts';
import { shareText } from './diagram.ts';
import { iconOf, kindOf, typeName } from './step-facts.ts';
import { stepBalance } from './step-balance.ts';
import { messageMetricsOf, platformsOf, wholeOf } from './step-metrics.ts';

export interface StepDetailsParts {
  readonly step: FlowStep;
  /** Its place along the flow, from 1, and how many there are. */
  readonly number: number;
  readonly total: number;
  /** All links that leave it, widest first, with the names of where they lead. */
  readonly onward: readonly { readonly line: DrawnLink; readonly name: string }[];
  readonly language: Language;
  readonly close: () => void;
  readonly report: (step: FlowStep) => void;
}

export function stepDetails(parts: StepDetailsParts): TemplateResult {
  const { step, language } = parts;
  return html`${header(parts)}
    <div class="details" tabindex="0">
      ${entries(step, language)} ${messages(step, language)} ${outcomes(step, language)}
      ${stepBalance(step, language)} ${next(parts)} ${conversion(step, language)}
    </div>
    ${timeInStep(step, language)}`;
}

function header({ step, number, total, language, close, report }: StepDetailsParts): TemplateResult {
  const type = typeName(step, language);
  const place = { type, number: language.count(number), total: language.count(total) };
  return html`<header class="details-head ${kindOf(step)}">
    <span class="tile">${icon(iconOf(step))}</span>
    <div>
      <h4 dir="auto">${step.name}</h4>
      <p>${language.text('details.position', place)}</p>
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
    <button class="icon-button" aria-label=${language.text('details.close')} @click=${close}>
      ${icon('close', 'small')}
    </button>
  </header>`;
}

interface Row {
  readonly label: string;
  readonly value: string;
  readonly rate?: string;
  /** The length of its bar, 0 to 1; null for no bar. */
  readonly bar?: number | null;
  readonly bad?: boolean;
  /** A text of the host's, whose direction is its own. */
  readonly foreign?: boolean;
}

function rows(list: readonly Row[]): TemplateResult {
  return html`<dl class="metrics">
    ${list.map(
      ({ label, value, rate = '', bar = null, bad = false, foreign = false }) =>
        html`<div>
          <dt dir=${foreign ? 'auto' : nothing}>${label}</dt>
          <dd>${bar === null ? nothing : barOf(bar, bad)}<b>${value}</b><small>${rate}</small></dd>
        </div>`,
    )}
  </dl>`;
}

function barOf(length: number, bad: boolean): TemplateResult {
  const bounded = Math.min(1, Math.max(0, length));
  return html`<span class="bar ${bad ? 'failed' : ''}"><i ${cssValues({ '--v': `${bounded}` })}></i></span>`;
}

function entries({ metrics }: FlowStep, language: Language): TemplateResult {
  return html`<section>
    ${rows([
      { label: language.text('metric.entryCount'), value: language.count(metrics.entryCount) },
      { label: language.text('metric.entryUsers'), value: language.count(metrics.entryUsers) },
    ])}
  </section>`;
}

function messages(step: FlowStep, language: Language): TemplateResult | typeof nothing {
  const shown = messageMetricsOf(step);
  if (shown.length === 0) return nothing;
  const platforms = platformsOf(step);
  if (platforms.length === 0) {
    return html`<section>
      ${rows(
        shown.map((metric): Row => {
          const count = step.metrics[`${metric.outcome}Count`];
          const whole = wholeOf(metric, step.metrics);
          return {
            label: language.text(metric.label),
            value: language.count(count),
            rate: whole === null ? '' : language.share(count, whole),
            bar:
              whole === null
                ? metric.outcome === 'sent'
                  ? Math.min(1, count)
                  : null
                : count / Math.max(1, whole),
            bad: metric.outcome === 'failed',
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
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (metric) =>
            html`<tr>
              <th scope="row">${language.text(metric.label)}</th>
              ${columns.map(({ counts }, column) => {
                const count = counts[`${metric.outcome}Count`];
                const whole =
                  metric.outcome === 'sent' && column > 0 ? step.metrics.sentCount : wholeOf(metric, counts);
                return html`<td>
                  <b>${language.count(count)}</b>
                  ${column > 0 && whole !== null ? barOf(count / Math.max(1, whole), metric.outcome === 'failed') : nothing}
                  ${whole === null ? nothing : html`<small>${language.share(count, whole)}</small>`}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function outcomes(step: FlowStep, language: Language): TemplateResult | typeof nothing {
  const variants = new Map((step.variants ?? []).map(({ outcome, name }) => [outcome, name ?? outcome]));
  const counted = Object.entries(step.outcomes);
  const names = [...new Set([...variants.keys(), ...counted.map(([name]) => name)])];
  if (names.length === 0) return nothing;
  const total = counted.reduce((sum, [, { count }]) => sum + count, 0);
  const converts = counted.some(([, { conversionRate }]) => conversionRate !== null);
  return html`<section>
    <table class="outcomes">
      <caption>
        ${language.text('details.outcomes')}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="unseen">${language.text('details.outcomes')}</span></th>
          <th scope="col" colspan="2">${language.text('details.all')}</th>
          ${converts ? html`<th scope="col">${language.text('details.converted')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${names.map((name) => {
          const outcome = Object.hasOwn(step.outcomes, name) ? step.outcomes[name] : undefined;
          const label = variants.get(name) ?? name;
          return html`<tr>
            <th scope="row" dir="auto">${label === name ? name : `${name}, ${label}`}</th>
            <td><b>${language.count(outcome?.count ?? 0)}</b></td>
            <td>${language.share(outcome?.count ?? 0, total)}</td>
            ${
              converts
                ? html`<td>
                    ${language.count(outcome?.convertedUsers ?? 0)}
                    <small>${language.rate(outcome?.conversionRate ?? null)}</small>
                  </td>`
                : nothing
            }
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

function next({ step, onward, language }: StepDetailsParts): TemplateResult | typeof nothing {
  if (onward.length === 0) return nothing;
  const moved = language.count(step.metrics.movedOn);
  return html`<section>
    <h5>
      ${language.text('details.next')}<span>${language.text('details.nextShare', { entries: moved })}</span>
    </h5>
    ${rows(
      onward.map(({ line: { link, share }, name }): Row => {
        const label = link.label === null ? name : `${link.label}: ${name}`;
        const extra = link.defined ? '' : ` (${language.text('flow.undefinedTransition')})`;
        return {
          label: label + extra,
          value: language.count(link.count),
          rate: shareText(share, link.count, language),
          bar: share / 1_000,
          foreign: true,
        };
      }),
    )}
  </section>`;
}

function conversion({ metrics }: FlowStep, language: Language): TemplateResult | typeof nothing {
  if (metrics.conversionRate === null && metrics.convertedUsers === 0) return nothing;
  const list: Row[] = [
    {
      label: language.text('metric.stepConvertedUsers'),
      value: language.count(metrics.convertedUsers),
      rate: language.rate(metrics.conversionRate),
      bar: (metrics.conversionRate ?? 0) / 100,
    },
  ];
  if (metrics.creditedConversions > 0) {
    const credited = language.count(metrics.creditedConversions);
    list.push({ label: language.text('metric.creditedConversions'), value: credited });
  }
  return html`<section>${rows(list)}</section>`;
}

function timeInStep(
  { timeInStep: { p50, p90 } }: FlowStep,
  language: Language,
): TemplateResult | typeof nothing {
  if (p50 === null) return nothing;
  const values = { median: language.duration(p50), bound: language.duration(p90) };
  return html`<p class="details-foot">
    ${icon('wait', 'small')}<span>${language.text('details.timeInStep')}</span>
    <span>${language.text('details.timeValue', values)}</span>
  </p>`;
}
