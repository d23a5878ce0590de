// <journey-step-metrics>: all numbers of one step, embeddable alone.
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { LoadFailure } from '../../connection/load-failure.ts';
import { stepPath } from '../../connection/paths.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { Tooltips } from '../../controllers/tooltips.ts';
import { isStep } from '../../internal/answers.ts';
import { failurePanel, staleNotice } from '../../internal/failure-panel.ts';
import { icon } from '../../internal/icons.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { reportStep } from '../../internal/report-step.ts';
import { enSteps } from '../../locales/en-steps.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { tooltip } from '../../styles/tooltip.styles.ts';
import { nodeStyles } from '../flow/node.styles.ts';
import { stepDetailsStyles } from './details.styles.ts';
import { exportPlace } from './export-place.ts';
import { stepDetails } from './step-details.ts';
import { stepMetricsStyles } from './step-metrics.styles.ts';

/**
 * What the flow's popover shows of a step: its entries, its messages, its outcomes, where its entries went, and how long
 * they stayed.
 *
 * @property step - The step's id.
 * @property data - A step's JSON, for hosts that fetch it themselves.
 * @property reportUrl - Where Report leads when the host does not take `report-click`: a template with `{campaignId}`,
 *   `{channel}`, `{stepId}` and `{journeyId}`.
 *
 * @event report-click - The Report button was pressed; cancelable.
 * @event data-load - New numbers have arrived.
 * @event load-error - The numbers could not be loaded; cancelable.
 * @event export-start - The format of an export was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart step - The panel.
 * @csspart name - The step's name.
 * @csspart report - The Report button.
 * @csspart notice - The words over numbers that could not be refreshed.
 * @csspart message - What stands in the numbers' place when there are none.
 * @csspart retry - The button that tries again.
 */
export class JourneyStepMetrics extends JourneyElement {
  static override styles = [
    tokens,
    base,
    controls,
    states,
    tooltip,
    nodeStyles,
    stepDetailsStyles,
    stepMetricsStyles,
  ];

  static override properties: PropertyDeclarations = {
    step: {},
    data: { attribute: false },
    reportUrl: { attribute: 'report-url' },
  };

  declare step: string | null;
  declare data: FlowStep | null;
  declare reportUrl: string | null;

  readonly #step = new JourneyResource<FlowStep>(this, {
    path: (parts) => (this.step === null || this.step === '' ? null : stepPath(parts, this.step)),
    given: () => this.data,
    isComplete: isStep,
  });

  constructor() {
    super();
    addEnglish(enSteps);
    this.addController(new Tooltips(this));
    this.step = null;
    this.data = null;
    this.reportUrl = null;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    this.#step.refresh();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { language } = this;
    const { data, failure, confirmedAt, stale } = this.#step.state;
    if (!data && failure) {
      if (this.#step.silenced) return html`<div class="root"></div>`;
      return this.#panel(this.#failure(failure), language.text('analytics.label', { name: this.step ?? '' }));
    }
    if (!data) {
      // Without a step nothing is asked for.
      if (this.step === null || this.step === '') return nothing;
      return this.#panel(skeleton(), language.text('details.loading'), true);
    }
    const notice =
      stale && confirmedAt !== undefined
        ? html`<div class="stale">${staleNotice(confirmedAt, language, () => this.refresh())}</div>`
        : nothing;
    const details = stepDetails({
      step: data,
      language,
      report: (step) => reportStep(this, step),
      exports: exportPlace(data, this.settings),
    });
    return this.#panel(html`${notice}${details}`, data.name);
  }

  #panel(content: TemplateResult, name: string, busy = false): TemplateResult {
    return html`<div class="root">
      <section class="panel" part="step" aria-label=${name} aria-busy=${busy ? 'true' : 'false'}>
        ${content}
      </section>
    </div>`;
  }

  #failure(failure: LoadFailure): TemplateResult {
    const { language } = this;
    if (failure.status !== 404) return failurePanel(failure, language, () => this.refresh());
    return html`<div class="message" part="message" role="status">
      ${icon('lock', 'big')}
      <h4>${language.text('state.noStep.title')}</h4>
      <p>${language.text('state.noStep.text')}</p>
    </div>`;
  }
}

/** As large as an email step, which is the middle of what is to come. */
function skeleton(): TemplateResult {
  const line = html`<div class="line-bones"><i class="bone"></i><i class="bone"></i></div>`;
  return html`<div class="details-head" aria-hidden="true">
      <i class="bone tile-bone"></i>
      <div class="head-bones"><i class="bone"></i><i class="bone"></i></div>
    </div>
    <div class="details" aria-hidden="true">
      <section>${[0, 1, 2, 3, 4, 5].map(() => line)}</section>
      <section>${[0, 1, 2, 3, 4, 5, 6].map(() => line)}</section>
      <section>${line}</section>
    </div>`;
}
