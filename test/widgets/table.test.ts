// <journey-table>: the flow's numbers as sortable tables.
import { aTimeout, expect, fixture } from '@open-wc/testing';
import type { Flow } from '../../bff/contract/index.ts';
import { JourneyTable } from '../../widgets/elements/table/table.ts';
import type { ReportClickEvent } from '../../widgets/events/report-click.ts';
import type { StepSelectEvent } from '../../widgets/events/step-select.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { flowStep, type StepInput } from '../fixtures/flow-steps.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until } from './endpoint.ts';

defineElement('journey-table', JourneyTable);

const hostile = '<img src=x onerror="globalThis.harmed = true">';

async function make(properties: Partial<JourneyTable>, width = 1_200): Promise<JourneyTable> {
  const frame = document.createElement('div');
  frame.style.width = `${width}px`;
  const element = document.createElement('journey-table');
  Object.assign(element, { locale: 'en', journey: 'welcome', ...properties });
  frame.append(element);
  await fixture(frame);
  await element.updateComplete;
  return element;
}

function all(element: JourneyTable, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

function one(element: JourneyTable, selector: string): HTMLElement {
  const [found] = all(element, selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const words = (element: Element) => element.textContent.replaceAll(/\s+/g, ' ').trim();
const order = (element: JourneyTable) => all(element, '.steps tbody tr').map((row) => row.dataset['step']);

async function sort(element: JourneyTable, title: string, table = '.steps'): Promise<HTMLElement> {
  const header = all(element, `${table} th[aria-sort]`).find((cell) => words(cell) === title);
  if (!header) throw new Error(`no column is ${title}`);
  header.querySelector('button')?.click();
  await element.updateComplete;
  return header;
}

const ownOrder = welcomeFlow.steps.length;

describe('journey-table', () => {
  it('is accessible, light and dark, wide and narrow, sorted, and with an open step', async () => {
    for (const theme of ['light', 'dark']) {
      for (const width of [1_400, 280]) {
        const element = await make({ data: welcomeFlow, theme }, width);
        element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
        await expect(element).to.be.accessible();
        await sort(element, 'Dropped off');
        await expect(element).to.be.accessible();
        one(element, 'tr[data-step="push"] .row-open').click();
        await until(() => all(element, '.popover:popover-open').length > 0);
        await aTimeout(200);
        await expect(element).to.be.accessible();
      }
    }
  }).timeout(40_000);

  it('says every step with its exact numbers', async () => {
    const element = await make({ data: welcomeFlow });
    expect(order(element)).to.have.length(ownOrder);
    const push = words(one(element, 'tr[data-step="push"]'));
    for (const number of [
      '24,816',
      '23,940',
      '26,108',
      '1,242 4.5%',
      '6,874 26.3%',
      '23,588 95.1%',
      '212',
      '1,016 4.1%',
      '2 s',
    ]) {
      expect(push.replaceAll(/(\d)(?=\d\d?\.\d%)/g, '$1')).to.satisfy((text: string) =>
        text.replaceAll(' ', '').includes(number.replaceAll(' ', '')),
      );
    }
    expect(words(one(element, 'tfoot'))).to.contain('All steps');
    const sent = welcomeFlow.steps.reduce((sum, { metrics }) => sum + metrics.sentCount, 0);
    expect(words(one(element, 'tfoot'))).to.contain(sent.toLocaleString('en'));
    expect(words(one(element, '.table-note'))).to.contain('16 steps');
  });

  it('sorts by any column, dashes last, and restores the order of the flow', async () => {
    const element = await make({ data: welcomeFlow });
    const before = order(element);
    const header = await sort(element, 'Failed');
    expect(header.getAttribute('aria-sort')).to.equal('descending');
    expect(order(element)[0]).to.equal('push');
    const dashes = order(element).slice(5);
    await sort(element, 'Failed');
    expect(header.getAttribute('aria-sort')).to.equal('ascending');
    expect(order(element)[0]).to.equal('mailA');
    expect(order(element).slice(5), 'dashes stay last, in their order').to.deep.equal(dashes);
    await sort(element, 'Failed');
    expect(header.getAttribute('aria-sort')).to.equal('none');
    expect(order(element)).to.deep.equal(before);
    await sort(element, 'Step');
    expect(order(element)[0]).to.equal('mailB');
    await sort(element, '#');
    expect(order(element)).to.deep.equal(before.toReversed());
    await sort(element, '#');
    expect(order(element)).to.deep.equal(before);
  });

  it('says every transition, with what the diagram draws of it', async () => {
    const element = await make({ data: welcomeFlow });
    const rows = all(element, '.transitions tbody tr');
    expect(rows).to.have.length(welcomeFlow.transitions.length);
    const texts = rows.map(words);
    expect(texts[0]).to.contain('Start of the journey');
    expect(texts.some((text) => text.includes('Tried twice?') && text.includes('1,912'))).to.equal(true);
    expect(texts.some((text) => text.includes('Yes 6,230') && text.includes('27.8%'))).to.equal(true);
    await sort(element, 'Entries', '.transitions');
    expect(words(all(element, '.transitions tbody tr')[0] ?? element)).to.contain('24,816');
    await sort(element, 'Share of those that moved on', '.transitions');
    const last = all(element, '.transitions tbody tr').at(-1);
    expect(last && words(last), 'first visits are a share of nothing').to.contain('Start of the journey');
  });

  it('says where all entries are, once each', async () => {
    const element = await make({ data: welcomeFlow });
    const where = one(element, '.where-block');
    expect(words(where)).to.contain('Where all 24,816 entries are now');
    const counts = [...where.querySelectorAll('dd b')].map((cell) =>
      Number(cell.textContent.replaceAll(',', '')),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(24_816);
  });

  it('opens steps, reports, and asks the host first', async () => {
    const element = await make({ data: welcomeFlow });
    const selected: unknown[] = [];
    const reported: unknown[] = [];
    const select = (event: Event) => {
      selected.push((event as StepSelectEvent).detail);
      event.preventDefault();
    };
    element.addEventListener('step-select', select);
    element.addEventListener('report-click', (event: Event) => {
      reported.push((event as ReportClickEvent).detail);
      event.preventDefault();
    });
    one(element, 'tr[data-step="push"] .row-open').click();
    await element.updateComplete;
    expect(selected).to.deep.equal([{ journeyId: 'welcome', stepId: 'push' }]);
    expect(all(element, '.popover')).to.have.length(0);
    one(element, 'tr[data-step="push"] .report').click();
    expect(reported).to.deep.equal([
      { journeyId: 'welcome', stepId: 'push', campaignId: 'cmp-welcome-push', channel: 'push' },
    ]);
    const buttons = all(element, '.steps .report');
    expect(buttons).to.have.length(welcomeFlow.steps.filter(({ report }) => report.available).length);
    element.removeEventListener('step-select', select);
    one(element, 'tr[data-step="sms"] .row-open').click();
    await until(() => all(element, '.popover:popover-open').length > 0);
    one(element, '.popover').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await until(() => all(element, '.popover:popover-open').length === 0);
    expect(element.shadowRoot?.activeElement).to.equal(one(element, 'tr[data-step="sms"] .row-open'));
  });

  it('keeps the name of the step in view, and no row is cut at 280 px', async () => {
    const element = await make({ data: welcomeFlow }, 280);
    const frame = one(element, '.table-frame');
    frame.scrollLeft = 400;
    await aTimeout(50);
    const head = one(element, 'tr[data-step="push"] th').getBoundingClientRect();
    expect(Math.round(head.left)).to.equal(Math.round(frame.getBoundingClientRect().left));
    expect(head.width).to.be.below(170);
    expect(element.getBoundingClientRect().width).to.equal(280);
  });

  it('shows text as text', async () => {
    const steps: StepInput[] = [
      { stepId: hostile, type: 'push', name: hostile, metrics: { entryCount: 2, movedOn: 1 } },
      { stepId: 'b', type: 'exit', name: 'W'.repeat(200), metrics: { entryCount: 1, droppedOff: 1 } },
    ];
    const flow: Flow = {
      ...welcomeFlow,
      steps: steps.map((step) => flowStep(step)),
      transitions: [{ from: hostile, to: 'b', count: 1, users: 1, defined: false, label: hostile }],
    };
    const element = await make({ data: flow });
    expect(all(element, 'img')).to.have.length(0);
    expect(words(one(element, '.transitions'))).to.contain('not in the definition');
    expect('harmed' in globalThis).to.equal(false);
  });

  it('is usable with 1,000 steps and 3,000 transitions, and prints them all', async () => {
    const steps = Array.from({ length: 1_000 }, (_, index) =>
      flowStep({
        stepId: `s${index}`,
        type: index === 0 ? 'entry' : index % 3 === 0 ? 'push' : 'wait',
        metrics: { entryCount: 5_000 - index, movedOn: 4_000, droppedOff: index },
      }),
    );
    const transitions = Array.from({ length: 3_000 }, (_, index) => ({
      from: `s${index % 999}`,
      to: `s${(index % 999) + 1 + (index >= 999 ? 0 : 1) * (index % 2)}`,
      count: 5_000 - index,
      users: 10,
      defined: index < 999,
      label: null,
    })).filter(({ to }) => to !== 's1000');
    const began = performance.now();
    const element = await make({ data: { ...welcomeFlow, steps, transitions } });
    expect(order(element)).to.have.length(1_000);
    expect(performance.now() - began, 'drawn').to.be.below(4_000);
    const before = performance.now();
    await sort(element, 'Dropped off');
    expect(performance.now() - before, 'sorted').to.be.below(1_500);
    expect(order(element)[0]).to.equal('s999');
    expect(all(element, '.transitions tbody tr')).to.have.length(100);
    expect(words(one(element, '.table-more'))).to.match(/^Show [\d,]+ more rows$/);
    const frame = one(element, '.table-frame');
    frame.scrollTop = 4_000;
    await aTimeout(50);
    const top = one(element, '.steps thead').getBoundingClientRect().top;
    expect(Math.abs(top - frame.getBoundingClientRect().top), 'headers stay').to.be.below(2);
    dispatchEvent(new Event('beforeprint'));
    expect(all(element, '.transitions tbody tr').length).to.be.above(1_000);
    dispatchEvent(new Event('afterprint'));
    expect(all(element, '.transitions tbody tr')).to.have.length(100);
  }).timeout(30_000);

  it('reads from right to left, in the numbers of its language', async () => {
    const element = await make({ data: welcomeFlow, locale: 'ar-EG' });
    expect(one(element, '.root').dir).to.equal('rtl');
    await expect(element).to.be.accessible();
    const cells = all(element, 'tr[data-step="push"] > *');
    expect(cells[1]?.getBoundingClientRect().left).to.be.above(cells[2]?.getBoundingClientRect().left ?? 0);
  });

  it('waits in bones, says why there is nothing, and that there are no steps', async () => {
    const waiting = await make({});
    expect(all(waiting, '.table-bones')).to.have.length(1);
    await expect(waiting).to.be.accessible();
    const failing = await make({ endpoint: endpointFor('failing').url, getToken: () => 'token' });
    await until(() => all(failing, '.message').length > 0);
    expect(words(one(failing, '.message'))).to.contain('Analytics could not be loaded');
    await expect(failing).to.be.accessible();
    const empty = await make({ data: { ...welcomeFlow, steps: [], transitions: [] } });
    expect(words(one(empty, '.message'))).to.contain('This journey has no steps');
  });
});
