// <journey-report-button>: the Report button of one step, for hosts that draw the step themselves.
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Flow, FlowStep } from '../../../bff/contract/index.ts';
import { flowPath } from '../../connection/paths.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { isFlow } from '../../internal/answers.ts';
import { icon } from '../../internal/icons.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { reportStep } from '../../internal/report-step.ts';
import { base } from '../../styles/base.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { reportButtonStyles } from './report-button.styles.ts';

/**
 * The Report button of one step. It is there only where the step has a report: absent until then, and while nothing is
 * known. All buttons of a connection share the flow's one request.
 *
 * @property data - A flow's JSON, for hosts that fetch it themselves.
 * @property step - The step's id.
 * @property reportUrl - Where Report leads when the host does not take `report-click`: a template with `{campaignId}`,
 *   `{channel}`, `{stepId}` and `{journeyId}`.
 *
 * @event report-click - The button was pressed; cancelable.
 * @event data-load - New numbers have arrived.
 * @event load-error - Whether there is a report could not be loaded; cancelable, though nothing is drawn either way.
 *
 * @csspart report - The button.
 */
export class JourneyReportButton extends JourneyElement {
  static override styles = [tokens, base, reportButtonStyles];

  static override properties: PropertyDeclarations = {
    data: { attribute: false },
    step: {},
    reportUrl: { attribute: 'report-url' },
  };

  declare data: Flow | null;
  declare step: string | null;
  declare reportUrl: string | null;

  readonly #flow = new JourneyResource<Flow>(this, {
    path: flowPath,
    given: () => this.data,
    isComplete: isFlow,
  });

  constructor() {
    super();
    this.data = null;
    this.step = null;
    this.reportUrl = null;
  }

  /** Asks anew now. */
  refresh(): void {
    this.#flow.refresh();
  }

  protected override render(): TemplateResult | typeof nothing {
    const step = this.#flow.state.data?.steps.find(({ stepId }) => stepId === this.step);
    return step?.report.available ? this.#button(step) : nothing;
  }

  #button(step: FlowStep): TemplateResult {
    const { language } = this;
    return html`<span class="root">
      <button
        class="report"
        part="report"
        aria-label=${language.text('step.reportOf', { name: step.name })}
        @click=${() => reportStep(this, step)}
      >
        ${language.text('step.report')}${icon('report', 'tiny')}
      </button>
    </span>`;
  }
}
