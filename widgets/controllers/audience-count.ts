// How many users an audience has, asked for while its element is on the page: soon after it was changed, and after the journey's
// numbers have changed.
import type { ReactiveController } from 'lit';
import { connectionFor } from '../connection/connection.ts';
import { LoadFailure } from '../connection/load-failure.ts';
import type { JourneyElement } from '../internal/journey-element.ts';

/** Long enough for two choices in a row to be one question. */
const patience = 400;
/** A busy journey changes all the time. */
const betweenChanges = 2_000;

export interface AudienceQuestion {
  readonly path: string;
  /** The condition, as the contract writes it. */
  readonly where: unknown;
  /** Of which numbers the choices on the screen are: newer ones ask for a newer count. */
  readonly asOf: string;
}

export class AudienceCount implements ReactiveController {
  readonly #host: JourneyElement;
  readonly #question: () => AudienceQuestion | undefined;
  #key: string | undefined;
  #asOf = '';
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #users: number | undefined;
  #failure: LoadFailure | undefined;
  #settled = false;

  constructor(host: JourneyElement, question: () => AudienceQuestion | undefined) {
    this.#host = host;
    this.#question = question;
    host.addController(this);
  }

  /** The last count that came, which may be of the audience before; undefined before the first. */
  get users(): number | undefined {
    return this.#users;
  }

  get failure(): LoadFailure | undefined {
    return this.#failure;
  }

  /** Whether `users` is of the audience that is on the screen. */
  get settled(): boolean {
    return this.#settled;
  }

  retry(): void {
    this.#failure = undefined;
    this.#ask(0);
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stop();
    this.#key = undefined;
  }

  hostUpdate(): void {
    if (!this.#host.isConnected) return;
    const { endpoint, getToken } = this.#host.settings;
    const question = this.#question();
    if (!question || endpoint === null || getToken === null) {
      this.hostDisconnected();
      this.#users = undefined;
      this.#failure = undefined;
      return;
    }
    const { path, where, asOf } = question;
    const key = JSON.stringify([path, where, endpoint]);
    if (key !== this.#key) {
      this.#stop();
      this.#key = key;
      this.#failure = undefined;
      this.#settled = false;
      this.#ask(patience);
    } else if (asOf !== this.#asOf && !this.#abort && this.#timer === undefined) {
      this.#ask(betweenChanges);
    }
    this.#asOf = asOf;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
  }

  #ask(wait: number): void {
    this.#stop();
    this.#timer = setTimeout(() => void this.#count(), wait);
  }

  async #count(): Promise<void> {
    this.#timer = undefined;
    const question = this.#question();
    const { endpoint, getToken } = this.#host.settings;
    if (!question || endpoint === null || getToken === null) return;
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const { path, where } = question;
      const answer = await connectionFor(endpoint, getToken).post(path, abort.signal, { where });
      if (typeof answer !== 'object' || answer === null || !('users' in answer)) {
        throw new LoadFailure('invalid_answer');
      }
      if (typeof answer.users !== 'number') throw new LoadFailure('invalid_answer');
      if (abort.signal.aborted) return;
      this.#users = answer.users;
      this.#failure = undefined;
      this.#settled = true;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#failure = error instanceof LoadFailure ? error : new LoadFailure('network', { cause: error });
    }
    this.#abort = undefined;
    this.#host.requestUpdate();
    // Numbers that changed meanwhile are counted too, a little later.
    if (this.#failure === undefined && this.#question()?.asOf !== question.asOf) this.#ask(betweenChanges);
  }
}
