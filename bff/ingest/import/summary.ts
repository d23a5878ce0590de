// What an import tells in the end.
import type { Config } from '../../config.ts';
import type { ImportOptions } from './options.ts';
import { duration } from './progress.ts';
import type { Rejection } from './rejections.ts';

export interface Summary {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly rejections: readonly Rejection[];
  /** How many items of the file an earlier run had stored, and this one did not read again. */
  readonly continuedAfter: number;
  /** Whether the journey was defined by this import. */
  readonly definedJourney: boolean;
  /** Whether it was stopped before the end of the file. */
  readonly stopped: boolean;
  /** Seconds until all events were stored, and from then on until all were counted. */
  readonly storedSeconds: number;
  readonly countedSeconds: number;
}

const whole = new Intl.NumberFormat('en');
const reasonsShown = 10;

function placeToLook(options: ImportOptions, config: Pick<Config, 'host' | 'port'>): string {
  const { workspace, journeyId } = options;
  if (workspace === 'demo') return `Look at it: npm start, then open http://${config.host}:${config.port}/`;
  const path = journeyId === undefined ? '/v1/journeys' : `/v1/journeys/${journeyId}/overview`;
  return `Read it with an API key of the workspace (npm run keys -- create --workspace "${workspace}"): GET ${path}`;
}

function rejectionLines({ rejections }: Summary): string[] {
  const lines = rejections.slice(0, reasonsShown).map(({ reason, count, lines: places }) => {
    const more = count > places.length ? ', …' : '';
    return `    ${whole.format(count)} × ${reason} (line ${places.join(', ')}${more})`;
  });
  const hidden = rejections.length - reasonsShown;
  return hidden > 0 ? [...lines, `    and ${hidden} more reasons`] : lines;
}

/** The summary as text. */
export function describeSummary(
  summary: Summary,
  options: ImportOptions,
  config: Pick<Config, 'host' | 'port'>,
): string {
  const { accepted, duplicates, rejected, storedSeconds, countedSeconds } = summary;
  const journey = options.journeyId === undefined ? '' : ` into the journey "${options.journeyId}"`;
  const name = options.file === '-' ? 'standard input' : options.file;
  const rate = whole.format(Math.round((accepted + duplicates) / Math.max(storedSeconds, 0.001)));
  const lines = [
    `${summary.stopped ? 'Stopped importing' : 'Imported'} ${name}${journey} of the workspace "${options.workspace}":`,
    `  accepted    ${whole.format(accepted)}`,
    `  duplicates  ${whole.format(duplicates)}`,
    `  rejected    ${whole.format(rejected)}`,
    ...rejectionLines(summary),
    `  stored in ${duration(storedSeconds)} (${rate} events a second), counted ${duration(countedSeconds)} later`,
  ];
  if (summary.continuedAfter > 0) {
    lines.push(`  went on after the ${whole.format(summary.continuedAfter)} lines of an earlier run`);
  }
  if (summary.definedJourney) lines.push(`  the journey was not defined: it is now`);
  if (options.journeyId === undefined) {
    lines.push(
      '  events of journeys that nobody has defined count as soon as PUT /v1/journeys/ID defines them',
    );
  }
  lines.push(summary.stopped ? 'Run the same command again to go on.' : placeToLook(options, config));
  return lines.join('\n');
}
