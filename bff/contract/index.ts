// The HTTP contract: schemas, types, the catalogue of metrics and the codes of errors. Everything else imports it from here.
export * from './event.ts';
export * from './export.ts';
export * from './instant.ts';
export * from './journey.ts';
export * from './metrics.ts';
export * from './problem.ts';
export * from './query.ts';
export * from './reading.ts';
export * from './segment.ts';
export * from './text.ts';
export * from './token.ts';
