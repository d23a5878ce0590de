// The flow where there is no room for the diagram: the steps in their order, and under each where its entries went.
import { html, nothing, type TemplateResult } from 'lit';
import type { DrawnLink } from '../../flow/links.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { shareText } from './diagram.ts';
import type { FlowModel } from './flow-model.ts';
import { readAloud } from './step-facts.ts';
import { nodeClass, signalMark, stepMark, stepNode, type StepActions } from './step-node.ts';

export function outline(model: FlowModel, language: Language, actions: StepActions): TemplateResult {
  const leaving = Map.groupBy(model.lines, ({ link: { from } }) => from);
  const nameOf = (id: string) => model.steps.get(id)?.name ?? id;
  return html`<ol class="outline" part="canvas">
    ${model.stepIds.map((id, index) => {
      const step = model.steps.get(id);
      if (!step) return nothing;
      const lines = leaving.get(id) ?? [];
      const toNext = lines.length === 1 && lines[0]?.link.to === model.stepIds[index + 1];
      const ways = {
        onward: lines.filter(({ kind }) => kind !== 'back').map(({ link }) => link),
        back: lines.filter(({ kind }) => kind === 'back').map(({ link }) => link),
        starts: model.starts.get(id) ?? 0,
      };
      const { dropOffRate, droppedOff } = step.metrics;
      const name = readAloud(step, ways, nameOf, language);
      const mark = stepMark(id, model, language);
      return html`<li class=${toNext ? 'joined' : ''}>
        <div class=${nodeClass(step)} data-step=${id}>
          ${stepNode({ step, starts: ways.starts, name, tabbable: true, mark }, language, actions)}
          ${mark ? signalMark(mark) : nothing}
          ${
            step.type !== 'exit' && droppedOff > 0
              ? html`<p class="left">
                  <span
                    >${icon('drop', 'tiny')}<b>${language.rate(dropOffRate)}</b>
                    ${language.text('flow.left')}</span
                  >
                  <span>${language.count(droppedOff)}</span>
                </p>`
              : nothing
          }
        </div>
        ${
          toNext || lines.length === 0
            ? nothing
            : html`<ul class="ways">
                ${lines.map((line) => way(line, nameOf, language))}
              </ul>`
        }
      </li>`;
    })}
  </ol>`;
}

function way(
  { link, kind, share }: DrawnLink,
  nameOf: (id: string) => string,
  language: Language,
): TemplateResult {
  const name = nameOf(link.to);
  return html`<li class=${kind}>
    ${icon(kind === 'back' ? 'loop' : 'down', 'tiny')}
    <span>
      ${link.label === null ? nothing : html`<b><bdi>${link.label}</bdi></b>`}
      ${kind === 'back' ? language.text('flow.backTo', { step: name }) : html`<bdi>${name}</bdi>`}
    </span>
    <span>${language.count(link.count)} <small>${shareText(share, link.count, language)}</small></span>
  </li>`;
}
