// Headers that every request has to do with, read from and written to node:http itself: through Headers objects each would
// be copied three times, which is a third of what a cached reading costs.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

interface Bindings extends HttpBindings {
  /** What is to be set beside the headers of the route's own. */
  headers?: Record<string, string>;
  /** The response that has all of them. */
  complete?: Response;
}

/** The app runs on node:http alone. */
const bindingsOf = (context: Context) => context.env as Bindings;

/** Whether a header is given more than once; node:http keeps the first of some, where a proxy may have read the last. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index];
    if (given?.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count > 1;
}

/** A header of the request, by its name in lower case. Two credentials are none. */
export function requestHeader(
  context: Context,
  name: 'authorization' | 'if-none-match' | 'origin' | 'traceparent' | 'tracestate',
): string | undefined {
  const { headers, rawHeaders } = bindingsOf(context).incoming;
  if (name === 'authorization' && isRepeated(rawHeaders, name)) return undefined;
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Sets a header of the answer, unless the route sets the same. */
export function answerHeader(context: Context, name: string, value: string): void {
  const bindings = bindingsOf(context);
  bindings.headers ??= {};
  bindings.headers[name] = value;
}

/**
 * An answer that is made often, with all its headers in one object: node:http writes them as they are, and takes several
 * times as long for those that are set one by one.
 * @param headers those of its own, spelt as they are elsewhere
 */
export function completeResponse(
  context: Context,
  body: string | null,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  const bindings = bindingsOf(context);
  bindings.complete = new Response(body, { status, headers: { ...bindings.headers, ...headers } });
  return bindings.complete;
}

/** Sets what was to be set, unless the response has it. Must come last. */
export function setAnswerHeaders(context: Context): void {
  const { headers = {}, complete, outgoing } = bindingsOf(context);
  if (context.res === complete) return;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
}
