// Follows one journey's `changes`: says when its numbers are other ones, and that they are still these.
import { backOff } from './back-off.ts';
import { EventStreamParser } from './event-stream.ts';
import { LoadFailure } from './load-failure.ts';
import { takeStreamPlace } from './stream-places.ts';

/** What is kept up to date by the stream. */
export interface Followed {
  /** While live, nothing need be asked but when the stream says so. */
  setLive(live: boolean): void;
  /** The numbers have changed; `asOf` is the time of the revision that is served now. */
  changed(asOf: string, certain: boolean): void;
  /** The server is there and has nothing new. */
  confirm(): void;
}

/** The server writes every 15 s; a stream that is silent for longer than two of them is dead. */
const silence = 40_000;
/** A stream that ends sooner is not the token's end: something on the way cuts it, and must not be asked at once. */
const short = 5_000;

type End = 'refused' | 'ended' | 'failed';

interface Change {
  readonly revision: unknown;
  readonly asOf: string;
}

function changeOf(data: string): Change | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== 'object' || value === null || !('asOf' in value)) return undefined;
    const { asOf } = value;
    if (typeof asOf !== 'string') return undefined;
    return { asOf, revision: 'revision' in value ? value.revision : asOf };
  } catch {
    return undefined; // not the contract's message: the numbers are then asked for by time
  }
}

export class LiveChanges {
  readonly #open: (signal: AbortSignal) => Promise<Response>;
  readonly #followed: () => Iterable<Followed>;
  #abort: AbortController | undefined;
  #wake: (() => void) | undefined;
  #revision: unknown;
  #live = false;

  /** @param open asks for the stream @throws LoadFailure as any request does */
  constructor(open: (signal: AbortSignal) => Promise<Response>, followed: () => Iterable<Followed>) {
    this.#open = open;
    this.#followed = followed;
  }

  /** Whether the stream is open and has been heard. */
  get live(): boolean {
    return this.#live;
  }

  /** Follows from now on, or hangs up. */
  follow(wanted: boolean): void {
    if (wanted === (this.#abort !== undefined)) return;
    this.#abort?.abort();
    this.#abort = undefined;
    if (!wanted) {
      this.#setLive(false);
      return;
    }
    this.#abort = new AbortController();
    void this.#run(this.#abort.signal);
  }

  /** Tries at once what waits for its next attempt. */
  hurry(): void {
    this.#wake?.();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const giveBack = await takeStreamPlace(signal);
      if (!giveBack) return;
      const began = Date.now();
      let end: End;
      try {
        end = await this.#listen(signal);
      } finally {
        giveBack();
      }
      if (signal.aborted) return;
      this.#setLive(false);
      // There is no such route, or not for us: then numbers are asked for by time, and this is not tried again.
      if (end === 'refused') return;
      failures = end === 'ended' && Date.now() - began > short ? 0 : failures + 1;
      if (failures > 0) await this.#pause(backOff(failures), signal);
    }
  }

  async #listen(signal: AbortSignal): Promise<End> {
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => over.abort(), silence);
    };
    heard();
    try {
      const response = await this.#open(both);
      const { body } = response;
      if (!body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
        over.abort();
        return 'refused';
      }
      const parser = new EventStreamParser();
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (signal.aborted || done) return 'ended';
        heard();
        for (const message of parser.push(value)) {
          if (message.kind === 'comment') this.#confirm();
          else if (message.name === 'change') this.#change(message.data);
        }
      }
    } catch (error) {
      const refused = error instanceof LoadFailure && [403, 404, 405, 406, 501].includes(error.status);
      return refused ? 'refused' : 'failed';
    } finally {
      clearTimeout(timer);
    }
  }

  #confirm(): void {
    this.#setLive(true);
    for (const one of this.#followed()) one.confirm();
  }

  #change(data: string): void {
    this.#setLive(true);
    const change = changeOf(data);
    if (!change) return;
    const known = this.#revision;
    this.#revision = change.revision;
    if (known === change.revision) {
      for (const one of this.#followed()) one.confirm();
      return;
    }
    // The first word of a stream is the present revision, which the numbers on the page may well be of.
    for (const one of this.#followed()) one.changed(change.asOf, known !== undefined);
  }

  #setLive(live: boolean): void {
    if (this.#live === live) return;
    this.#live = live;
    for (const one of this.#followed()) one.setLive(live);
  }

  async #pause(wait: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', this.#wake, { once: true });
    });
    this.#wake = undefined;
  }
}
