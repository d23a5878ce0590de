// Fired when an export could not begin, was broken off, or when what became of it is not known.
import type { LoadFailureCode } from '../connection/load-failure.ts';
import type { ExportDetail } from './export-start.ts';

export interface ExportErrorDetail extends ExportDetail {
  /** Null when no export has begun. */
  readonly exportId: string | null;
  readonly code: LoadFailureCode | 'export_broken' | 'export_expired';
}

export class ExportErrorEvent extends Event {
  readonly detail: ExportErrorDetail;

  constructor(detail: ExportErrorDetail) {
    super('export-error', { bubbles: true, composed: true });
    this.detail = detail;
  }
}
