// What the service measures of itself, for Prometheus. No label ever names a workspace, a journey or a user.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Backlog } from '../../db/queries/work.ts';

const prefix = 'journey_analytics_';

/** What is looked up at the moment that it is asked for. */
export interface Levels {
  readonly isDatabaseUp: boolean;
  /** Transactions under way, and those that wait for a connection. */
  readonly transactions: { readonly running: number; readonly waiting: number };
  readonly isRollupHealthy: boolean;
  /** Undefined while the database cannot be asked. */
  readonly backlog: Backlog | undefined;
  readonly exportsRunning: number;
  readonly listeners: number;
}

export class Instruments {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #events: Counter<'result'>;
  readonly #exports: Counter<'format' | 'state'>;
  readonly #levels: { readonly gauge: Gauge; readonly read: (levels: Levels) => number | undefined }[] = [];

  /** @param options `process` adds what is known of the process itself: memory, event loop, garbage collection */
  constructor(options: { readonly process: boolean }) {
    const registers = [this.#registry];
    if (options.process) collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: `${prefix}http_request_duration_seconds`,
      help: 'Time until the head of the answer, by method, route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#events = new Counter({
      name: `${prefix}events_total`,
      help: 'Events received, by result: accepted, duplicate or rejected',
      labelNames: ['result'],
      registers,
    });
    this.#exports = new Counter({
      name: `${prefix}exports_total`,
      help: 'Exports that ended, by format and state: complete or broken',
      labelNames: ['format', 'state'],
      registers,
    });
    const level = (name: string, help: string, read: (levels: Levels) => number | undefined) => {
      this.#levels.push({ gauge: new Gauge({ name: `${prefix}${name}`, help, registers }), read });
    };
    level('database_up', '1 while the database answers', (levels) => Number(levels.isDatabaseUp));
    level('transactions_running', 'Transactions under way', (levels) => levels.transactions.running);
    level(
      'transactions_waiting',
      'Transactions that wait for a connection',
      (levels) => levels.transactions.waiting,
    );
    level('rollup_healthy', '1 while the rollup works', (levels) => Number(levels.isRollupHealthy));
    level(
      'rollup_pending_events',
      'Accepted events that are not in the numbers yet',
      (levels) => levels.backlog?.events,
    );
    level(
      'rollup_lag_seconds',
      'Age of the oldest accepted event that is not in the numbers yet',
      (levels) => levels.backlog?.oldestSeconds,
    );
    level('exports_running', 'Exports under way', (levels) => levels.exportsRunning);
    level('listeners', 'Open streams of changes', (levels) => levels.listeners);
  }

  /** @param route the pattern of the route, never the path */
  requested(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  ingested(counts: {
    readonly accepted: number;
    readonly duplicates: number;
    readonly rejected: number;
  }): void {
    this.#events.inc({ result: 'accepted' }, counts.accepted);
    this.#events.inc({ result: 'duplicate' }, counts.duplicates);
    this.#events.inc({ result: 'rejected' }, counts.rejected);
  }

  exported(format: 'csv' | 'xlsx', state: 'complete' | 'broken'): void {
    this.#exports.inc({ format, state });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything measured, in Prometheus' text format. */
  text(levels: Levels): Promise<string> {
    for (const { gauge, read } of this.#levels) gauge.set(read(levels) ?? Number.NaN);
    return this.#registry.metrics();
  }
}
