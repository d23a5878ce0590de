// One overview card, as the card element and the overview draw it.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Overview } from '../../../bff/contract/index.ts';
import { dateIn } from '../../internal/calendar.ts';
import type { Settings } from '../../connection/settings-scope.ts';
import { exportTag } from '../../internal/export-tag.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { wholeDays } from '../../trend/series.ts';
import {
  cardChange,
  cardNote,
  cardValue,
  daysOf,
  exactValue,
  kindOf,
  type CardMetric,
} from './card-facts.ts';
import { daysAPoint, sparkline, sparklineValues } from './sparkline.ts';

export interface CardOptions {
  readonly metric: CardMetric;
  readonly overview: Overview | undefined;
  /** Whether the row of the change is there: it has its place before the numbers come. */
  readonly compared: boolean;
  /** When the last good answer came, if a later request failed. */
  readonly staleSince: number | undefined;
  /** Of the element that draws the card. */
  readonly settings: Settings;
}

/** Those whose rows are the number on the card. */
function isExported(metric: CardMetric): boolean {
  return metric === 'convertedUsers' || metric === 'conversionEvents';
}

function drawExport({ metric, overview, settings }: CardOptions): TemplateResult | typeof nothing {
  if (!overview || !isExported(metric)) return nothing;
  const { range, metrics, journeyId } = overview;
  // The file is of the range whose number stands there, also where a host has fetched it.
  const shown = { ...settings, journey: settings.journey ?? journeyId, from: range.from, to: range.to };
  return exportTag({ metric, rows: metrics[metric] }, shown);
}

const width = 74;
const height = 30;

function drawSparkline(metric: CardMetric, overview: Overview): TemplateResult | typeof nothing {
  const today = dateIn(overview.range.timeZone, overview.asOf);
  const now = wholeDays(daysOf(metric, overview.trend), today);
  const before = wholeDays(daysOf(metric, overview.previous?.trend), today);
  // One size for both: two lines of different steps could not be compared.
  const size = daysAPoint(Math.max(now.length, before.length));
  const kind = kindOf(metric);
  const line = sparkline(
    sparklineValues(now, size, kind),
    sparklineValues(before, size, kind),
    width,
    height,
  );
  if (!line) return nothing;
  return html`<svg class="spark" part="sparkline" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    ${svg`<path class="before" d=${line.before}></path><path class="now" d=${line.now}></path>
      <circle class="end" cx=${line.end.x} cy=${line.end.y} r="2"></circle>`}
  </svg>`;
}

function drawChange(metric: CardMetric, overview: Overview, language: Language): TemplateResult {
  const { direction, text, judgement, from } = cardChange(metric, overview, language);
  const spoken = direction === 'none' ? text : language.text(`card.${direction}`, { change: text });
  return html`<p class="change" part="change">
    <span class=${judgement}>
      ${direction === 'none' ? nothing : icon(direction, 'tiny')}
      <span aria-hidden="true">${text}</span><span class="unseen">${spoken}</span>
    </span>
    <span>${from}</span>
  </p>`;
}

export function drawCard(options: CardOptions, language: Language): TemplateResult {
  const { metric, overview, compared, staleSince } = options;
  const name = language.text(`metric.${metric}`);
  // The icon has its place before the numbers come, so that no name moves then.
  const place = isExported(metric) && customElements.get('journey-export-button') ? 'exported' : '';
  const label = html`<div class="label ${place}">
    <h3 part="label">${name}</h3>
    <button
      class="icon-button help"
      aria-label=${language.text('definition.about', { metric: name })}
      aria-describedby="definition-${metric}"
    >
      ${icon('help', 'small')}
    </button>
    <div id="definition-${metric}" class="tooltip" role="tooltip" popover="manual">
      <b>${name}.</b> ${language.text(`definition.${metric}`)}
    </div>
    ${drawExport(options)}
  </div>`;
  if (!overview) {
    return html`<article class="card" part="card">
      ${label}
      <div class="value"><i class="bone value-bone"></i><i class="bone line-bone"></i></div>
      <i class="bone note-bone"></i>
      ${compared ? html`<div class="change"><i class="bone change-bone"></i></div>` : nothing}
    </article>`;
  }
  const { metrics } = overview;
  const exact = exactValue(metric, metrics, language);
  const stale = staleSince !== undefined;
  return html`<article class="card" part="card">
    ${label}
    <div class="value ${stale ? 'stale' : ''}">
      <span part="value" title=${exact ?? nothing}>${cardValue(metric, metrics, language)}</span>
      ${drawSparkline(metric, overview)}
    </div>
    <p class="note" part="note">
      ${
        stale
          ? html`<span class="live late"
              ><i></i>${language.text('card.asOf', { time: language.clock(staleSince) })}</span
            >`
          : cardNote(metric, metrics, language)
      }
    </p>
    ${compared ? drawChange(metric, overview, language) : nothing}
  </article>`;
}
