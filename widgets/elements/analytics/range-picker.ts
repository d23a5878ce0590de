// The choice of a range: some lengths that end today, or two dates, and whether to compare.
import { html, nothing, type TemplateResult } from 'lit';
import type { Overview } from '../../../bff/contract/index.ts';
import { RangeChangeEvent } from '../../events/range-change.ts';
import { dateIn } from '../../internal/calendar.ts';
import { icon } from '../../internal/icons.ts';
import type { JourneyElement } from '../../internal/journey-element.ts';
import { placeBelow } from '../../internal/place-below.ts';
import type { Language } from '../../locales/language.ts';

const lengths = [7, 28, 90];

interface Draft {
  readonly from: string;
  readonly to: string;
  readonly compare: boolean;
}

/** The date `days` before another, both `YYYY-MM-DD`. */
function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

export class RangePicker {
  readonly #host: JourneyElement;
  #draft: Draft = { from: '', to: '', compare: false };

  constructor(host: JourneyElement) {
    this.#host = host;
  }

  draw(overview: Overview | undefined, language: Language): TemplateResult {
    const { from, to } = overview?.range ?? this.#host.settings;
    const previous = overview?.previous?.range;
    const words = language.range({ from, to });
    return html`<button class="button range" part="range" popovertarget="range-menu">
        ${icon('calendar', 'small')}<span class="unseen">${language.text('range.label')} </span
        ><span>${words}</span>
        ${
          previous
            ? html`<span class="muted"
                >${language.text('analytics.comparedWith', { range: language.range(previous) })}</span
              >`
            : nothing
        }
        ${icon('chevron', 'tiny')}
      </button>
      <div
        id="range-menu"
        class="menu"
        part="range-menu"
        popover
        role="dialog"
        aria-label=${language.text('range.title')}
        @beforetoggle=${this.#begin}
        @toggle=${this.#place}
      >
        ${this.#menu(overview, language)}
      </div>`;
  }

  #menu(overview: Overview | undefined, language: Language): TemplateResult {
    const { from, to, compare } = this.#draft;
    const backwards = from !== '' && to !== '' && from > to;
    const both = from !== '' && to !== '';
    const today = dateIn(overview?.range.timeZone ?? 'UTC', overview?.asOf ?? new Date().toISOString());
    const problem = backwards ? 'range.backwards' : both ? undefined : 'range.compareNeedsBoth';
    return html`<form @submit=${this.#apply}>
      <div class="lengths">
        <button type="button" class="button small" @click=${() => this.#choose({ from: '', to: '' })}>
          ${language.text('range.allTime')}
        </button>
        ${
          today === null
            ? nothing
            : lengths.map(
                (days) =>
                  html`<button
                    type="button"
                    class="button small"
                    @click=${() => this.#choose({ from: daysBefore(today, days - 1), to: today })}
                  >
                    ${language.text('range.lastDays', { days: language.count(days) }, days)}
                  </button>`,
              )
        }
      </div>
      <div class="dates">
        <label
          >${language.text('range.from')}
          <input type="date" name="from" .value=${from} @input=${this.#typed} />
        </label>
        <label
          >${language.text('range.to')}
          <input type="date" name="to" .value=${to} @input=${this.#typed} />
        </label>
      </div>
      <label class="compare">
        <input
          type="checkbox"
          name="compare"
          .checked=${compare && both}
          ?disabled=${!both}
          @input=${this.#typed}
        />
        ${language.text('range.compare')}
      </label>
      <div class="foot">
        <span class="muted" role="status">${problem ? language.text(problem) : nothing}</span>
        <button class="button small solid" ?disabled=${backwards}>${language.text('range.apply')}</button>
      </div>
    </form>`;
  }

  readonly #begin = (event: ToggleEvent): void => {
    if (event.newState !== 'open') return;
    const { from, to, compare } = this.#host.settings;
    this.#draft = { from: from ?? '', to: to ?? '', compare: compare !== null };
    this.#host.requestUpdate();
  };

  readonly #place = (event: ToggleEvent): void => {
    const menu = event.currentTarget;
    const button = this.#host.renderRoot.querySelector('.range');
    if (event.newState !== 'open' || !(menu instanceof HTMLElement) || !button) return;
    placeBelow(menu, button);
  };

  readonly #typed = (event: Event): void => {
    const { form } = event.currentTarget as HTMLInputElement;
    if (!form) return;
    const given = new FormData(form);
    const text = (name: string) => {
      const value = given.get(name);
      return typeof value === 'string' ? value : '';
    };
    this.#draft = { from: text('from'), to: text('to'), compare: given.has('compare') };
    this.#host.requestUpdate();
  };

  #choose(dates: Pick<Draft, 'from' | 'to'>): void {
    this.#draft = { ...this.#draft, ...dates };
    this.#take();
  }

  readonly #apply = (event: SubmitEvent): void => {
    event.preventDefault();
    this.#take();
  };

  #take(): void {
    const { from, to, compare } = this.#draft;
    const detail = {
      from: from === '' ? null : from,
      to: to === '' ? null : to,
      compare: compare && from !== '' && to !== '' ? ('previous' as const) : null,
    };
    Object.assign(this.#host, detail);
    const menu = this.#host.renderRoot.querySelector('#range-menu');
    if (menu instanceof HTMLElement) menu.hidePopover();
    this.#host.dispatchEvent(new RangeChangeEvent(detail));
  }
}
