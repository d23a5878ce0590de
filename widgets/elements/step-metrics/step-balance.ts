// Where the entries of a step went: every one of them is accounted for.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import { cssValues } from '../flow/css-values.ts';
import { balanceOf, type Balance } from '../flow/step-metrics.ts';
import type { ExportPlace } from './export-place.ts';
import type { Term, Terms } from './terms.ts';

export function stepBalance(
  step: FlowStep,
  language: Language,
  terms: Terms,
  exports: ExportPlace,
): TemplateResult {
  const balance = balanceOf(step);
  const line = (kind: string, metric: Term, count: number, inner = false) =>
    html`<div class=${inner ? 'inner' : ''}>
      <dt><i class="key ${kind}"></i>${terms.of(metric)}</dt>
      <dd>
        <b>${language.count(count)}</b
        ><small>${language.share(count, balance.entries)}</small>${exports({ metric })}
      </dd>
    </div>`;
  const reasons = exitReasons(step, language);
  return html`<section>
    <h5>${language.text('details.where', { entries: language.count(balance.entries) })}</h5>
    ${balance.entries > 0 ? stack(balance) : nothing}
    <dl class="balance">
      ${line('moved', 'movedOn', balance.moved)} ${line('waiting', 'waiting', balance.waiting)}
      ${balance.held > 0 ? line('held', 'waitingHeld', balance.held, true) : nothing}
      ${line('converted', 'completed', balance.completed)} ${line('exited', 'droppedOff', balance.droppedOff)}
      ${balance.failed > 0 ? line('failed', 'stoppedByFailure', balance.failed, true) : nothing}
    </dl>
    ${reasons === '' ? nothing : html`<p class="why"><bdi>${reasons}</bdi></p>`}
    ${
      balance.addsUp
        ? html`<p class="sum">
            ${icon('check', 'small')}${language.text('details.addsUp', { entries: language.count(balance.entries) })}
          </p>`
        : nothing
    }
  </section>`;
}

/** A bar of all entries. What is held is part of what waits, what failed part of what dropped off. */
function stack({ moved, waiting, held, completed, droppedOff, failed }: Balance): TemplateResult {
  const parts = [
    ['moved', moved],
    ['waiting', waiting - held],
    ['held', held],
    ['converted', completed],
    ['exited', droppedOff - failed],
    ['failed', failed],
  ] as const;
  return html`<div class="stack" aria-hidden="true">
    ${parts
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => html`<i class="key ${kind}" ${cssValues({ 'flex-grow': `${count}` })}></i>`)}
  </div>`;
}

const mostReasons = 4;

function exitReasons(step: FlowStep, language: Language): string {
  const sorted = Object.entries(step.exitReasons).toSorted(([, a], [, b]) => b - a);
  if (sorted.length === 1 && sorted[0]?.[0] === '') return '';
  const shown = sorted.slice(0, mostReasons);
  const rest = sorted.slice(mostReasons).reduce((sum, [, count]) => sum + count, 0);
  const texts = shown.map(
    ([reason, count]) =>
      `${language.count(count)} ${reason === '' ? language.text('details.noReason') : reason}`,
  );
  if (rest > 0) texts.push(language.text('details.otherReasons', { count: language.count(rest) }));
  return texts.join(', ');
}
