// The popover of a step: one at a time, not modal. New numbers take the place of old ones in it.
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { Tooltips } from '../../controllers/tooltips.ts';
import type { JourneyElement } from '../../internal/journey-element.ts';
import { signalText } from '../../internal/signal-text.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from './flow-model.ts';
import { placePopover } from './place-popover.ts';
import { exportPlace } from '../step-metrics/export-place.ts';
import { stepDetails } from '../step-metrics/step-details.ts';
import { typeName } from './step-facts.ts';
import { stepNext } from './step-next.ts';

export interface StepPopoverOptions {
  readonly report: (step: FlowStep) => void;
  readonly anchorOf: (stepId: string) => Element | null;
  readonly focus: (stepId: string) => void;
}

type Host = ReactiveControllerHost & Pick<JourneyElement, 'settings' | 'renderRoot'> & HTMLElement;

export class StepPopover implements ReactiveController {
  readonly #host: Host;
  readonly #options: StepPopoverOptions;
  readonly #box = createRef<HTMLElement>();
  #stepId: string | undefined;

  constructor(host: Host, options: StepPopoverOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
    host.addController(new Tooltips(host));
  }

  hostConnected(): void {
    addEventListener('scroll', this.#place, { capture: true, passive: true });
    addEventListener('resize', this.#place, { passive: true });
  }

  hostDisconnected(): void {
    removeEventListener('scroll', this.#place, { capture: true });
    removeEventListener('resize', this.#place);
    this.#stepId = undefined;
  }

  open(stepId: string): void {
    this.#stepId = stepId;
    this.#host.requestUpdate();
    void this.#takeFocus();
  }

  /** Closes it and gives the focus back to its step. */
  close(): void {
    const stepId = this.#stepId;
    this.#box.value?.hidePopover();
    if (stepId !== undefined) this.#options.focus(stepId);
  }

  async #takeFocus(): Promise<void> {
    await this.#host.updateComplete;
    this.#box.value?.focus({ preventScroll: true });
  }

  readonly #keyPressed = (event: KeyboardEvent): void => {
    // A menu that is open in it closes first.
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    this.close();
  };

  render(model: FlowModel, language: Language): TemplateResult | typeof nothing {
    const step = this.#stepId === undefined ? undefined : model.steps.get(this.#stepId);
    if (!step) return nothing;
    const name = language.text('details.label', { name: step.name, type: typeName(step, language) });
    return html`<div
      class="popover"
      part="popover"
      popover="auto"
      role="dialog"
      tabindex="-1"
      aria-label=${name}
      ${ref(this.#box)}
      @keydown=${this.#keyPressed}
      @toggle=${this.#toggled}
    >
      ${stepDetails({
        step,
        language,
        place: { number: model.stepIds.indexOf(step.stepId) + 1, total: model.stepIds.length },
        signals: (model.signals.get(step.stepId) ?? []).map((signal) =>
          signalText(signal, (id) => model.steps.get(id)?.name ?? id, language),
        ),
        next: stepNext(step, model, language),
        close: () => this.close(),
        report: this.#options.report,
        exports: exportPlace(step, this.#host.settings),
      })}
    </div>`;
  }

  /** Called after each rendering. */
  drawn(model: FlowModel | undefined): void {
    const box = this.#box.value;
    if (!box || this.#stepId === undefined || !model?.steps.has(this.#stepId)) return;
    if (box.matches(':popover-open')) return; // it does not move when numbers arrive
    box.showPopover();
    this.#place();
  }

  readonly #place = (): void => {
    const box = this.#box.value;
    if (!box?.matches(':popover-open') || this.#stepId === undefined) return;
    const anchor = this.#options.anchorOf(this.#stepId)?.getBoundingClientRect();
    if (!anchor) return;
    const { width, height } = box.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const mirrored = getComputedStyle(box).direction === 'rtl';
    const viewport = { width: clientWidth, height: clientHeight };
    const { left, top } = placePopover(anchor, { width, height }, viewport, mirrored);
    box.style.setProperty('left', `${left}px`);
    box.style.setProperty('top', `${top}px`);
  };

  readonly #toggled = (event: ToggleEvent): void => {
    if (event.newState !== 'closed' || this.#stepId === undefined) return;
    if (this.#box.value?.matches(':popover-open')) return; // closed and opened again for another step
    this.#stepId = undefined;
    this.#host.requestUpdate();
  };
}
