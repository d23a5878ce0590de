// <journey-trend>: a metric by day.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Overview, Trend } from '../../../bff/contract/index.ts';
import { overviewPath, trendPath } from '../../connection/paths.ts';
import type { ResourceState } from '../../connection/resource.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { isOverview, isTrend } from '../../internal/answers.ts';
import { failurePanel, staleNotice } from '../../internal/failure-panel.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { metricName } from '../../internal/metric-name.ts';
import { textDirection } from '../../internal/text-direction.ts';
import { enTrend } from '../../locales/en-trend.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { chartOf, nearestPlace, type Chart } from '../../trend/chart.ts';
import {
  factsOfRate,
  factsOfTrend,
  groupingWords,
  rangeBefore,
  readWords,
  type TrendFacts,
} from './trend-facts.ts';
import { drawChart, drawReading, drawTable, plotHeight } from './trend-view.ts';
import { trendStyles } from './trend.styles.ts';

const textOrNull = { fromAttribute: (value: string | null) => (value === '' ? null : value) };
const firstWidth = 640;

/**
 * A metric by day, as a line; long ranges by week or by month.
 *
 * @property metric - An id of the contract's catalogue; of the rates, the journey's `conversionRate`.
 * @property step - The step's id, for a metric of a step.
 * @property platform - `android`, `ios`, `web` or `other`, for a message metric of a step.
 * @property outcome - The outcome's name, for the metric `outcome` of a step.
 * @property data - The trend's JSON, for hosts that fetch it themselves; for `conversionRate` the overview's, with its trend.
 *
 * @event data-load - New numbers have arrived.
 * @event load-error - The numbers could not be loaded; cancelable.
 *
 * @csspart trend - The panel.
 * @csspart label - The metric's name.
 * @csspart chart - The drawing.
 * @csspart reading - The value of the day that is pointed at.
 * @csspart notice - The words over numbers that could not be refreshed.
 * @csspart message - What stands in the chart's place when there are no numbers.
 * @csspart retry - The button that tries again.
 */
export class JourneyTrend extends JourneyElement {
  static override styles = [tokens, base, controls, states, trendStyles];

  static override properties: PropertyDeclarations = {
    metric: { converter: textOrNull },
    step: { converter: textOrNull },
    platform: { converter: textOrNull },
    outcome: { converter: textOrNull },
    data: { attribute: false },
    width: { state: true },
    read: { state: true },
  };

  declare metric: string | null;
  declare step: string | null;
  declare platform: string | null;
  declare outcome: string | null;
  declare data: Trend | Overview | null;
  /** Of the plot, in CSS pixels. */
  declare private width: number;
  /** The place of the group that is read, by pointer or keys. */
  declare private read: number | undefined;

  #chart: Chart | undefined;
  #facts: TrendFacts | undefined;
  readonly #resize: ResizeObserver | undefined;
  #observed: Element | undefined;

