// Fired when a person has picked another range. The element shows it already; a host may keep it, as in its address.
export interface RangeChangeDetail {
  /** First day, `YYYY-MM-DD`, or null for all time. */
  readonly from: string | null;
  readonly to: string | null;
  readonly compare: 'previous' | null;
}

export class RangeChangeEvent extends Event {
  readonly detail: RangeChangeDetail;

  constructor(detail: RangeChangeDetail) {
    super('range-change', { bubbles: true, composed: true });
    this.detail = detail;
  }
}
