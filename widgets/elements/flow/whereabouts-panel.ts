// The balance of the whole journey: where all entries are now, each of them once.
import { html, nothing, type TemplateResult } from 'lit';
import type { Flow } from '../../../bff/contract/index.ts';
import { whereaboutsOf, type Whereabouts } from '../../flow/whereabouts.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { cssValues } from './css-values.ts';

interface Part {
  readonly kind: string;
  readonly label: string;
  readonly count: number;
}

function partsOf(where: Whereabouts, language: Language): Part[] {
  const text = language.text.bind(language);
  const parts = [
    ...where.exits
      .toSorted((a, b) => Number(b.converted) - Number(a.converted))
      .map(({ name, count, converted }) => ({
        kind: converted ? 'converted' : 'moved',
        label: text('flow.where.exit', { name }),
        count,
      })),
    { kind: 'moved', label: text('flow.where.otherExits'), count: where.otherExits },
    { kind: 'converted', label: text('flow.where.converted'), count: where.convertedOnTheWay },
    { kind: 'exited', label: text('flow.where.onTheWay'), count: where.leftOnTheWay },
    { kind: 'failed', label: text('metric.stoppedByFailure'), count: where.failed },
    { kind: 'waiting', label: text('metric.waiting'), count: where.waiting },
    { kind: 'held', label: text('metric.waitingHeld'), count: where.held },
    { kind: 'nowhere', label: text('flow.where.notOnStep'), count: where.notOnStep },
  ];
  return parts.filter(({ count }) => count > 0);
}

export function whereaboutsTitle(flow: Flow, language: Language): string {
  return language.text('flow.where.title', { entries: language.count(flow.totals.totalEntries) });
}

/** @returns null when nobody has entered, or when the numbers contradict each other. */
export function whereaboutsBody(flow: Flow, language: Language): TemplateResult | null {
  const where = whereaboutsOf(flow);
  if (!where || where.total === 0) return null;
  const parts = partsOf(where, language);
  return html`<p class="where-sub">
      ${language.text('flow.where.still', { share: language.share(where.active, where.total) })}
    </p>
    <div class="stack" aria-hidden="true">
      ${parts.map(
        ({ kind, count }) => html`<i class="key ${kind}" ${cssValues({ 'flex-grow': `${count}` })}></i>`,
      )}
    </div>
    <dl class="balance">
      ${parts.map(
        ({ kind, label, count }) =>
          html`<div>
            <dt><i class="key ${kind}"></i><span dir="auto">${label}</span></dt>
            <dd><b>${language.count(count)}</b><small>${language.share(count, where.total)}</small></dd>
          </div>`,
      )}
    </dl>
    <p class="sum">
      ${icon('check', 'small')}${language.text('details.addsUp', { entries: language.count(where.total) })}
    </p>`;
}

/** Below a table or an outline. */
export function whereaboutsList(flow: Flow, language: Language): TemplateResult | typeof nothing {
  const body = whereaboutsBody(flow, language);
  if (!body) return nothing;
  return html`<section class="where-block">
    <h4>${whereaboutsTitle(flow, language)}</h4>
    ${body}
  </section>`;
}
