// How often a credential may call. Every answer tells what is left (RateLimit and RateLimit-Policy of the IETF's draft).
import type { Context } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { credentialOf, type Caller } from '../auth/caller.ts';
import { Failure } from '../failure.ts';
import { answerHeader } from './node-headers.ts';

const windowSeconds = 60;

/** How many requests a minute each credential may make of this process. */
export interface RateLimitSizes {
  /** An API key: the host's servers, which may send an event a request. */
  readonly key: number;
  /** The subject of embed tokens: one person's browsers. */
  readonly token: number;
}

export const defaultRateLimits: RateLimitSizes = { key: 600_000, token: 60_000 };

export class RateLimits {
  readonly #limiters: Readonly<Record<Caller['kind'], RateLimiterMemory>>;

  constructor(sizes: RateLimitSizes = defaultRateLimits) {
    const limiter = (points: number) => new RateLimiterMemory({ points, duration: windowSeconds });
    this.#limiters = { key: limiter(sizes.key), token: limiter(sizes.token) };
  }

  /**
   * Counts a request of the caller, and says in the answer's headers what is left.
   * @throws Failure `too_many_requests` with the time after which there is room again
   */
  async count(context: Context, caller: Caller): Promise<void> {
    const limiter = this.#limiters[caller.kind];
    const result = await limiter.consume(credentialOf(caller)).catch((error: unknown) => {
      if (error instanceof RateLimiterRes) return error;
      throw error;
    });
    const seconds = Math.ceil(result.msBeforeNext / 1_000);
    answerHeader(
      context,
      'RateLimit',
      `"${caller.kind}";r=${Math.max(0, result.remainingPoints)};t=${seconds}`,
    );
    answerHeader(context, 'RateLimit-Policy', `"${caller.kind}";q=${limiter.points};w=${windowSeconds}`);
    if (result.consumedPoints > limiter.points) {
      throw new Failure(
        'too_many_requests',
        `At most ${limiter.points} requests a minute for one credential.`,
        [],
        Math.max(1, seconds),
      );
    }
  }
}
