// The embed token: asked of the host at first need, renewed at 80 % of its life, kept in memory only.
import { backOff } from './back-off.ts';
import { LoadFailure } from './load-failure.ts';

export type TokenReason = 'initial' | 'expiring' | 'unauthorized';
export type TokenAnswer =
  | string
  | { readonly token: string; readonly expiresAt?: string | number | Date | null };
/** What a host gives: it asks its own backend, which mints the token with its API key. */
export type GetToken = (request: {
  readonly reason: TokenReason;
  readonly signal: AbortSignal;
}) => Promise<TokenAnswer> | TokenAnswer;

const timeOut = 30_000;
const renewedAt = 0.8;

interface Held {
  readonly token: string;
  /** By this page's clock; Infinity when nobody says how long the token lives. */
  readonly renewAt: number;
  readonly expiresAt: number;
}

interface Claims {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly scopes?: unknown;
}

/** Reads a JWT's claims without verifying them: they only say when to renew, and which buttons to show. */
function claimsOf(token: string): Claims {
  const part = token.split('.')[1];
  if (part === undefined) return {};
  try {
    return JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/'))) as Claims;
  } catch {
    return {}; // an opaque token: the host's expiresAt, or a 401, tells when it is over
  }
}

/**
 * A token's life by this page's clock, which may be wrong. Where the claims say how long it lives, its life begins when
 * it arrives, unless the clock agrees that it began before. A token that arrives old by this clock would be renewed at
 * once, and so would the next: then the clock is not believed, and a 401 tells when the token is over.
 */
function hold(answer: TokenAnswer): Held {
  const token = typeof answer === 'string' ? answer : answer?.token;
  if (typeof token !== 'string' || token === '') {
    throw new TypeError('getToken must give a token, or { token, expiresAt }');
  }
  const now = Date.now();
  const { iat, exp } = claimsOf(token);
  if (typeof iat === 'number' && typeof exp === 'number' && exp > iat) {
    const life = (exp - iat) * 1_000;
    const began = iat * 1_000;
    const begun = began <= now && now < began + life * renewedAt ? began : now;
    return { token, renewAt: begun + life * renewedAt, expiresAt: begun + life };
  }
  const stated = typeof answer === 'string' ? null : (answer.expiresAt ?? null);
  let expiresAt = stated === null ? Number.NaN : new Date(stated).getTime();
  if (Number.isNaN(expiresAt) && typeof exp === 'number') expiresAt = exp * 1_000;
  if (!(expiresAt > now)) return { token, renewAt: Infinity, expiresAt: Infinity };
  return { token, renewAt: now + (expiresAt - now) * renewedAt, expiresAt };
}

export class TokenSource {
  readonly #getToken: GetToken;
  #held: Held | undefined;
  #asking: Promise<string> | undefined;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #notBefore = 0;
  #lastFailure: LoadFailure | undefined;
  #active = false;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** While active, the token is renewed ahead of need. */
  setActive(active: boolean): void {
    this.#active = active;
    if (active) {
      this.#schedule();
      return;
    }
    clearTimeout(this.#timer);
    this.#abort?.abort();
    // Whoever comes next, perhaps in this same task, asks anew and does not share an aborted question.
    this.#asking = undefined;
  }

  /** A token that is good by what we know of it. @throws LoadFailure when the host gives none */
  async token(): Promise<string> {
    const held = this.#held;
    const now = Date.now();
    if (held && now < held.renewAt) return held.token;
    if (held && now < held.expiresAt) {
      // The old one still works should the host's answer fail.
      return this.#ask('expiring').catch(() => held.token);
    }
    return this.#ask(held ? 'expiring' : 'initial');
  }

  /** The scopes that the token's claims name; undefined for a token that does not tell. @throws LoadFailure */
  async scopes(): Promise<readonly string[] | undefined> {
    const { scopes } = claimsOf(await this.token());
    if (!Array.isArray(scopes)) return undefined;
    return scopes.filter((scope): scope is string => typeof scope === 'string');
  }

  /** After a 401 for `used`: the token that another request has got since, or a new one. */
  async replace(used: string): Promise<string> {
    if (this.#held && this.#held.token !== used) return this.#held.token;
    this.#held = undefined;
    return this.#ask('unauthorized');
  }

  /** Lets the next need ask at once, as when a person presses Try again. */
  forgetFailures(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  #ask(reason: TokenReason): Promise<string> {
    if (this.#asking) return this.#asking;
    if (this.#lastFailure && Date.now() < this.#notBefore) return Promise.reject(this.#lastFailure);
    const asking = this.#request(reason).finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  async #request(reason: TokenReason): Promise<string> {
    const abort = new AbortController();
    this.#abort = abort;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A host's fetch can hang and ignore the signal: then the answer is no longer waited for.
    const over = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
      timer = setTimeout(() => abort.abort(new DOMException('getToken took 30 s', 'TimeoutError')), timeOut);
    });
    try {
      const answer = await Promise.race([
        (async () => this.#getToken({ reason, signal: abort.signal }))(),
        over,
      ]);
      this.#held = hold(answer);
      this.forgetFailures();
      this.#lastFailure = undefined;
      this.#schedule();
      return this.#held.token;
    } catch (cause) {
      if (abort.signal.aborted && !(cause instanceof DOMException && cause.name === 'TimeoutError'))
        throw cause;
      this.#failures += 1;
      const wait = backOff(this.#failures);
      this.#notBefore = Date.now() + wait;
      this.#lastFailure = new LoadFailure('token', { retryAfter: wait, cause });
      throw this.#lastFailure;
    } finally {
      clearTimeout(timer);
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#active || !this.#held || this.#held.renewAt === Infinity) return;
    // A timer longer than 2^31 ms fires at once; no token lives that long, but a host may say so.
    const wait = Math.min(Math.max(0, this.#held.renewAt - Date.now()), 2_000_000_000);
    this.#timer = setTimeout(() => {
      // When it fails, the next request asks again and shows why.
      void this.#ask('expiring').catch(() => undefined);
    }, wait);
  }
}
