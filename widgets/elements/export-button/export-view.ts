// What stands in the box under the button: the choice of a format, then how far the export is.
import { html, nothing, type TemplateResult } from 'lit';
import type { ExportFormat } from '../../../bff/contract/index.ts';
import { failureReason } from '../../internal/failure-panel.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import type { ExportPhase } from '../../controllers/export-phase.ts';

export interface ExportActions {
  readonly choose: (format: ExportFormat) => void;
  readonly close: () => void;
}

const formats: readonly ExportFormat[] = ['csv', 'xlsx'];

export function rowsTitle(rows: number | undefined, language: Language): string {
  return rows === undefined
    ? language.text('export.noRowCount')
    : language.text('export.rows', { rows: language.count(rows) }, rows);
}

function progressWords(sent: number, rows: number, language: Language): string {
  return language.text('export.progress', { sent: language.count(sent), rows: language.count(rows) }, rows);
}

/** What the live region says: only what has ended. */
export function spokenEnd(phase: ExportPhase, language: Language): string {
  switch (phase.name) {
    case 'done':
      return language.text('export.done', { rows: language.count(phase.rows) }, phase.rows);
    case 'stopped':
      return language.text(
        'export.stopped',
        { sent: language.count(phase.sent), rows: language.count(phase.rows) },
        phase.rows,
      );
    case 'expired':
      return language.text('export.expired');
    case 'unknown':
      return language.text('export.unknownEnd');
    case 'failed':
      return `${language.text('export.failed')}. ${failedReason(phase, language)}`;
    default:
      return '';
  }
}

function failedReason({ failure }: ExportPhase & { name: 'failed' }, language: Language): string {
  if (failure.status === 403) return language.text('export.forbidden');
  if (failure.status === 409) return language.text('export.changed');
  return failureReason(failure, language);
}

export function drawChoice(
  rows: number | undefined,
  language: Language,
  { choose }: ExportActions,
): TemplateResult {
  return html`<h4 id="title">${rowsTitle(rows, language)}</h4>
    <div class="items" role="menu" aria-labelledby="title">
      ${formats.map(
        (format) =>
          html`<button role="menuitem" tabindex="-1" @click=${() => choose(format)}>
            ${icon(format === 'csv' ? 'file' : 'table')}<span>.${format}</span>
          </button>`,
      )}
    </div>`;
}

function again(
  phase: ExportPhase & { name: 'stopped' | 'expired' | 'failed' },
  language: Language,
  { choose }: ExportActions,
): TemplateResult {
  return html`<button class="button small solid" @click=${() => choose(phase.detail.format)}>
    ${icon('refresh', 'small')}${language.text('state.tryAgain')}
  </button>`;
}

function drawEnd(phase: ExportPhase, language: Language, actions: ExportActions): TemplateResult {
  const good = phase.name === 'done';
  const title = phase.name === 'failed' ? language.text('export.failed') : spokenEnd(phase, language);
  const retryable =
    phase.name === 'stopped' ||
    phase.name === 'expired' ||
    (phase.name === 'failed' && phase.failure.retryable);
  const failure = phase.name === 'failed' || phase.name === 'unknown' ? phase.failure : undefined;
  return html`<h4 class=${good ? 'good' : 'bad'}>
      ${icon(good ? 'done' : 'warning', 'small')}<span>${title}</span>
    </h4>
    ${phase.name === 'failed' ? html`<p>${failedReason(phase, language)}</p>` : nothing}
    ${
      phase.name === 'stopped'
        ? html`<progress
            class="stopped"
            max=${phase.rows}
            .value=${phase.sent}
            aria-hidden="true"
          ></progress>`
        : nothing
    }
    <div class="actions">
      ${retryable ? again(phase, language, actions) : nothing}
      <button class="button small" @click=${actions.close}>${language.text('export.close')}</button>
    </div>
    ${failure?.requestId ? html`<p class="code">${failure.code}, ${failure.requestId}</p>` : nothing}`;
}

export function drawPhase(phase: ExportPhase, language: Language, actions: ExportActions): TemplateResult {
  if (phase.name !== 'preparing' && phase.name !== 'running') return drawEnd(phase, language, actions);
  const title = language.text('export.preparing', { format: `.${phase.detail.format}` });
  return html`<h4>${title}</h4>
    ${
      phase.name === 'running'
        ? html`<progress max=${phase.rows} .value=${phase.sent} aria-label=${title}></progress>
            <p>${progressWords(phase.sent, phase.rows, language)}</p>`
        : html`<progress aria-label=${title}></progress>`
    }
    <p>${language.text('export.keepWorking')}</p>`;
}
