// <journey-analytics>: the whole page of a journey's numbers.
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Flow, Journey, Overview } from '../../../bff/contract/index.ts';
import { flowPath, journeyPath, overviewPath } from '../../connection/paths.ts';
import type { ResourceState } from '../../connection/resource.ts';
import type { Settings } from '../../connection/settings-scope.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { Ticker } from '../../controllers/ticker.ts';
import type { Signal } from '../../flow/signals.ts';
import { isFlow, isJourney, isOverview } from '../../internal/answers.ts';
import { failurePanel, staleNotice } from '../../internal/failure-panel.ts';
import { icon } from '../../internal/icons.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { liveMark } from '../../internal/live-mark.ts';
import { enAnalytics } from '../../locales/en-analytics.ts';
import { enSteps } from '../../locales/en-steps.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import type { JourneyFlow } from '../flow/flow.ts';
import type { JourneyOverview } from '../overview/overview.ts';
import { analyticsStyles } from './analytics.styles.ts';
import { RangePicker } from './range-picker.ts';
import { rangePickerStyles } from './range-picker.styles.ts';
import { SignalsStrip } from './signals-strip.ts';
import { signalsStripStyles } from './signals-strip.styles.ts';

/** What a host gives that fetches the numbers itself. */
export interface AnalyticsData {
  readonly journey: Journey;
  readonly overview: Overview;
  readonly flow: Flow;
}

/** Whether a first answer may still come. */
const isAwaited = ({ data, failure }: ResourceState<unknown>): boolean =>
  data === undefined && failure === undefined;

/** Parts of the elements inside that a host may style from outside. */
const overviewParts = 'cards, card, label, value, sparkline, note, change, message, retry';
const audienceParts = 'audience, users, message, retry';
const flowParts = 'flow, search, canvas, step, signal, report, popover, message, retry';

/**
 * The whole page: header with the range in words, overview and flow, kept up to date.
 *
 * @property data - `{ journey, overview, flow }`, for hosts that fetch them themselves.
 * @property direction - Of the flow: `down` or `right`.
 * @property reportUrl - Where Report leads when the host does not take `report-click`: a template with `{campaignId}`,
 *   `{channel}`, `{stepId}` and `{journeyId}`.
 *
 * @event data-load - New numbers have arrived.
 * @event load-error - The numbers could not be loaded; cancelable.
 * @event report-click - A Report button was pressed; cancelable.
 * @event step-select - A step of the flow was chosen; cancelable.
 * @event range-change - A person has picked another range.
 * @event export-start - The format of an export was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart header - Name, range and what defines the numbers.
 * @csspart name - The journey's name.
 * @csspart live - How old the numbers are.
 * @csspart range - The button that names the range and opens its choice.
 * @csspart range-menu - The choice of a range.
 * @csspart facts - The conversion event, the counting window, the time zone.
 * @csspart signals - What deserves a look.
 * @csspart signal - A button that leads to what deserves a look, and the mark of a step.
 * @csspart notice - The words over numbers that could not be refreshed.
 * @csspart message - What stands in the numbers' place when there are none.
 * @csspart retry - The button that tries again.
 * @csspart cards - The grid of cards.
 * @csspart card - One card.
 * @csspart flow - The panel of the flow.
 * @csspart build-audience - The button that opens the audience builder.
 * @csspart audience - The audience builder.
 * @csspart users - How many users the audience has.
 */
export class JourneyAnalytics extends JourneyElement {
  static override styles = [
    tokens,
    base,
    controls,
    states,
    analyticsStyles,
    rangePickerStyles,
    signalsStripStyles,
  ];

  static override properties: PropertyDeclarations = {
    data: { attribute: false },
    direction: {},
    reportUrl: { attribute: 'report-url' },
    building: { state: true },
  };

  declare data: AnalyticsData | null;
  declare direction: string | null;
  declare reportUrl: string | null;
  /** Whether the audience builder is open. */
  declare private building: boolean;

