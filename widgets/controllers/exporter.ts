// Runs one export after another for an element: whether it may, the link, the download, and how it ends.
import type { ReactiveController } from 'lit';
import { connectionFor, type Connection } from '../connection/connection.ts';
import { followExport, requestLink } from '../connection/export-run.ts';
import { LoadFailure } from '../connection/load-failure.ts';
import type { ExportPhase } from './export-phase.ts';
import { ExportCompleteEvent } from '../events/export-complete.ts';
import { ExportErrorEvent, type ExportErrorDetail } from '../events/export-error.ts';
import type { ExportDetail } from '../events/export-start.ts';
import type { JourneyElement } from '../internal/journey-element.ts';
import { openApart } from '../internal/open-apart.ts';

const scope = 'users:export';
const idle: ExportPhase = { name: 'idle' };

const failureOf = (error: unknown): LoadFailure =>
  error instanceof LoadFailure ? error : new LoadFailure('network', { cause: error });

export class Exporter implements ReactiveController {
  readonly #host: JourneyElement;
  #connection: Connection | undefined;
  #detach: (() => void) | undefined;
  #offered = false;
  #phase: ExportPhase = idle;
  #abort = new AbortController();
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(host: JourneyElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether exports can be asked for, as far as the token tells. The server decides. */
  get offered(): boolean {
    return this.#offered;
  }

  get phase(): ExportPhase {
    return this.#phase;
  }

  /** Lets go of an export that has ended. */
  dismiss(): void {
    if (this.#phase.name !== 'preparing' && this.#phase.name !== 'running') this.#set(idle);
  }

  start(path: string, detail: ExportDetail): void {
    const connection = this.#connection;
    if (!connection || this.#phase.name === 'preparing' || this.#phase.name === 'running') return;
    this.#set({ name: 'preparing', detail });
    void this.#begin(connection, path, detail, this.#abort.signal);
  }

  hostConnected(): void {
    this.#abort = new AbortController();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    clearTimeout(this.#retry);
    this.#abort.abort();
    this.#detach?.();
    this.#detach = undefined;
    this.#connection = undefined;
    // A link that was asked for and has not come is not waited for any more; a download goes on without the element.
    if (this.#phase.name === 'preparing') this.#phase = idle;
  }

  hostUpdate(): void {
    if (!this.#host.isConnected) return;
    const { endpoint, getToken, journey } = this.#host.settings;
    const connection =
      endpoint !== null && getToken !== null && journey !== null
        ? this.#connect(endpoint, getToken)
        : undefined;
    if (connection === this.#connection) return;
    const before = this.#detach;
    this.#connection = connection;
    this.#detach = connection?.attach();
    before?.();
    this.#offered = false;
    if (!connection) return;
    void this.#learnScopes(connection);
    if (this.#phase.name === 'running') void this.#follow(connection, this.#phase, this.#abort.signal);
  }

  #connect(...parts: Parameters<typeof connectionFor>): Connection | undefined {
    try {
      return connectionFor(...parts);
    } catch {
      return undefined; // an endpoint that is none: the elements that show numbers say so
    }
  }

  async #learnScopes(connection: Connection): Promise<void> {
    clearTimeout(this.#retry);
    const scopes = await connection.scopes().catch(failureOf);
    if (connection !== this.#connection) return;
    if (scopes instanceof LoadFailure) {
      // The numbers say that there is no access; the button comes when there is.
      this.#retry = setTimeout(() => void this.#learnScopes(connection), scopes.retryAfter + 1_000);
      return;
    }
    this.#offered = scopes?.includes(scope) ?? true;
    this.#host.requestUpdate();
  }

  async #begin(
    connection: Connection,
    path: string,
    detail: ExportDetail,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { url, exportId, rows } = await requestLink(
        connection,
        path,
        signal,
        detail.audience === null ? undefined : { where: detail.audience },
      );
      openApart(url);
      const running = { name: 'running', detail, exportId, rows, sent: 0 } as const;
      this.#set(running);
      await this.#follow(connection, running, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      this.#fail({ name: 'failed', detail, failure }, { ...detail, exportId: null, code: failure.code });
    }
  }

  async #follow(
    connection: Connection,
    running: ExportPhase & { name: 'running' },
    signal: AbortSignal,
  ): Promise<void> {
    const { detail, exportId } = running;
    try {
      const end = await followExport(connection, exportId, signal, ({ rows, rowsSent: sent }) =>
        this.#set({ ...running, rows, sent }),
      );
      const { rows, rowsSent: sent } = end;
      if (end.state === 'complete') {
        this.#set({ name: 'done', rows });
        this.#host.dispatchEvent(new ExportCompleteEvent({ ...detail, rows, exportId }));
      } else if (end.state === 'expired') {
        this.#fail({ name: 'expired', detail }, { ...detail, exportId, code: 'export_expired' });
      } else {
        const stopped: ExportPhase = { name: 'stopped', detail, rows, sent };
        this.#fail(stopped, { ...detail, rows, exportId, code: 'export_broken' });
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      this.#fail({ name: 'unknown', failure }, { ...detail, exportId, code: failure.code });
    }
  }

  #fail(phase: ExportPhase, detail: ExportErrorDetail): void {
    this.#set(phase);
    this.#host.dispatchEvent(new ExportErrorEvent(detail));
  }

  #set(phase: ExportPhase): void {
    this.#phase = phase;
    this.#host.requestUpdate();
  }
}
