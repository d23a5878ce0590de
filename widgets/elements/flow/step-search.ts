// "Find a step": a field that filters the steps by name, in a list below it. Enter goes to the step.
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { comparable } from '../../flow/typeahead.ts';
import { icon } from '../../internal/icons.ts';
import { placeBelow } from '../../internal/place-below.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from './flow-model.ts';
import { iconOf, kindOf, typeName } from './step-facts.ts';

/** More than these are counted, and found by typing on. */
const mostShown = 50;

export interface StepSearchOptions {
  readonly go: (stepId: string) => void;
  /** Takes the focus back when nothing was chosen. */
  readonly leave: () => void;
}

export class StepSearch {
  readonly #host: ReactiveControllerHost;
  readonly #options: StepSearchOptions;
  readonly #field = createRef<HTMLInputElement>();
  readonly #list = createRef<HTMLElement>();
  #isOpen = false;
  #query = '';
  #active = 0;
  #found: readonly FlowStep[] = [];

  constructor(host: ReactiveControllerHost, options: StepSearchOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Gives the focus to the field. */
  open(): void {
    this.#field.value?.focus();
    this.#field.value?.select();
  }

  render(model: FlowModel, language: Language): TemplateResult {
    this.#found = this.#isOpen ? search(model, this.#query, language.locale) : [];
    this.#active = Math.min(this.#active, Math.max(0, Math.min(this.#found.length, mostShown) - 1));
    const label = language.text('flow.search');
    const hasList = this.#isOpen && this.#found.length > 0;
    return html`<div class="search">
      ${icon('search', 'small')}
      <input
        type="text"
        role="combobox"
        part="search"
        autocomplete="off"
        spellcheck="false"
        aria-label=${label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-expanded=${hasList ? 'true' : 'false'}
        aria-controls=${hasList ? 'found' : nothing}
        aria-activedescendant=${hasList ? `found-${this.#active}` : nothing}
        placeholder=${label}
        .value=${this.#query}
        ${ref(this.#field)}
        @input=${this.#typed}
        @focus=${this.#focused}
        @click=${this.#focused}
        @blur=${this.#close}
        @keydown=${this.#keyPressed}
      />
      <kbd aria-hidden="true">/</kbd>
      <div class="found" popover="manual" ${ref(this.#list)} @pointerdown=${keepFocus}>
        ${this.#isOpen ? this.#results(label, language) : nothing}
      </div>
    </div>`;
  }

  /** Called after each rendering. */
  drawn(): void {
    const field = this.#field.value;
    const list = this.#list.value;
    if (!field?.isConnected || !list) return;
    if (!this.#isOpen) {
      list.hidePopover();
      return;
    }
    if (!list.matches(':popover-open')) list.showPopover();
    placeBelow(list, field);
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  #results(label: string, language: Language): TemplateResult {
    const left = this.#found.length - mostShown;
    if (this.#found.length === 0) return html`<p role="status">${language.text('flow.searchNone')}</p>`;
    return html`<ul id="found" role="listbox" aria-label=${label}>
        ${this.#found.slice(0, mostShown).map(
          (step, index) =>
            html`<li
              id="found-${index}"
              role="option"
              class=${kindOf(step)}
              aria-selected=${index === this.#active ? 'true' : 'false'}
              @click=${() => this.#choose(step)}
            >
              <span class="tile">${icon(iconOf(step), 'tiny')}</span>
              <span class="found-name"><bdi>${step.name}</bdi></span>
              <small>${typeName(step, language)}</small>
            </li>`,
        )}
      </ul>
      ${
        left > 0
          ? html`<p>${language.text('flow.searchMore', { count: language.count(left) }, left)}</p>`
          : nothing
      }`;
  }

  readonly #typed = (): void => {
    this.#query = this.#field.value?.value ?? '';
    this.#isOpen = true;
    this.#active = 0;
    this.#host.requestUpdate();
  };

  readonly #focused = (): void => {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#active = 0;
    addEventListener('scroll', this.#scrolled, { capture: true, passive: true });
    this.#host.requestUpdate();
  };

  readonly #close = (): void => {
    removeEventListener('scroll', this.#scrolled, { capture: true });
    this.#isOpen = false;
    this.#query = '';
    this.#host.requestUpdate();
  };

  /** The list follows its field; what is scrolled inside it moves nothing. */
  readonly #scrolled = (): void => {
    const list = this.#list.value;
    const field = this.#field.value;
    if (list?.matches(':popover-open') && field) placeBelow(list, field);
  };

  readonly #keyPressed = (event: KeyboardEvent): void => {
    const shown = Math.min(this.#found.length, mostShown);
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.#isOpen = true;
        if (shown > 0) this.#active = (this.#active + (event.key === 'ArrowDown' ? 1 : shown - 1)) % shown;
        break;
      case 'Enter': {
        if (event.isComposing) return;
        const step = this.#found[this.#active];
        if (step) this.#choose(step);
        break;
      }
      case 'Escape':
        this.#close();
        this.#options.leave();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.#host.requestUpdate();
  };

  #choose({ stepId }: FlowStep): void {
    this.#close();
    this.#options.go(stepId);
  }
}

/** A press on the list must not take the focus from the field before it is a click. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** In the order of the flow, names that begin with the query first. */
function search(model: FlowModel, query: string, locale: string): FlowStep[] {
  const wanted = comparable(query.trim(), locale);
  const found = model.stepIds.flatMap((id) => {
    const step = model.steps.get(id);
    const at = step ? comparable(step.name, locale).indexOf(wanted) : -1;
    return step && at >= 0 ? [{ step, at }] : [];
  });
  return found.toSorted((a, b) => Number(a.at > 0) - Number(b.at > 0)).map(({ step }) => step);
}
