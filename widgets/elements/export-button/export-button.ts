// <journey-export-button>: the download icon of one metric, with the choice of the file's format.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { ExportFormat, Flow, Overview } from '../../../bff/contract/index.ts';
import { audienceLinkPath, exportLinkPath, flowPath, overviewPath } from '../../connection/paths.ts';
import { Exporter } from '../../controllers/exporter.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { Tooltips } from '../../controllers/tooltips.ts';
import { ExportStartEvent, type ExportDetail } from '../../events/export-start.ts';
import { isFlow, isOverview } from '../../internal/answers.ts';
import { icon } from '../../internal/icons.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { metricName } from '../../internal/metric-name.ts';
import { placeBelow } from '../../internal/place-below.ts';
import { enExport } from '../../locales/en-export.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { tooltip } from '../../styles/tooltip.styles.ts';
import { exportButtonStyles } from './export-button.styles.ts';
import { rowsOfJourney, rowsOfStep } from './export-rows.ts';
import { drawChoice, drawPhase, spokenEnd } from './export-view.ts';

const textOrNull = { fromAttribute: (value: string | null) => (value === '' ? null : value) };

/**
 * The download icon of one metric. It states the number of rows, offers .csv and .xlsx, and tells how far the file is.
 * It is not there without an `endpoint`, a `getToken` and a `journey`, nor when the token lacks `users:export`.
 *
 * @property metric - An id of the contract's catalogue that has users behind it.
 * @property step - The step's id, for a metric of a step.
 * @property platform - `android`, `ios`, `web` or `other`, for a message metric of a step.
 * @property outcome - The outcome's name, for the metric `outcome` of a step.
 * @property audience - Instead of a metric: a condition as the contract writes it, `{ all: [...] }` and so on.
 * @property rows - How many rows the file has, where what is around the button knows it; else it is asked for.
 *
 * @event export-start - A format was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart button - The button.
 * @csspart menu - The box under it.
 */
export class JourneyExportButton extends JourneyElement {
  static override styles = [tokens, base, controls, tooltip, exportButtonStyles];

  static override properties: PropertyDeclarations = {
    metric: { converter: textOrNull },
    step: { converter: textOrNull },
    platform: { converter: textOrNull },
    outcome: { converter: textOrNull },
    rows: {
      converter: {
        fromAttribute: (value: string | null) => (value === null || value === '' ? null : Number(value)),
      },
    },
    audience: { attribute: false },
    audienceName: { attribute: false },
    open: { state: true },
  };

  declare metric: string | null;
  declare step: string | null;
  declare platform: string | null;
  declare outcome: string | null;
  declare rows: number | null;
  declare audience: object | null;
  /** The audience in words. Not for hosts. */
  declare audienceName: string;
  declare private open: boolean;

