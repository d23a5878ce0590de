// <journey-flow>: the diagram, its keys, its popover, the table and the outline.
import { aTimeout, expect, fixture, nextFrame } from '@open-wc/testing';
import type { Flow, FlowTransition } from '../../bff/contract/index.ts';
import { JourneyFlow } from '../../widgets/elements/flow/flow.ts';
import { reportAddress } from '../../widgets/elements/flow/report-link.ts';
import type { ReportClickEvent } from '../../widgets/events/report-click.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { flowStep, type StepInput } from '../fixtures/flow-steps.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until } from './endpoint.ts';

defineElement('journey-flow', JourneyFlow);

const hostile = '<img src=x onerror="globalThis.harmed = true">';

function flowOf(steps: readonly StepInput[], transitions: readonly Partial<FlowTransition>[]): Flow {
  const link = { from: null, to: '', count: 10, users: 9, defined: true, label: null };
  return {
    ...welcomeFlow,
    steps: steps.map((step) => flowStep(step)),
    transitions: transitions.map((given) => ({ ...link, ...given })),
  };
}

async function make(properties: Partial<JourneyFlow>, width = 1_200): Promise<JourneyFlow> {
  const frame = document.createElement('div');
  frame.style.width = `${width}px`;
  const element = document.createElement('journey-flow');
  Object.assign(element, { locale: 'en', journey: 'welcome', ...properties });
  frame.append(element);
  await fixture(frame);
  await element.updateComplete;
  await nextFrame();
  await nextFrame();
  await element.updateComplete;
  return element;
}

