// The diagram on the page: pan and zoom, keys, the one tab stop, and the paths of the step that is looked at.
import { zoomIdentity } from 'd3-zoom';
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { drawLinks, type DrawnLink } from '../../flow/links.ts';
import { moveOf, stepAfter } from '../../flow/navigation.ts';
import { traceStep, type Trace } from '../../flow/trace.ts';
import { Typeahead } from '../../flow/typeahead.ts';
import type { Language } from '../../locales/language.ts';
import { cssValues } from './css-values.ts';
import { diagram, rarerControl } from './diagram.ts';
import type { FlowModel } from './flow-model.ts';
import { moveMinimapView } from './minimap.ts';
import { PanZoom } from './pan-zoom.ts';
import { FlowPanels } from './panels.ts';
import type { StepActions } from './step-node.ts';
import { zoomControls } from './zoom-controls.ts';

const hoverDelay = 80;
/** The canvas is as high as its picture, up to here; a long journey starts at its entry. */
const highest = { short: 1_400, long: 760 } as const;
const lowest = 320;
const manySteps = 40;

export interface DiagramOptions {
  readonly showAll: boolean;
  readonly toggleAll: () => void;
}

export interface DiagramActions extends StepActions {
  /** Opens the search for a step. */
  readonly search: () => void;
}

