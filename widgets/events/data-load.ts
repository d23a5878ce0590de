// Fired when new numbers have arrived.
export interface DataLoadDetail {
  readonly asOf: string;
}

export class DataLoadEvent extends Event {
  readonly detail: DataLoadDetail;

  constructor(detail: DataLoadDetail) {
    super('data-load', { bubbles: true, composed: true });
    this.detail = detail;
  }
}
