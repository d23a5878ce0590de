// <journey-analytics>: header, range, states of the whole page, and what it gives to the elements inside.
import { expect, fixture } from '@open-wc/testing';
import type { Flow, Journey } from '../../bff/contract/index.ts';
import '../../widgets/define.ts';
import type { AnalyticsData, JourneyAnalytics } from '../../widgets/elements/analytics/analytics.ts';
import type { RangeChangeDetail } from '../../widgets/events/range-change.ts';
import { endpointFor, until } from './endpoint.ts';
import { busy } from './overview-data.ts';

const journey: Journey = {
  journeyId: 'welcome',
  name: 'Welcome series',
  timeZone: 'Europe/Istanbul',
  conversion: {
    event: 'Order completed',
    filters: [],
    stopCountingAfterExit: { value: 24, unit: 'hours' },
  },
  steps: [],
  transitions: [],
};

const flow: Flow = {
  steps: [],
  transitions: [],
  totals: { totalEntries: 24_816, entryUsers: 23_940, activeEntries: 4_440, totalExits: 13_921 },
  range: busy.range,
  previous: null,
  asOf: busy.asOf,
  pendingEvents: 0,
};

const data: AnalyticsData = { journey, overview: busy, flow };

function deepText(root: Element | DocumentFragment): string {
  const texts: string[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text) texts.push(node.data);
    if (node instanceof Element && node.shadowRoot) visit(node.shadowRoot);
    for (const child of node.childNodes) visit(child);
  };
  visit(root);
  return texts.join(' ').replaceAll(/\s+/g, ' ');
}

async function make(properties: Partial<JourneyAnalytics>): Promise<JourneyAnalytics> {
  const element = document.createElement('journey-analytics');
  Object.assign(element, { locale: 'en', ...properties });
  await fixture(element);
  await element.updateComplete;
  return element;
}

async function load(scenario: string): Promise<JourneyAnalytics> {
  return make({ endpoint: endpointFor(scenario).url, journey: 'welcome', getToken: () => 'token' });
}

const inside = (element: Element, selector: string): HTMLElement => {
  const found = element.shadowRoot?.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`nothing is ${selector}`);
  return found;
};

/** The text of the one panel that stands in place of the page. */
async function panelOf(element: JourneyAnalytics): Promise<string> {
  await until(() => element.shadowRoot?.querySelector('.message') !== null);
  return inside(element, '.message').textContent.replaceAll(/\s+/g, ' ').trim();
}

describe('journey-analytics', () => {
  it('is accessible, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const element = await make({ data, theme });
      element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await expect(element).to.be.accessible();
    }
  });

  it('says in words what the numbers are', async () => {
    const text = deepText(await make({ data }));
    for (const part of [
      'Welcome series',
      'Conversion event Order completed',
      'counts until 24 h after exit',
      'entries by start date',
      'Europe/Istanbul, UTC+3',
      '24,816',
    ]) {
      expect(text).to.contain(part);
    }
  });

  it('says that no conversion is defined', async () => {
    const text = deepText(await make({ data: { ...data, journey: { ...journey, conversion: null } } }));
    expect(text).to.contain('No conversion event is defined').and.not.to.contain('counts until');
  });

  it('shows a hostile name as text', async () => {
    const name = '<img src=x onerror="globalThis.hostile = true"><script>globalThis.hostile = true</script>';
    const element = await make({ data: { ...data, journey: { ...journey, name } } });
    expect(inside(element, 'h2').textContent.trim()).to.equal(name);
    expect(element.shadowRoot?.querySelector('img, script')).to.equal(null);
    expect('hostile' in globalThis).to.equal(false);
  });

  it('asks nothing when it is given data, and nor do the elements inside', async () => {
    let asked = 0;
    const endpoint = endpointFor('steady');
    await make({ data, endpoint: endpoint.url, journey: 'welcome', getToken: () => `${(asked += 1)}` });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await endpoint.log()).to.eql([]);
    // With a way to ask, one token tells whether exports are allowed; nothing else is asked for.
    expect(asked).to.equal(1);
  });

  it('asks for no token either when there is nowhere to ask', async () => {
    let asked = 0;
    await make({ data, journey: 'welcome', getToken: () => `${(asked += 1)}` });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).to.equal(0);
  });

  it('has one skeleton of the page while it loads', async () => {
    const element = await load('hanging');
    expect(inside(element, '.page').getAttribute('aria-label')).to.match(/^Loading/);
    expect(inside(inside(element, 'journey-overview'), '.cards').getAttribute('aria-busy')).to.equal('true');
    await expect(element).to.be.accessible();
  });

  it('asks for each path once, for all elements inside', async () => {
    const endpoint = endpointFor('steady');
    let tokens = 0;
    const getToken = () => {
      tokens += 1;
      return 'token';
    };
    const element = await make({ endpoint: endpoint.url, journey: 'welcome', getToken });
    await until(() => deepText(element).includes('24,816'));
    const paths = (await endpoint.log()).map(({ path }) => path);
    expect(paths.toSorted()).to.eql([
      'v1/journeys/welcome',
      'v1/journeys/welcome/flow',
      'v1/journeys/welcome/overview',
    ]);
    expect(tokens).to.equal(1);
  });
});

