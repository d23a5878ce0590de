// What came out of a step, outcome by outcome; on a split also whether its variants differ by more than chance.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { abTest, type AbTest, type Comparison } from '../../flow/ab-test.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { metricBar } from './metric-rows.ts';
import type { ExportPlace } from './export-place.ts';
import type { Terms } from './terms.ts';

export function stepOutcomes(
  step: FlowStep,
  language: Language,
  terms: Terms,
  exports: ExportPlace,
): TemplateResult | typeof nothing {
  const titles = new Map((step.variants ?? []).map(({ outcome, name }) => [outcome, name ?? outcome]));
  const counted = Object.entries(step.outcomes);
  const names = [...new Set([...titles.keys(), ...counted.map(([name]) => name)])];
  if (names.length === 0) return nothing;
  const total = counted.reduce((sum, [, { count }]) => sum + count, 0);
  const converts = counted.some(([, { conversionRate }]) => conversionRate !== null);
  const test = abTest(step);
  const intervals = new Map(test?.variants.map(({ outcome, interval }) => [outcome, interval]));
  return html`<section>
      <table class="outcomes">
        <caption>
          ${language.text('details.outcomes')}
        </caption>
        <thead>
          <tr>
            <th scope="col"><span class="unseen">${language.text('details.outcomes')}</span></th>
            <th scope="col">${language.text('details.entries')}</th>
            ${
              converts
                ? html`<th scope="col">${language.text('details.converted')}</th>
                    <th scope="col">${terms.of('stepConversionRate')}</th>`
                : nothing
            }
            ${exports({ metric: 'outcome' }) === nothing ? nothing : html`<td></td>`}
          </tr>
        </thead>
        <tbody>
          ${names.map((name) => {
            const outcome = Object.hasOwn(step.outcomes, name) ? step.outcomes[name] : undefined;
            const { count = 0, users = 0, convertedUsers = 0, conversionRate = null } = outcome ?? {};
            const title = titles.get(name) ?? name;
            const interval = users > 0 ? intervals.get(name) : undefined;
            const action = exports({ metric: 'outcome', outcome: name });
            return html`<tr>
              <th scope="row">
                <bdi>${name}</bdi>${title === name ? nothing : html`<small><bdi>${title}</bdi></small>`}
              </th>
              <td>
                <b>${language.count(count)}</b>
                ${metricBar(total > 0 ? count / total : 0)}<small>${language.share(count, total)}</small>
              </td>
              ${
                converts
                  ? html`<td>
                        <b>${language.count(convertedUsers)}</b>
                        <small>${language.text('ab.of', { users: language.count(users) })}</small>
                      </td>
                      <td>
                        <b>${language.rate(conversionRate)}</b>
                        ${
                          interval
                            ? html`<small
                                >${language.ratio(100 * interval.low)}–${language.ratio(100 * interval.high)}</small
                              >`
                            : nothing
                        }
                      </td>`
                  : nothing
              }
              ${action === nothing ? nothing : html`<td class="action">${action}</td>`}
            </tr>`;
          })}
        </tbody>
      </table>
    </section>
    ${test ? verdict(test, step, language) : nothing}`;
}

/** A difference of rates in percentage points, with its sign. */
function signed(points: number, language: Language): string {
  return `${points < 0 ? '−' : '+'}${language.points(points)}`;
}

function verdict(test: AbTest, step: FlowStep, language: Language): TemplateResult {
  const { comparisons, winner, split } = test;
  const comparable = split?.asPlanned !== false;
  const only = comparisons.length === 1 ? comparisons[0] : undefined;
  return html`<section class="verdict">
    ${
      comparable
        ? html`<h5>${winnerText(winner, language)}</h5>
            ${comparisons.map((comparison) => difference(comparison, comparisons, language))}
            ${
              winner === null && only
                ? html`<p class="muted">
                    ${language.text('ab.includesZero', {
                      low: signed(100 * only.interval.low, language),
                      high: signed(100 * only.interval.high, language),
                    })}
                  </p>`
                : nothing
            }`
        : nothing
    }
    ${split ? splitLine(split.asPlanned, step, language) : nothing}
  </section>`;
}

function winnerText(winner: Comparison | null, language: Language): string {
  if (!winner) return language.text('ab.noWinner');
  const { low, high } = winner.interval;
  return language.text('ab.winner', {
    name: winner.outcome,
    low: language.ratio(100 * low),
    high: language.points(100 * high),
  });
}

function splitLine(asPlanned: boolean, step: FlowStep, language: Language): TemplateResult {
  const counts = (step.variants ?? []).map(({ outcome }) =>
    Object.hasOwn(step.outcomes, outcome) ? (step.outcomes[outcome]?.count ?? 0) : 0,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = {
    counts: counts.map((count) => language.count(count)).join(' / '),
    shares: counts.map((count) => language.share(count, total)).join(' / '),
  };
  return html`<p class="split ${asPlanned ? '' : 'differs'}">
    <b>
      ${icon(asPlanned ? 'check' : 'warning', 'small')}
      ${language.text(asPlanned ? 'ab.asPlanned' : 'ab.differs')}
    </b>
    <span>${language.text('ab.shares', shares)}</span>
  </p>`;
}

const width = 380;
const height = 34;
const line = 12;

/** The interval of a difference, drawn around nothing; all of one test on one scale. */
function difference(
  { outcome, with: other, difference: value, interval }: Comparison,
  all: readonly Comparison[],
  language: Language,
): TemplateResult {
  const most = Math.max(...all.flatMap((one) => [Math.abs(one.interval.low), Math.abs(one.interval.high)]));
  const reach = (most || 0.01) * 1.1;
  const at = (share: number) => Math.round((width / 2 + (share / reach) * (width / 2 - 4)) * 10) / 10;
  const [low, high] = [at(interval.low), at(interval.high)];
  const texts = {
    difference: signed(100 * value, language),
    low: signed(100 * interval.low, language),
    high: signed(100 * interval.high, language),
  };
  const name = `${outcome} − ${other}`;
  return html`<p class="difference">
      <span dir="auto">${name}</span><b>${texts.difference}</b>
      <span>${language.text('ab.interval', texts)}</span>
    </p>
    <svg
      class="interval"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="${name}. ${language.text('ab.chart', texts)}"
    >
      ${svg`<path class="axis" d="M4 26H376M4 23v6M376 23v6"/>
        <path class="zero" d="M190 2v26"/>
        <path class="range" d="M${low} ${line}H${high}"/>
        <path class="bounds" d="M${low} ${line - 6}v12M${high} ${line - 6}v12"/>
        <circle class="value" cx=${at(value)} cy=${line} r="4.5"/>`}
    </svg>`;
}
