// What the marks of the diagram mean: those that are in it.
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { bandWidth } from '../../flow/bands.ts';
import { icon, type IconName } from '../../internal/icons.ts';
import type { MessageKey } from '../../locales/en.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from './flow-model.ts';
import { kindOf, type StepKind } from './step-facts.ts';

const kinds: readonly { readonly kind: StepKind; readonly icon: IconName; readonly text: MessageKey }[] = [
  { kind: 'push', icon: 'push', text: 'step.type.push' },
  { kind: 'email', icon: 'email', text: 'step.type.email' },
  { kind: 'sms', icon: 'sms', text: 'step.type.sms' },
  { kind: 'inapp', icon: 'inapp', text: 'step.type.in-app' },
  { kind: 'custom', icon: 'custom', text: 'step.type.custom' },
  { kind: 'logic', icon: 'branch', text: 'step.type.logic' },
];

/** The widest band that stands in the legend. */
const widestKey = 14;
/** The figures of a round count: close enough that its band is never much narrower than there is room for. */
const figures = [1, 1.5, 2, 3, 4, 5, 6, 8];

/** The largest round count whose band finds room; 0 when there is none. */
export function exampleCount(scale: number): number {
  const most = (widestKey / Math.max(bandWidth(scale, scale), 1)) * scale;
  if (most < 1) return 0;
  const power = 10 ** Math.floor(Math.log10(most));
  return Math.max(
    ...figures.map((figure) => figure * power).filter((count) => count <= most && Number.isInteger(count)),
  );
}

/** The largest round count that is drawn as narrow as any: bands are no narrower than can be seen. */
function narrowCount(scale: number): number {
  const most = (1.5 / Math.max(bandWidth(scale, scale), 1)) * scale;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, most))) - 1);
  return Math.floor(most / power) * power;
}

const key = (content: SVGTemplateResult) =>
  html`<svg viewBox="0 0 44 14" aria-hidden="true">${content}</svg>`;
const line = svg`<path d="M0 7h44"/>`;

export function legend(model: FlowModel, language: Language): TemplateResult {
  const { scale, lines, stubs } = model;
  const text = language.text.bind(language);
  const example = exampleCount(scale);
  const narrow = narrowCount(scale);
  const used = new Set(Array.from(model.steps.values(), kindOf));
  const moving = model.width === 'users' ? 'flow.legend.users' : 'flow.legend.entries';
  const hasBands = lines.some(({ width }) => width > 0);
  return html`<ul class="legend-keys">
      ${
        hasBands && example > 0
          ? html`<li>
              ${key(svg`<path class="band" d="M0 7h44" stroke-width="${bandWidth(example, scale)}"/>${line}`)}
              ${text(moving, { count: language.count(example) })}
            </li>`
          : nothing
      }
      ${
        hasBands && narrow > 0 && narrow < example
          ? html`<li>
              ${key(svg`<path class="band" d="M0 7h44" stroke-width="1.5"/>${line}`)}
              ${text('flow.legend.fewer', { count: language.count(narrow) })}
            </li>`
          : nothing
      }
      ${
        lines.some(({ link }) => link.count === 0)
          ? html`<li>${key(svg`<path class="dotted" d="M0 7h44"/>`)}${text('flow.legend.unused')}</li>`
          : nothing
      }
      ${
        lines.some(({ kind }) => kind === 'back')
          ? html`<li>
              ${key(svg`<path class="dashed" d="M0 7h36"/><path class="tip" d="m36 3 7 4-7 4Z"/>`)}
              ${text('flow.legend.back')}
            </li>`
          : nothing
      }
      ${
        stubs.length > 0
          ? html`<li>
              ${key(svg`<rect class="stub" y="6" width="44" height="2" fill="url(#legend-fade)"/>`)}
              ${text('flow.legend.left')}
            </li>`
          : nothing
      }
    </ul>
    <svg class="unseen" aria-hidden="true">
      <linearGradient id="legend-fade">
        <stop class="fade" offset="0.1" />
        <stop class="fade" offset="1" stop-opacity="0" />
      </linearGradient>
    </svg>
    <ul class="legend-kinds">
      ${kinds
        .filter(({ kind }) => used.has(kind))
        .map(
          ({ kind, icon: name, text: type }) =>
            html`<li class=${kind}><span class="tile">${icon(name, 'tiny')}</span>${text(type)}</li>`,
        )}
    </ul>`;
}
