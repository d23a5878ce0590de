// The signals over the cards and on the steps: what they say, where they lead, and when there are none.
import { expect, fixture, nextFrame } from '@open-wc/testing';
import type { Flow, Journey, Overview } from '../../bff/contract/index.ts';
import '../../widgets/define.ts';
import type { AnalyticsData, JourneyAnalytics } from '../../widgets/elements/analytics/analytics.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until } from './endpoint.ts';
import { busy } from './overview-data.ts';

const journey: Journey = {
  journeyId: 'welcome',
  name: 'Welcome series',
  timeZone: 'Europe/Istanbul',
  conversion: null,
  steps: [],
  transitions: [],
};

const data: AnalyticsData = { journey, overview: busy, flow: welcomeFlow };

/** A journey in which nothing deserves a look. */
const quietFlow: Flow = { ...welcomeFlow, steps: welcomeFlow.steps.slice(0, 1), transitions: [] };
const final: Overview = { ...busy, metrics: { ...busy.metrics, exitsWindowOpen: 0 } };

async function make(properties: Partial<JourneyAnalytics>, width = 1_300): Promise<JourneyAnalytics> {
  const frame = document.createElement('div');
  frame.style.width = `${width}px`;
  const element = document.createElement('journey-analytics');
  Object.assign(element, { locale: 'en', ...properties });
  frame.append(element);
  await fixture(frame);
  await element.updateComplete;
  await nextFrame();
  await nextFrame();
  return element;
}

const all = (element: Element, selector: string) => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];

function one(element: Element, selector: string): HTMLElement {
  const [found] = all(element, selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const words = (element: Element) => element.textContent.replaceAll(/\s+/g, ' ').trim();
const buttons = (element: Element) => all(element, '.signals button');

describe('signals', () => {
  it('are accessible over the cards and on the steps, light and dark, wide and narrow', async () => {
    for (const [theme, width] of [
      ['light', 1_300],
      ['dark', 1_300],
      ['light', 390],
    ] as const) {
      const element = await make({ data, theme }, width);
      element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await expect(element).to.be.accessible();
    }
  }).timeout(30_000);

  it('are three at most, worst first, each step once, with their numbers', async () => {
    const element = await make({ data });
    expect(words(one(element, '.signals h3'))).to.equal('3 of 5 signals');
    expect(buttons(element).map(words)).to.eql([
      'Android: 5.4% of messages failed, 918 of 16,848; other steps of its kind 5.1% Welcome push',
      '8.7% dropped off, 704 of 8,078 entries; median of the steps 1.6% 10% off today',
      '8.5% dropped off, 662 of 7,802 entries; median of the steps 1.6% Last reminder',
    ]);
  });

  it('lead to their step in the flow, as a diagram and as a table', async () => {
    const element = await make({ data });
    const flow = one(element, 'journey-flow');
    const focused = () =>
      flow.shadowRoot?.activeElement?.closest<HTMLElement>('[data-step]')?.dataset['step'];
    buttons(element)[1]?.click();
    await until(() => focused() === 'mailB');
    all(flow, '.segmented button')[1]?.click();
    await nextFrame();
    buttons(element)[0]?.click();
    await until(() => focused() === 'push');
  });

  it('say that a rate is not final, and lead to its card', async () => {
    const element = await make({ data: { ...data, flow: quietFlow } });
    expect(words(one(element, '.signals h3'))).to.equal('1 signal');
    expect(buttons(element).map(words)).to.eql([
      'Rate not final: 1,106 exits can still convert Conversion Rate',
    ]);
    buttons(element)[0]?.click();
    const { activeElement } = one(element, 'journey-overview').shadowRoot ?? {};
    expect(activeElement?.getAttribute('aria-label')).to.equal('What is Conversion Rate?');
  });

  it('are hidden when there are none', async () => {
    const element = await make({ data: { journey, overview: final, flow: quietFlow } });
    expect(all(element, '.signals')).to.have.length(0);
  });

  it('have their place kept while numbers load, and none when they cannot be loaded', async () => {
    const asks = { journey: 'welcome', getToken: () => 'token' };
    const loading = await make({ ...asks, endpoint: endpointFor('hanging').url });
    expect(all(loading, '.signals.waits')).to.have.length(1);
    const failed = await make({ ...asks, endpoint: endpointFor('failing').url });
    await until(() => all(failed, '.message').length === 1);
    expect(all(failed, '.signals')).to.have.length(0);
  });

  it('mark the step at its corner, and are part of its name', async () => {
    const element = await make({ data });
    const flow = one(element, 'journey-flow');
    expect(all(flow, '.corner-mark').map((mark) => mark.dataset['step'])).to.have.members([
      'push',
      'mailB',
      'reminder',
    ]);
    const step = one(flow, '.node[data-step="push"]');
    const mark = one(flow, '.corner-mark[data-step="push"] .mark').getBoundingClientRect();
    const box = step.getBoundingClientRect();
    expect(Math.abs(mark.left + mark.width / 2 - box.right)).to.be.at.most(3);
    expect(Math.abs(mark.top + mark.height / 2 - box.top)).to.be.at.most(3);
    const name = step.querySelector('.node-main')?.textContent ?? '';
    expect(name).to.contain('Signal: Android: 5.4% of messages failed, 918 of 16,848');
  });

  it('colour only what dropped off where they name it', async () => {
    const element = await make({ data });
    const flow = one(element, 'journey-flow');
    expect(all(flow, '.stub-label.named').map((label) => label.dataset['step'])).to.eql([
      'mailB',
      'reminder',
    ]);
    expect(all(flow, '.stub[fill="url(#fade-named)"]')).to.have.length(2);
  });

  it('stand in the popover of their step too', async () => {
    const element = await make({ data });
    const flow = one(element, 'journey-flow');
    one(flow, '.node[data-step="mailB"] .node-main').click();
    await until(() => all(flow, '.popover:popover-open').length === 1);
    expect(words(one(flow, '.popover .signal'))).to.equal(
      '8.7% dropped off, 704 of 8,078 entries; median of the steps 1.6%',
    );
  });

  it('show hostile names as text', async () => {
    const name = '<img src=x onerror="globalThis.harmed = true">';
    const steps = welcomeFlow.steps.map((step) => ({ ...step, name }));
    const element = await make({ data: { ...data, flow: { ...welcomeFlow, steps } } });
    expect(words(one(element, '.signals .target'))).to.equal(name);
    expect(all(element, 'img')).to.have.length(0);
    expect('harmed' in globalThis).to.equal(false);
  });

  it('speak other languages, from right to left too', async () => {
    for (const locale of ['ar', 'de', 'tr']) {
      const element = await make({ data, locale });
      expect(buttons(element)).to.have.length(3);
      expect(words(one(element, '.signals'))).not.to.contain('failed');
      await expect(element).to.be.accessible();
    }
  }).timeout(20_000);
});
