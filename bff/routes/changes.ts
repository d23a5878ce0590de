// GET …/changes: server-sent events that say when a journey's numbers have changed.
import { lookUpInWorkspace } from '../../db/client.ts';
import { selectFreshness } from '../../db/queries/generations.ts';
import { requireJourney } from '../auth/caller.ts';
import type { Change, Listener } from '../changes/change-hub.ts';
import { emptyQuerySchema } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { readQuery } from '../middleware/read-query.ts';
import { pathParameter, type Route } from './route.ts';

const encoder = new TextEncoder();
const heartbeat = encoder.encode(': still here\n\n');
/** How many unread messages a slow client may have; it is told the latest change when it reads on. */
const unreadMessages = 8;

function encode(change: Change): Uint8Array {
  return encoder.encode(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
}

export const changesRoute: Route = {
  method: 'get',
  path: '/v1/journeys/:journeyId/changes',
  summary: 'Server-sent events: the numbers have changed',
  access: 'read',
  query: emptyQuerySchema,
  answers: { 200: null },
  problems: ['not_found'],
  async handle(context, { database, changes }, caller) {
    const { workspaceId, credentialId, expiresAt } = caller;
    const journeyId = pathParameter(context, 'journeyId');
    requireJourney(caller, journeyId);
    readQuery(context, emptyQuerySchema);
    let stop: (() => void) | undefined;
    let owed: Change | undefined;
    let expiry: NodeJS.Timeout | undefined;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const finish = () => {
      clearTimeout(expiry);
      stop?.();
      stop = undefined;
    };
    let ended = false;
    const end = () => {
      ended = true;
      controller?.close();
      controller = undefined;
      finish();
    };
    const listener: Listener = {
      credentialId,
      change(change) {
        owed = change;
        if (!controller || (controller.desiredSize ?? 0) <= 0) return;
        owed = undefined;
        controller.enqueue(encode(change));
      },
      heartbeat() {
        if (!controller || (controller.desiredSize ?? 0) <= 0) return;
        controller.enqueue(owed ? encode(owed) : heartbeat);
        owed = undefined;
      },
      end,
    };
    // Listening begins before the state is read, so that no change falls between.
    stop = await changes.subscribe(workspaceId, journeyId, listener);
    try {
      const reader = lookUpInWorkspace(database, workspaceId);
      const state = await selectFreshness(reader, workspaceId, journeyId);
      if (!state) throw new Failure('not_found', 'There is no such journey.');
      owed = { revision: state.revision, asOf: state.asOf };
    } catch (error) {
      finish();
      throw error;
    }
    const headers = {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      Vary: 'Authorization, Origin',
      'X-Accel-Buffering': 'no',
    };
    if (context.req.method === 'HEAD') {
      // Nobody reads a stream of it, so nobody would ever cancel it either.
      finish();
      return context.body(null, 200, headers);
    }
    const stream = new ReadableStream<Uint8Array>(
      {
        start(opened) {
          controller = opened;
          listener.heartbeat();
          if (ended) end();
        },
        cancel() {
          controller = undefined;
          finish();
        },
      },
      { highWaterMark: unreadMessages },
    );
    if (expiresAt !== null) expiry = setTimeout(end, Math.max(0, expiresAt - Date.now()));
    return context.body(stream, 200, headers);
  },
};
