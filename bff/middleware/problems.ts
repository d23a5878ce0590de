// The one place that turns errors into problem documents (RFC 9457).
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { problems, type Problem, type ProblemCode } from '../contract/index.ts';
import { isUnavailable } from '../../db/client.ts';
import { describeError } from '../describe-error.ts';
import { Failure } from '../failure.ts';

export interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: Problem['errors'];
  readonly headers?: Record<string, string>;
  readonly retryAfterSeconds?: number | undefined;
  /** Further members of the document. */
  readonly more?: Record<string, unknown>;
}

/** Answers with a problem document. */
export function problemResponse(context: Context, code: ProblemCode, options: ProblemOptions = {}): Response {
  const { status, title } = problems[code];
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    detail: options.detail ?? title,
    code,
    requestId: context.get('requestId'),
    errors: options.errors ?? [],
  };
  if (code === 'unauthorized') context.header('WWW-Authenticate', 'Bearer realm="journey-analytics"');
  if (code === 'unavailable' || code === 'too_many_requests') {
    context.header('Retry-After', String(options.retryAfterSeconds ?? 2));
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) context.header(name, value);
  context.header('Cache-Control', 'no-store');
  return context.body(JSON.stringify({ ...problem, ...options.more }), status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
  });
}

/** What the app does with everything that is thrown. What is not meant for the caller is logged without its values. */
export function answerError(logger: Logger) {
  return (error: unknown, context: Context): Response => {
    if (error instanceof Failure) {
      return problemResponse(context, error.code, {
        detail: error.message,
        errors: [...error.errors],
        retryAfterSeconds: error.retryAfterSeconds,
      });
    }
    const described = describeError(error);
    const requestId = context.get('requestId');
    if (isUnavailable(error)) {
      logger.warn({ requestId, code: described.code }, 'the database is not available');
      return problemResponse(context, 'unavailable', {
        detail: 'The database is not available. Try again soon.',
      });
    }
    logger.error({ requestId, ...described }, 'request failed');
    return problemResponse(context, 'internal', {
      detail: 'The request failed here. The request id finds it in the log.',
    });
  };
}
