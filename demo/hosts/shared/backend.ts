// What a console asks of its own backend: a token for the widgets, and which journeys there are.
import type { GetToken } from 'journey-analytics';

/** Where the analytics service is. In the demo it serves this page too. */
export const endpoint = location.origin;

export interface Journey {
  readonly journeyId: string;
  readonly name: string;
}

/** The backend knows who is signed in, and mints with its API key, which never comes to the browser. */
export const getToken: GetToken = async ({ signal }) => {
  const response = await fetch('/demo/embed-token', { method: 'POST', signal });
  if (!response.ok) throw new Error(`no token: status ${response.status}`);
  return (await response.json()) as { token: string; expiresAt: string }; // what this backend answers
};

export async function loadJourneys(): Promise<readonly Journey[]> {
  const response = await fetch('/demo/journeys');
  if (!response.ok) throw new Error(`no journeys: status ${response.status}`);
  const { journeys } = (await response.json()) as { journeys: readonly Journey[] }; // what this backend answers
  return journeys;
}

/** The steps of which each journey's page shows the numbers beside its cards. */
export const pinnedSteps: Readonly<Record<string, string>> = { welcome: 'welcome-push' };
