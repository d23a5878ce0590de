// <journey-step-metrics>: a step's numbers by its type, its states, its words.
import { aTimeout, expect, fixture } from '@open-wc/testing';
import type { FlowStep } from '../../bff/contract/index.ts';
import '../../widgets/define/languages.ts';
import { JourneyExportButton } from '../../widgets/elements/export-button/export-button.ts';
import { JourneyStepMetrics } from '../../widgets/elements/step-metrics/step-metrics.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { flowStep } from '../fixtures/flow-steps.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until } from './endpoint.ts';

defineElement('journey-step-metrics', JourneyStepMetrics);

const hostile = '<img src=x onerror="globalThis.harmed = true">';

function stepOf(id: string): FlowStep {
  const step = welcomeFlow.steps.find(({ stepId }) => stepId === id);
  if (!step) throw new Error(`no step ${id}`);
  return step;
}

async function make(properties: Partial<JourneyStepMetrics>, width = 420): Promise<JourneyStepMetrics> {
  const frame = document.createElement('div');
  frame.style.width = `${width}px`;
  const element = new JourneyStepMetrics();
  Object.assign(element, { locale: 'en', ...properties });
  frame.append(element);
  await fixture(frame);
  await element.updateComplete;
  return element;
}

const asksOf = (scenario: string) => ({
  endpoint: endpointFor(scenario).url,
  journey: 'welcome',
  getToken: () => 'token',
});
const load = (scenario: string, step = 'push') => make({ ...asksOf(scenario), step });

