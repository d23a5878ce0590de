// How a trend is drawn: the chart, what is read of it, and its table.
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Language } from '../../locales/language.ts';
import type { Chart } from '../../trend/chart.ts';
import { dateWords, nowWords, readWords, valueWords, type TrendFacts } from './trend-facts.ts';

export const plotHeight = 200;

function gridWords(value: number, { kind }: TrendFacts, language: Language): string {
  // Labels of an axis are round, so a decimal that is 0 says nothing.
  return kind === 'rate' ? language.percent(value / 100) : language.cardCount(value);
}

function dateLabels(chart: Chart, facts: TrendFacts, width: number, language: Language): SVGTemplateResult[] {
  return chart.labels.flatMap(({ index, x }) => {
    const group = facts.now[index];
    if (!group) return [];
    const words = facts.grouping === 'month' ? language.month(group.from) : language.dayOfMonth(group.from);
    // At the sides a centred label would be cut.
    const start = x < 40;
    const end = x > width - 40;
    const mirrored = chart.labels.length > 1 && (chart.labels[0]?.x ?? 0) > width / 2;
    const side = start === end ? '' : start !== mirrored ? 'first' : 'last';
    const cut = start || end ? side : '';
    return [svg`<text class="date ${cut}" x=${x} y=${plotHeight - 6}>${words}</text>`];
  });
}

export function drawChart(
  chart: Chart,
  facts: TrendFacts,
  width: number,
  read: number | undefined,
  language: Language,
): TemplateResult {
  const place = read === undefined ? null : chart.places[read];
  const mirrored = (chart.places[0]?.x ?? 0) > (chart.places.at(-1)?.x ?? width);
  return html`<svg
    class="chart"
    part="chart"
    viewBox="0 0 ${width} ${plotHeight}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${svg`
      <path class="area" d=${chart.area}></path>
      ${chart.gridlines.map(
        ({ y }, index) =>
          svg`<line class="grid ${index === 0 ? 'base' : ''}" x1="0" x2=${width} y1=${y} y2=${y}></line>`,
      )}
      <path class="before" d=${chart.before}></path>
      <path class="now" d=${chart.line}></path>
      <path class="running" d=${chart.toRunning}></path>
      ${chart.alone.map(({ x, y }) => svg`<circle class="dot" cx=${x} cy=${y} r="3"></circle>`)}
      ${
        place
          ? svg`<line class="cursor" x1=${place.x} x2=${place.x} y1="14" y2=${plotHeight - 22}></line>
            <circle class="dot" cx=${place.x} cy=${place.y} r="3.5"></circle>`
          : nothing
      }
      ${chart.gridlines.map(({ value, y }, index) =>
        index === 0
          ? nothing
          : svg`<text x=${mirrored ? width : 0} y=${y - 4}>${gridWords(value, facts, language)}</text>`,
      )}
      ${dateLabels(chart, facts, width, language)}
    `}
  </svg>`;
}

export function drawReading(index: number, facts: TrendFacts, language: Language): TemplateResult {
  const lines = readWords(index, facts, language);
  return html`<div class="reading" part="reading" aria-hidden="true">
    ${lines.map((line) => html`<div>${line}</div>`)}
  </div>`;
}

/** The same numbers for those who do not see the chart. */
export function drawTable(name: string, facts: TrendFacts, language: Language): TemplateResult {
  const compared = facts.before.length > 0;
  return html`<div class="unseen">
    <table>
      <caption>
        ${name}
      </caption>
      <thead>
        <tr>
          <th scope="col">${language.text('trend.date')}</th>
          <th scope="col">${name}</th>
          ${compared ? html`<th scope="col">${language.text('trend.before')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${facts.now.map((group, index) => {
          const before = facts.before[index];
          return html`<tr>
            <th scope="row">${dateWords(group, language)}</th>
            <td>${nowWords(index, facts, language)}</td>
            ${
              compared
                ? html`<td>
                    ${
                      before
                        ? language.text('trend.reads', {
                            date: dateWords(before, language),
                            value: valueWords(before.value, facts, language),
                          })
                        : language.text('number.none')
                    }
                  </td>`
                : nothing
            }
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
