// Shows the tooltip of what is pointed at or focused: after 300 ms by the pointer, at once by focus, until Escape.
import type { ReactiveController } from 'lit';
import { placeBelow } from '../internal/place-below.ts';

const delay = 300;
/** Time to move the pointer from the term to its tooltip, which may be selected or read with a magnifier. */
const grace = 120;

export class Tooltips implements ReactiveController {
  readonly #host: HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };
  #shown: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment }) {
    this.#host = host;
  }

  hostConnected(): void {
    const host = this.#host;
    host.addEventListener('pointerover', this.#over);
    host.addEventListener('pointerout', this.#out);
    host.addEventListener('focusin', this.#focus);
    host.addEventListener('focusout', this.#hide);
    host.addEventListener('click', this.#focus);
    host.addEventListener('keydown', this.#key);
  }

  hostDisconnected(): void {
    const host = this.#host;
    host.removeEventListener('pointerover', this.#over);
    host.removeEventListener('pointerout', this.#out);
    host.removeEventListener('focusin', this.#focus);
    host.removeEventListener('focusout', this.#hide);
    host.removeEventListener('click', this.#focus);
    host.removeEventListener('keydown', this.#key);
    clearTimeout(this.#timer);
    this.#shown = undefined;
  }

  /** The term an event is about, with its tooltip. Inside the shadow root the event's target is hidden from the host. */
  #find(event: Event): { term: Element; tooltip: HTMLElement } | undefined {
    const [target] = event.composedPath();
    if (!(target instanceof Element)) return undefined;
    const term = target.closest('[aria-describedby]');
    const id = term?.getAttribute('aria-describedby');
    const tooltip = id ? this.#host.renderRoot.querySelector(`#${CSS.escape(id)}`) : null;
    return term && tooltip instanceof HTMLElement && tooltip.matches('.tooltip')
      ? { term, tooltip }
      : undefined;
  }

  readonly #over = (event: Event): void => {
    const [target] = event.composedPath();
    if (target instanceof Node && this.#shown?.contains(target)) {
      clearTimeout(this.#timer);
      return;
    }
    const found = this.#find(event);
    if (!found || found.tooltip === this.#shown) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(found.term, found.tooltip), delay);
  };

  readonly #out = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#hide, grace);
  };

  readonly #focus = (event: Event): void => {
    const found = this.#find(event);
    if (found) this.#show(found.term, found.tooltip);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#hide();
  };

  readonly #hide = (): void => {
    clearTimeout(this.#timer);
    if (this.#shown?.isConnected) this.#shown.hidePopover();
    this.#shown = undefined;
  };

  #show(term: Element, tooltip: HTMLElement): void {
    clearTimeout(this.#timer);
    if (this.#shown === tooltip) return;
    this.#hide();
    if (!tooltip.isConnected) return;
    tooltip.showPopover();
    placeBelow(tooltip, term);
    this.#shown = tooltip;
  }
}
