// Fired when numbers could not be loaded. Cancelled, the element draws no error panel: the host shows its own.
import type { LoadFailureCode } from '../connection/load-failure.ts';

export interface LoadErrorDetail {
  readonly code: LoadFailureCode;
  /** The HTTP status, or 0 when there was no answer. */
  readonly status: number;
  readonly retryable: boolean;
  readonly requestId: string | null;
}

export class LoadErrorEvent extends Event {
  readonly detail: LoadErrorDetail;

  constructor(detail: LoadErrorDetail) {
    super('load-error', { bubbles: true, composed: true, cancelable: true });
    this.detail = detail;
  }
}
