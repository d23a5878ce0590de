// Why numbers could not be loaded: the contract's codes, and those of a request that got no answer from it.
import type { Problem, ProblemCode } from '../../bff/contract/index.ts';

export type LoadFailureCode =
  | ProblemCode
  | 'network'
  | 'timeout'
  | 'token'
  | 'invalid_answer'
  | 'invalid_endpoint';

export interface LoadFailureParts {
  readonly status?: number;
  readonly retryable?: boolean;
  readonly requestId?: string | null;
  /** Milliseconds the server asks to wait for. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

export class LoadFailure extends Error {
  override readonly name = 'LoadFailure';
  readonly code: LoadFailureCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly requestId: string | null;
  readonly retryAfter: number;

  constructor(code: LoadFailureCode, parts: LoadFailureParts = {}) {
    super(code, { cause: parts.cause });
    this.code = code;
    this.status = parts.status ?? 0;
    this.retryable = parts.retryable ?? true;
    this.requestId = parts.requestId ?? null;
    this.retryAfter = parts.retryAfter ?? 0;
  }
}

function retryAfterOf(response: Response): number {
  const text = response.headers.get('Retry-After');
  if (text === null) return 0;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}

const codeByStatus: Readonly<Record<number, LoadFailureCode>> = {
  400: 'invalid_parameter',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Reads what a response that is not a success says. A body that is no problem document leaves the status to tell. */
export async function failureOf(response: Response): Promise<LoadFailure> {
  const { status } = response;
  const fallback = codeByStatus[status] ?? (status >= 500 ? 'internal' : 'invalid_answer');
  // A proxy between us and the BFF may answer with a page of its own, which is no JSON.
  const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return new LoadFailure(typeof body?.code === 'string' ? body.code : fallback, {
    status,
    retryable: status >= 500 || status === 429 || status === 408 || status === 401,
    requestId: typeof body?.requestId === 'string' ? body.requestId : response.headers.get('X-Request-Id'),
    retryAfter: retryAfterOf(response),
  });
}
