// Fired when a step of the flow is chosen. Cancelled, no popover opens.
export interface StepSelectDetail {
  readonly journeyId: string;
  readonly stepId: string;
}

export class StepSelectEvent extends Event {
  readonly detail: StepSelectDetail;

  constructor(detail: StepSelectDetail) {
    super('step-select', { bubbles: true, composed: true, cancelable: true });
    this.detail = detail;
  }
}
