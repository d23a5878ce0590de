// How many requests work at once. The others wait their turn with their bodies unread, and past a bound are refused, so that
// no credential keeps the others waiting and no crowd takes the memory.
import pLimit, { type LimitFunction } from 'p-limit';
import { Failure } from '../failure.ts';

export interface AdmissionSizes {
  /** How many requests of one credential work at once, and how many may wait. */
  readonly ofCredential: { readonly working: number; readonly waiting: number };
  readonly ofProcess: { readonly working: number; readonly waiting: number };
}

/** Requests that write hold a body of up to 10 MB; those that read hold next to nothing. */
export const admissionSizes = {
  reading: { ofCredential: { working: 48, waiting: 1_000 }, ofProcess: { working: 128, waiting: 5_000 } },
  writing: { ofCredential: { working: 16, waiting: 500 }, ofProcess: { working: 32, waiting: 2_000 } },
} as const satisfies Record<string, AdmissionSizes>;

export class Admission {
  readonly #sizes: AdmissionSizes;
  readonly #all: LimitFunction;
  readonly #credentials = new Map<string, LimitFunction>();

  constructor(sizes: AdmissionSizes) {
    this.#sizes = sizes;
    this.#all = pLimit(sizes.ofProcess.working);
  }

  /**
   * Runs the work of a request when its turn comes.
   * @throws Failure `too_many_requests` when too many of the credential wait, `unavailable` when too many wait at all
   */
  async run<Result>(credential: string, work: () => Promise<Result> | Result): Promise<Result> {
    const own = this.#credentials.get(credential) ?? pLimit(this.#sizes.ofCredential.working);
    if (own.pendingCount >= this.#sizes.ofCredential.waiting) {
      throw new Failure('too_many_requests', 'Too many requests of this credential wait already.');
    }
    if (this.#all.pendingCount >= this.#sizes.ofProcess.waiting) {
      throw new Failure('unavailable', 'Too many requests wait already. Try again soon.');
    }
    this.#credentials.set(credential, own);
    try {
      return await own(() => this.#all(work));
    } finally {
      if (own.activeCount + own.pendingCount === 0) this.#credentials.delete(credential);
    }
  }
}