  readonly #trend = new JourneyResource<Trend>(this, {
    path: (parts) => (this.#isRate || this.metric === null ? null : this.#path(this.metric, parts)),
    // Data of the other kind are no trend, and are said to be none.
    given: () => (this.#isRate ? null : (this.data as Trend | null)),
    isComplete: isTrend,
  });
  readonly #previous = new JourneyResource<Trend>(this, {
    path: ({ journey, from, to, compare }) => {
      const before = compare === null || this.data !== null ? null : rangeBefore(from, to);
      if (this.#isRate || this.metric === null || before === null) return null;
      return this.#path(this.metric, { journey, ...before });
    },
    isComplete: isTrend,
    speaks: () => false,
  });
  readonly #overview = new JourneyResource<Overview>(this, {
    path: (parts) => (this.#isRate ? overviewPath(parts) : null),
    given: () => (this.#isRate ? (this.data as Overview | null) : null),
    isComplete: isOverview,
  });

  constructor() {
    super();
    addEnglish(enTrend);
    this.metric = null;
    this.step = null;
    this.platform = null;
    this.outcome = null;
    this.data = null;
    this.width = firstWidth;
    this.read = undefined;
    if (typeof ResizeObserver === 'undefined') return;
    this.#resize = new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      if (width > 0) this.width = width;
    });
  }

  /** The one rate that is there by day. */
  get #isRate(): boolean {
    return this.metric === 'conversionRate' && (this.step ?? null) === null;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    for (const resource of [this.#trend, this.#previous, this.#overview]) resource.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.#observed = undefined;
    this.read = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const plot = this.renderRoot.querySelector('.plot') ?? undefined;
    if (plot !== this.#observed) {
      this.#resize?.disconnect();
      this.#observed = plot;
      if (plot) this.#resize?.observe(plot);
    }
    this.#placeReading();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { language, metric } = this;
    if (metric === null) return nothing;
    const { step, platform, outcome } = this;
    const name = metricName({ metric, step: step ?? null, platform, outcome }, language);
    const state: ResourceState<unknown> = this.#isRate ? this.#overview.state : this.#trend.state;
    const facts = this.#factsOf(metric);
    this.#facts = facts;
    if (!facts && state.failure) {
      if (this.#silenced) return html`<div class="root"></div>`;
      return html`<div class="root">
        <section class="trend" part="trend" aria-label=${name}>
          <div class="heading"><h3 part="label">${name}</h3></div>
          ${failurePanel(state.failure, language, () => this.refresh())}
        </section>
      </div>`;
    }
    const words = facts ? groupingWords(facts, language) : '';
    const whole = facts ? language.text('trend.label', { metric: name, grouping: words }) : name;
    return html`<div class="root">
      <section
        class="trend"
        part="trend"
        aria-label=${facts ? whole : language.text('trend.loading', { metric: name })}
        aria-busy=${facts ? 'false' : 'true'}
      >
        ${
          state.stale && state.confirmedAt !== undefined
            ? staleNotice(state.confirmedAt, language, () => this.refresh())
            : nothing
        }
        <div class="heading">
          <h3 part="label">${name}</h3>
          <span>${words}</span>
          ${
            facts && facts.before.length > 0
              ? html`<span class="key"
                  ><svg viewBox="0 0 18 2" aria-hidden="true"><path class="before" d="M0,1H18"></path></svg
                  >${this.#beforeWords(facts)}</span
                >`
              : nothing
          }
        </div>
        ${facts ? this.#plot(whole, facts) : html`<div class="plot"><i class="bone plot-bone"></i></div>`}
      </section>
    </div>`;
  }

  get #silenced(): boolean {
    return this.#isRate ? this.#overview.silenced : this.#trend.silenced;
  }

  #path(metric: string, parts: { journey: string; from: string | null; to: string | null }): string {
    const { step, platform, outcome } = this;
    return trendPath({ ...parts, metric, step, platform, outcome });
  }

  #factsOf(metric: string): TrendFacts | undefined {
    if (this.#isRate) {
      const { data } = this.#overview.state;
      return data && factsOfRate(data);
    }
    const { data } = this.#trend.state;
    return data && factsOfTrend(metric, data, this.#previous.state.data);
  }

  #beforeWords({ before }: TrendFacts): string {
    const from = before[0]?.from ?? null;
    const to = before.at(-1)?.to ?? null;
    return this.language.range({ from, to });
  }

  #plot(name: string, facts: TrendFacts): TemplateResult {
    const { language } = this;
    if (!facts.now.some(({ value }) => value !== null)) {
      this.#chart = undefined;
      return html`<div class="message" part="message">
        <h4>${language.text(facts.now.length > 0 ? 'trend.noRate' : 'state.empty.title')}</h4>
      </div>`;
    }
    const chart = chartOf({
      now: facts.now,
      before: facts.before,
      width: this.width,
      height: plotHeight,
      mirrored: textDirection(language.locale) === 'rtl',
      running: facts.running,
      wholeNumbers: facts.kind === 'sum',
    });
    this.#chart = chart;
    const last = facts.now.length - 1;
    const read = this.read === undefined ? undefined : Math.min(this.read, last);
    const at = read ?? last;
    return html`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${name}
        aria-orientation="horizontal"
        aria-valuemin="1"
        aria-valuemax=${last + 1}
        aria-valuenow=${at + 1}
        aria-valuetext=${readWords(at, facts, language).join('; ')}
        @pointermove=${this.#point}
        @pointerdown=${this.#point}
        @pointerleave=${this.#leave}
        @focus=${this.#focus}
        @blur=${this.#leave}
        @keydown=${this.#key}
      >
        ${drawChart(chart, facts, this.width, read, language)}
        ${read === undefined ? nothing : drawReading(read, facts, language)}
      </div>
      ${drawTable(name, facts, language)}`;
  }

  readonly #point = (event: PointerEvent): void => {
    const plot = event.currentTarget;
    if (!(plot instanceof HTMLElement) || !this.#chart) return;
    this.read = nearestPlace(this.#chart, event.clientX - plot.getBoundingClientRect().left);
  };

  readonly #leave = (): void => {
    this.read = undefined;
  };

  readonly #focus = (event: FocusEvent): void => {
    const plot = event.currentTarget;
    if (plot instanceof HTMLElement && plot.matches(':focus-visible')) {
      this.read ??= (this.#facts?.now.length ?? 1) - 1;
    }
  };

  readonly #key = (event: KeyboardEvent): void => {
    const last = (this.#facts?.now.length ?? 0) - 1;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (this.read === undefined) return;
      this.read = undefined;
      event.stopPropagation();
      return;
    }
    const forwards = textDirection(this.language.locale) === 'rtl' ? -1 : 1;
    const at = this.read ?? last;
    const page = Math.max(1, Math.round(last / 10));
    const next: Readonly<Record<string, number>> = {
      ArrowRight: at + forwards,
      ArrowLeft: at - forwards,
      ArrowUp: at + 1,
      ArrowDown: at - 1,
      PageUp: at + page,
      PageDown: at - page,
      Home: 0,
      End: last,
    };
    const wanted = next[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    this.read = Math.max(0, Math.min(last, wanted));
  };

  /** Beside what is read, on the side that has room. By properties, not by a style attribute. */
  #placeReading(): void {
    const box = this.renderRoot.querySelector('.reading');
    const place = this.#chart?.places[this.read ?? -1];
    if (!(box instanceof HTMLElement)) return;
    const { offsetWidth } = box;
    const x = place?.x ?? this.width / 2;
    const left = x + 12 + offsetWidth <= this.width ? x + 12 : Math.max(0, x - 12 - offsetWidth);
    box.style.setProperty('transform', `translate(${Math.round(left)}px, 4px)`);
  }
}
