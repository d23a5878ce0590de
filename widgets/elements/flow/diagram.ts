// The picture: links in one drawing below, their labels, and the steps as buttons above it, all in one layer that is moved
// and scaled as a whole.
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DrawnLink, Stub } from '../../flow/links.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { cssValues, placedAt } from './css-values.ts';
import type { FlowModel } from './flow-model.ts';
import { readAloud } from './step-facts.ts';
import { nodeClass, signalMark, stepMark, stepNode, type StepActions } from './step-node.ts';

export interface DiagramParts {
  readonly model: FlowModel;
  /** Links drawn for a while: those that are hidden otherwise, of the step that is looked at. */
  readonly passing: readonly DrawnLink[];
  readonly language: Language;
  readonly actions: StepActions;
}

export function diagram({ model, passing, language, actions }: DiagramParts): TemplateResult {
  const { width, height } = model.layout.frame;
  return html`<div class="layer" ${cssValues({ width: `${width}px`, height: `${height}px` })}>
    ${guard([model, language], () => links(model, language))}
    ${passing.length === 0 ? nothing : passingLinks(model, passing, language)}
    ${guard([model, language], () => labels(model, language))}
    ${guard([model, language], () => nodes(model, language, actions))}
    ${guard([model, language], () => marks(model, language))}
  </div>`;
}

function links(model: FlowModel, language: Language): TemplateResult {
  const { frame } = model.layout;
  const [x1, y1, x2, y2] =
    frame.direction === 'right' ? [0, 0, 0, 1] : frame.mirrored ? [1, 0, 0, 0] : [0, 0, 1, 0];
  return html`<svg class="links" width=${frame.width} height=${frame.height} aria-hidden="true">
    <defs>
      <linearGradient id="fade" x1=${x1} y1=${y1} x2=${x2} y2=${y2}>
        <stop class="fade" offset="0.1" />
        <stop class="fade" offset="1" stop-opacity="0" />
      </linearGradient>
      <linearGradient id="fade-named" x1=${x1} y1=${y1} x2=${x2} y2=${y2}>
        <stop class="fade named" offset="0.1" />
        <stop class="fade named" offset="1" stop-opacity="0" />
      </linearGradient>
    </defs>
    ${model.lines.map((line) => link(line, model, language))}
    ${model.stubs.map(({ stepId, box }) => {
      const fade = isNamed(stepId, model) ? 'url(#fade-named)' : 'url(#fade)';
      return svg`<rect class="stub" x=${box.x} y=${box.y} width=${box.width} height=${box.height} fill=${fade}/>`;
    })}
  </svg>`;
}

/** Whether a signal names what dropped off at a step. */
function isNamed(stepId: string, model: FlowModel): boolean {
  return model.signals.get(stepId)?.some(({ kind }) => kind === 'friction') ?? false;
}

function passingLinks(model: FlowModel, passing: readonly DrawnLink[], language: Language): TemplateResult {
  const { frame } = model.layout;
  return html`<svg class="links passing" width=${frame.width} height=${frame.height} aria-hidden="true">
    ${passing.map((line) => link(line, model, language))}
  </svg>`;
}

function link(line: DrawnLink, model: FlowModel, language: Language): SVGTemplateResult {
  const { link: data, kind, path, tip, width } = line;
  const unused = data.count === 0 ? ' unused' : '';
  const undefinedLink = data.defined ? '' : ' undefined';
  return svg`<g class="link ${kind}${unused}${undefinedLink}" data-link=${data.key}>
    <title>${describe(line, model, language)}</title>
    <path class="reach" d=${path}/>
    ${width > 0 ? svg`<path class="band" d=${path} stroke-width=${width}/>` : nothing}
    <path class="line" d=${path}/>
    <path class="tip" d=${tip}/>
  </g>`;
}

/** All that is known of a link, in words. */
export function describe(
  { link: { from, to, count, users, defined }, share }: DrawnLink,
  model: FlowModel,
  language: Language,
): string {
  const nameOf = (id: string) => model.steps.get(id)?.name ?? id;
  const text = language.text('flow.edge', {
    from: nameOf(from),
    to: nameOf(to),
    entries: language.count(count),
    users: language.count(users),
    share: shareText(share, count, language),
  });
  return defined ? text : `${text}, ${language.text('flow.undefinedTransition')}`;
}

