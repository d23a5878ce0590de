// In the popover of a step: where its entries went next, widest first.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { drawLinks } from '../../flow/links.ts';
import type { Language } from '../../locales/language.ts';
import { metricRows, type MetricRow } from '../step-metrics/metric-rows.ts';
import { shareText } from './diagram.ts';
import type { FlowModel } from './flow-model.ts';

export function stepNext(
  step: FlowStep,
  model: FlowModel,
  language: Language,
): TemplateResult | typeof nothing {
  const own = model.links.filter(({ from }) => from === step.stepId);
  if (own.length === 0) return nothing;
  const lines = drawLinks(model.layout, own, model.links, model.scale).toSorted(
    (a, b) => b.link.count - a.link.count,
  );
  const moved = language.count(step.metrics.movedOn);
  return html`<section>
    <h5>
      ${language.text('details.next')}<span>${language.text('details.nextShare', { entries: moved })}</span>
    </h5>
    ${metricRows(
      lines.map(({ link, share }): MetricRow => {
        const name = model.steps.get(link.to)?.name ?? link.to;
        const label = link.label === null ? name : `${link.label}: ${name}`;
        const extra = link.defined ? '' : ` (${language.text('flow.undefinedTransition')})`;
        return {
          label: label + extra,
          value: language.count(link.count),
          rate: shareText(share, link.count, language),
          bar: share / 1_000,
          foreign: true,
        };
      }),
    )}
  </section>`;
}
