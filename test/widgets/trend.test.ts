// <journey-trend>: the chart, what is read of it by pointer and keys, its table, long ranges, and its states.
import { expect, fixture } from '@open-wc/testing';
import type { Trend } from '../../bff/contract/index.ts';
import '../../widgets/define/languages.ts';
import '../../widgets/define/trend.ts';
import { rangeBefore } from '../../widgets/elements/trend/trend-facts.ts';
import type { JourneyTrend } from '../../widgets/elements/trend/trend.ts';
import { chartOf, nearestPlace, niceTicks } from '../../widgets/trend/chart.ts';
import type { Group } from '../../widgets/trend/series.ts';
import { endpointFor, until } from './endpoint.ts';
import { busy, empty } from './overview-data.ts';

const timeZone = 'Europe/Istanbul';
const dateAt = (first: string, index: number) =>
  new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10);

function trendOf(days: number, first = '2026-10-27', asOf = '2030-01-01T12:00:00.000Z'): Trend {
  return {
    points: Array.from({ length: days }, (_, index) => ({
      date: dateAt(first, index),
      count: index + 1,
      users: index,
    })),
    range: { from: null, to: null, timeZone },
    asOf,
    pendingEvents: 0,
  };
}

async function make(properties: Partial<JourneyTrend>): Promise<JourneyTrend> {
  const element = document.createElement('journey-trend');
  Object.assign(element, { locale: 'en', metric: 'totalEntries', ...properties });
  await fixture(element);
  await element.updateComplete;
  return element;
}

const load = async (scenario: string, properties: Partial<JourneyTrend> = {}) => {
  const endpoint = endpointFor(scenario);
  const element = await make({
    endpoint: endpoint.url,
    journey: 'welcome',
    getToken: () => 'token',
    ...properties,
  });
  return { endpoint, element };
};

