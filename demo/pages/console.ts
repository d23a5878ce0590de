// Northwind's console: a host that embeds the widgets through what is public, and nothing else.
import type { GetToken, JourneyAnalytics, ReportClickDetail } from '../../widgets/index.ts';

function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no #${id}`);
}

// Until its class is registered the element is a plain one; its properties may be set all the same.
const analytics = byId('analytics', HTMLElement) as JourneyAnalytics;
const journeyMenu = byId('journey', HTMLSelectElement);
const theme = byId('theme', HTMLButtonElement);
const traffic = byId('traffic', HTMLButtonElement);
const notice = byId('notice', HTMLElement);
const report = byId('report', HTMLElement);
let beforeReport: HTMLElement | null = null;

/** A host's backend would mint the token with its API key; the demo's service has a route that does. */
const getToken: GetToken = async ({ signal }) => {
  const response = await fetch('/demo/embed-token', { method: 'POST', signal });
  if (!response.ok) throw new Error(`no token: status ${response.status}`);
  return (await response.json()) as { token: string; expiresAt: string };
};

function setAttribute(name: string, value: string): void {
  if (value === '') analytics.removeAttribute(name);
  else analytics.setAttribute(name, value);
}

/** The journey that opens when the address names none. */
const firstJourney = 'welcome';

function showJourney(): void {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const known = [...journeyMenu.options].map(({ value }) => value);
  const journeyId = [wanted, firstJourney].find((id) => known.includes(id)) ?? known[0] ?? '';
  journeyMenu.value = journeyId;
  setAttribute('journey', journeyId);
  const name = journeyMenu.selectedOptions[0]?.textContent;
  document.title = name ? `${name} · Northwind` : 'Journeys · Northwind';
}

async function loadJourneys(): Promise<void> {
  const response = await fetch('/demo/journeys');
  if (!response.ok) throw new Error(`status ${response.status}`);
  const { journeys } = (await response.json()) as { journeys: { journeyId: string; name: string }[] };
  journeyMenu.replaceChildren(
    ...journeys.map(({ journeyId, name }) => new Option(name === '' ? journeyId : name, journeyId)),
  );
  notice.hidden = journeys.length > 0;
  notice.textContent = journeys.length > 0 ? '' : 'There are no journeys yet.';
  showJourney();
}

function showTheme(dark: boolean): void {
  document.documentElement.classList.toggle('dark', dark);
  theme.setAttribute('aria-pressed', String(dark));
}

/** What has the focus, through shadow roots: to a page, the focus of all that is inside a widget is the widget's. */
function deepestFocus(): HTMLElement | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement ? focused : null;
}

function openReport({ journeyId, stepId, campaignId, channel }: ReportClickDetail): void {
  byId('report-campaign', HTMLElement).textContent = campaignId;
  byId('report-channel', HTMLElement).textContent = channel;
  byId('report-step', HTMLElement).textContent = stepId;
  byId('report-journey', HTMLElement).textContent = journeyId;
  beforeReport = deepestFocus();
  report.hidden = false;
  byId('report-close', HTMLButtonElement).focus();
}

function closeReport(): void {
  report.hidden = true;
  beforeReport?.focus();
}

/** When the traffic that is being sent ends by itself. */
let trafficEnds: number | undefined;
let clock: ReturnType<typeof setTimeout> | undefined;

function showTraffic(): void {
  const left = Math.max(0, Math.ceil(((trafficEnds ?? 0) - Date.now()) / 1_000));
  if (left === 0) trafficEnds = undefined;
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  traffic.textContent = left > 0 ? `Stop live traffic, ${time} left` : 'Send live traffic';
  traffic.setAttribute('aria-pressed', String(left > 0));
  clearTimeout(clock);
  if (left > 0) clock = setTimeout(showTraffic, 1_000);
}

async function askTraffic(method: 'GET' | 'POST' | 'DELETE'): Promise<void> {
  const response = await fetch('/demo/traffic', { method });
  if (!response.ok) throw new Error(`no traffic: status ${response.status}`);
  const { endsAt } = (await response.json()) as { endsAt: string | null };
  trafficEnds = endsAt === null ? undefined : Date.parse(endsAt);
  showTraffic();
}

function tell(text: string, error: unknown): void {
  notice.hidden = false;
  notice.textContent = text;
  console.error(error);
}

analytics.getToken = getToken;
analytics.setAttribute('endpoint', location.origin);
analytics.addEventListener('report-click', (event) => {
  event.preventDefault();
  // The event is the widgets' own class, which this page does not bundle: only its shape is known here.
  openReport((event as unknown as { detail: ReportClickDetail }).detail);
});
byId('report-close', HTMLButtonElement).addEventListener('click', closeReport);
report.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeReport();
});
journeyMenu.addEventListener('change', () => {
  location.hash = encodeURIComponent(journeyMenu.value);
});
addEventListener('hashchange', showJourney);
theme.addEventListener('click', () => showTheme(theme.getAttribute('aria-pressed') !== 'true'));
showTheme(matchMedia('(prefers-color-scheme: dark)').matches);
traffic.addEventListener('click', () => {
  askTraffic(trafficEnds === undefined ? 'POST' : 'DELETE').catch((error: unknown) => {
    tell('The traffic could not be changed. Is the service running?', error);
  });
});
if (location.hash === '#hosts') byId('hosts', HTMLElement).showPopover();
Promise.all([loadJourneys(), askTraffic('GET')]).catch((error: unknown) => {
  tell('The journeys could not be loaded. Is the service running?', error);
});
