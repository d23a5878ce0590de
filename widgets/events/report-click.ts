// Fired when a Report button is pressed. Cancelable: a host that opens its own report cancels nothing it needs.
import type { Channel } from '../../bff/contract/index.ts';

export interface ReportClickDetail {
  readonly journeyId: string;
  readonly stepId: string;
  readonly campaignId: string;
  readonly channel: Channel;
}

export class ReportClickEvent extends Event {
  readonly detail: ReportClickDetail;

  constructor(detail: ReportClickDetail) {
    super('report-click', { bubbles: true, composed: true, cancelable: true });
    this.detail = detail;
  }
}
