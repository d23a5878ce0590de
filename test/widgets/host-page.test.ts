// Elements inside host pages: their styles, texts, languages, themes and the order in which they set things.
import { aTimeout, expect, fixture, html, nextFrame } from '@open-wc/testing';
import '../../widgets/define/connection.ts';
import '../../widgets/define/metric-card.ts';
import '../../widgets/define/overview.ts';
import type { JourneyConnection } from '../../widgets/elements/connection/connection.ts';
import type { JourneyMetricCard } from '../../widgets/elements/metric-card/metric-card.ts';
import type { JourneyOverview } from '../../widgets/elements/overview/overview.ts';
import { endpointFor, until } from './endpoint.ts';
import { busy, empty, huge } from './overview-data.ts';

const getToken = () => 'token';

const deepText = (element: Element): string =>
  (element.shadowRoot?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

const partOf = (element: Element, part: string): HTMLElement => {
  const found = element.shadowRoot?.querySelector(`[part~="${part}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`no part ${part}`);
  return found;
};

/** Styles that a page may have for its own sake, at their worst. */
function hostStyles(text: string): () => void {
  const style = document.createElement('style');
  style.textContent = text;
  document.head.append(style);
  return () => style.remove();
}

async function withData(
  data: unknown,
  attributes: Readonly<Record<string, string>> = {},
): Promise<JourneyOverview> {
  const element = document.createElement('journey-overview');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.data = data as JourneyOverview['data'];
  await fixture(element);
  await element.updateComplete;
  return element;
}

describe('an overview that the host gives data', () => {
  it('is accessible, compared, empty and huge, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      for (const data of [busy, empty, huge]) {
        const element = await withData(data, { theme });
        element.style.background = theme === 'dark' ? '#0f1216' : '#ffffff';
        await expect(element).to.be.accessible();
      }
    }
  });

  it('shows the numbers of the reference', async () => {
    const text = deepText(await withData(busy, { locale: 'en' }));
    for (const part of [
      '54,745',
      '2.2 per entry',
      '24,816',
      '23,940 users',
      '26.7%',
      '6,402 of 23,940 users',
    ]) {
      expect(text).to.contain(part);
    }
    for (const part of ['6.2%', 'from 51,549', '4.8%', '1.2 pp', 'from 25.6%', '9.6%', '11.2%', '2.1%']) {
      expect(text).to.contain(part);
    }
  });

  it('shows zeros as zeros and no base as a dash', async () => {
    const text = deepText(await withData(empty, { locale: 'en' }));
    expect(text).to.contain('–');
    expect(text).not.to.match(/NaN|Infinity|undefined|null/);
  });

  it('never rounds to a bound that was not reached', async () => {
    const text = deepText(await withData(huge, { locale: 'en' }));
    expect(text).to.contain('> 99.9%').and.to.contain('1.20M').and.to.contain('988M');
  });

  it('asks nothing', async () => {
    const endpoint = endpointFor('steady');
    let asked = 0;
    const element = document.createElement('journey-overview');
    element.endpoint = endpoint.url;
    element.journey = 'welcome';
    element.getToken = () => {
      asked += 1;
      return 'token';
    };
    element.data = busy;
    await fixture(element);
    await aTimeout(100);
    expect(asked).to.equal(0);
    expect(await endpoint.log()).to.eql([]);
  });

  it('takes broken data without throwing', async () => {
    for (const data of [{}, [], 'text', 7, { metrics: null }, { ...busy, range: null }]) {
      const element = await withData(data);
      expect(element.shadowRoot?.childElementCount).to.be.above(0);
    }
  });
});

describe('a host page', () => {
  it('cannot break an element by its styles', async () => {
    const measure = (element: Element) => {
      const value = getComputedStyle(partOf(element, 'value'));
      return [
        value.fontSize,
        value.color,
        value.fontFamily,
        value.letterSpacing,
        value.textTransform,
        value.textAlign,
      ];
    };
    const plain = measure(await withData(busy, { theme: 'light' }));
    const remove = hostStyles(`
      * { all: unset; font-size: 40px !important; color: red !important; line-height: 3 !important;
          letter-spacing: 9px !important; text-transform: uppercase !important; text-align: right !important; }
      .card, .value, .root, [part] { display: none !important; }`);
    try {
      const element = await withData(busy, { theme: 'light' });
      expect(measure(element)).to.eql(plain);
      const { width, height } = partOf(element, 'cards').getBoundingClientRect();
      expect(width).to.be.above(250);
      expect(height).to.be.above(100);
    } finally {
      remove();
    }
  });

  it('is not styled by an element', async () => {
    const paragraph = document.createElement('p');
    paragraph.className = 'card value root';
    document.body.append(paragraph);
    const look = () => {
      const { fontSize, padding, border, display } = getComputedStyle(paragraph);
      return [fontSize, padding, border, display];
    };
    const before = look();
    await withData(busy);
    expect(look()).to.eql(before);
    paragraph.remove();
  });

  it('sets a colour by its custom property on any ancestor', async () => {
    const element = await withData(busy, { theme: 'light' });
    const card = partOf(element, 'card');
    expect(getComputedStyle(card).backgroundColor).to.equal('rgb(255, 255, 255)');
    element.parentElement?.style.setProperty('--journey-surface', 'rgb(1, 2, 3)');
    expect(getComputedStyle(card).backgroundColor).to.equal('rgb(1, 2, 3)');
  });

  it('has light and dark elements beside each other, and one that follows it', async () => {
    const colour = async (theme: string | null) => {
      const element = await withData(busy, theme === null ? {} : { theme });
      return getComputedStyle(partOf(element, 'card')).backgroundColor;
    };
    expect(await colour('light')).to.equal('rgb(255, 255, 255)');
    expect(await colour('dark')).to.equal('rgb(21, 25, 31)');
    document.documentElement.style.colorScheme = 'dark';
    try {
      expect(await colour(null)).to.equal('rgb(21, 25, 31)');
      expect(await colour('auto')).to.equal('rgb(21, 25, 31)');
      expect(await colour('light')).to.equal('rgb(255, 255, 255)');
    } finally {
      document.documentElement.style.colorScheme = '';
    }
  });

  it('has elements in several languages, each with its direction', async () => {
    const german = await withData(busy, { locale: 'de' });
    const english = await withData(busy, { locale: 'en' });
    const arabic = await withData(busy, { locale: 'ar-EG' });
    expect(deepText(german)).to.contain('24.816').and.to.contain('26,7');
    expect(deepText(english)).to.contain('24,816').and.to.contain('26.7%');
    expect(deepText(arabic)).to.contain('٢٤٬٨١٦');
    expect(getComputedStyle(partOf(arabic, 'cards')).direction).to.equal('rtl');
    expect(getComputedStyle(partOf(english, 'cards')).direction).to.equal('ltr');
    expect(partOf(arabic, 'cards').closest('[lang]')?.getAttribute('lang')).to.equal('ar-EG');
  });

  it('says the language by the nearest lang, through shadow roots', async () => {
    const outer = await fixture(html`<div lang="de"><div></div></div>`);
    const shadow = outer.firstElementChild?.attachShadow({ mode: 'open' });
    const element = document.createElement('journey-overview');
    element.data = busy;
    shadow?.append(element);
    await element.updateComplete;
    expect(deepText(element)).to.contain('24.816');
  });

  it('writes false as text, and lang as no tag', async () => {
    const element = await withData(busy, { compare: 'false', locale: 'not a tag!', theme: 'false' });
    expect(deepText(element)).to.contain('54');
  });

  it('can set any text, which is never taken for HTML', async () => {
    const hostile = '<img src=x onerror="globalThis.hostile = true">';
    const element = await withData({ ...busy, journeyId: hostile }, { locale: 'en' });
    element.messages = { 'metric.messagesSent': hostile, 'card.from': `${hostile}{value}` };
    await element.updateComplete;
    await nextFrame();
    expect(element.shadowRoot?.querySelector('img')).to.equal(null);
    expect(partOf(element, 'label').textContent).to.equal(hostile);
    expect(globalThis).not.to.have.property('hostile');
  });

  it('with a strict policy meets no style attribute and no style element', async () => {
    for (const data of [busy, empty, huge]) {
      const { shadowRoot } = await withData(data);
      expect(shadowRoot?.querySelector('[style], style')).to.equal(null);
    }
  });
});

describe('a card', () => {
  for (const metric of [
    'messagesSent',
    'totalEntries',
    'conversionRate',
    'convertedUsers',
    'conversionEvents',
    'totalExits',
  ]) {
    it(`shows ${metric} alone, accessibly`, async () => {
      const card = await fixture<JourneyMetricCard>(
        html`<journey-metric-card metric=${metric} .data=${busy}></journey-metric-card>`,
      );
      expect(deepText(card)).to.match(/\d/);
      await expect(card).to.be.accessible();
    });
  }

  it('of an unknown metric says so', async () => {
    const card = await fixture(
      html`<journey-metric-card metric=${'<b>'} .data=${busy} locale="en"></journey-metric-card>`,
    );
    expect(deepText(card)).to.contain('<b>');
    await expect(card).to.be.accessible();
  });

  it('does not move its content when numbers come', async () => {
    const place = await fixture<HTMLElement>(html`<div></div>`);
    place.style.width = '230px';
    const card = document.createElement('journey-metric-card');
    card.metric = 'totalEntries';
    card.compare = 'previous';
    place.append(card);
    await card.updateComplete;
    const before = card.getBoundingClientRect().height;
    card.data = busy;
    await card.updateComplete;
    expect(card.getBoundingClientRect().height).to.equal(before);
  });
});

describe('the settings around an element', () => {
  it('come from the nearest connection, and elements of one need ask once', async () => {
    const endpoint = endpointFor('steady');
    const connection = await fixture<JourneyConnection>(html`
      <journey-connection endpoint=${endpoint.url} journey="welcome" locale="de" .getToken=${getToken}>
        <journey-overview></journey-overview>
        <section><journey-metric-card metric="totalEntries"></journey-metric-card></section>
      </journey-connection>
    `);
    await until(() =>
      [...connection.querySelectorAll('*')].every(
        (element) => !element.shadowRoot || deepText(element).includes('24.816'),
      ),
    );
    const log = await endpoint.log();
    expect(log).to.have.length(1);
    expect(log[0]).to.include({ path: 'v1/journeys/welcome/overview', query: 'trend=day' });
  });

  it('are followed when they change', async () => {
    const endpoint = endpointFor('steady');
    const connection = await fixture<JourneyConnection>(html`
      <journey-connection endpoint=${endpoint.url} .getToken=${getToken}
        ><journey-overview></journey-overview
      ></journey-connection>
    `);
    await aTimeout(50);
    expect(await endpoint.log()).to.eql([]);
    connection.journey = 'welcome';
    connection.setAttribute('from', '2026-10-27');
    connection.setAttribute('to', '2026-11-23');
    connection.setAttribute('compare', 'previous');
    await until(async () => (await endpoint.log()).length > 0);
    connection.journey = 'other';
    await until(async () => (await endpoint.log()).length > 1);
    const log = await endpoint.log();
    expect(log.map(({ path }) => path)).to.eql([
      'v1/journeys/welcome/overview',
      'v1/journeys/other/overview',
    ]);
    expect(Object.fromEntries(new URLSearchParams(log[0]?.query))).to.eql({
      from: '2026-10-27',
      to: '2026-11-23',
      compare: 'previous',
      trend: 'day',
    });
  });

  it('reach into shadow roots', async () => {
    const endpoint = endpointFor('steady');
    const connection = await fixture<JourneyConnection>(html`
      <journey-connection endpoint=${endpoint.url} journey="welcome" .getToken=${getToken}
        ><div></div
      ></journey-connection>
    `);
    const overview = document.createElement('journey-overview');
    connection.querySelector('div')?.attachShadow({ mode: 'open' }).append(overview);
    await until(async () => (await endpoint.log()).length === 1);
  });

  it('are left behind when an element is moved out, and its request is hung up', async () => {
    const endpoint = endpointFor('hanging');
    const overview = document.createElement('journey-overview');
    const connection = await fixture<JourneyConnection>(html`
      <journey-connection endpoint=${endpoint.url} journey="welcome" .getToken=${getToken}
        >${overview}</journey-connection
      >
    `);
    expect(connection.contains(overview)).to.equal(true);
    await until(async () => (await endpoint.log()).length === 1);
    overview.remove();
    await until(async () => (await endpoint.log())[0]?.aborted === true);
    connection.append(overview);
    await until(async () => (await endpoint.log()).length === 2);
  });

  it('may be set before the element is defined', async () => {
    const endpoint = endpointFor('steady');
    const name = 'journey-overview-late';
    const element = document.createElement(name);
    Object.assign(element, { endpoint: endpoint.url, journey: 'welcome', getToken });
    await fixture(element);
    const { JourneyOverview: Overview } = await import('../../widgets/elements/overview/overview.ts');
    customElements.define(name, class extends Overview {});
    await until(async () => (await endpoint.log()).length === 1);
  });
});

describe('an overview that asks', () => {
  const asking = async (scenario: string): Promise<JourneyOverview> =>
    fixture<JourneyOverview>(html`
      <journey-overview
        endpoint=${endpointFor(scenario).url}
        journey="welcome"
        locale="en"
        .getToken=${getToken}
      ></journey-overview>
    `);

  it('is accessible while it loads, and says so', async () => {
    const element = await asking('hanging');
    await aTimeout(200);
    expect(partOf(element, 'cards').getAttribute('aria-busy')).to.equal('true');
    await expect(element).to.be.accessible();
  });

  it('without anything to ask waits quietly', async () => {
    const element = await fixture(html`<journey-overview></journey-overview>`);
    await expect(element).to.be.accessible();
  });

  it('says what happened and tries again', async () => {
    const element = await asking('failing-once');
    await until(() => deepText(element).includes('Analytics could not be loaded'));
    expect(deepText(element)).to.contain('request-1');
    expect(element.shadowRoot?.querySelector('img')).to.equal(null);
    await expect(element).to.be.accessible();
    partOf(element, 'retry').click();
    await until(() => deepText(element).includes('24,816'));
  });

  for (const [scenario, words] of [
    ['forbidden', 'You cannot see this journey’s analytics'],
    ['unknown', 'There is no such journey'],
    ['proxy-page', 'does not understand'],
  ] as const) {
    it(`says what ${scenario} means, accessibly`, async () => {
      const element = await asking(scenario);
      await until(() => deepText(element).includes(words));
      await expect(element).to.be.accessible();
    });
  }

  it('keeps the last good numbers, marked with their time', async () => {
    const element = await asking('failing-later');
    await until(() => deepText(element).includes('24,816'));
    element.refresh();
    await until(() => deepText(element).includes('Could not refresh'));
    expect(deepText(element)).to.contain('24,816');
    await expect(element).to.be.accessible();
  });

  it('says that events are being counted', async () => {
    const element = await asking('pending');
    await until(() => deepText(element).includes('3 more events'));
    await expect(element).to.be.accessible();
  });

  it('tells the host, which may show its own error', async () => {
    const element = document.createElement('journey-overview');
    Object.assign(element, { endpoint: endpointFor('failing').url, journey: 'welcome', getToken });
    const details: unknown[] = [];
    const listen = (event: Event) => {
      event.preventDefault();
      details.push('detail' in event ? event.detail : undefined);
    };
    document.addEventListener('load-error', listen);
    await fixture(element);
    await until(() => details.length > 0);
    document.removeEventListener('load-error', listen);
    expect(details[0]).to.eql({ code: 'internal', status: 500, retryable: true, requestId: 'request-1' });
    await element.updateComplete;
    expect(deepText(element)).to.equal('');
  });

  it('says when numbers have come', async () => {
    const details: unknown[] = [];
    const listen = (event: Event) => details.push('detail' in event ? event.detail : undefined);
    document.addEventListener('data-load', listen);
    await asking('steady');
    await until(() => details.length > 0);
    document.removeEventListener('data-load', listen);
    expect(details[0]).to.eql({ asOf: '2026-11-24T12:00:00.000Z' });
  });

  it('shows an address that is none as an error, not as an exception', async () => {
    for (const endpoint of ['http://', 'javascript:alert(1)']) {
      const element = await fixture(html`
        <journey-overview
          endpoint=${endpoint}
          journey="welcome"
          locale="en"
          .getToken=${getToken}
        ></journey-overview>
      `);
      await until(() => deepText(element).includes('not valid'));
      await expect(element).to.be.accessible();
    }
  });
});
