// The panels over the corners of the diagram. They avoid steps, never the other way round: one that would cover a step, or has
// little room, folds into its button, and opens over the picture when somebody asks.
import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Box } from '../../flow/geometry.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from './flow-model.ts';
import { legend } from './legend.ts';
import { whereaboutsBody, whereaboutsTitle } from './whereabouts-panel.ts';

type PanelName = 'legend' | 'where';

/** Where the canvas is narrower, all panels are buttons. */
const roomForPanels = 900;
const clearance = 8;

export interface View {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export class FlowPanels {
  /** What somebody has chosen, which then stays. */
  readonly #chosen = new Map<PanelName, boolean>();
  readonly #rooms = new Map<PanelName, Box>();
  #stage: HTMLElement | null = null;

  render(model: FlowModel, language: Language): TemplateResult {
    return html`${guard([model, language], () => {
      const where = whereaboutsBody(model.flow, language);
      return html`${this.#panel('legend', language.text('flow.legend'), legend(model, language))}
      ${where ? this.#panel('where', whereaboutsTitle(model.flow, language), where) : nothing}`;
    })}`;
  }

  /**
   * Folds what would cover a step. While the picture moves nothing unfolds, so that a panel does not come and go.
   * @param canvas - The ground of the diagram, a child of the stage that holds the panels.
   */
  place(canvas: HTMLElement, model: FlowModel, view: View, isMoving: boolean): void {
    this.#stage = canvas.parentElement;
    for (const panel of this.#panels()) {
      const name = nameOf(panel);
      const open = this.#chosen.get(name);
      if (open !== undefined) fold(panel, !open);
      else if (canvas.clientWidth < roomForPanels) fold(panel, true);
      else if (!isMoving || !panel.hasAttribute('data-folded')) {
        if (!isMoving) this.#measure(panel, name);
        fold(panel, !this.#isFree(this.#rooms.get(name), canvas, model, view));
      }
    }
  }

  #panels(): HTMLElement[] {
    return [...(this.#stage?.querySelectorAll<HTMLElement>('.overlay') ?? [])];
  }

  #measure(panel: HTMLElement, name: PanelName): void {
    fold(panel, false);
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = panel;
    this.#rooms.set(name, { x: offsetLeft, y: offsetTop, width: offsetWidth, height: offsetHeight });
  }

  #isFree(room: Box | undefined, canvas: HTMLElement, model: FlowModel, { x, y, k }: View): boolean {
    if (!room || room.y + room.height > canvas.clientHeight) return false;
    for (const box of model.layout.boxes.values()) {
      const seen = { x: box.x * k + x, y: box.y * k + y, width: box.width * k, height: box.height * k };
      if (touches(room, seen)) return false;
    }
    const others = this.#stage?.querySelectorAll<HTMLElement>('.corner, .rarer') ?? [];
    return [...others].every(
      ({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) =>
        !touches(room, { x: offsetLeft, y: offsetTop, width: offsetWidth, height: offsetHeight }),
    );
  }

  #panel(name: PanelName, title: string, body: TemplateResult): TemplateResult {
    return html`<div class="overlay ${name}" data-panel=${name} role="group" aria-label=${title}>
      <h4>
        <button class="fold" aria-expanded="true" @click=${() => this.#toggle(name)}>
          <span>${title}</span>${icon('chevron', 'tiny')}
        </button>
      </h4>
      <div class="overlay-body">${body}</div>
    </div>`;
  }

  #toggle(name: PanelName): void {
    const panel = this.#panels().find((one) => nameOf(one) === name);
    if (!panel) return;
    const open = panel.hasAttribute('data-folded');
    this.#chosen.set(name, open);
    fold(panel, !open);
  }
}

const nameOf = (panel: HTMLElement): PanelName => (panel.dataset['panel'] === 'where' ? 'where' : 'legend');

function fold(panel: HTMLElement, folded: boolean): void {
  panel.toggleAttribute('data-folded', folded);
  panel.querySelector('.fold')?.setAttribute('aria-expanded', folded ? 'false' : 'true');
}

function touches(a: Box, b: Box): boolean {
  return (
    a.x < b.x + b.width + clearance &&
    b.x < a.x + a.width + clearance &&
    a.y < b.y + b.height + clearance &&
    b.y < a.y + a.height + clearance
  );
}
