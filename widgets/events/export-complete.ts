// Fired when the last byte of an export has been sent.
import type { ExportDetail } from './export-start.ts';

export interface ExportCompleteDetail extends ExportDetail {
  readonly exportId: string;
}

export class ExportCompleteEvent extends Event {
  readonly detail: ExportCompleteDetail;

  constructor(detail: ExportCompleteDetail) {
    super('export-complete', { bubbles: true, composed: true });
    this.detail = detail;
  }
}