const find = (element: Element, selector: string) => element.shadowRoot?.querySelector(selector) ?? null;
const textOf = (element: Element, selector: string) =>
  (find(element, selector)?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const plotOf = (element: Element) => {
  const plot = find(element, '.plot');
  if (!(plot instanceof HTMLElement)) throw new Error('there is no plot');
  return plot;
};
const valueOf = (element: Element) => plotOf(element).getAttribute('aria-valuetext');

async function press(element: JourneyTrend, key: string): Promise<void> {
  plotOf(element).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  await element.updateComplete;
}

describe('journey-trend', () => {
  it('is accessible, light and dark, with and without a reading', async () => {
    for (const theme of ['light', 'dark']) {
      const element = await make({ data: trendOf(28), theme });
      element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await expect(element).to.be.accessible();
      await press(element, 'ArrowLeft');
      await expect(element).to.be.accessible();
    }
  });

  it('names its metric and how days are put together', async () => {
    for (const [properties, name] of [
      [{}, 'Total Entries'],
      [{ metric: 'messagesSentUsers' }, 'Messages Sent, users'],
      [{ metric: 'convertedUsers', step: 'hello' }, 'Converted users'],
      [{ metric: 'sentUsers', step: 'hello', platform: 'ios' }, 'Sent, users: iOS'],
      [{ metric: 'outcome', step: 'ab', outcome: 'B' }, 'Outcomes: B'],
      [{ metric: 'ofTomorrow' }, 'ofTomorrow'],
    ] as const) {
      const element = await make({ data: trendOf(28), ...properties });
      expect(textOf(element, 'h3')).to.equal(name);
      expect(textOf(element, '.heading')).to.contain('by day');
    }
  });

  it('shows a hostile name as text', async () => {
    const outcome = '<img src=x onerror="globalThis.hostile = true">';
    const element = await make({ data: trendOf(3), metric: 'outcome', step: 'ab', outcome });
    expect(textOf(element, 'h3')).to.contain(outcome);
    expect(find(element, 'img')).to.equal(null);
  });

  it('draws counts or users, as the metric says', async () => {
    expect(valueOf(await make({ data: trendOf(3) }))).to.equal('Oct 29, 2026: 3');
    expect(valueOf(await make({ data: trendOf(3), metric: 'entryUsers' }))).to.equal('Oct 29, 2026: 2');
  });

  it('is read by keys, day by day, with one stop of the tab key', async () => {
    const element = await make({ data: trendOf(28) });
    const stops = element.shadowRoot?.querySelectorAll('[tabindex="0"], button, a') ?? [];
    expect([...stops]).to.eql([plotOf(element)]);
    await press(element, 'Home');
    expect(valueOf(element)).to.equal('Oct 27, 2026: 1');
    expect(textOf(element, '.reading')).to.equal('Oct 27, 2026: 1');
    await press(element, 'ArrowRight');
    expect(valueOf(element)).to.equal('Oct 28, 2026: 2');
    await press(element, 'ArrowLeft');
    await press(element, 'ArrowLeft');
    expect(valueOf(element)).to.equal('Oct 27, 2026: 1');
    await press(element, 'End');
    expect(plotOf(element).getAttribute('aria-valuenow')).to.equal('28');
    await press(element, 'Escape');
    expect(find(element, '.reading')).to.equal(null);
  });

  it('is mirrored where writing is', async () => {
    const element = await make({ data: trendOf(28), locale: 'ar' });
    await press(element, 'Home');
    const first = valueOf(element);
    await press(element, 'ArrowLeft');
    expect(valueOf(element)).not.to.equal(first);
    expect(plotOf(element).getAttribute('aria-valuenow')).to.equal('2');
    await expect(element).to.be.accessible();
  });

  it('is read by the pointer', async () => {
    const element = await make({ data: trendOf(28) });
    const plot = plotOf(element);
    const { left, width, top } = plot.getBoundingClientRect();
    const move = (x: number) =>
      plot.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: top + 20, bubbles: true }));
    move(left + 2);
    await element.updateComplete;
    expect(textOf(element, '.reading')).to.equal('Oct 27, 2026: 1');
    move(left + width - 2);
    await element.updateComplete;
    expect(textOf(element, '.reading')).to.equal('Nov 23, 2026: 28');
    const box = find(element, '.reading')?.getBoundingClientRect();
    expect(box?.right).to.be.at.most(left + width);
    plot.dispatchEvent(new PointerEvent('pointerleave'));
    await element.updateComplete;
    expect(find(element, '.reading')).to.equal(null);
  });

  it('has a table of the same numbers', async () => {
    const element = await make({ data: trendOf(28) });
    expect(element.shadowRoot?.querySelectorAll('tbody tr')).to.have.length(28);
    expect(textOf(element, 'tbody tr:last-child')).to.equal('Nov 23, 2026 28');
  });

  it('says that a day is not over, and leaves out those to come', async () => {
    const element = await make({ data: trendOf(28, '2026-10-27', '2026-11-20T11:32:00.000Z') });
    expect(valueOf(element)).to.equal('Nov 20, 2026: 25 so far');
    expect(find(element, '.running')?.getAttribute('d')).to.match(/^M.+L/);
  });

  it('puts long ranges together, and says how', async () => {
    const weeks = await make({ data: trendOf(200) });
    expect(textOf(weeks, '.heading')).to.contain('by week');
    expect(valueOf(weeks)).to.contain(': 1,379'); // 194 to 200
    const months = await make({ data: trendOf(3_700) });
    expect(textOf(months, '.heading')).to.contain('by month');
    const users = await make({ data: trendOf(200), metric: 'entryUsers' });
    expect(textOf(users, '.heading')).to.contain('daily average, by week');
    expect(valueOf(users)).to.contain(': 196.0');
  });

  it('draws the journey’s conversion rate, of an overview', async () => {
    const element = await make({ metric: 'conversionRate', data: busy });
    expect(valueOf(element)).to.match(/^Nov 23, 2026: [\d.]+%; before, Nov 23, 2026: [\d.]+%$/);
    expect(find(element, '.chart .before')?.getAttribute('d')).to.match(/^M/);
    await expect(element).to.be.accessible();
  });

  it('says that there is no rate, and that nobody has entered', async () => {
    const { trend } = busy;
    if (!trend) throw new Error('the overview has no trend');
    const none = {
      ...trend,
      conversionRate: trend.conversionRate.map(({ date }) => ({ date, value: null })),
    };
    const rate = await make({ metric: 'conversionRate', data: { ...busy, trend: none, previous: null } });
    expect(textOf(rate, '.message')).to.equal('There is no conversion rate in this range');
    expect(textOf(await make({ metric: 'conversionRate', data: empty }), '.message')).to.contain('No one');
    const nobody = await make({ data: trendOf(0) });
    expect(textOf(nobody, '.message')).to.equal('No one has entered yet');
    await expect(nobody).to.be.accessible();
  });

  it('draws one day as a point', async () => {
    const element = await make({ data: trendOf(1) });
    expect(element.shadowRoot?.querySelectorAll('.dot')).to.have.length(1);
    expect(find(element, '.chart .now')?.getAttribute('d')).to.equal('');
  });

  it('asks for the metric with its step, and for the range before when compared', async () => {
    const { element, endpoint } = await load('steady', {
      metric: 'sentCount',
      step: 'hello',
      platform: 'ios',
      from: '2026-10-28',
      to: '2026-11-24',
      compare: 'previous',
    });
    await until(() => valueOf(element)?.includes('before') === true);
    const log = await endpoint.log();
    expect(log.map(({ path, query }) => `${path}?${query}`).toSorted()).to.eql([
      'v1/journeys/welcome/trend?metric=sentCount&stepId=hello&platform=ios&from=2026-09-30&to=2026-10-27',
      'v1/journeys/welcome/trend?metric=sentCount&stepId=hello&platform=ios&from=2026-10-28&to=2026-11-24',
    ]);
    expect(valueOf(element)).to.equal('Nov 24, 2026: 127 so far; before, Oct 27, 2026: 127');
    expect(textOf(element, '.key')).to.contain('Sep 30');
  });

  it('shares the overview’s request for the rate', async () => {
    const { endpoint } = await load('steady', { metric: 'conversionRate' });
    await until(async () => (await endpoint.log()).length === 1);
    expect((await endpoint.log())[0]).to.include({
      path: 'v1/journeys/welcome/overview',
      query: 'trend=day',
    });
  });

  it('keeps its size from the skeleton to the chart and to a failure', async () => {
    const { element } = await load('slow');
    expect(find(element, '.trend')?.getAttribute('aria-busy')).to.equal('true');
    await expect(element).to.be.accessible();
    const { height } = element.getBoundingClientRect();
    await until(() => find(element, '.chart') !== null);
    expect(element.getBoundingClientRect().height).to.equal(height);
    const { element: failed } = await load('failing');
    await until(() => find(failed, '.message') !== null);
    expect(failed.getBoundingClientRect().height).to.equal(height);
    await expect(failed).to.be.accessible();
  });

  it('says why there is nothing, and stays silent when the host shows it', async () => {
    const { element } = await load('forbidden');
    await until(() => find(element, '.message') !== null);
    expect(textOf(element, '.message')).to.contain('You cannot see');
    const silent = document.createElement('journey-trend');
    silent.addEventListener('load-error', (event) => event.preventDefault());
    Object.assign(silent, {
      metric: 'totalEntries',
      endpoint: endpointFor('failing').url,
      journey: 'welcome',
      getToken: () => 'token',
    });
    await fixture(silent);
    await until(() => find(silent, '.root')?.childElementCount === 0);
  });

  it('keeps the last numbers when a refresh fails, marked with their time', async () => {
    const { element } = await load('failing-later');
    await until(() => find(element, '.chart') !== null);
    element.refresh();
    await until(() => find(element, '.notice') !== null);
    expect(textOf(element, '.notice')).to.contain('Could not refresh');
    expect(find(element, '.chart')).not.to.equal(null);
    await expect(element).to.be.accessible();
  });

  it('says that data are no trend', async () => {
    const element = await make({ data: busy });
    expect(textOf(element, '.message')).to.contain('does not understand');
  });

  it('draws nothing without a metric', async () => {
    expect(find(await make({ metric: null }), '*:not(style)')).to.equal(null);
  });

  it('fits into 280 px', async () => {
    const element = await make({ data: trendOf(92) });
    element.style.width = '280px';
    await until(() => find(element, '.chart')?.getAttribute('viewBox')?.startsWith('0 0 25') === true);
    expect(element.scrollWidth).to.be.at.most(280);
    const dates = [...(element.shadowRoot?.querySelectorAll('.date') ?? [])].map((text) =>
      text.getBoundingClientRect(),
    );
    for (const [index, { left }] of dates.entries()) {
      if (index > 0) expect(left).to.be.above(dates[index - 1]?.right ?? 0);
    }
  });
});