function all(element: JourneyFlow, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

function one(element: JourneyFlow, selector: string): HTMLElement {
  const [found] = all(element, selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const stepButton = (element: JourneyFlow, id: string) => one(element, `.node[data-step="${id}"] .node-main`);
const focused = (element: JourneyFlow) =>
  element.shadowRoot?.activeElement?.closest<HTMLElement>('[data-step]')?.dataset['step'];

function press(element: JourneyFlow, key: string): void {
  const target = element.shadowRoot?.activeElement;
  target?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  );
}

const openPopover = (element: JourneyFlow) => all(element, '.popover:popover-open')[0];

async function open(element: JourneyFlow, id: string): Promise<HTMLElement> {
  stepButton(element, id).click();
  await until(() => openPopover(element) !== undefined);
  await element.updateComplete;
  return one(element, '.popover');
}

const words = (element: Element) => element.textContent.replaceAll(/\s+/g, ' ').trim();

describe('journey-flow', () => {
  it('is accessible as a diagram, a table, an outline and with an open step, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const element = await make({ data: welcomeFlow, theme });
      element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await expect(element).to.be.accessible();
      await open(element, 'push');
      await aTimeout(200);
      await expect(element).to.be.accessible();
      openPopover(element)?.hidePopover();
      all(element, '.segmented button')[1]?.click();
      await element.updateComplete;
      await expect(element).to.be.accessible();
      const narrow = await make({ data: welcomeFlow, theme }, 320);
      narrow.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      expect(all(narrow, '.outline')).to.have.length(1);
      await expect(narrow).to.be.accessible();
    }
  }).timeout(30_000);

  it('draws every step and link, and writes the shares of a fork', async () => {
    const element = await make({ data: welcomeFlow });
    expect(all(element, '.node')).to.have.length(16);
    expect(all(element, '.link')).to.have.length(19);
    expect(all(element, '.link .band')).to.have.length(18);
    const labels = all(element, '.link-label').map(words);
    expect(labels).to.include.members(['Yes 27.8%', 'No 72.2%', 'A 50.1%', 'B 49.9%']);
    expect(labels).to.include('No 41.1% back to First purchase');
    expect(all(element, '.stub-label').map(words)).to.include('4.1% left1,016');
  });

  it('tells each step in one sentence', async () => {
    const element = await make({ data: welcomeFlow });
    const nameOf = (id: string) => stepButton(element, id).querySelector('.unseen')?.textContent ?? '';
    const name = nameOf('push');
    expect(name).to.match(
      /^Welcome push, Mobile push, 24,816 entries, 23,940 users, .*4\.1% left, .*leads to Wait 1 day$/,
    );
    expect(nameOf('twice')).to.contain('goes back to First purchase');
  });

  it('is one tab stop, and its keys follow the links', async () => {
    const element = await make({ data: welcomeFlow });
    const stops = () => all(element, '.canvas [tabindex="0"]').map((stop) => stop.className);
    expect(stops()).to.deep.equal(['node-main']);
    stepButton(element, 'entry').focus();
    const visited = [
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowLeft',
      'ArrowUp',
      'End',
      'Home',
    ].map((key) => {
      press(element, key);
      return focused(element);
    });
    expect(visited).to.deep.equal([
      'push',
      'wait',
      'clicked',
      'subject',
      'tour',
      'clicked',
      'noPurchase',
      'entry',
    ]);
    press(element, 'ArrowDown');
    expect(stops(), 'the Report button of the step comes after it').to.deep.equal(['node-main', 'report']);
  });

  it('zooms by keys and buttons, and the wheel alone scrolls the page', async () => {
    const element = await make({ data: welcomeFlow }, 1_400);
    const level = () => words(one(element, '.zoom span'));
    const before = level();
    expect(before).to.equal('100%');
    stepButton(element, 'entry').focus();
    press(element, '-');
    await element.updateComplete;
    expect(level()).to.equal('90%');
    one(element, '.zoom [aria-label="Zoom in"]').click();
    await element.updateComplete;
    expect(level()).to.equal('100%');
    const canvas = one(element, '.canvas');
    const wheel = new WheelEvent('wheel', { deltaY: 100, bubbles: true, cancelable: true });
    canvas.dispatchEvent(wheel);
    expect(wheel.defaultPrevented).to.equal(false);
    const pinch = new WheelEvent('wheel', { deltaY: 100, ctrlKey: true, bubbles: true, cancelable: true });
    canvas.dispatchEvent(pinch);
    await element.updateComplete;
    expect(pinch.defaultPrevented).to.equal(true);
    expect(level()).not.to.equal('100%');
    for (let times = 0; times < 20; times += 1) press(element, '-');
    await element.updateComplete;
    expect(level()).to.equal('40%');
    expect(
      all(element, '.report').every((button) => getComputedStyle(button).visibility === 'visible'),
    ).to.equal(true);
  });

  it('brings the focused step into view', async () => {
    const element = await make({ data: welcomeFlow, direction: 'right' }, 700);
    await element.focusStep('noPurchase');
    await nextFrame();
    await nextFrame();
    const canvas = one(element, '.canvas').getBoundingClientRect();
    const button = stepButton(element, 'noPurchase').getBoundingClientRect();
    expect(button.left).to.be.at.least(canvas.left);
    expect(button.right).to.be.at.most(canvas.right);
  });

  it('opens a step with all its numbers, which add up, and gives the focus back', async () => {
    const element = await make({ data: welcomeFlow });
    const popover = await open(element, 'push');
    expect(popover.getAttribute('role')).to.equal('dialog');
    expect(popover.getAttribute('aria-label')).to.equal('Welcome push, Mobile push');
    const text = words(popover);
    for (const part of [
      'Entry Count24,816',
      'Android',
      'iOS',
      '15,930',
      '61.0%',
      'Adds up to 24,816.',
      '301 no reachable device',
    ]) {
      expect(text.replaceAll(/ (?=\d)/g, '')).to.contain(part.replaceAll(/ (?=\d)/g, ''));
    }
    expect(popover.matches(':focus-within')).to.equal(true);
    one(element, '.popover [aria-label="Close"]').click();
    await until(() => openPopover(element) === undefined);
    expect(focused(element)).to.equal('push');
    await open(element, 'sms');
    press(element, 'Escape');
    await until(() => openPopover(element) === undefined);
    expect(focused(element)).to.equal('sms');
  });

  it('keeps an open step open and in place when numbers arrive', async () => {
    const element = await make({ data: welcomeFlow });
    const popover = await open(element, 'wait');
    const before = popover.getBoundingClientRect();
    const steps = welcomeFlow.steps.map((step) =>
      step.stepId === 'wait'
        ? { ...step, metrics: { ...step.metrics, entryCount: 23_599, waiting: 1_055 } }
        : step,
    );
    element.data = { ...welcomeFlow, steps };
    await element.updateComplete;
    expect(openPopover(element)).to.equal(popover);
    expect(words(popover)).to.contain('23,599');
    expect(popover.getBoundingClientRect().left).to.equal(before.left);
  });

  it('asks the host before a step opens', async () => {
    const element = await make({ data: welcomeFlow });
    const asked: unknown[] = [];
    element.addEventListener('step-select', (event) => {
      asked.push(event.detail);
      event.preventDefault();
    });
    stepButton(element, 'sms').click();
    await aTimeout(30);
    expect(asked).to.deep.equal([{ journeyId: 'welcome', stepId: 'sms' }]);
    expect(all(element, '.popover')).to.have.length(0);
  });

  it('shows Report where there is one, and tells the host', async () => {
    const element = await make({ data: welcomeFlow, reportUrl: '#report/{campaignId}' });
    expect(all(element, '.canvas .report')).to.have.length(
      welcomeFlow.steps.filter(({ report }) => report.available).length,
    );
    const told: unknown[] = [];
    const take = (event: Event) => {
      told.push((event as ReportClickEvent).detail);
      event.preventDefault();
    };
    document.addEventListener('report-click', take);
    one(element, '.node[data-step="sms"] .report').click();
    document.removeEventListener('report-click', take);
    expect(told).to.deep.equal([
      { journeyId: 'welcome', stepId: 'sms', campaignId: 'cmp-sms', channel: 'sms' },
    ]);
    expect(location.hash).to.equal('');
    one(element, '.node[data-step="sms"] .report').click();
    expect(location.hash).to.equal('#report/cmp-sms');
    history.replaceState(null, '', location.pathname + location.search);
  });

  it('leads only to http addresses, whatever the ids are', () => {
    const detail = {
      journeyId: 'j',
      stepId: '../s',
      campaignId: '"//evil.example/?a=',
      channel: 'push',
    } as const;
    const base = 'https://host.example/app/';
    expect(reportAddress('/r/{campaignId}?s={stepId}', detail, base)).to.equal(
      'https://host.example/r/%22%2F%2Fevil.example%2F%3Fa%3D?s=..%2Fs',
    );
    expect(reportAddress('javascript:alert("{stepId}")', detail, base)).to.equal(null);
    expect(reportAddress('data:text/html,{stepId}', detail, base)).to.equal(null);
    expect(reportAddress('http://[', detail, base)).to.equal(null);
  });

  it('takes every text of the API as text', async () => {
    const ids = ['__proto__', hostile, 'constructor'];
    const steps = ids.map((stepId): StepInput => ({
      stepId,
      type: 'custom',
      name: hostile,
      metrics: { entryCount: 5, droppedOff: 5 },
      outcomes: { [hostile]: { count: 1, users: 1, convertedUsers: 0, conversionRate: 0 } },
      exitReasons: { [hostile]: 3, other: 2 },
    }));
    const links = [
      { from: ids[0] ?? '', to: ids[1] ?? '', label: hostile },
      { from: ids[0] ?? '', to: ids[2] ?? '', label: hostile },
    ];
    const element = await make({ data: flowOf(steps, links) });
    all(element, '.node-main')[1]?.click();
    await until(() => openPopover(element) !== undefined);
    all(element, '.segmented button')[1]?.click();
    await element.updateComplete;
    expect(all(element, 'img')).to.have.length(0);
    expect(words(one(element, '.panel'))).to.contain(hostile);
    expect('harmed' in globalThis).to.equal(false);
  });

  it('keeps its looks under a host that styles everything', async () => {
    const style = document.createElement('style');
    style.textContent =
      '* { position: static !important; display: inline !important; font: 40px serif !important; } button { color: red !important; }';
    const element = await make({ data: welcomeFlow });
    const before = stepButton(element, 'push').getBoundingClientRect();
    document.head.append(style);
    await nextFrame();
    const after = stepButton(element, 'push').getBoundingClientRect();
    const color = getComputedStyle(stepButton(element, 'push')).color;
    style.remove();
    expect([Math.round(after.width), Math.round(after.height)]).to.deep.equal([
      Math.round(before.width),
      Math.round(before.height),
    ]);
    expect(color).not.to.equal('rgb(255, 0, 0)');
  });

  it('draws the odd ones: no step, one, loops, orphans, nobody, names of 200 characters', async () => {
    const long = 'n'.repeat(200);
    const cases: [Flow, number][] = [
      [flowOf([], []), 0],
      [flowOf([{ stepId: 'a', type: 'entry' }], [{ from: 'a', to: 'a', count: 3 }]), 1],
      [
        flowOf(
          [
            { stepId: 'a', type: 'push', name: long, metrics: { entryCount: 9 } },
            { stepId: 'b', type: 'exit' },
          ],
          [],
        ),
        2,
      ],
      [
        flowOf(
          [
            { stepId: 'a', type: 'wait' },
            { stepId: 'b', type: 'sms' },
          ],
          [
            { from: 'a', to: 'b', count: 0 },
            { from: 'b', to: 'a', count: 0 },
          ],
        ),
        2,
      ],
    ];
    for (const direction of ['down', 'right']) {
      for (const [data, count] of cases) {
        const none = { ...data, totals: { totalEntries: 0, entryUsers: 0, activeEntries: 0, totalExits: 0 } };
        const element = await make({ data: none, direction });
        expect(all(element, '.node')).to.have.length(count);
        expect(all(element, '[d*="NaN"], [width*="NaN"]')).to.have.length(0);
        for (const node of all(element, '.node')) expect(node.offsetWidth).to.equal(240);
        expect(words(one(element, '.panel'))).to.contain(
          count === 0 ? 'This journey has no steps' : 'No one has entered yet',
        );
      }
    }
  });

  it('hides the rarer links of a mined log, says how many, and shows them on demand and with their step', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `a${index}`);
    const links = ids.flatMap((from, index) =>
      ids.map((to, other) => ({ from, to, count: 1 + ((index * 7 + other * 3) % 40) ** 2, defined: false })),
    );
    const element = await make({
      data: flowOf(
        ids.map((stepId) => ({ stepId, type: 'custom', undefinedStep: true })),
        links,
      ),
    });
    const drawn = all(element, '.link').length;
    expect(words(one(element, '.rarer span'))).to.equal(`${144 - drawn} rarer transitions hidden`);
    await element.focusStep('a3');
    one(element, '.node[data-step="a3"]').dispatchEvent(
      new PointerEvent('pointerover', { bubbles: true, composed: true }),
    );
    await until(() => all(element, '.passing .link').length > 0);
    one(element, '.rarer button').click();
    await element.updateComplete;
    expect(all(element, '.links:not(.passing) .link')).to.have.length(144);
    expect(words(one(element, '.rarer span'))).to.equal(`${144 - drawn} rarer transitions shown`);
  });

  it('says the same numbers in the table, with the same popover and Report', async () => {
    const element = await make({ data: welcomeFlow });
    all(element, '.segmented button')[1]?.click();
    await element.updateComplete;
    expect(all(element, '.canvas')).to.have.length(0);
    const rows = all(element, '.steps tbody tr');
    expect(rows).to.have.length(16);
    const push = words(one(element, 'tbody tr[data-step="push"]'));
    for (const number of [
      '24,816',
      '23,940',
      '26,108',
      '1,242',
      '4.5%',
      '6,874',
      '26.3%',
      '23,588',
      '1,016',
      '4.1%',
    ]) {
      expect(push).to.contain(number);
    }
    one(element, 'tbody tr[data-step="push"] .row-open').click();
    await until(() => openPopover(element) !== undefined);
    openPopover(element)?.hidePopover();
    all(element, '.segmented button')[0]?.click();
    await element.updateComplete;
    expect(all(element, '.node')).to.have.length(16);
  });

  it('reads from right to left: columns, keys and stubs are mirrored', async () => {
    const ltr = await make({ data: welcomeFlow });
    const left = (element: JourneyFlow, id: string) => stepButton(element, id).getBoundingClientRect().left;
    expect(left(ltr, 'tour')).to.be.below(left(ltr, 'subject'));
    const element = await make({ data: welcomeFlow, locale: 'ar' });
    expect(left(element, 'tour')).to.be.above(left(element, 'subject'));
    stepButton(element, 'subject').focus();
    press(element, 'ArrowRight');
    expect(focused(element)).to.equal('tour');
  });

  it('draws 300 steps', async () => {
    const steps = Array.from({ length: 300 }, (_, index): StepInput => ({
      stepId: `s${index}`,
      type: index === 0 ? 'entry' : index % 3 === 0 ? 'push' : 'wait',
      metrics: { entryCount: 300 - index, movedOn: 299 - index },
    }));
    const links = steps
      .slice(1)
      .map(({ stepId }, index) => ({ from: `s${Math.max(0, index - (index % 3))}`, to: stepId }));
    const began = performance.now();
    const element = await make({ data: flowOf(steps, links) });
    expect(all(element, '.node')).to.have.length(300);
    expect(performance.now() - began).to.be.below(3_000);
    const entry = stepButton(element, 's0').getBoundingClientRect();
    const canvas = one(element, '.canvas').getBoundingClientRect();
    expect(entry.left >= canvas.left && entry.right <= canvas.right && entry.top >= canvas.top).to.equal(
      true,
    );
  });

  it('shows a map of the whole picture while a part of it is out of view', async () => {
    const element = await make({ data: welcomeFlow, direction: 'right' }, 1_000);
    const view = one(element, '.map-view');
    expect(getComputedStyle(one(element, '.minimap')).display).to.equal('block');
    const before = view.getAttribute('x');
    await element.focusStep('noPurchase');
    await nextFrame();
    expect(Number(view.getAttribute('x'))).to.be.above(Number(before));
    const whole = await make({ data: welcomeFlow }, 1_400);
    expect(getComputedStyle(one(whole, '.minimap')).display).to.equal('none');
  });

  it('prints the table', async () => {
    const element = await make({ data: welcomeFlow });
    dispatchEvent(new Event('beforeprint'));
    expect(all(element, '.canvas')).to.have.length(0);
    expect(all(element, '.steps tbody tr')).to.have.length(16);
    dispatchEvent(new Event('afterprint'));
    expect(all(element, '.node')).to.have.length(16);
  });

  it('stands in skeletons, then says why there is nothing, and tries again', async () => {
    const element = await make({ endpoint: endpointFor('failing').url, getToken: () => 'token' });
    await until(() => all(element, '.message').length > 0);
    expect(words(one(element, '.message'))).to.contain('Analytics could not be loaded');
    await expect(element).to.be.accessible();
    const waiting = await make({});
    expect(all(waiting, '.skeleton')).to.have.length(1);
    await expect(waiting).to.be.accessible();
  });

  it('can leave the page and come back', async () => {
    const element = await make({ data: welcomeFlow });
    const parent = element.parentElement;
    await open(element, 'push');
    element.remove();
    parent?.append(element);
    await element.updateComplete;
    await nextFrame();
    expect(all(element, '.node')).to.have.length(16);
    expect(openPopover(element)).to.equal(undefined);
    stepButton(element, 'entry').focus();
    press(element, 'ArrowDown');
    expect(focused(element)).to.equal('push');
  });
});