function all(element: JourneyStepMetrics, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

function one(element: JourneyStepMetrics, selector: string): HTMLElement {
  const [found] = all(element, selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const words = (element: Element) => element.textContent.replaceAll(/\s+/g, ' ').trim();

/** The names of a step's numbers, in their order. */
const namesOf = (element: JourneyStepMetrics) => all(element, '.metrics .term, .platforms .term').map(words);

function split(a: readonly [number, number], b: readonly [number, number], weights = [50, 50]): FlowStep {
  const outcome = ([users, convertedUsers]: readonly [number, number]) => ({
    count: users,
    users,
    convertedUsers,
    conversionRate: (100 * convertedUsers) / users,
  });
  return flowStep({
    stepId: 'test',
    type: 'split',
    name: 'Subject line test',
    metrics: { entryCount: a[0] + b[0], movedOn: a[0] + b[0] },
    variants: [
      { outcome: 'A', weight: weights[0] ?? 0, name: 'Your first steps' },
      { outcome: 'B', weight: weights[1] ?? 0 },
    ],
    outcomes: { A: outcome(a), B: outcome(b) },
  });
}

describe('journey-step-metrics', () => {
  it('is accessible for every type of step, light and dark, wide and narrow', async () => {
    for (const theme of ['light', 'dark']) {
      for (const id of ['push', 'mailA', 'sms', 'tour', 'credit', 'clicked', 'subject', 'purchased']) {
        const element = await make({ data: stepOf(id), theme }, theme === 'dark' ? 280 : 420);
        element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
        await expect(element, id).to.be.accessible();
      }
    }
  }).timeout(30_000);

  it('is accessible while it loads, without permission, without a step and when it fails', async () => {
    const loading = await load('hanging');
    expect(one(loading, '.panel').getAttribute('aria-busy')).to.equal('true');
    await expect(loading).to.be.accessible();
    for (const scenario of ['forbidden', 'unknown', 'failing']) {
      const element = await load(scenario);
      await until(() => all(element, '.message').length === 1);
      await expect(element).to.be.accessible();
    }
  }).timeout(20_000);

  for (const [id, expected] of [
    ['push', ['Sent', 'Failed', 'Clicked']],
    ['mailA', ['Sent', 'Failed', 'Shown', 'Clicked']],
    ['mailB', ['Sent', 'Failed', 'Shown', 'Clicked', 'Bounced']],
    ['sms', ['Sent', 'Failed']],
    ['wait', []],
  ] as const) {
    it(`shows of ${id} what its type has, and what else is not 0`, async () => {
      const element = await make({ data: stepOf(id) });
      const names = namesOf(element);
      expect(names.slice(0, 2)).to.eql(['Entry Count', 'Entry User Count']);
      expect(names.filter((name) => expected.some((wanted) => wanted === name))).to.eql([...expected]);
      expect(names).to.include('Conversion');
      expect(all(element, '.balance .term').map(words)).to.include.members([
        'Moved on',
        'Waiting',
        'Completed',
        'Dropped off',
      ]);
    });
  }

  it('shows a push by platform, Android and iOS always', async () => {
    const element = await make({ data: stepOf('push') });
    expect(all(element, '.platforms thead th').map(words)).to.eql(['Metric', 'All', 'Android', 'iOS']);
    expect(words(one(element, '.platforms tbody tr'))).to.equal('Sent 26,108 15,930 61.0% 10,178 39.0%');
  });

  it('keeps the names of metrics whole beside four platforms', async () => {
    const step = stepOf('push');
    const { android } = step.platforms;
    const data = { ...step, platforms: { ...step.platforms, web: android, other: android } };
    const element = await make({ data }, 400);
    expect(all(element, '.platforms thead th')).to.have.length(6);
    const names = all(element, '.platforms tbody th .term');
    expect(names.length).to.be.above(2);
    for (const name of names) {
      const lineHeight = Number.parseFloat(getComputedStyle(name).lineHeight);
      expect(name.getBoundingClientRect().height, words(name)).to.be.below(2 * lineHeight);
    }
  });

  it('accounts for every entry', async () => {
    const element = await make({ data: stepOf('push') });
    expect(words(one(element, '.sum'))).to.equal('Adds up to 24,816.');
    expect(words(one(element, '.why'))).to.contain('604 failed');
    const shares = all(element, '.stack i').map((part) => part.className);
    expect(shares).to.eql(['key moved', 'key held', 'key exited', 'key failed']);
    expect(words(one(element, '.details-foot'))).to.contain('median 2 s, 90% within 14 s');
  });

  it('names each outcome of a custom step and a condition, with its conversion', async () => {
    const custom = await make({ data: stepOf('credit') });
    expect(all(custom, '.outcomes tbody th').map(words)).to.eql(['Granted', 'Had one', 'Failed']);
    expect(all(custom, '.verdict')).to.have.length(0);
    const condition = await make({ data: stepOf('clicked') });
    expect(words(one(condition, '.outcomes tbody tr'))).to.equal('Yes 6,230 27.8% 2,012 of 6,061 33.2%');
  });

  it('names no winner while chance could explain the difference', async () => {
    const element = await make({ data: stepOf('subject') });
    const text = words(one(element, '.verdict'));
    expect(text).to.contain('No clear winner yet');
    expect(text).to.contain('B − A');
    expect(text).to.contain('+1.0 pp');
    expect(text).to.contain('The 95% interval, −0.2 pp to +2.2 pp, includes zero');
    expect(text).to.contain('Split as planned');
    expect(text).to.contain('8,102 / 8,078 entries, 50.1% / 49.9%');
    expect(words(one(element, '.outcomes tbody tr'))).to.contain('18.2–20.0');
  });

  it('names the winner, by how much', async () => {
    const element = await make({ data: split([8_000, 1_500], [8_000, 1_640]) });
    expect(words(one(element, '.verdict h5'))).to.equal('B converts better, by 0.5 to 3.0 pp');
  });

  it('compares nothing when the split differs from its plan', async () => {
    const element = await make({ data: split([8_000, 1_500], [7_000, 1_900]) });
    const text = words(one(element, '.verdict'));
    expect(text).to.contain('Split differs from plan; do not compare');
    expect(text).not.to.contain('better');
    expect(all(element, '.interval')).to.have.length(0);
  });

  it('explains each term by pointer and keyboard, and Escape takes it away', async () => {
    const element = await make({ data: stepOf('push') });
    const term = one(element, '[aria-describedby="step-definition-entryUsers"]');
    const definition = one(element, '#step-definition-entryUsers');
    term.focus();
    expect(definition.matches(':popover-open')).to.equal(true);
    expect(words(definition)).to.contain('Each user counts once');
    term.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    expect(definition.matches(':popover-open')).to.equal(false);
    for (const described of all(element, '[aria-describedby]')) {
      const id = described.getAttribute('aria-describedby') ?? '';
      expect(element.shadowRoot?.getElementById(id), id).not.to.equal(null);
      const { width, height } = described.getBoundingClientRect();
      expect(Math.min(width, height), id).to.be.at.least(24);
    }
  });

  it('shows Report where there is one, and tells the host', async () => {
    expect(all(await make({ data: stepOf('wait') }), '[part="report"]')).to.have.length(0);
    const element = await make({ data: stepOf('sms'), journey: 'welcome' });
    const told: unknown[] = [];
    element.addEventListener('report-click', (event) => told.push(event.detail));
    one(element, '[part="report"]').click();
    expect(told).to.eql([{ journeyId: 'welcome', stepId: 'sms', campaignId: 'cmp-sms', channel: 'sms' }]);
  });

  it('asks for its step, and for nothing without one or with data', async () => {
    const endpoint = endpointFor('steps');
    const asks = { endpoint: endpoint.url, journey: 'welcome', getToken: () => 'token' };
    const element = await make({ ...asks, compare: 'previous', from: '2026-10-01', to: '2026-10-31' });
    await make({ ...asks, step: 'push', data: stepOf('push') });
    await aTimeout(30);
    expect(await endpoint.log()).to.eql([]);
    expect(all(element, '*')).to.have.length(0);
    let loaded = 0;
    element.addEventListener('data-load', () => (loaded += 1));
    element.step = 'mailA';
    await until(() => all(element, 'h4').some((name) => words(name) === 'Your first steps'));
    const [request] = await endpoint.log();
    expect(request?.path).to.equal('v1/journeys/welcome/steps/mailA');
    expect(request?.query).to.equal('from=2026-10-01&to=2026-10-31');
    expect(loaded).to.equal(1);
    element.step = 'sms';
    await until(() => all(element, 'h4').some((name) => words(name) === 'Finish your order'));
  });

  it('keeps the last good numbers when they cannot be refreshed, and says so', async () => {
    const element = await load('steps-then-failing');
    await until(() => all(element, 'h4').length === 1);
    element.refresh();
    await until(() => all(element, '.notice').length === 1);
    expect(words(one(element, '.notice'))).to.contain('Could not refresh');
    expect(words(one(element, 'h4'))).to.equal('Welcome push');
    await expect(element).to.be.accessible();
  });

  it('says that there is no such step', async () => {
    const element = await load('unknown');
    await until(() => all(element, '.message').length === 1);
    expect(words(one(element, '.message h4'))).to.equal('There is no such step');
  });

  it('draws a step nobody entered, and no number that is none', async () => {
    const element = await make({ data: flowStep({ stepId: 'new', type: 'push', name: 'New' }) });
    expect(words(element.shadowRoot?.firstElementChild ?? element)).to.contain(
      'No one has entered this step.',
    );
    expect(element.shadowRoot?.textContent).not.to.match(/NaN|Infinity|undefined|null/);
  });

  it('shows hostile texts as texts', async () => {
    const data = flowStep({
      stepId: 'x',
      type: 'split',
      name: hostile,
      metrics: { entryCount: 20, droppedOff: 20 },
      exitReasons: { [hostile]: 20 },
      variants: [
        { outcome: hostile, weight: 50, name: hostile },
        { outcome: '__proto__', weight: 50 },
      ],
      outcomes: { [hostile]: { count: 20, users: 20, convertedUsers: 2, conversionRate: 10 } },
    });
    const element = await make({ data });
    expect(all(element, 'img')).to.have.length(0);
    expect(words(one(element, 'h4'))).to.equal(hostile);
    expect('harmed' in globalThis).to.equal(false);
  });

  it('speaks other languages, from right to left too, and writes no style attribute', async () => {
    for (const locale of ['ar', 'de', 'tr']) {
      const element = await make({ data: stepOf('subject'), locale });
      expect(one(element, '.root').dir).to.equal(locale === 'ar' ? 'rtl' : 'ltr');
      expect(element.shadowRoot?.textContent).not.to.contain('No clear winner');
      await expect(element).to.be.accessible();
    }
  });

  it('fits into 280 px', async () => {
    for (const id of ['push', 'subject', 'mailB']) {
      const element = await make({ data: stepOf(id) }, 280);
      const panel = one(element, '.panel');
      expect(panel.scrollWidth, id).to.be.at.most(panel.clientWidth);
    }
  });

  it('offers an export of every metric once its element is on the page, and none without an endpoint', async () => {
    expect(all(await make({ data: stepOf('mailB') }), 'journey-export-button')).to.have.length(0);
    defineElement('journey-export-button', JourneyExportButton);
    const alone = await make({ data: stepOf('mailB') });
    const buttons = () => all(alone, 'journey-export-button') as JourneyExportButton[]; // asked for by name
    expect(buttons().map(({ metric, rows }) => `${metric} ${rows}`)).to.eql([
      'entryCount 7906',
      'entryUsers 7906',
      'sentCount 7809',
      'failedCount 215',
      'shownCount 4216',
      'clickedCount 1068',
      'bouncedCount 31',
      'movedOn 7320',
      'waiting 54',
      'waitingHeld 54',
      'completed 0',
      'droppedOff 704',
      'stoppedByFailure 215',
      'convertedUsers 1588',
    ]);
    expect(buttons().every((button) => !button.shadowRoot?.querySelector('button'))).to.equal(true);
    const element = await load('steps', 'subject');
    await until(() =>
      all(element, 'journey-export-button').some((button) => button.shadowRoot?.querySelector('button')),
    );
    const ofB = all(element, '.outcomes journey-export-button')[1] as JourneyExportButton;
    expect([ofB.metric, ofB.step, ofB.outcome, ofB.rows]).to.eql(['outcome', 'subject', 'B', 7_906]);
    await expect(element).to.be.accessible();
    const narrow = await make({ ...asksOf('steps'), step: 'push' }, 280);
    await until(() =>
      all(narrow, 'journey-export-button').some((button) => button.shadowRoot?.querySelector('button')),
    );
    const panel = one(narrow, '.panel');
    expect(panel.scrollWidth).to.be.at.most(panel.clientWidth);
  });
});