/** A share in thousandths. What rounds to nothing but is not nothing says so. */
export function shareText(share: number, count: number, language: Language): string {
  return share === 0 && count > 0 ? language.rate(0.05) : language.thousandths(share);
}

function labels(model: FlowModel, language: Language): TemplateResult {
  return html`<div class="labels" aria-hidden="true">
    ${model.lines.flatMap((line) => (line.labelled ? [forkLabel(line, model, language)] : []))}
    ${model.stubs.map((stub) => stubLabel(stub, model, language))}
  </div>`;
}

/** A label that names its target needs this much room. */
const roomForTarget = 190;

function forkLabel(line: DrawnLink, model: FlowModel, language: Language): TemplateResult {
  const { link: data, kind, label, share } = line;
  const isLong = kind !== 'forward' && label.room >= roomForTarget;
  const target = model.steps.get(data.to)?.name ?? data.to;
  return html`<span class="link-label ${kind}" data-link=${data.key} ${cssValues(placedAt(label))}>
    ${data.label === null ? nothing : html`<b dir="auto">${data.label}</b>`}
    <span>${shareText(share, data.count, language)}</span>
    ${isLong ? html`<span class="target">${language.text('flow.backTo', { step: target })}</span>` : nothing}
  </span>`;
}

function stubLabel(
  { stepId, label }: Stub,
  model: FlowModel,
  language: Language,
): TemplateResult | typeof nothing {
  const step = model.steps.get(stepId);
  if (!step) return nothing;
  const { dropOffRate, droppedOff } = step.metrics;
  return html`<span
    class="stub-label ${isNamed(stepId, model) ? 'named' : ''}"
    data-step=${stepId}
    ${cssValues(placedAt(label))}
  >
    <b>${language.rate(dropOffRate)}</b> ${language.text('flow.left')}<br />${language.stepCount(droppedOff)}
  </span>`;
}

function nodes(model: FlowModel, language: Language, actions: StepActions): TemplateResult {
  const onward = Map.groupBy(model.lines, ({ link: { from } }) => from);
  const nameOf = (id: string) => model.steps.get(id)?.name ?? id;
  return html`${repeat(
    model.stepIds,
    (id) => id,
    (id) => {
      const step = model.steps.get(id);
      const box = model.layout.boxes.get(id);
      if (!step || !box) return nothing;
      const lines = onward.get(id) ?? [];
      const ways = {
        onward: lines.filter(({ kind }) => kind !== 'back').map(({ link: data }) => data),
        back: lines.filter(({ kind }) => kind === 'back').map(({ link: data }) => data),
        starts: model.starts.get(id) ?? 0,
      };
      const name = readAloud(step, ways, nameOf, language);
      const mark = stepMark(id, model, language);
      return html`<div class=${nodeClass(step)} data-step=${id} ${cssValues(placedAt(box))}>
        ${stepNode({ step, starts: ways.starts, name, tabbable: false, mark }, language, actions)}
      </div>`;
    },
  )}`;
}

/** Apart from their steps, which paint nothing outside of themselves. */
function marks(model: FlowModel, language: Language): TemplateResult {
  const { mirrored } = model.layout.frame;
  return html`${[...model.signals.keys()].map((id) => {
    const box = model.layout.boxes.get(id);
    const mark = stepMark(id, model, language);
    if (!box || !mark) return nothing;
    const corner = { x: mirrored ? box.x : box.x + box.width, y: box.y };
    return html`<span class="corner-mark" data-step=${id} aria-hidden="true" ${cssValues(placedAt(corner))}
      >${signalMark(mark)}</span
    >`;
  })}`;
}

/** Says what is left out, and shows it on demand. */
export function rarerControl(
  hidden: number,
  showAll: boolean,
  language: Language,
  toggle: () => void,
): TemplateResult | typeof nothing {
  if (hidden === 0) return nothing;
  const key = showAll ? 'flow.rarerShown' : 'flow.rarerHidden';
  return html`<div class="rarer">
    <span>${language.text(key, { count: language.count(hidden) }, hidden)}</span>
    <button class="link-button" @click=${toggle}>
      ${icon('branch', 'tiny')}${language.text(showAll ? 'flow.showFewer' : 'flow.showAll')}
    </button>
  </div>`;
}
