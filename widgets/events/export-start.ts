// Fired when a format is chosen, before anything is asked for. Cancelled, nothing is downloaded: the host does it.
import type { ExportFormat } from '../../bff/contract/index.ts';

export interface ExportDetail {
  /** An id of the contract's catalogue, or null for an audience. */
  readonly metric: string | null;
  /** The audience's condition as the contract writes it, or null for a metric. */
  readonly audience: unknown;
  readonly stepId: string | null;
  readonly platform: string | null;
  readonly outcome: string | null;
  readonly format: ExportFormat;
  /** How many rows the file has, or null where only the server can tell. */
  readonly rows: number | null;
}

export class ExportStartEvent extends Event {
  readonly detail: ExportDetail;

  constructor(detail: ExportDetail) {
    super('export-start', { bubbles: true, composed: true, cancelable: true });
    this.detail = detail;
  }
}
