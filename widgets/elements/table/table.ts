// <journey-table>: the numbers of the flow as tables, for those who read or listen rather than look.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Flow, FlowStep } from '../../../bff/contract/index.ts';
import { flowPath } from '../../connection/paths.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { StepSelectEvent } from '../../events/step-select.ts';
import { isFlow } from '../../internal/answers.ts';
import { failurePanel, staleNotice } from '../../internal/failure-panel.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { reportStep } from '../../internal/report-step.ts';
import { enSteps } from '../../locales/en-steps.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { detailsStyles } from '../flow/details.styles.ts';
import { flowModel, type FlowModel } from '../flow/flow-model.ts';
import { noSteps, tableSkeleton } from '../flow/flow-frame.ts';
import { nodeStyles } from '../flow/node.styles.ts';
import { panelStyles } from '../flow/panels.styles.ts';
import { StepPopover } from '../flow/step-popover.ts';
import { StepTable } from './step-table.ts';
import { tableStyles } from './table.styles.ts';

/**
 * The steps of a journey and the transitions between them as sortable tables: the numbers of the diagram, exactly.
 *
 * @property data - The flow's JSON, for hosts that fetch it themselves.
 * @property reportUrl - Where Report leads when the host does not take `report-click`: a template with `{campaignId}`,
 *   `{channel}`, `{stepId}` and `{journeyId}`.
 *
 * @event report-click - A Report button was pressed; cancelable.
 * @event step-select - A step was chosen; cancelable: then no popover opens.
 * @event data-load - New numbers have arrived.
 * @event load-error - The numbers could not be loaded; cancelable.
 * @event export-start - The format of an export was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart table - The panel.
 * @csspart report - A Report button.
 * @csspart popover - The popover of a step.
 * @csspart notice - The words over numbers that could not be refreshed.
 * @csspart message - What stands in the tables' place when there are none.
 * @csspart retry - The button that tries again.
 */
export class JourneyTable extends JourneyElement {
  static override styles = [
    tokens,
    base,
    controls,
    states,
    nodeStyles,
    detailsStyles,
    panelStyles,
    tableStyles,
  ];

  static override properties: PropertyDeclarations = {
    data: { attribute: false },
    reportUrl: { attribute: 'report-url' },
    isPrinting: { state: true },
  };

  declare data: Flow | null;
  declare reportUrl: string | null;
  declare protected isPrinting: boolean;

  readonly #flow = new JourneyResource<Flow>(this, {
    path: flowPath,
    given: () => this.data,
    isComplete: isFlow,
  });
  readonly #actions = {
    open: (step: FlowStep) => this.#open(step),
    report: (step: FlowStep) => reportStep(this, step),
  };
  readonly #table = new StepTable(this, this.#actions);
  readonly #popover = new StepPopover(this, {
    report: this.#actions.report,
    anchorOf: (id) => this.#rowOf(id),
    focus: (id) => this.#rowOf(id)?.querySelector('button')?.focus(),
  });
  #model: FlowModel | undefined;

  constructor() {
    super();
    addEnglish(enSteps);
    this.data = null;
    this.reportUrl = null;
    this.isPrinting = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('beforeprint', this.#print);
    addEventListener('afterprint', this.#print);
  }

  override disconnectedCallback(): void {
    removeEventListener('beforeprint', this.#print);
    removeEventListener('afterprint', this.#print);
    super.disconnectedCallback();
  }

  /** Asks for new numbers now. */
  refresh(): void {
    this.#flow.refresh();
  }

  protected override willUpdate(): void {
    const { data } = this.#flow.state;
    if (this.#model?.flow === data) return;
    this.#model = data
      ? flowModel(data, { direction: 'down', mirrored: false, showAll: true, width: 'entries' })
      : undefined;
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const { data, failure, confirmedAt } = this.#flow.state;
    if (!data && failure) {
      if (this.#flow.silenced) return html`<div class="root"></div>`;
      return this.#panel(failurePanel(failure, language, () => this.refresh()));
    }
    const model = this.#model;
    if (!model) return this.#panel(tableSkeleton(language));
    if (model.steps.size === 0) return this.#panel(noSteps(language));
    const stale =
      failure && confirmedAt !== undefined
        ? html`<div class="stale">${staleNotice(confirmedAt, language, () => this.refresh())}</div>`
        : nothing;
    return this.#panel(
      html`${stale}${this.#table.render(model, language, this.isPrinting)}${this.#popover.render(model, language)}`,
    );
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#popover.drawn(this.#model);
  }

  #panel(content: unknown): TemplateResult {
    return html`<div class="root">
      <section class="table-panel" part="table" aria-label=${this.language.text('flow.title')}>
        ${content}
      </section>
    </div>`;
  }

  /** Every row must be there before the event ends. */
  readonly #print = (event: Event): void => {
    this.isPrinting = event.type === 'beforeprint';
    this.performUpdate();
  };

  #rowOf(stepId: string): Element | null {
    return this.renderRoot.querySelector(`tr[data-step="${CSS.escape(stepId)}"]`);
  }

  #open(step: FlowStep): void {
    const detail = { journeyId: this.settings.journey ?? '', stepId: step.stepId };
    if (this.dispatchEvent(new StepSelectEvent(detail))) this.#popover.open(step.stepId);
  }
}