describe('when nothing can be loaded, journey-analytics', () => {
  it('says so once, with what to do and a code to quote', async () => {
    const element = await load('failing');
    const text = await panelOf(element);
    expect(text).to.contain('Analytics could not be loaded').and.to.contain('internal, request request-1');
    expect(text).not.to.contain('<img');
    expect(element.shadowRoot?.querySelector('journey-overview')).to.equal(null);
    expect(inside(element, '[part=retry]').textContent.trim()).to.equal('Try again');
    await expect(element).to.be.accessible();
  });

  it('offers no dead button without permission', async () => {
    const element = await load('forbidden');
    expect(await panelOf(element)).to.contain('You cannot see this journey’s analytics');
    expect(element.shadowRoot?.querySelector('button')).to.equal(null);
    await expect(element).to.be.accessible();
  });

  it('does not tell a foreign journey from one that does not exist', async () => {
    expect(await panelOf(await load('unknown'))).to.contain('There is no such journey');
  });

  it('says which endpoint cannot be one', async () => {
    const element = await make({
      endpoint: 'javascript:alert(1)',
      journey: 'welcome',
      getToken: () => 'token',
    });
    expect(await panelOf(element)).to.contain('The address of the analytics service is not valid');
  });

  it('leaves the word to a host that cancels load-error', async () => {
    const element = document.createElement('journey-analytics');
    const codes: string[] = [];
    element.addEventListener('load-error', (event) => {
      event.preventDefault();
      codes.push(event.detail.code);
    });
    Object.assign(element, {
      endpoint: endpointFor('forbidden').url,
      journey: 'welcome',
      getToken: () => 'token',
    });
    await fixture(element);
    await until(() => codes.length > 0);
    await element.updateComplete;
    expect(codes).to.eql(['missing_scope']);
    expect(element.shadowRoot?.querySelector('.message')).to.equal(null);
  });

  for (const [scenario, what] of [
    ['failing-flow-first', 'the failure of the overview, not that of the flow before it'],
    ['failing-flow', 'the failure of the flow alone, once the overview is there'],
  ] as const) {
    it(`tells once: ${what}`, async () => {
      const element = document.createElement('journey-analytics');
      const told: boolean[] = [];
      element.addEventListener('load-error', () => told.push(deepText(element).includes('request-1')));
      Object.assign(element, {
        endpoint: endpointFor(scenario).url,
        journey: 'welcome',
        locale: 'en',
        getToken: () => 'token',
      });
      await fixture(element);
      await until(() => deepText(element).includes('request-1'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      // Once, and before anything of it is shown.
      expect(told).to.eql([false]);
      expect(deepText(element).match(/request-1/g)).to.have.length(1);
      expect(deepText(element).includes('24,816')).to.equal(scenario === 'failing-flow');
    });
  }

  it('loads when Try again is pressed and the service is back', async () => {
    const element = await load('failing');
    await panelOf(element);
    element.endpoint = endpointFor('steady').url;
    await until(() => deepText(element).includes('24,816'));
  });
});

describe('numbers that cannot be refreshed', () => {
  it('stay, with the time they are from', async () => {
    const element = await load('failing-later');
    // One of the three paths is answered, whichever came first; the element shows what it has.
    await until(() => element.shadowRoot?.querySelector('.page, .message') !== null);
    const overview = document.createElement('journey-overview');
    Object.assign(overview, {
      endpoint: endpointFor('failing-later').url,
      journey: 'welcome',
      getToken: () => 'token',
      locale: 'en',
    });
    await fixture(overview);
    await until(() => deepText(overview).includes('24,816'));
    (overview as unknown as { refresh: () => void }).refresh();
    await until(() => deepText(overview).includes('Could not refresh'));
    expect(deepText(overview)).to.contain('24,816').and.to.contain('as of');
    await expect(overview).to.be.accessible();
  });
});

describe('the choice of a range', () => {
  const open = async (properties: Partial<JourneyAnalytics> = {}) => {
    const element = await make({ data, ...properties });
    const picked: RangeChangeDetail[] = [];
    element.addEventListener('range-change', (event) => picked.push(event.detail));
    inside(element, '.range').click();
    await element.updateComplete;
    return { element, picked };
  };
  const type = async (element: JourneyAnalytics, name: string, value: string) => {
    const input = inside(element, `input[name=${name}]`) as HTMLInputElement;
    input.value = value;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await element.updateComplete;
  };

  it('opens from the button that names the range, and is accessible', async () => {
    const { element } = await open();
    expect(inside(element, '#range-menu').matches(':popover-open')).to.equal(true);
    await expect(element).to.be.accessible();
  });

  it('takes two dates and whether to compare', async () => {
    const { element, picked } = await open();
    const compare = () => inside(element, 'input[name=compare]') as HTMLInputElement;
    expect(compare().disabled).to.equal(true);
    await type(element, 'from', '2026-11-01');
    await type(element, 'to', '2026-11-14');
    expect(compare().disabled).to.equal(false);
    compare().click();
    await element.updateComplete;
    inside(element, '.foot button').click();
    await element.updateComplete;
    expect(picked).to.eql([{ from: '2026-11-01', to: '2026-11-14', compare: 'previous' }]);
    expect([element.from, element.to, element.compare]).to.eql(['2026-11-01', '2026-11-14', 'previous']);
    expect(inside(element, '#range-menu').matches(':popover-open')).to.equal(false);
  });

  it('does not take a first day after the last', async () => {
    const { element, picked } = await open();
    await type(element, 'from', '2026-11-14');
    await type(element, 'to', '2026-11-01');
    const apply = inside(element, '.foot button') as HTMLButtonElement;
    expect(apply.disabled).to.equal(true);
    apply.click();
    expect(picked).to.eql([]);
    expect(inside(element, '.foot').textContent).to.contain('The first day is after the last');
  });

  it('ends the usual lengths today, as the journey counts days', async () => {
    const { element, picked } = await open();
    const [, sevenDays] = element.shadowRoot?.querySelectorAll<HTMLElement>('.lengths button') ?? [];
    sevenDays?.click();
    const [{ from = '', to = '' } = {}] = picked as { from?: string; to?: string }[];
    expect((Date.parse(to) - Date.parse(from)) / 86_400_000).to.equal(6);
  });

  it('leaves an earlier range behind', async () => {
    const { element, picked } = await open({ from: '2026-11-01', to: '2026-11-14', compare: 'previous' });
    const [allTime] = element.shadowRoot?.querySelectorAll<HTMLElement>('.lengths button') ?? [];
    allTime?.click();
    expect(picked).to.eql([{ from: null, to: null, compare: null }]);
    expect([element.from, element.to]).to.eql([null, null]);
  });
});
