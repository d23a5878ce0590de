// <journey-flow>: the journey as a diagram, with a table of the same numbers one click away.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Flow, FlowStep } from '../../../bff/contract/index.ts';
import { flowPath } from '../../connection/paths.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { StepSelectEvent } from '../../events/step-select.ts';
import { isFlow } from '../../internal/answers.ts';
import { failurePanel, staleNotice } from '../../internal/failure-panel.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { reportStep } from '../../internal/report-step.ts';
import { textDirection } from '../../internal/text-direction.ts';
import { enSteps } from '../../locales/en-steps.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { DiagramView } from './diagram-view.ts';
import { flowModel, type FlowModel, type FlowWidth } from './flow-model.ts';
import { flowStyles } from './flow.styles.ts';
import { noSteps, skeleton, viewSwitch, widthSwitch, type FlowView } from './flow-frame.ts';
import { nodeStyles } from './node.styles.ts';
import { outline } from './outline.ts';
import { outlineStyles } from './outline.styles.ts';
import { detailsStyles } from './details.styles.ts';
import { panelStyles } from './panels.styles.ts';
import { searchStyles } from './search.styles.ts';
import { StepPopover } from './step-popover.ts';
import { StepSearch } from './step-search.ts';
import { whereaboutsList } from './whereabouts-panel.ts';
import { StepTable } from '../table/step-table.ts';
import { tableStyles } from '../table/table.styles.ts';

/** Narrower than this, the diagram gives way to an outline. */
const narrowest = 520;

/**
 * The steps of a journey, with transitions as wide as their entries, what dropped off, and every number of a step on demand.
 *
 * @property data - The flow's JSON, for hosts that fetch it themselves.
 * @property direction - `down` or `right`.
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
 * @csspart flow - The panel.
 * @csspart search - The field that finds a step.
 * @csspart canvas - The ground of the diagram.
 * @csspart step - The button of a step.
 * @csspart signal - The mark of a step that deserves a look.
 * @csspart report - A Report button.
 * @csspart popover - The popover of a step.
 * @csspart notice - The words over numbers that could not be refreshed.
 * @csspart message - What stands in the flow's place when there is none.
 * @csspart retry - The button that tries again.
 */
export class JourneyFlow extends JourneyElement {
  static override styles = [
    tokens,
    base,
    controls,
    states,
    nodeStyles,
    flowStyles,
    outlineStyles,
    detailsStyles,
    panelStyles,
    searchStyles,
    tableStyles,
  ];

  static override properties: PropertyDeclarations = {
    data: { attribute: false },
    direction: {},
    reportUrl: { attribute: 'report-url' },
    partOfWhole: { attribute: false },
    waits: { attribute: false },
    view: { state: true },
    width: { state: true },
    showAll: { state: true },
    isNarrow: { state: true },
    isPrinting: { state: true },
  };

  declare data: Flow | null;
  declare direction: string | null;
  declare reportUrl: string | null;
  /** Inside journey-analytics, which itself says what concerns the whole page. Not for hosts. */
  declare partOfWhole: boolean;
  /** Whether a failure is not to be shown yet: it may be that of the whole page. Not for hosts. */
  declare waits: boolean;
  declare protected view: FlowView;
  declare protected width: FlowWidth;
  declare protected showAll: boolean;
  declare protected isNarrow: boolean;
  declare protected isPrinting: boolean;

