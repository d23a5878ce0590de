// Headers that every request has to do with, read from and written to node:http itself: through Headers objects each would
// be copied three times, which is a third of what a cached reading costs.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** The app runs on node:http alone. */
const bindingsOf = (context: Context) => context.env as HttpBindings;

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
  bindingsOf(context).outgoing.setHeader(name, value);
}