export class DiagramView implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #actions: DiagramActions;
  readonly #canvas = createRef<HTMLElement>();
  // In the next frame, since what is drawn then changes the size that is observed.
  readonly #observer = new ResizeObserver(() => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#resized());
  });
  readonly #panels = new FlowPanels();
  readonly #typeahead = new Typeahead();
  #panZoom: PanZoom | undefined;
  #model: FlowModel | undefined;
  /** The step that takes part in the order of the Tab key. */
  #current: string | undefined;
  #looked: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #transform = zoomIdentity;
  #language: Language | undefined;
  #frame = 0;
  #passing:
    | { readonly of: string; readonly model: FlowModel; readonly lines: readonly DrawnLink[] }
    | undefined;

  constructor(host: ReactiveControllerHost, actions: DiagramActions) {
    this.#host = host;
    this.#actions = actions;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#detach();
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  render(model: FlowModel, language: Language, { showAll, toggleAll }: DiagramOptions): TemplateResult {
    this.#language = language;
    const steps = model.steps.size;
    const name = language.text(
      'flow.name',
      { steps: language.count(steps), entries: language.count(model.flow.totals.totalEntries) },
      steps,
    );
    return html`<div class="stage">
      <div
        class="canvas"
        part="canvas"
        role="group"
        aria-roledescription=${language.text('flow.description')}
        aria-label=${name}
        aria-description=${language.text('flow.keys')}
        ${ref(this.#canvas)}
        ${cssValues({ height: `${this.#height(model)}px` })}
        @keydown=${this.#keyPressed}
        @focusin=${this.#focusMoved}
        @focusout=${this.#focusLeft}
        @pointerover=${this.#pointerMoved}
        @pointerleave=${this.#pointerLeft}
      >
        ${diagram({ model, passing: this.#passingLines(model), language, actions: this.#actions })}
      </div>
      ${rarerControl(model.rarer, showAll, language, toggleAll)} ${this.#panels.render(model, language)}
      ${zoomControls(model, language, { zoomBy: this.#zoomBy, fit: this.#fit })}
    </div>`;
  }

  /** Called after each rendering; without a model the diagram is not on the page. */
  drawn(model: FlowModel | undefined): void {
    const canvas = this.#canvas.value;
    const before = this.#model;
    this.#model = model;
    if (!model || !canvas?.isConnected) {
      this.#detach();
      return;
    }
    if (this.#current === undefined || !model.steps.has(this.#current)) this.#current = model.stepIds[0];
    const isNew = !this.#panZoom;
    this.#panZoom ??= this.#attach(canvas);
    const { frame } = model.layout;
    this.#panZoom.resize(frame);
    const previous = before?.layout.frame;
    if (isNew || previous?.width !== frame.width || previous.height !== frame.height) this.#start();
    this.#writeView();
    if (before !== model) this.#placePanels(false);
    this.#mark();
  }

  fit(): void {
    this.#panZoom?.fit();
    this.#placePanels(false);
  }

  readonly #fit = (): void => this.fit();
  readonly #zoomBy = (direction: 1 | -1): void => this.#panZoom?.zoomBy(direction);

  #placePanels(isMoving: boolean): void {
    const canvas = this.#canvas.value;
    if (canvas && this.#model) this.#panels.place(canvas, this.#model, this.#transform, isMoving);
  }

  focus(stepId: string): void {
    this.#current = stepId;
    this.#mark();
    const box = this.#model?.layout.boxes.get(stepId);
    if (box) this.#panZoom?.reveal(box);
    const button = this.#node(stepId)?.querySelector('button');
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Gives the focus back to the step that had it. */
  focusCurrent(): void {
    if (this.#current !== undefined) this.focus(this.#current);
  }

  #attach(canvas: HTMLElement): PanZoom {
    this.#observer.observe(canvas);
    return new PanZoom(canvas, (transform) => {
      const { x, y, k } = transform;
      const layer = canvas.querySelector<HTMLElement>('.layer');
      layer?.style.setProperty('transform', `translate(${x}px, ${y}px) scale(${k})`);
      canvas.toggleAttribute('data-far', k < 0.5);
      this.#transform = transform;
      this.#writeView();
      this.#placePanels(true);
    });
  }

  /** Written at each movement, which renders nothing anew. */
  #writeView(): void {
    const canvas = this.#canvas.value;
    const level = canvas?.parentElement?.querySelector('.level');
    if (!canvas || !level || !this.#model) return;
    level.textContent = this.#language?.percent(this.#transform.k) ?? '';
    moveMinimapView(canvas, this.#model, this.#transform);
  }

  #detach(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#panZoom?.destroy();
    this.#panZoom = undefined;
    this.#looked = undefined;
  }

  #resized(): void {
    if (this.#panZoom && !this.#panZoom.moved) this.#start();
    this.#placePanels(false);
    this.#host.requestUpdate();
  }

  #start(): void {
    const model = this.#model;
    const first = model?.stepIds[0];
    this.#panZoom?.start(first === undefined ? undefined : model?.layout.boxes.get(first));
  }

  #height(model: FlowModel): number {
    const { frame } = model.layout;
    const width = this.#canvas.value?.clientWidth ?? 0;
    const level = this.#panZoom && width > 0 ? this.#panZoom.startLevel(width) : 1;
    const most = model.steps.size > manySteps ? highest.long : highest.short;
    return Math.round(Math.min(most, Math.max(lowest, frame.height * level)));
  }

  readonly #keyPressed = (event: KeyboardEvent): void => {
    const model = this.#model;
    if (!model || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') this.#panZoom?.zoomBy(1);
    else if (event.key === '-') this.#panZoom?.zoomBy(-1);
    else if (event.key === '0') this.fit();
    else if (event.key === '/') this.#actions.search();
    else if (isLetter(event.key)) this.#findByLetter(event.key, model);
    else {
      const move = moveOf(event.key, model.layout);
      if (!move || this.#current === undefined) return;
      const links = model.lines.map(({ link }) => link);
      const next = stepAfter(model.layout, links, model.stepIds, this.#current, move);
      if (next !== undefined) this.focus(next);
    }
    event.preventDefault();
  };

  #findByLetter(key: string, model: FlowModel): void {
    const named = model.stepIds.map((id) => ({ id, name: model.steps.get(id)?.name ?? '' }));
    const locale = this.#language?.locale ?? 'en';
    const found = this.#typeahead.find(key, named, this.#current, locale, performance.now());
    if (found !== undefined) this.focus(found);
  }

  readonly #focusMoved = (event: FocusEvent): void => {
    const stepId = this.#stepOf(event);
    if (stepId === undefined) return;
    this.#current = stepId;
    const box = this.#model?.layout.boxes.get(stepId);
    const isByKeys = event.target instanceof Element && event.target.matches(':focus-visible');
    if (box && isByKeys) this.#panZoom?.reveal(box);
    this.#look(isByKeys ? stepId : this.#looked);
  };

  readonly #focusLeft = (): void => this.#look(undefined);

  readonly #pointerMoved = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') return;
    const stepId = this.#stepOf(event);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(stepId), hoverDelay);
  };

  readonly #pointerLeft = (): void => {
    clearTimeout(this.#timer);
    this.#look(undefined);
  };

  #stepOf(event: Event): string | undefined {
    const node = event.target instanceof Element ? event.target.closest<HTMLElement>('.node') : null;
    return node?.dataset['step'];
  }

  #look(stepId: string | undefined): void {
    if (this.#looked === stepId) {
      this.#mark();
      return;
    }
    this.#looked = stepId;
    this.#mark();
    if ((this.#model?.hidden.length ?? 0) > 0) this.#host.requestUpdate();
  }

  /** The links that are hidden otherwise, of the step that is looked at. */
  #passingLines(model: FlowModel): readonly DrawnLink[] {
    const of = this.#looked;
    if (of === undefined) return [];
    if (this.#passing?.of === of && this.#passing.model === model) return this.#passing.lines;
    const own = model.hidden.filter(({ from, to }) => from === of || to === of);
    const lines =
      own.length === 0 ? [] : drawLinks(model.layout, own, model.links, model.scale, model.weightOf);
    this.#passing = { of, model, lines };
    return lines;
  }

  #node(stepId: string): Element | null | undefined {
    return this.#canvas.value?.querySelector(`.node[data-step="${CSS.escape(stepId)}"]`);
  }

  /** Marks by attributes what the template leaves alone, so that a look at one step renders nothing anew. */
  #mark(): void {
    const canvas = this.#canvas.value;
    const model = this.#model;
    if (!canvas || !model) return;
    const trace = this.#trace(model);
    canvas.toggleAttribute('data-tracing', trace !== undefined);
    for (const node of canvas.querySelectorAll<HTMLElement>('[data-step]')) {
      const id = node.dataset['step'] ?? '';
      node.toggleAttribute('data-traced', trace?.steps.has(id) ?? false);
      for (const button of node.querySelectorAll('button')) button.tabIndex = id === this.#current ? 0 : -1;
    }
    for (const link of canvas.querySelectorAll<HTMLElement | SVGElement>('[data-link]')) {
      link.toggleAttribute('data-traced', trace?.links.has(link.dataset['link'] ?? '') ?? false);
    }
  }

  #trace(model: FlowModel): Trace | undefined {
    if (this.#looked === undefined || !model.steps.has(this.#looked)) return undefined;
    const lines = [...model.lines, ...this.#passingLines(model)];
    const back = new Set(lines.filter(({ kind }) => kind === 'back').map(({ link }) => link.key));
    const shown = lines.filter(
      ({ link }) => link.defined || link.from === this.#looked || link.to === this.#looked,
    );
    return traceStep(
      this.#looked,
      shown.map(({ link }) => link),
      ({ key }) => back.has(key),
    );
  }
}

const isLetter = (key: string): boolean => /^[\p{L}\p{N}]$/u.test(key);
