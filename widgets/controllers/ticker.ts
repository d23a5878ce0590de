// Draws an element again as time passes, while it is on a page that can be seen.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Ticker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** Milliseconds until the next drawing, or undefined when nothing on it ages. */
  readonly #wait: () => number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, wait: () => number | undefined) {
    this.#host = host;
    this.#wait = wait;
  }

  hostUpdated(): void {
    clearTimeout(this.#timer);
    const wait = this.#wait();
    if (wait !== undefined) this.#timer = setTimeout(() => this.#tick(), wait);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  #tick(): void {
    // A hidden page is drawn again by the answers that come when it is shown.
    if (!document.hidden) this.#host.requestUpdate();
    else this.hostUpdated();
  }
}
