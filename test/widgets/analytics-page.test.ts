// The whole page at its edges: no conversion, broken data, an unknown zone, another direction, failures that come one by one.
import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import '../../widgets/define.ts';
import type { Flow, Journey } from '../../bff/contract/index.ts';
import type { AnalyticsData, JourneyAnalytics } from '../../widgets/elements/analytics/analytics.ts';
import { endpointFor, until } from './endpoint.ts';
import { busy, empty } from './overview-data.ts';

const getToken = () => 'token';

const flow: Flow = {
  steps: [],
  transitions: [],
  totals: { totalEntries: 0, entryUsers: 0, activeEntries: 0, totalExits: 0 },
  range: busy.range,
  previous: null,
  asOf: busy.asOf,
  pendingEvents: 0,
};

const definition = {
  journeyId: 'welcome-series',
  name: 'Welcome series',
  timeZone: 'Europe/Istanbul',
  conversion: { event: 'Order completed', filters: [], stopCountingAfterExit: { value: 24, unit: 'hours' } },
  steps: [],
  transitions: [],
} as const;

/** As the host's JSON would be: the definition may hold more than the page reads. */
const journey = definition as unknown as Journey;

async function page(
  data: unknown,
  attributes: Readonly<Record<string, string>> = {},
): Promise<JourneyAnalytics> {
  const element = document.createElement('journey-analytics');
  for (const [name, value] of Object.entries({ locale: 'en', ...attributes }))
    element.setAttribute(name, value);
  element.data = data as AnalyticsData;
  await fixture(element);
  await element.updateComplete;
  return element;
}

const deepText = (element: Element | null): string =>
  (element?.shadowRoot?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const overviewOf = (element: Element) => element.shadowRoot?.querySelector('journey-overview') ?? null;

describe('a page that the host gives data', () => {
  it('of a journey without entries or conversion is accessible', async () => {
    const element = await page({ journey: { ...journey, conversion: null }, overview: empty, flow });
    expect(deepText(element)).to.contain('No conversion event is defined').and.to.contain('All time');
    await expect(element).to.be.accessible();
  });

  it('takes broken data without throwing', async () => {
    for (const data of [{}, { overview: busy }, { journey: 7, overview: null, flow: [] }, 'text']) {
      const element = await page(data);
      expect(element.shadowRoot?.childElementCount).to.be.above(0);
    }
  });

  it('draws a zone that this browser does not know', async () => {
    const element = await page({ journey: { ...journey, timeZone: 'Mars/Olympus' }, overview: busy, flow });
    expect(deepText(element)).to.contain('Mars/Olympus');
  });

  it('is in the direction of its language', async () => {
    const element = await page({ journey, overview: busy, flow }, { locale: 'ar' });
    const overview = overviewOf(element);
    expect(deepText(overview)).to.contain('إجمالي الدخول');
    const cards = overview?.shadowRoot?.querySelector('[part~="cards"]');
    expect(cards && getComputedStyle(cards).direction).to.equal('rtl');
    await expect(element).to.be.accessible();
  });
});

describe('a page that asks', () => {
  it('loads, accessibly, and its parts ask for nothing of their own', async () => {
    const endpoint = endpointFor('hanging');
    const element = await fixture<JourneyAnalytics>(html`
      <journey-analytics endpoint=${endpoint.url} journey="welcome" .getToken=${getToken}></journey-analytics>
    `);
    await until(async () => (await endpoint.log()).length === 3);
    await aTimeout(200);
    const paths = (await endpoint.log()).map(({ path }) => path);
    expect(paths).to.have.members([
      'v1/journeys/welcome',
      'v1/journeys/welcome/overview',
      'v1/journeys/welcome/flow',
    ]);
    await expect(element).to.be.accessible();
    element.remove();
    await until(async () => (await endpoint.log()).every(({ aborted }) => aborted));
  });

  for (const scenario of ['failing', 'forbidden', 'unknown'] as const) {
    it(`says once what ${scenario} means, accessibly, and tells the host once`, async () => {
      const events: Event[] = [];
      const listen = (event: Event) => events.push(event);
      document.addEventListener('load-error', listen);
      const element = await fixture<JourneyAnalytics>(html`
        <journey-analytics
          endpoint=${endpointFor(scenario).url}
          journey="welcome"
          locale="en"
          .getToken=${getToken}
        ></journey-analytics>
      `);
      await until(() => deepText(element).includes('request-1'));
      document.removeEventListener('load-error', listen);
      expect(overviewOf(element)).to.equal(null);
      expect(events).to.have.length(1);
      await expect(element).to.be.accessible();
    });
  }
});
