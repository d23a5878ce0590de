// CORS: exact origins, no credentials.
import type { MiddlewareHandler } from 'hono';

const exposed = 'ETag, X-Row-Count, Content-Disposition, Retry-After, RateLimit, X-Request-Id';

/** Lets pages of the allowed origins call what stands behind it, and answers their preflights. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const allowed = new Set(origins);
  return async (context, next) => {
    const origin = context.req.header('origin');
    const isAllowed = origin !== undefined && allowed.has(origin);
    context.header('Vary', 'Origin', { append: true });
    if (isAllowed) {
      context.header('Access-Control-Allow-Origin', origin);
      context.header('Access-Control-Expose-Headers', exposed);
    }
    if (context.req.method === 'OPTIONS') {
      if (isAllowed) {
        context.header('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, DELETE');
        context.header('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-None-Match');
        context.header('Access-Control-Max-Age', '600');
      }
      return context.body(null, 204);
    }
    return next();
  };
}
