// What stands where numbers cannot: what happened, what to do, and a code to quote.
import { html, nothing, type TemplateResult } from 'lit';
import type { LoadFailure, LoadFailureCode } from '../connection/load-failure.ts';
import type { MessageKey } from '../locales/en.ts';
import type { Language } from '../locales/language.ts';
import { icon } from './icons.ts';

const reasons: Readonly<Partial<Record<LoadFailureCode, MessageKey>>> = {
  network: 'state.error.network',
  timeout: 'state.error.timeout',
  token: 'state.error.token',
  unauthorized: 'state.error.unauthorized',
  invalid_answer: 'state.error.invalid_answer',
  invalid_endpoint: 'state.error.invalid_endpoint',
  too_many_requests: 'state.error.too_many_requests',
  invalid_parameter: 'state.error.invalid_parameter',
};

/** Why numbers are missing, as one sentence. */
export function failureReason({ code }: LoadFailure, language: Language): string {
  return language.text(reasons[code] ?? 'state.error.other');
}

function codeLine({ code, requestId }: LoadFailure, language: Language): string {
  return requestId === null ? code : language.text('state.code', { code, request: requestId });
}

export function failurePanel(failure: LoadFailure, language: Language, retry: () => void): TemplateResult {
  const denied = failure.status === 403;
  if (denied || failure.status === 404) {
    const state = denied ? 'forbidden' : 'notFound';
    return html`<div class="message" part="message" role="status">
      ${icon('lock', 'big')}
      <h4>${language.text(`state.${state}.title`)}</h4>
      <p>${language.text(`state.${state}.text`)}</p>
      <p class="code">${codeLine(failure, language)}</p>
    </div>`;
  }
  return html`<div class="message" part="message" role="alert">
    ${icon('warning', 'big bad')}
    <h4>${language.text('state.error.title')}</h4>
    <p>${failureReason(failure, language)}</p>
    ${
      failure.retryable
        ? html`<div class="actions">
            <button class="button small solid" part="retry" @click=${retry}>
              ${icon('refresh', 'small')}${language.text('state.tryAgain')}
            </button>
          </div>`
        : nothing
    }
    <p class="code">${codeLine(failure, language)}</p>
  </div>`;
}

/** The last good numbers stay; this says from when they are. */
export function staleNotice(confirmedAt: number, language: Language, retry: () => void): TemplateResult {
  return html`<div class="notice warning" part="notice" role="status">
    ${icon('warning')}
    <p>${language.text('state.stale', { time: language.clock(confirmedAt) })}</p>
    <button class="button small" part="retry" @click=${retry}>${language.text('state.tryAgain')}</button>
  </div>`;
}
