// What a Report button does, wherever it stands: it tells the host, and leads where the host has said when it does not act.
import type { FlowStep } from '../../bff/contract/index.ts';
import { reportAddress } from '../elements/flow/report-link.ts';
import { ReportClickEvent } from '../events/report-click.ts';

export interface ReportHost extends EventTarget {
  readonly reportUrl: string | null;
  readonly settings: { readonly journey: string | null };
}

export function reportStep(
  host: ReportHost,
  { stepId, report: { campaignId, channel } }: Pick<FlowStep, 'stepId' | 'report'>,
): void {
  if (campaignId === null || channel === null) return;
  const detail = { journeyId: host.settings.journey ?? '', stepId, campaignId, channel };
  const taken = !host.dispatchEvent(new ReportClickEvent(detail));
  if (taken || host.reportUrl === null) return;
  const address = reportAddress(host.reportUrl, detail, document.baseURI);
  if (address !== null) location.assign(address);
}
