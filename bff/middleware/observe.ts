// Watches every request: its id, the headers that all answers carry, one line in the log, a measurement, a span.
import { randomUUID } from 'node:crypto';
import {
  context as telemetry,
  isSpanContextValid,
  propagation,
  SpanKind,
  trace,
  type Context as Parent,
} from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { Instruments } from '../operation/instruments.ts';
import { answerHeader, requestHeader, setAnswerHeaders } from './node-headers.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** A name for the request, by which the log knows it. */
    requestId: string;
    /** The number of the caller's workspace, once it is known. */
    workspaceId: number;
  }
}

const everywhere = Object.entries({
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Strict-Transport-Security': 'max-age=31536000',
});

/** Spans go wherever the process was told to send them (OpenTelemetry's own settings), and nowhere without. */
const tracer = trace.getTracer('journey-analytics');

/** The pattern of the route that answered; never the path, which may name a person or hold a ticket. */
function patternOf(context: Context): string {
  const pattern = routePath(context, -1);
  // Where nothing answered, it is that of the last middleware.
  return pattern.endsWith('*') && context.res.status === 404 ? 'none' : pattern;
}

/** Requests that machines make all the time are worth no line of their own. */
const isRoutine = (pattern: string) => pattern.startsWith('/health/') || pattern === '/metrics';

/** The caller's span, which ours belongs to. */
function parentOf(context: Context): Parent {
  const traceparent = requestHeader(context, 'traceparent');
  if (traceparent === undefined) return telemetry.active();
  const carrier = { traceparent, tracestate: requestHeader(context, 'tracestate') };
  return propagation.extract(telemetry.active(), carrier);
}

export function observe(logger: Logger, instruments: Instruments): MiddlewareHandler {
  return async (context, next) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const { method } = context.req;
    context.set('requestId', requestId);
    answerHeader(context, 'X-Request-Id', requestId);
    for (const [name, value] of everywhere) answerHeader(context, name, value);
    const parent = parentOf(context);
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent);
    // Where spans go nowhere and none came, nobody could be told of this one: the detour costs a cached reading a tenth.
    if (isSpanContextValid(span.spanContext())) await telemetry.with(trace.setSpan(parent, span), next);
    else await next();
    setAnswerHeaders(context);
    const route = patternOf(context);
    const { status } = context.res;
    const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
    if (span.isRecording()) {
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      });
    }
    span.end();
    instruments.requested(method, route, status, milliseconds / 1_000);
    const line = {
      requestId,
      method,
      route,
      status,
      milliseconds,
      workspaceId: context.get('workspaceId'),
    };
    if (isRoutine(route)) logger.debug(line, 'request');
    else logger.info(line, 'request');
  };
}
