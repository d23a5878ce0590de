// <journey-metric-card>: one overview metric, embeddable alone.
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Overview } from '../../../bff/contract/index.ts';
import { overviewPath } from '../../connection/paths.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { Tooltips } from '../../controllers/tooltips.ts';
import { isOverview } from '../../internal/answers.ts';
import { failurePanel } from '../../internal/failure-panel.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { tooltip } from '../../styles/tooltip.styles.ts';
import { drawCard } from './card.ts';
import { isCardMetric } from './card-facts.ts';
import { cardStyles } from './card.styles.ts';

/**
 * One overview metric as a card.
 *
 * @property metric - `messagesSent`, `totalEntries`, `conversionRate`, `convertedUsers`, `conversionEvents` or `totalExits`.
 * @property data - The overview's JSON, for hosts that fetch it themselves.
 *
 * @event data-load - New numbers have arrived.
 * @event load-error - The numbers could not be loaded; cancelable.
 * @event export-start - The format of an export was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart card - The card.
 * @csspart label - The metric's name.
 * @csspart value - The value.
 * @csspart sparkline - The line by day.
 * @csspart note - The plain fact under the value.
 * @csspart change - The change against the earlier range.
 * @csspart message - What stands in the card's place when there are no numbers.
 * @csspart retry - The button that tries again.
 */
export class JourneyMetricCard extends JourneyElement {
  static override styles = [tokens, base, controls, states, tooltip, cardStyles];

  static override properties: PropertyDeclarations = {
    metric: {},
    data: { attribute: false },
  };

  declare metric: string | null;
  declare data: Overview | null;

  readonly #overview = new JourneyResource<Overview>(this, {
    path: overviewPath,
    given: () => this.data,
    isComplete: isOverview,
  });

  constructor() {
    super();
    this.addController(new Tooltips(this));
    this.metric = null;
    this.data = null;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    this.#overview.refresh();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { language } = this;
    if (!isCardMetric(this.metric)) {
      if (this.metric === null) return nothing;
      return html`<div class="root">
        <article class="card" part="card">
          <p class="note">${language.text('card.unknownMetric', { metric: this.metric })}</p>
        </article>
      </div>`;
    }
    const { data, failure, confirmedAt, stale } = this.#overview.state;
    if (!data && failure) {
      if (this.#overview.silenced) return html`<div class="root"></div>`;
      return html`<div class="root">
        <article class="card panel" part="card">
          ${failurePanel(failure, language, () => this.refresh())}
        </article>
      </div>`;
    }
    return html`<div class="root" aria-busy=${data ? 'false' : 'true'}>
      ${drawCard(
        {
          metric: this.metric,
          overview: data,
          compared: data
            ? data.previous !== null || this.settings.compare !== null
            : this.settings.compare !== null,
          staleSince: stale ? confirmedAt : undefined,
          settings: this.settings,
        },
        language,
      )}
    </div>`;
  }
}
