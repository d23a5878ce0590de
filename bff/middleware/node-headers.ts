// Headers that every request has to do with, read from and written to node:http itself: through Headers objects each would
// be copied three times, which is a third of what a cached reading costs.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** The app runs on node:http alone. */
const bindingsOf = (context: Context) => context.env as HttpBindings;

/** A header of the request, by its name in lower case. */
export function requestHeader(
  context: Context,
  name: 'authorization' | 'if-none-match' | 'origin' | 'traceparent' | 'tracestate',
): string | undefined {
  const value = bindingsOf(context).incoming.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Sets a header of the answer, unless the route sets the same. */
export function answerHeader(context: Context, name: string, value: string): void {
  bindingsOf(context).outgoing.setHeader(name, value);
}
