// `journey-analytics/server`: the client by which a host's servers send events. It imports nothing at run time but these files,
// and needs Node 20 or newer.
export { createIngest, type Ingest } from './ingest.ts';
export { IngestError, type IngestErrorCode } from './ingest-error.ts';
export type { IngestEvent } from './ingest-event.ts';
export type { IngestOptions, Rejection } from './ingest-options.ts';
