// The terms of a step's numbers: each explains itself where it stands.
import { html, type TemplateResult } from 'lit';
import type { MessageKey } from '../../locales/en.ts';
import type { Language } from '../../locales/language.ts';

type Named<Key> = Key extends `definition.${infer Name}` ? Name : never;
/** Names that have a definition. */
export type Term = Exclude<
  Named<MessageKey>,
  | 'about'
  | 'messagesSent'
  | 'totalEntries'
  | 'conversionRate'
  | 'convertedUsers'
  | 'conversionEvents'
  | 'totalExits'
>;

/** Draws terms, and after them the definitions of those that were drawn. */
export class Terms {
  readonly #language: Language;
  readonly #drawn = new Set<Term>();

  constructor(language: Language) {
    this.#language = language;
  }

  of(term: Term): TemplateResult {
    this.#drawn.add(term);
    return html`<button class="term" aria-describedby="step-definition-${term}">
      <span>${this.#name(term)}</span>
    </button>`;
  }

  definitions(): TemplateResult[] {
    return Array.from(
      this.#drawn,
      (term) =>
        html`<div id="step-definition-${term}" class="tooltip" role="tooltip" popover="manual">
          <b>${this.#name(term)}.</b> ${this.#language.text(`definition.${term}`)}
        </div>`,
    );
  }

  #name(term: Term): string {
    return this.#language.text(term === 'timeInStep' ? 'details.timeInStep' : `metric.${term}`);
  }
}
