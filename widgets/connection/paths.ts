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