describe('a chart', () => {
  const groups = (values: readonly (number | null)[]): Group[] =>
    values.map((value, index) => ({
      from: dateAt('2026-01-01', index),
      to: dateAt('2026-01-01', index),
      days: 1,
      value,
    }));
  const options = {
    before: [],
    width: 200,
    height: 200,
    mirrored: false,
    running: false,
    wholeNumbers: true,
  };

  for (const [most, whole, ticks] of [
    [0, true, [0, 1]],
    [1, true, [0, 1]],
    [3, true, [0, 1, 2, 3]],
    [7, true, [0, 5, 10]],
    [128, true, [0, 50, 100, 150]],
    [4_000, true, [0, 2_000, 4_000]],
    [0.7, false, [0, 0.25, 0.5, 0.75]],
    [26.7, false, [0, 10, 20, 30]],
  ] as const) {
    it(`has gridlines at ${ticks.join(', ')} for ${most}`, () => {
      expect(niceTicks(most, whole)).to.eql(ticks);
    });
  }

  it('begins at 0', () => {
    const chart = chartOf({ ...options, now: groups([90, 100]) });
    expect(chart.gridlines[0]).to.eql({ value: 0, y: 178 });
  });

  it('leaves gaps where there is no value, and shows what stands alone', () => {
    const chart = chartOf({ ...options, now: groups([1, 2, null, 3, null, 4, 5]) });
    expect(chart.line.match(/M/g)).to.have.length(2);
    expect(chart.alone).to.have.length(1);
    expect(chart.places[2]).to.equal(null);
    expect(nearestPlace(chart, chart.places[3]?.x ?? 0)).to.equal(3);
  });

  it('compares with the range of the same length before', () => {
    expect(rangeBefore('2026-03-01', '2026-03-31')).to.eql({ from: '2026-01-29', to: '2026-02-28' });
    expect(rangeBefore('2026-03-01', null)).to.equal(null);
    expect(rangeBefore('yesterday', '2026-03-31')).to.equal(null);
  });
});
