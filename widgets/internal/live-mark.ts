// "As of 12 s ago": counts from the last good answer; amber when it could not be refreshed or events are on their way.
import { html, type TemplateResult } from 'lit';
import type { Language } from '../locales/language.ts';

export interface LiveMark {
  /** When the last good answer came. */
  readonly confirmedAt: number;
  readonly now: number;
  readonly late: boolean;
  readonly pending: number;
}

export function liveMark({ confirmedAt, now, late, pending }: LiveMark, language: Language): TemplateResult {
  const time = language.ago(confirmedAt, now);
  const text = late
    ? language.text('live.late', { time })
    : pending > 0
      ? language.text('live.pending', { events: language.count(pending) }, pending)
      : language.text('live.asOf', { time });
  // No live region: it would speak every second. A failed refresh has a notice of its own.
  return html`<span class="live ${late || pending > 0 ? 'late' : ''}" part="live"><i></i>${text}</span>`;
}
