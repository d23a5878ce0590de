// The paths of the reading routes that the widgets ask for.
export interface PathParts {
  readonly journey: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly compare: string | null;
}

function withQuery(path: string, query: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== null && pair[1] !== '',
  );
  const text = new URLSearchParams(given).toString();
  return text === '' ? path : `${path}?${text}`;
}

const journeyOf = (journey: string) => `v1/journeys/${encodeURIComponent(journey)}`;

export function journeyPath(journey: string): string {
  return journeyOf(journey);
}

/** With `trend=day` always, so that one answer serves the cards of every element. */
export function overviewPath({ journey, from, to, compare }: PathParts): string {
  return withQuery(`${journeyOf(journey)}/overview`, { from, to, compare, trend: 'day' });
}

export function flowPath({ journey, from, to, compare }: PathParts): string {
  return withQuery(`${journeyOf(journey)}/flow`, { from, to, compare });
}

/** A step of the same range; it is never compared. */
export function stepPath({ journey, from, to }: PathParts, step: string): string {
  return withQuery(`${journeyOf(journey)}/steps/${encodeURIComponent(step)}`, { from, to });
}

export interface TrendPathParts extends Omit<PathParts, 'compare'> {
  readonly metric: string;
  readonly step: string | null;
  readonly platform: string | null;
  readonly outcome: string | null;
}

export function trendPath({ journey, metric, step, platform, outcome, from, to }: TrendPathParts): string {
  return withQuery(`${journeyOf(journey)}/trend`, { metric, stepId: step, platform, outcome, from, to });
}

export function exportLinkPath(parts: TrendPathParts, format: string): string {
  const { journey, metric, step, platform, outcome, from, to } = parts;
  return withQuery(`${journeyOf(journey)}/exports/${encodeURIComponent(metric)}/link`, {
    format,
    stepId: step,
    platform,
    outcome,
    from,
    to,
  });
}

export type AudiencePathParts = Omit<PathParts, 'compare'>;

export function audiencePath({ journey, from, to }: AudiencePathParts): string {
  return withQuery(`${journeyOf(journey)}/audience`, { from, to });
}

export function audienceLinkPath({ journey, from, to }: AudiencePathParts, format: string): string {
  return withQuery(`${journeyOf(journey)}/audience/link`, { format, from, to });
}

export function exportPath(exportId: string): string {
  return `v1/exports/${encodeURIComponent(exportId)}`;
}

/** The journey's part of a path of the reading routes, undefined for one that is of no journey. */
export function journeyOfPath(path: string): string | undefined {
  return /^v1\/journeys\/([^/?]+)/.exec(path)?.[1];
}

/** @param journey as `journeyOfPath` gives it */
export function changesPath(journey: string): string {
  return `v1/journeys/${journey}/changes`;
}
