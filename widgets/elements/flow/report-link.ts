// Where Report leads when the host does not take the event.
import type { ReportClickDetail } from '../../events/report-click.ts';

/**
 * Fills a host's template in. What is filled in is escaped, so that an id cannot change where the address leads.
 * @returns null when the result is no http(s) address: nothing else is ever opened.
 */
export function reportAddress(template: string, detail: ReportClickDetail, base: string): string | null {
  const filled = template.replaceAll(
    /\{(campaignId|channel|stepId|journeyId)\}/g,
    (_, name: keyof ReportClickDetail) => encodeURIComponent(detail[name]),
  );
  if (!URL.canParse(filled, base)) return null;
  const { protocol, href } = new URL(filled, base);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
