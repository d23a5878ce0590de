// <journey-overview>: the six overview cards.
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Overview } from '../../../bff/contract/index.ts';
import { overviewPath } from '../../connection/paths.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { Tooltips } from '../../controllers/tooltips.ts';
import { isOverview } from '../../internal/answers.ts';
import { failurePanel, staleNotice } from '../../internal/failure-panel.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { tooltip } from '../../styles/tooltip.styles.ts';
import { drawCard } from '../metric-card/card.ts';
import { cardMetrics, type CardMetric } from '../metric-card/card-facts.ts';
import { cardStyles } from '../metric-card/card.styles.ts';
import { overviewStyles } from './overview.styles.ts';

/**
 * Messages Sent, Total Entries, Conversion Rate, Total Converted Users, Total Conversion Events and Total Exits.
 *
 * @property data - The overview's JSON, for hosts that fetch it themselves.
 *
 * @event data-load - New numbers have arrived.
 * @event load-error - The numbers could not be loaded; cancelable.
 * @event export-start - The format of an export was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart cards - The grid of cards.
 * @csspart card - One card.
 * @csspart label - A metric's name.
 * @csspart value - A value.
 * @csspart sparkline - A line by day.
 * @csspart note - The plain fact under a value.
 * @csspart change - The change against the earlier range.
 * @csspart notice - The words over numbers that could not be refreshed.
 * @csspart message - What stands in the cards' place when there are no numbers.
 * @csspart retry - The button that tries again.
 */
export class JourneyOverview extends JourneyElement {
  static override styles = [tokens, base, controls, states, tooltip, cardStyles, overviewStyles];

  static override properties: PropertyDeclarations = {
    data: { attribute: false },
    partOfWhole: { attribute: false },
  };

  declare data: Overview | null;
  /** Inside journey-analytics, which itself says what concerns the whole page. Not for hosts. */
  declare partOfWhole: boolean;

  readonly #overview = new JourneyResource<Overview>(this, {
    path: overviewPath,
    given: () => this.data,
    isComplete: isOverview,
    speaks: () => !this.partOfWhole,
  });

  constructor() {
    super();
    this.addController(new Tooltips(this));
    this.data = null;
    this.partOfWhole = false;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    this.#overview.refresh();
  }

  /** Brings a card into view and gives the focus to what explains it. Not for hosts. */
  focusCard(metric: CardMetric): void {
    this.renderRoot.querySelector<HTMLElement>(`[aria-describedby='definition-${metric}']`)?.focus();
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const { data, failure, confirmedAt, stale } = this.#overview.state;
    if (!data && failure) {
      if (this.#overview.silenced) return html`<div class="root"></div>`;
      return html`<div class="root">
        <section class="panel" aria-label=${language.text('overview.label')}>
          ${failurePanel(failure, language, () => this.refresh())}
        </section>
      </div>`;
    }
    const compared = data?.previous ? true : this.settings.compare !== null;
    const staleSince = stale ? confirmedAt : undefined;
    const { settings } = this;
    return html`<div class="root">
      <section
        class="cards"
        part="cards"
        aria-label=${language.text(data ? 'overview.label' : 'overview.loading')}
        aria-busy=${data ? 'false' : 'true'}
      >
        ${cardMetrics.map((metric) => drawCard({ metric, overview: data, compared, staleSince, settings }, language))}
      </section>
      ${this.#below(staleSince, data?.pendingEvents ?? 0)}
    </div>`;
  }

  #below(staleSince: number | undefined, pending: number): TemplateResult | typeof nothing {
    if (this.partOfWhole) return nothing;
    const { language } = this;
    if (staleSince !== undefined) {
      return html`<div class="below">${staleNotice(staleSince, language, () => this.refresh())}</div>`;
    }
    if (pending === 0) return nothing;
    return html`<p class="below live late" part="notice">
      <i></i>${language.text('live.pending', { events: language.count(pending) }, pending)}
    </p>`;
  }
}
