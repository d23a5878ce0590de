// The export buttons of the two conversion cards: where they are, what they state, and where they are not.
import { expect, fixture } from '@open-wc/testing';
import '../../widgets/define/export-button.ts';
import '../../widgets/define/metric-card.ts';
import '../../widgets/define/overview.ts';
import '../../widgets/define/step-metrics.ts';
import type { JourneyExportButton } from '../../widgets/elements/export-button/export-button.ts';
import type { JourneyMetricCard } from '../../widgets/elements/metric-card/metric-card.ts';
import type { JourneyOverview } from '../../widgets/elements/overview/overview.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until } from './endpoint.ts';
import { busy } from './overview-data.ts';
import { tokenWith } from './token-with.ts';

const exporter = () => tokenWith(['metrics:read', 'users:export']);
const reader = () => tokenWith(['metrics:read']);

async function make<T extends HTMLElement>(name: string, properties: object): Promise<T> {
  return fixture<T>(Object.assign(document.createElement(name), { locale: 'en', ...properties }));
}

const buttons = (element: Element) => [
  ...(element.shadowRoot?.querySelectorAll<JourneyExportButton>('journey-export-button') ?? []),
];
const inside = (button: Element) => button.shadowRoot?.querySelector<HTMLElement>('#button') ?? null;
const shown = (element: Element) => buttons(element).filter((button) => inside(button) !== null);
const settled = async () => new Promise((resolve) => setTimeout(resolve, 100));

describe('the export of the cards', () => {
  it('stands on the two conversion cards, states their numbers, and is accessible', async () => {
    for (const theme of ['light', 'dark']) {
      const { url } = endpointFor('exporting');
      const overview = await make<JourneyOverview>('journey-overview', {
        endpoint: url,
        journey: 'welcome',
        getToken: exporter,
        theme,
      });
      overview.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await until(() => shown(overview).length === 2);
      expect(shown(overview).map(({ metric, rows }) => [metric, rows])).to.eql([
        ['convertedUsers', 6_402],
        ['conversionEvents', 7_318],
      ]);
      await expect(overview).to.be.accessible();
    }
  });

  it('stands on a card alone', async () => {
    const card = await make<JourneyMetricCard>('journey-metric-card', {
      endpoint: endpointFor('exporting').url,
      journey: 'welcome',
      getToken: exporter,
      metric: 'convertedUsers',
    });
    await until(() => shown(card).length === 1);
    card.metric = 'totalEntries';
    await card.updateComplete;
    expect(buttons(card)).to.eql([]);
  });

  for (const width of [280, 390, 1_200]) {
    it(`covers nothing and moves nothing at ${width} px`, async () => {
      const overview = await make<JourneyOverview>('journey-overview', {
        endpoint: endpointFor('exporting').url,
        journey: 'welcome',
        getToken: exporter,
      });
      overview.style.width = `${width}px`;
      await until(() => shown(overview).length === 2);
      for (const button of shown(overview)) {
        const card = button.closest('.card');
        const own = button.getBoundingClientRect();
        const around = card?.getBoundingClientRect();
        const help = card?.querySelector('.help')?.getBoundingClientRect();
        expect(own.width).to.be.at.least(24);
        expect(own.right).to.be.at.most(around?.right ?? 0);
        expect(help?.right).to.be.at.most(own.left + 1);
      }
    });
  }

  it('at 0 stays focusable and says why', async () => {
    const data = { ...busy, metrics: { ...busy.metrics, convertedUsers: 0, conversionEvents: 0 } };
    const overview = await make<JourneyOverview>('journey-overview', {
      endpoint: endpointFor('exporting').url,
      getToken: exporter,
      data,
    });
    await until(() => shown(overview).length === 2);
    const button = inside(buttons(overview)[0] ?? overview);
    button?.focus();
    expect(button?.getAttribute('aria-disabled')).to.equal('true');
    expect(button?.parentElement?.textContent).to.contain('Nothing to export: the value is 0.');
    await expect(overview).to.be.accessible();
  });

  it('is not there without the scope, nor for numbers that a host fetches without a way to ask', async () => {
    const endpoint = endpointFor('exporting').url;
    for (const properties of [
      { endpoint, journey: 'welcome', getToken: reader },
      { data: busy },
      { data: busy, endpoint },
      { data: busy, getToken: exporter },
    ]) {
      const overview = await make<JourneyOverview>('journey-overview', properties);
      await settled();
      expect(shown(overview)).to.eql([]);
    }
  });

  it('exports the range whose number is shown', async () => {
    const range = { ...busy.range, from: '2026-11-01', to: '2026-11-07' };
    const overview = await make<JourneyOverview>('journey-overview', {
      endpoint: endpointFor('exporting').url,
      getToken: exporter,
      data: { ...busy, range },
    });
    await until(() => shown(overview).length === 2);
    expect(buttons(overview)[0]).to.include({
      journey: 'welcome-series',
      from: '2026-11-01',
      to: '2026-11-07',
    });
  });

  it('stands beside every metric that a step shows', async () => {
    for (const step of welcomeFlow.steps) {
      const element = await make('journey-step-metrics', {
        endpoint: endpointFor('exporting').url,
        journey: 'welcome',
        getToken: exporter,
        data: step,
      });
      await until(() => shown(element).length > 0);
      const root = element.shadowRoot;
      // Rows of a number, not the row of a time or a rate that has no users of its own.
      const rows = [...(root?.querySelectorAll('dl.metrics > div, table.platforms tbody tr') ?? [])];
      const without = rows.filter((row) => row.querySelector('journey-export-button') === null);
      expect(without.map((row) => row.textContent.replaceAll(/\s+/g, ' ').trim())).to.eql([]);
    }
  });
});
