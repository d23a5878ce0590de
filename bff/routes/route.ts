// A route as data: from these the app is built and the OpenAPI document is written.
import type { Context } from 'hono';
import type { GenericSchema } from 'valibot';
import type { Logger } from 'pino';
import type { Caller, Callers, CredentialSources } from '../auth/caller.ts';
import type { ChangeHub } from '../changes/change-hub.ts';
import type { ExportSlots } from '../exports/export-slots.ts';
import type { ProblemCode } from '../contract/index.ts';
import type { EventStore } from '../ingest/event-store.ts';
import type { Admission } from '../middleware/admission.ts';
import type { RateLimits } from '../middleware/rate-limits.ts';
import type { Instruments } from '../operation/instruments.ts';
import type { Replica } from '../metrics/read-journey.ts';
import type { ReadingCache } from '../metrics/reading-cache.ts';
import type { RollupWorker } from '../rollup/worker.ts';

/** What routes work with. */
export interface Services extends CredentialSources {
  readonly callers: Callers;
  readonly rollup: Pick<RollupWorker, 'wake' | 'isRunning' | 'isHealthy'>;
  readonly events: EventStore;
  readonly numbers: ReadingCache;
  readonly replica: Replica | undefined;
  readonly changes: ChangeHub;
  readonly exportSlots: ExportSlots;
  readonly rateLimits: RateLimits;
  readonly admission: { readonly reading: Admission; readonly writing: Admission };
  readonly instruments: Instruments;
  readonly logger: Logger;
}

interface Described {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Parameters in Hono's form, `/v1/journeys/:journeyId`. */
  readonly path: string;
  readonly summary: string;
  /** Whether an API key may also be sent as the user name of Basic authentication. */
  readonly acceptsBasic?: true;
  readonly query?: GenericSchema;
  /** What the body is, where there is one: a schema for JSON, or a description. */
  readonly body?: { readonly schema: GenericSchema; readonly media?: readonly string[] };
  readonly answers: Readonly<Record<number, GenericSchema | null>>;
  readonly problems: readonly ProblemCode[];
}

/** `open` needs no credential, `write` an API key, `read` and `export` an API key or an embed token with the scope. */
export type Route =
  | (Described & {
      readonly access: 'open';
      handle(context: Context, services: Services): Response | Promise<Response>;
    })
  | (Described & {
      readonly access: 'read' | 'write' | 'export';
      /** It may begin before its caller is confirmed, since nothing but its answer comes of it. */
      readonly hasNoEffect?: true;
      handle(context: Context, services: Services, caller: Caller): Response | Promise<Response>;
    });

/** A parameter of the path, decoded. */
export function pathParameter(context: Context, name: string): string {
  return context.req.param(name) ?? '';
}
