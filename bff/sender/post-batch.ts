// One attempt to send one batch, and what its answer means.
import type { IngestAnswer } from '../contract/event.ts';
import { retryAfterMilliseconds } from './back-off.ts';

type Rejected = IngestAnswer['rejected'];

interface Answered {
  /** Null: there was no answer. */
  readonly status: number | null;
  readonly requestId: string | null;
}

/** Stored but for those rejected; refused, so that sending it again would not help; or failed, so that it may. */
export type Outcome =
  | { readonly kind: 'stored'; readonly rejected: Rejected }
  | (Answered & { readonly kind: 'refused' })
  | (Answered & {
      readonly kind: 'failed';
      /** In a few words. */
      readonly reason: string;
      /** What the service asks for; null: nothing. */
      readonly retryAfter: number | null;
    });

export interface Attempt {
  readonly url: string;
  readonly apiKey: string;
  /** Each as JSON. */
  readonly events: readonly string[];
  readonly milliseconds: number;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

function gzip(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isRejected(value: unknown): value is Rejected {
  return (
    Array.isArray(value) &&
    value.every((each: unknown) => isObject(each) && 'index' in each && 'errors' in each)
  );
}

/** @returns what was rejected, when the text is the service's word on all of the events; else undefined */
function readAnswer(text: string, count: number): Rejected | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined; // some other server's page
  }
  if (!isObject(answer) || !('accepted' in answer && 'duplicates' in answer && 'rejected' in answer)) {
    return undefined;
  }
  const { accepted, duplicates, rejected } = answer;
  if (!isRejected(rejected)) return undefined;
  return Number(accepted) + Number(duplicates) + rejected.length === count ? rejected : undefined;
}

/** Why there was no answer, in a word that the system has for it; never an error's text, which may repeat what was sent. */
function describeNetworkError(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = isObject(cause) && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return /^[A-Z_0-9]+$/.test(code) ? `no answer (${code})` : 'no answer';
}

async function request({ url, apiKey, events }: Attempt, signal: AbortSignal): Promise<Outcome> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
    },
    body: await gzip(`[${events.join(',')}]`),
    redirect: 'manual',
    signal,
  });
  const { status, headers } = response;
  const text = await response.text();
  const requestId = headers.get('x-request-id');
  if (response.ok || status === 422) {
    const rejected = readAnswer(text, events.length);
    if (rejected) return { kind: 'stored', rejected };
  }
  // A page in the place of an acknowledgement is what proxies send while a service is away.
  if (response.ok || status >= 500 || [408, 425, 429].includes(status)) {
    const reason = response.ok ? 'an answer that is none of the service' : `an answer of ${status}`;
    const retryAfter = retryAfterMilliseconds(headers.get('retry-after'));
    return { kind: 'failed', status, requestId, reason, retryAfter };
  }
  return { kind: 'refused', status, requestId };
}

/** Sends a batch once. It never throws: whatever goes wrong is an outcome. */
export async function postBatch(attempt: Attempt): Promise<Outcome> {
  const breaker = new AbortController();
  const breakOff = () => {
    breaker.abort();
  };
  const timer = setTimeout(breakOff, attempt.milliseconds);
  attempt.signal.addEventListener('abort', breakOff, { once: true });
  try {
    return await request(attempt, breaker.signal);
  } catch (error) {
    const reason = breaker.signal.aborted ? 'no answer in time' : describeNetworkError(error);
    return { kind: 'failed', status: null, requestId: null, reason, retryAfter: null };
  } finally {
    clearTimeout(timer);
    attempt.signal.removeEventListener('abort', breakOff);
  }
}