  /** Which item of the menu takes the focus when it opens: the first, or the last for the arrow up. */
  #first = 0;
  readonly #exporter = new Exporter(this);
  readonly #overview = new JourneyResource<Overview>(this, {
    path: (parts) => (this.#asks && !this.step ? overviewPath(parts) : null),
    isComplete: isOverview,
    speaks: () => false,
  });
  readonly #flow = new JourneyResource<Flow>(this, {
    path: (parts) => (this.#asks && this.step ? flowPath(parts) : null),
    isComplete: isFlow,
    speaks: () => false,
  });

  constructor() {
    super();
    addEnglish(enExport);
    this.metric = null;
    this.step = null;
    this.platform = null;
    this.outcome = null;
    this.rows = null;
    this.audience = null;
    this.audienceName = '';
    this.open = false;
    this.addController(new Tooltips(this));
  }

  /** Whether the number of rows has to be asked for. */
  get #asks(): boolean {
    return this.metric !== null && !this.audience && this.#given === undefined && this.#exporter.offered;
  }

  get #given(): number | undefined {
    const { rows } = this;
    return typeof rows === 'number' && Number.isInteger(rows) && rows >= 0 ? rows : undefined;
  }

  /** Undefined while it is not known, or when only the server can tell. */
  get #rowCount(): number | undefined {
    const { metric, step, platform, outcome } = this;
    if (this.#given !== undefined || metric === null) return this.#given;
    if (!step) return this.#overview.state.data && rowsOfJourney(metric, this.#overview.state.data);
    return this.#flow.state.data && rowsOfStep({ metric, step, platform, outcome }, this.#flow.state.data);
  }

  get #loading(): boolean {
    const { state } = this.step ? this.#flow : this.#overview;
    return this.#given === undefined && state.data === undefined && state.failure === undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { language, metric, audience } = this;
    if ((!metric && !audience) || !this.#exporter.offered) return nothing;
    const { step, platform, outcome } = this;
    const name =
      audience || !metric
        ? this.audienceName
        : metricName({ metric, step: step ?? null, platform, outcome }, language);
    const { phase } = this.#exporter;
    const rows = this.#rowCount;
    const idle = phase.name === 'idle';
    const nothingThere = idle && rows === 0;
    const waiting = idle && this.#loading;
    const off = nothingThere || waiting;
    const actions = { choose: this.#choose, close: this.#close };
    return html`<div class="root">
      <button
        id="button"
        class=${audience ? 'button small' : 'icon-button'}
        part="button"
        popovertarget="box"
        aria-label=${language.text('export.of', { metric: name })}
        aria-haspopup=${idle ? 'menu' : 'dialog'}
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-disabled=${off ? 'true' : nothing}
        aria-describedby=${off ? 'why' : nothing}
        @click=${this.#pressed}
        @keydown=${this.#buttonKey}
      >
        ${icon('download', 'small')}${audience ? language.text('export.noRowCount') : nothing}
      </button>
      <div id="why" class="tooltip" role="tooltip" popover="manual">
        ${
          nothingThere ? language.text('export.nothing') : waiting ? language.text('export.loading') : nothing
        }
      </div>
      <div
        id="box"
        class="box"
        part="menu"
        popover="auto"
        role=${idle ? nothing : 'dialog'}
        aria-label=${idle ? nothing : language.text('export.of', { metric: name })}
        @beforetoggle=${this.#toggling}
        @toggle=${this.#toggled}
        @keydown=${this.#boxKey}
      >
        ${idle ? drawChoice(rows, language, actions) : drawPhase(phase, language, actions)}
      </div>
      <div class="unseen" role="status">${spokenEnd(phase, language)}</div>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const box = this.#box;
    // What is in the box changes its height, and it must stay inside the window.
    if (this.open && box?.matches(':popover-open') && this.#button) placeBelow(box, this.#button);
  }

  get #box(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.box');
  }

  get #button(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('#button');
  }

  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  /** The browser opens and closes the box; here only what must not open is held. */
  readonly #pressed = (event: Event): void => {
    if (this.#button?.getAttribute('aria-disabled') === 'true') event.preventDefault();
  };

  readonly #close = (): void => {
    const inside = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== null;
    this.#box?.hidePopover();
    if (inside) this.#button?.focus();
  };

  readonly #toggled = (event: ToggleEvent): void => {
    this.open = event.newState === 'open';
    if (this.open) {
      if (this.#box && this.#button) placeBelow(this.#box, this.#button);
      this.#items.at(this.#first)?.focus();
    }
    this.#first = 0;
  };

  /** An end that has been seen is over: the next opening is a choice again. */
  readonly #toggling = (event: ToggleEvent): void => {
    if (event.newState === 'closed') this.#exporter.dismiss();
  };

  readonly #buttonKey = (event: KeyboardEvent): void => {
    const disabled = this.#button?.getAttribute('aria-disabled') === 'true';
    if (event.key === 'Escape' && this.open) {
      this.#leave(event);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !disabled) {
      event.preventDefault();
      const item = event.key === 'ArrowDown' ? 0 : -1;
      if (this.open) {
        this.#items.at(item)?.focus();
        return;
      }
      this.#first = item;
      this.#button?.click();
    }
  };

  readonly #boxKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      this.#leave(event);
      return;
    }
    const items = this.#items;
    if (items.length === 0) return;
    if (event.key === 'Tab') {
      // Focus goes on from the button, as a menu that closes does.
      this.#close();
      return;
    }
    const at = items.findIndex((item) => item.matches(':focus'));
    const next: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (Math.max(at, 0) - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const wanted = next[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    items[wanted]?.focus();
  };

  /** Closes this box and not also the one around it. */
  #leave(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.#close();
  }

  readonly #choose = (format: ExportFormat): void => {
    const { metric, step, platform, outcome, audience } = this;
    const { journey, from, to } = this.settings;
    if ((!metric && !audience) || journey === null) return;
    const qualifiers = { step: step ?? null, platform: platform ?? null, outcome: outcome ?? null };
    const detail: ExportDetail = {
      metric: audience ? null : metric,
      audience,
      stepId: qualifiers.step,
      platform: qualifiers.platform,
      outcome: qualifiers.outcome,
      format,
      rows: this.#rowCount ?? null,
    };
    // What had the focus is drawn no more.
    this.#button?.focus();
    if (!this.dispatchEvent(new ExportStartEvent(detail))) {
      this.#close();
      return;
    }
    const path =
      audience || !metric
        ? audienceLinkPath({ journey, from, to }, format)
        : exportLinkPath({ journey, metric, ...qualifiers, from, to }, format);
    this.#exporter.start(path, detail);
  };
}