  readonly #flow = new JourneyResource<Flow>(this, {
    path: flowPath,
    given: () => this.data,
    isComplete: isFlow,
    speaks: () => !this.partOfWhole,
  });
  readonly #actions = {
    open: (step: FlowStep) => this.#open(step),
    report: (step: FlowStep) => reportStep(this, step),
    search: () => this.#search.open(),
  };
  readonly #diagram = new DiagramView(this, this.#actions);
  readonly #popover = new StepPopover(this, {
    report: this.#actions.report,
    anchorOf: (id) => this.#anchorOf(id),
    focus: (id) => this.#focus(id),
  });
  readonly #table = new StepTable(this, this.#actions);
  readonly #search = new StepSearch(this, {
    go: (id) => this.#focus(id),
    leave: () => this.#diagram.focusCurrent(),
  });
  readonly #observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const { width } = entry.contentRect;
    // What is not shown has no width, and says nothing of the room there will be.
    if (width === 0) return;
    // In the next frame, since what is drawn then changes the size that is observed.
    requestAnimationFrame(() => {
      this.isNarrow = width < narrowest;
    });
  });
  #observed: Element | null = null;
  #model: FlowModel | undefined;

  constructor() {
    super();
    addEnglish(enSteps);
    this.data = null;
    this.direction = null;
    this.reportUrl = null;
    this.partOfWhole = false;
    this.waits = false;
    this.view = 'flow';
    this.width = 'entries';
    this.showAll = false;
    this.isNarrow = false;
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
    this.#observer.disconnect();
    this.#observed = null;
    super.disconnectedCallback();
  }

  get #showsDiagram(): boolean {
    return this.view === 'flow' && !this.isNarrow && !this.isPrinting;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    this.#flow.refresh();
  }

  /** Shows the whole picture, as far as it stays readable. */
  fit(): void {
    this.#diagram.fit();
  }

  /** Brings a step into view and gives it the focus. */
  async focusStep(stepId: string): Promise<void> {
    await this.updateComplete;
    this.#focus(stepId);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { data } = this.#flow.state;
    const options = {
      direction: this.direction === 'right' ? 'right' : 'down',
      mirrored: textDirection(this.language.locale) === 'rtl',
      showAll: this.showAll,
      width: this.width,
    } as const;
    const before = this.#model;
    const { frame } = before?.layout ?? {};
    const same =
      before?.flow === data &&
      frame?.direction === options.direction &&
      frame.mirrored === options.mirrored &&
      before?.width === options.width &&
      !changed.has('showAll');
    if (!same) this.#model = data ? flowModel(data, options) : undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { language } = this;
    const { data, failure, confirmedAt } = this.#flow.state;
    if (!data && failure && !this.waits) {
      if (this.#flow.silenced) return html`<div class="root"></div>`;
      return this.#panel(failurePanel(failure, language, () => this.refresh()));
    }
    const model = this.#model;
    if (!model) return this.#panel(skeleton(language));
    const stale =
      failure && confirmedAt !== undefined && !this.partOfWhole
        ? html`<div class="stale">${staleNotice(confirmedAt, language, () => this.refresh())}</div>`
        : nothing;
    return this.#panel(html`${stale}${this.#content(model)}${this.#popover.render(model, language)}`);
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#observe(this.renderRoot.querySelector('.root'));
    const shown = this.#showsDiagram ? this.#model : undefined;
    this.#diagram.drawn(shown);
    this.#popover.drawn(this.#model);
    this.#search.drawn();
  }

  /** What is drawn is measured, and not the element, which a host's styles may make anything. */
  #observe(root: Element | null): void {
    if (root === this.#observed) return;
    this.#observer.disconnect();
    this.#observed = root;
    if (root) this.#observer.observe(root);
  }

  /** On paper the table stands in place of the diagram. It must be there before the event ends. */
  readonly #print = (event: Event): void => {
    this.isPrinting = event.type === 'beforeprint';
    this.performUpdate();
  };

  #panel(content: unknown): TemplateResult {
    const { language } = this;
    return html`<div class="root">
      <section class="panel" part="flow" aria-label=${language.text('flow.title')}>
        <header class="bar">
          <h3>${language.text('flow.title')}</h3>
          ${this.#model && this.#model.steps.size > 0 ? this.#controls(this.#model) : nothing}
        </header>
        ${content}
      </section>
    </div>`;
  }

  #controls(model: FlowModel): TemplateResult {
    const { language } = this;
    return html`${viewSwitch(this.view, language, (view) => {
        this.view = view;
      })}
      <div class="tools">
        ${
          this.#showsDiagram
            ? widthSwitch(this.width, language, (width) => {
                this.width = width;
              })
            : nothing
        }
        ${this.#search.render(model, language)}
      </div>`;
  }

  #content(model: FlowModel): TemplateResult {
    const { language } = this;
    if (model.steps.size === 0) return noSteps(language);
    const nobody =
      model.flow.totals.totalEntries === 0
        ? html`<p class="nobody" role="status">
            <b>${language.text('state.empty.title')}</b> ${language.text('state.empty.text')}
          </p>`
        : nothing;
    if (this.view === 'table' || this.isPrinting)
      return html`${nobody}${this.#table.render(model, language, this.isPrinting)}`;
    if (this.isNarrow) {
      return html`${nobody}${outline(model, language, this.#actions)}${whereaboutsList(model.flow, language)}`;
    }
    return html`${nobody}${this.#diagram.render(model, language, {
      showAll: this.showAll,
      toggleAll: () => {
        this.showAll = !this.showAll;
      },
    })}`;
  }

  #anchorOf(stepId: string): Element | null {
    return this.renderRoot.querySelector(`[data-step="${CSS.escape(stepId)}"]:has(button)`);
  }

  #focus(stepId: string): void {
    if (this.#showsDiagram) this.#diagram.focus(stepId);
    else this.#anchorOf(stepId)?.querySelector('button')?.focus();
  }

  #open(step: FlowStep): void {
    const detail = { journeyId: this.settings.journey ?? '', stepId: step.stepId };
    if (this.dispatchEvent(new StepSelectEvent(detail))) this.#popover.open(step.stepId);
  }
}
