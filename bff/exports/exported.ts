// What can be exported: a metric of a journey or an audience, for a range, in a format; as requests and links hold it.
import type { Audience, ExportFormat, Platform } from '../contract/index.ts';
import { audienceMembers } from '../metrics/audience.ts';
import { dayRangeOf, type Reading } from '../metrics/read-journey.ts';
import { requireStep, selectionOf } from '../metrics/selection.ts';
import { countSet } from '../rollup/user-sets.ts';
import { contentDisposition } from './file-name.ts';
import { audienceTable, metricTable } from './metric-table.ts';
import type { Table } from './table.ts';

/** Who and when, beside a metric with its qualifiers or an audience. Stored in the audit trail as it is. */
export interface ExportRequest {
  readonly journeyId: string;
  readonly format: ExportFormat;
  readonly bom: boolean;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly metric?: string | undefined;
  readonly stepId?: string | undefined;
  readonly platform?: Platform | undefined;
  readonly outcome?: string | undefined;
  readonly audience?: Audience | undefined;
}

/**
 * Finds the rows of an export in the reading's snapshot.
 * @throws Failure `invalid_parameter`, `not_found`, `validation_failed`
 */
export async function tableOf(reading: Reading, request: ExportRequest): Promise<Table> {
  const range = dayRangeOf(request);
  if (request.audience)
    return audienceTable(reading, await audienceMembers(reading, request.audience, range));
  const selection = selectionOf({ ...request, metric: request.metric ?? '' });
  if (request.stepId !== undefined) await requireStep(reading, request.stepId);
  return metricTable(reading, selection, range);
}

/** How many users an audience has. */
export async function countAudience(
  reading: Reading,
  audience: Audience,
  range: { from?: string | undefined; to?: string | undefined },
): Promise<number> {
  return countSet(await audienceMembers(reading, audience, dayRangeOf(range)));
}

/** The header that names the file. */
export function fileHeader(reading: Reading, request: ExportRequest): string {
  const parts = [
    request.stepId,
    request.audience ? 'audience' : request.metric,
    request.platform,
    request.outcome,
  ];
  return contentDisposition(
    {
      journeyId: request.journeyId,
      parts: parts.filter((part) => part !== undefined),
      range: dayRangeOf(request),
      timeZone: reading.timeZone,
      format: request.format,
    },
    reading.state.now,
  );
}
