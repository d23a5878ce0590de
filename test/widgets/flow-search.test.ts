// "Find a step" of <journey-flow>, and the letters that find one by name.
import { aTimeout, expect, fixture, nextFrame } from '@open-wc/testing';
import type { Flow } from '../../bff/contract/index.ts';
import { JourneyFlow } from '../../widgets/elements/flow/flow.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { flowStep } from '../fixtures/flow-steps.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { until } from './endpoint.ts';

defineElement('journey-flow', JourneyFlow);

const hostile = '<img src=x onerror="globalThis.harmed = true">';

async function make(data: Flow, width = 1_200, properties: Partial<JourneyFlow> = {}): Promise<JourneyFlow> {
  const frame = document.createElement('div');
  frame.style.width = `${width}px`;
  const element = document.createElement('journey-flow');
  Object.assign(element, { locale: 'en', journey: 'welcome', data, ...properties });
  frame.append(element);
  await fixture(frame);
  await element.updateComplete;
  await nextFrame();
  await nextFrame();
  await element.updateComplete;
  return element;
}

function field(element: JourneyFlow): HTMLInputElement {
  const input = element.shadowRoot?.querySelector<HTMLInputElement>('.search input');
  if (!input) throw new Error('there is no search');
  return input;
}

const options = (element: JourneyFlow) => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>('[role="option"]') ?? []),
];
const names = (element: JourneyFlow) =>
  options(element).map((option) => option.querySelector('.found-name')?.textContent);
const focused = (element: JourneyFlow) => {
  const active = element.shadowRoot?.activeElement;
  return active?.closest<HTMLElement>('[data-step]')?.dataset['step'] ?? active?.localName;
};

async function press(element: JourneyFlow, key: string): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true });
  element.shadowRoot?.activeElement?.dispatchEvent(event);
  await element.updateComplete;
  return event;
}

async function type(element: JourneyFlow, text: string): Promise<void> {
  const input = field(element);
  input.focus();
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await element.updateComplete;
}

describe('the search of journey-flow', () => {
  it('is accessible closed, open, and with nothing found, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const element = await make(welcomeFlow, 1_200, { theme });
      element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await expect(element).to.be.accessible();
      await type(element, 'push');
      await expect(element).to.be.accessible();
      await type(element, 'no such step');
      await expect(element).to.be.accessible();
    }
  }).timeout(20_000);

  it('opens with a slash, filters by name, and Enter goes to the step', async () => {
    const element = await make(welcomeFlow);
    await element.focusStep('push');
    const slash = await press(element, '/');
    expect(slash.defaultPrevented, 'no slash is typed').to.equal(true);
    expect(focused(element)).to.equal('input');
    await type(element, 'PURCH');
    expect(names(element)).to.deep.equal(['Purchased', 'First purchase', 'No purchase']);
    expect(field(element).getAttribute('aria-activedescendant')).to.equal(options(element)[0]?.id);
    await press(element, 'ArrowDown');
    expect(options(element)[1]?.getAttribute('aria-selected')).to.equal('true');
    await press(element, 'Enter');
    expect(focused(element)).to.equal('purchase');
    expect(field(element).value).to.equal('');
    expect(field(element).getAttribute('aria-expanded')).to.equal('false');
  });

  it('goes round with the arrows, and a press on an option chooses it', async () => {
    const element = await make(welcomeFlow);
    await type(element, '');
    expect(options(element)).to.have.length(16);
    await press(element, 'ArrowUp');
    expect(options(element)[15]?.getAttribute('aria-selected')).to.equal('true');
    options(element)[2]?.click();
    await element.updateComplete;
    expect(focused(element)).to.equal('wait');
    expect(options(element)).to.have.length(0);
  });

  it('closes with Escape and gives the focus back', async () => {
    const element = await make(welcomeFlow);
    await element.focusStep('wait');
    await press(element, '/');
    await type(element, 'x');
    await press(element, 'Escape');
    expect(focused(element)).to.equal('wait');
    expect(field(element).value).to.equal('');
  });

  it('works in the table and in the outline', async () => {
    const narrow = await make(welcomeFlow, 360);
    await type(narrow, 'sms');
    await press(narrow, 'Enter');
    expect(focused(narrow)).to.equal('smsAllowed');
    const element = await make(welcomeFlow);
    element.shadowRoot?.querySelectorAll<HTMLElement>('.segmented button')[1]?.click();
    await element.updateComplete;
    await type(element, 'sms');
    await press(element, 'Enter');
    expect(focused(element)).to.equal('smsAllowed');
  });

  it('shows hostile names as text, and counts what it does not list', async () => {
    const steps = Array.from({ length: 80 }, (_, index) =>
      flowStep({ stepId: `s${index}`, type: 'wait', name: index === 0 ? hostile : `${index}`.repeat(100) }),
    );
    const element = await make({ ...welcomeFlow, steps, transitions: [] });
    await type(element, '');
    expect(options(element)).to.have.length(50);
    expect(element.shadowRoot?.querySelector('.found')?.textContent).to.contain('30 more steps');
    await type(element, '<IMG');
    expect(names(element)).to.deep.equal([hostile]);
    expect(element.shadowRoot?.querySelectorAll('img')).to.have.length(0);
    expect('harmed' in globalThis).to.equal(false);
  });

  it('stays inside the window, from right to left too', async () => {
    const element = await make(welcomeFlow, 360, { locale: 'ar' });
    await type(element, '');
    const list = element.shadowRoot?.querySelector('.found');
    await until(() => list?.matches(':popover-open') === true);
    const { left, right } = list?.getBoundingClientRect() ?? new DOMRect();
    expect(left).to.be.at.least(0);
    expect(right).to.be.at.most(document.documentElement.clientWidth);
  });

  it('finds a step by letters, and leaves keys with modifiers alone', async () => {
    const element = await make(welcomeFlow);
    await element.focusStep('entry');
    await press(element, 'f');
    expect(focused(element)).to.equal('purchase');
    await press(element, 'i');
    await press(element, 'n');
    expect(focused(element)).to.equal('sms');
    await aTimeout(850);
    await press(element, '1');
    expect(focused(element)).to.equal('mailB');
    const copy = new KeyboardEvent('keydown', { key: 'c', ctrlKey: true, bubbles: true, cancelable: true });
    element.shadowRoot?.activeElement?.dispatchEvent(copy);
    expect(copy.defaultPrevented).to.equal(false);
    expect(focused(element)).to.equal('mailB');
  });
});