  readonly #journey = new JourneyResource<Journey>(this, {
    path: ({ journey }) => journeyPath(journey),
    given: () => this.data?.journey ?? null,
    isComplete: isJourney,
    speaks: () => false,
  });
  readonly #overview = new JourneyResource<Overview>(this, {
    path: overviewPath,
    given: () => this.data?.overview ?? null,
    isComplete: isOverview,
  });
  readonly #flow = new JourneyResource<Flow>(this, {
    path: flowPath,
    given: () => this.data?.flow ?? null,
    isComplete: isFlow,
    // One word for the whole page is enough when nothing can be loaded, whichever answer comes first.
    tellsFailure: () => {
      const { failure, loading } = this.#overview.state;
      return failure === undefined && !loading;
    },
  });

  readonly #rangePicker = new RangePicker(this);
  readonly #signals = new SignalsStrip((signal) => this.#goTo(signal));

  constructor() {
    super(true);
    addEnglish(enAnalytics);
    // The signals are written before the flow is made.
    addEnglish(enSteps);
    this.data = null;
    this.direction = null;
    this.reportUrl = null;
    this.building = false;
    this.addController(
      new Ticker(this, () => {
        const { confirmedAt } = this.#overview.state;
        if (confirmedAt === undefined) return undefined;
        return Date.now() - confirmedAt < 60_000 ? 1_000 : 30_000;
      }),
    );
  }

  /** What the elements inside take from this one: with `data` given, the journey's id is the data's. */
  override get ownSettings(): Settings {
    const own = super.ownSettings;
    const overview = this.data?.overview;
    return own.journey === null && isOverview(overview) ? { ...own, journey: overview.journeyId } : own;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    for (const resource of [this.#journey, this.#overview, this.#flow]) resource.refresh();
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const overview = this.#overview.state;
    const flow = this.#flow.state;
    const journey = this.#journey.state;
    // The overview speaks for the page: what fails sooner, while it is still asked for, is not yet the page's failure.
    const denied = overview.data ? undefined : overview.failure;
    const name = journey.data?.name ?? this.settings.journey ?? '';
    if (denied && !flow.data) {
      if (this.#overview.silenced) return html`<div class="root"></div>`;
      return html`<div class="root">
        <section class="panel" aria-label=${language.text('analytics.label', { name })}>
          ${failurePanel(denied, language, () => this.refresh())}
        </section>
      </div>`;
    }
    const stale = [overview, flow].find((state) => state.stale);
    return html`<div class="root">
      <section
        class="page"
        aria-label=${language.text(overview.data ? 'analytics.label' : 'analytics.loading', { name })}
      >
        ${this.#header(journey.data, stale !== undefined)}
        ${
          stale?.confirmedAt === undefined
            ? nothing
            : staleNotice(stale.confirmedAt, language, () => this.refresh())
        }
        ${this.#signals.draw(flow.data, overview.data, isAwaited(overview) || isAwaited(flow), language)}
        <journey-overview
          exportparts=${overviewParts}
          .partOfWhole=${true}
          .data=${this.data?.overview ?? null}
        ></journey-overview>
        ${
          this.#flow.silenced && !flow.data
            ? nothing
            : html`<journey-flow
                exportparts=${flowParts}
                .partOfWhole=${true}
                .waits=${this.#flow.untold}
                .data=${this.data?.flow ?? null}
                .direction=${this.direction}
                .reportUrl=${this.reportUrl}
              ></journey-flow>`
        }
        ${this.#audience()}
      </section>
    </div>`;
  }

  /** Folded, since it is for those who go on from the numbers. Only where there is somebody to ask, and its element is there. */
  #audience(): TemplateResult | typeof nothing {
    const { endpoint, getToken } = this.settings;
    if (endpoint === null || getToken === null || !customElements.get('journey-audience')) return nothing;
    return html`<div class="audience">
      <button
        class="button"
        part="build-audience"
        aria-expanded=${this.building ? 'true' : 'false'}
        @click=${() => (this.building = !this.building)}
      >
        ${icon('chevron', 'small')}${this.language.text('audience.build')}
      </button>
      ${
        this.building
          ? html`<journey-audience
              exportparts=${audienceParts}
              .partOfWhole=${true}
              .data=${this.data?.flow ?? null}
            ></journey-audience>`
          : nothing
      }
    </div>`;
  }

  #goTo({ stepId }: Signal): void {
    if (stepId === null) {
      this.renderRoot.querySelector<JourneyOverview>('journey-overview')?.focusCard('conversionRate');
    } else {
      void this.renderRoot.querySelector<JourneyFlow>('journey-flow')?.focusStep(stepId);
    }
  }

  #header(journey: Journey | undefined, late: boolean): TemplateResult {
    const { language } = this;
    const { data: overview, confirmedAt } = this.#overview.state;
    const now = Date.now();
    return html`<header class="header" part="header">
      <div class="title">
        <h2 part="name">
          ${journey?.name ?? html`<i class="bone name-bone"></i><span class="unseen">${this.settings.journey}</span>`}
        </h2>
        ${
          confirmedAt === undefined
            ? html`<span class="live"></span>`
            : html`${liveMark({ confirmedAt, now, late, pending: overview?.pendingEvents ?? 0 }, language)}
                <button
                  class="icon-button"
                  aria-label=${language.text('analytics.refresh')}
                  @click=${() => this.refresh()}
                >
                  ${icon('refresh', 'small')}
                </button>`
        }
        ${this.#rangePicker.draw(overview, language)}
      </div>
      <div class="facts" part="facts">
        ${journey ? this.#facts(journey, now) : html`<i class="bone facts-bone"></i>`}
      </div>
    </header>`;
  }

  #facts({ conversion, timeZone }: Journey, now: number): TemplateResult {
    const { language } = this;
    const zone = language.zone(timeZone, now);
    if (!conversion) {
      return html`<span>${language.text('analytics.noConversion')}</span>
        <span>${language.text('analytics.byStartDate')}</span><span>${zone}</span>`;
    }
    const { value, unit } = conversion.stopCountingAfterExit;
    const duration = language.text(`window.${unit}`, { value: language.count(value) }, value);
    return html`<span>${language.text('analytics.conversionEvent')} <b>${conversion.event}</b></span>
      <span>${language.text('analytics.window', { duration })}</span>
      <span>${language.text('analytics.byStartDate')}</span><span>${zone}</span>`;
  }
}
