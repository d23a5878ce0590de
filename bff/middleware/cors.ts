// CORS: exact origins, no credentials.
import type { MiddlewareHandler } from 'hono';
import { answerHeader, requestHeader } from './node-headers.ts';

const exposed = 'ETag, X-Row-Count, Content-Disposition, Retry-After, RateLimit, X-Request-Id';

/** Lets pages of the allowed origins call what stands behind it, and answers their preflights. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const allowed = new Set(origins);
  return async (context, next) => {
    const origin = requestHeader(context, 'origin');
    const isAllowed = origin !== undefined && allowed.has(origin);
    answerHeader(context, 'Vary', 'Origin');
    if (isAllowed) {
      answerHeader(context, 'Access-Control-Allow-Origin', origin);
      answerHeader(context, 'Access-Control-Expose-Headers', exposed);
    }
    if (context.req.method === 'OPTIONS') {
      if (isAllowed) {
        answerHeader(context, 'Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, DELETE');
        answerHeader(context, 'Access-Control-Allow-Headers', 'Authorization, Content-Type, If-None-Match');
        answerHeader(context, 'Access-Control-Max-Age', '600');
      }
      return context.body(null, 204);
    }
    return next();
  };
}
