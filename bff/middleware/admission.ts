// How many requests work at once. The others wait their turn with their bodies unread, and past a bound are refused, so that
// no credential keeps the others waiting and no crowd takes the memory.
import { Failure } from '../failure.ts';

export interface AdmissionSizes {
  /** How many requests of one credential work at once, and how many may wait. */
  readonly ofCredential: { readonly working: number; readonly waiting: number };
  readonly ofProcess: { readonly working: number; readonly waiting: number };
}

/** Requests that write hold a body of up to 10 MB; those that read hold next to nothing. */
export const admissionSizes = {
  reading: { ofCredential: { working: 64, waiting: 1_000 }, ofProcess: { working: 128, waiting: 5_000 } },
  writing: { ofCredential: { working: 16, waiting: 500 }, ofProcess: { working: 32, waiting: 2_000 } },
} as const satisfies Record<string, AdmissionSizes>;

/** Lets so many in at once; the others wait in their order. Who finds room is in without waiting a turn. */
class Gate {
  readonly #most: number;
  readonly #queue: (() => void)[] = [];
  #inside = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get isEmpty(): boolean {
    return this.#inside === 0;
  }

  /** @returns what to wait for; undefined: in already */
  enter(): Promise<void> | undefined {
    if (this.#inside < this.#most) {
      this.#inside += 1;
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.push(resolve);
    return promise;
  }

  leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#inside -= 1;
  }
}

export class Admission {
  readonly #sizes: AdmissionSizes;
  readonly #all: Gate;
  readonly #credentials = new Map<string, Gate>();

  constructor(sizes: AdmissionSizes) {
    this.#sizes = sizes;
    this.#all = new Gate(sizes.ofProcess.working);
  }

  /**
   * Runs the work of a request when its turn comes.
   * @throws Failure `too_many_requests` when too many of the credential wait, `unavailable` when too many wait at all
   */
  async run<Result>(credential: string, work: () => Promise<Result> | Result): Promise<Result> {
    const own = this.#credentials.get(credential) ?? new Gate(this.#sizes.ofCredential.working);
    if (own.waiting >= this.#sizes.ofCredential.waiting) {
      throw new Failure('too_many_requests', 'Too many requests of this credential wait already.');
    }
    if (this.#all.waiting >= this.#sizes.ofProcess.waiting) {
      throw new Failure('unavailable', 'Too many requests wait already. Try again soon.');
    }
    this.#credentials.set(credential, own);
    try {
      const turn = own.enter();
      if (turn) await turn;
      try {
        const turnOfAll = this.#all.enter();
        if (turnOfAll) await turnOfAll;
        try {
          return await work();
        } finally {
          this.#all.leave();
        }
      } finally {
        own.leave();
      }
    } finally {
      if (own.isEmpty) this.#credentials.delete(credential);
    }
  }
}
