// <journey-audience>: building, naming, counting and exporting a combination of metrics, and every state.
import { expect, fixture } from '@open-wc/testing';
import '../../widgets/define/audience.ts';
import '../../widgets/define/analytics.ts';
import '../../widgets/define/languages.ts';
import type { JourneyAnalytics } from '../../widgets/elements/analytics/analytics.ts';
import type { JourneyAudience } from '../../widgets/elements/audience/audience.ts';
import { mostConditions, nobodyYet, whereOf } from '../../widgets/elements/audience/audience-model.ts';
import type { ExportStartEvent } from '../../widgets/events/export-start.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until, type Endpoint } from './endpoint.ts';
import { tokenWith } from './token-with.ts';

const exporter = () => tokenWith(['metrics:read', 'users:export']);
const reader = () => tokenWith(['metrics:read']);

interface Made {
  readonly element: JourneyAudience;
  readonly endpoint: Endpoint;
}

async function make(scenario: string, properties: Partial<JourneyAudience> = {}): Promise<Made> {
  const endpoint = endpointFor(scenario);
  const element = document.createElement('journey-audience');
  Object.assign(element, {
    locale: 'en',
    endpoint: endpoint.url,
    journey: 'welcome',
    getToken: exporter,
    ...properties,
  });
  await fixture(element);
  return { element, endpoint };
}

const all = <T extends HTMLElement = HTMLElement>(element: Element, selector: string) => [
  ...(element.shadowRoot?.querySelectorAll<T>(selector) ?? []),
];
const find = (element: Element, selector: string) => all(element, selector)[0] ?? null;
const textOf = (element: Element, selector: string) =>
  (find(element, selector)?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const words = (element: Element) => textOf(element, '.result > p');
const users = (element: Element) => textOf(element, '.users:not(.stale)');
const posts = async ({ endpoint }: Made) =>
  (await endpoint.log()).filter(({ path, method }) => method === 'POST' && path.endsWith('/audience'));
const exportButton = (element: Element) =>
  find(element, 'journey-export-button')?.shadowRoot?.querySelector<HTMLElement>('#button') ?? null;

async function press(element: JourneyAudience, label: string, nth = 0): Promise<void> {
  await until(() => find(element, '.builder .ready') !== null);
  const named = all(element, 'button').filter(
    (button) => button.textContent.trim() === label || button.getAttribute('aria-label') === label,
  );
  if (!named[nth]) throw new Error(`there is no ${label}`);
  named[nth].focus();
  named[nth].click();
  await element.updateComplete;
}

async function pick(element: JourneyAudience, label: string, text: string, nth = 0): Promise<void> {
  const select = all<HTMLSelectElement>(element, `select[aria-label="${label}"]`)[nth];
  const option = [...(select?.options ?? [])].find((each) => each.text === text);
  if (!select || !option) throw new Error(`there is no ${text} in ${label}`);
  select.focus();
  option.selected = true;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await element.updateComplete;
}

async function negate(element: JourneyAudience, nth = 0): Promise<void> {
  all(element, 'input[type=checkbox]')[nth]?.click();
  await element.updateComplete;
}

/** Who failed at a step of the welcome journey, and has not converted. */
async function failedAndNot(made: Made): Promise<void> {
  const { element } = made;
  await press(element, 'Add condition');
  await pick(element, 'Step', 'Welcome push');
  await pick(element, 'Metric', 'Failed');
  await press(element, 'Add condition');
  await negate(element, 1);
}

describe('journey-audience', () => {
  it('is accessible, empty, built and counted, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const made = await make('audience', { theme });
      const { element } = made;
      element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await until(() => find(element, '.ready') !== null);
      await expect(element).to.be.accessible();
      await failedAndNot(made);
      await press(element, 'Add group');
      await until(() => users(element) !== '');
      await expect(element).to.be.accessible();
    }
  });

  it('names what is combined, and asks for exactly that once', async () => {
    const made = await make('audience', { from: '2026-11-01', to: '2026-11-07' });
    const { element } = made;
    await failedAndNot(made);
    expect(words(element)).to.equal('Failed at Welcome push, and not converted');
    await until(() => users(element) !== '');
    const [post, ...others] = await posts(made);
    expect(others).to.eql([]);
    expect(post).to.include({
      path: 'v1/journeys/welcome/audience',
      query: 'from=2026-11-01&to=2026-11-07',
      cookie: '',
    });
    expect(JSON.parse(post?.body ?? '')).to.eql({
      where: { all: [{ metric: 'failedCount', stepId: 'push' }, { not: { metric: 'convertedUsers' } }] },
    });
    expect(users(element)).to.equal(`${post?.body.length} users`);
  });

  it('joins by any, nests a group, negates it, and narrows by platform', async () => {
    const made = await make('audience');
    const { element } = made;
    await failedAndNot(made);
    await pick(element, 'Platform', 'iOS');
    await press(element, 'Add group');
    await pick(element, 'Metric', 'Total Exits', 2);
    await press(element, 'Add condition');
    await negate(element, 2);
    await pick(element, 'Who is in it', 'Any of these holds');
    expect(words(element)).to.equal(
      'Failed: iOS at Welcome push, or not converted, or not (total exits, or converted)',
    );
    await until(async () => (await posts(made)).length > 0);
    expect(JSON.parse((await posts(made)).at(-1)?.body ?? '')).to.eql({
      where: {
        any: [
          { metric: 'failedCount', stepId: 'push', platform: 'ios' },
          { not: { metric: 'convertedUsers' } },
          { not: { any: [{ metric: 'totalExits' }, { metric: 'convertedUsers' }] } },
        ],
      },
    });
  });

  it('writes a group of one as that one, and an empty one as nothing', () => {
    const one = { metric: 'totalExits', step: null, platform: null, outcome: null, not: true };
    expect(whereOf(nobodyYet)).to.equal(undefined);
    expect(whereOf({ ...nobodyYet, not: true, parts: [nobodyYet, one] })).to.eql({
      not: { not: { metric: 'totalExits' } },
    });
  });

  it('has three ready-made ones, of the steps where there is somebody', async () => {
    const { element } = await make('audience');
    await press(element, 'Recovery: a message failed');
    expect(words(element)).to.match(/^Failed at .+, or failed at /);
    const failing = welcomeFlow.steps.filter(({ metrics }) => metrics.failedCount > 0);
    expect(all(element, '.condition')).to.have.length(failing.length);
    await press(element, 'Re-engagement: dropped off');
    expect(words(element)).to.match(/^Dropped off at .+, or dropped off at /);
    await press(element, 'Tag: converted');
    expect(words(element)).to.equal('Converted');
  });

  it('says of a ready-made one that nobody is in it, and leaves what stands there', async () => {
    const steps = welcomeFlow.steps.map((step) => ({
      ...step,
      metrics: { ...step.metrics, failedCount: 0 },
    }));
    const { element } = await make('audience', { data: { ...welcomeFlow, steps } });
    await press(element, 'Tag: converted');
    const [recovery, other] = all(element, '.ready button');
    expect(textOf(element, '.ready button')).to.equal('Recovery: a message failed Nobody yet');
    expect(recovery?.getAttribute('aria-disabled')).to.equal('true');
    recovery?.focus();
    expect(element.shadowRoot?.activeElement).to.equal(recovery);
    recovery?.click();
    await element.updateComplete;
    expect(words(element)).to.equal('Converted');
    expect(other?.hasAttribute('aria-disabled')).to.equal(false);
    await expect(element).to.be.accessible();
  });

  it('tells steps of the same name apart by their ids', async () => {
    const [first, ...others] = welcomeFlow.steps;
    if (!first) throw new Error('there are no steps');
    const steps = [first, { ...first, stepId: 'twin' }, ...others];
    const { element } = await make('audience', { data: { ...welcomeFlow, steps } });
    await press(element, 'Add condition');
    await pick(element, 'Step', `${first.name} (twin)`);
    expect(words(element)).to.contain(`at ${first.name} (twin)`);
    await pick(element, 'Step', `${first.name} (${first.stepId})`);
    await pick(element, 'Step', 'Welcome push');
    expect(words(element)).to.match(/at Welcome push$/);
  });

  it('leaves no more room than the contract has, and says so', async () => {
    const [step] = welcomeFlow.steps;
    if (!step) throw new Error('there are no steps');
    const steps = Array.from({ length: mostConditions + 8 }, (_, index) => ({
      ...step,
      stepId: `step-${index}`,
      name: `Step ${index}`,
      metrics: { ...step.metrics, droppedOff: index + 1 },
    }));
    const { element } = await make('audience', { data: { ...welcomeFlow, steps } });
    await press(element, 'Re-engagement: dropped off');
    expect(all(element, '.condition')).to.have.length(mostConditions);
    expect(element.shadowRoot?.textContent).to.contain('holds up to 32 conditions');
    expect(
      all(element, '.conditions > .actions button').every((button) => button.matches(':disabled')),
    ).to.equal(true);
    await expect(element).to.be.accessible();
  });

  it('marks the number while it counts, and gives up the question that is no longer asked', async () => {
    const made = await make('audience-slow');
    const { element } = made;
    await press(element, 'Tag: converted');
    await until(() => users(element) !== '');
    await press(element, 'Recovery: a message failed');
    expect(find(element, '.users')?.classList.contains('stale')).to.equal(true);
    expect(textOf(element, '.result')).to.contain('Counting');
    await until(async () => (await posts(made)).length === 2);
    await press(element, 'Re-engagement: dropped off');
    await until(() => users(element) !== '');
    const asked = await posts(made);
    expect(asked.map(({ aborted }) => aborted)).to.eql([false, true, false]);
    expect(users(element)).to.equal(`${asked[2]?.body.length} users`);
  });

  it('counts nobody, and then exports nothing', async () => {
    const { element } = await make('audience-nobody');
    await press(element, 'Tag: converted');
    await until(() => users(element) === '0 users');
    await until(() => exportButton(element) !== null);
    expect(exportButton(element)?.getAttribute('aria-disabled')).to.equal('true');
    await expect(element).to.be.accessible();
  });

  it('says that it could not count, and tries again', async () => {
    const made = await make('audience-failing-once');
    const { element } = made;
    await press(element, 'Tag: converted');
    await until(() => find(element, '[role=alert]') !== null);
    expect(textOf(element, '[role=alert]')).to.contain('The audience could not be counted');
    expect(find(element, 'journey-export-button')).to.equal(null);
    await expect(element).to.be.accessible();
    await press(element, 'Try again');
    await until(() => users(element) !== '');
  });

  it('says that it may not count', async () => {
    const { element } = await make('audience-refused');
    await press(element, 'Tag: converted');
    await until(() => find(element, '[role=alert]') !== null);
    expect(textOf(element, '[role=alert]')).to.contain('Your access does not include it');
    expect(element.shadowRoot?.querySelector('img')).to.equal(null);
  });

  it('shows why there are no steps to choose from', async () => {
    for (const [scenario, text] of [
      ['failing', 'Analytics could not be loaded'],
      ['forbidden', 'You cannot see'],
    ] as const) {
      const { element } = await make(scenario);
      await until(() => textOf(element, '.message').includes(text));
      await expect(element).to.be.accessible();
    }
    const { element } = await make('audience', { data: { ...welcomeFlow, steps: [] } });
    expect(textOf(element, '.message')).to.contain('This journey has no steps');
    const waiting = await make('hanging');
    expect(find(waiting.element, '[aria-busy=true]')).not.to.equal(null);
    await expect(waiting.element).to.be.accessible();
  });

  it('names a combination without a way to ask, and says what is missing', async () => {
    const { element } = await make('audience', { data: welcomeFlow, endpoint: null });
    await press(element, 'Tag: converted');
    expect(words(element)).to.equal('Converted');
    expect(textOf(element, '.result')).to.contain('no access to count or export');
    expect(find(element, 'journey-export-button')).to.equal(null);
    await expect(element).to.be.accessible();
  });

  it('exports what is counted, and only with the scope', async () => {
    const made = await make('audience');
    const { element, endpoint } = made;
    const events: Event[] = [];
    element.addEventListener('export-start', (event) => events.push(event));
    const anchor = HTMLAnchorElement.prototype;
    anchor.click = () => undefined;
    await failedAndNot(made);
    await until(
      () => users(element) !== '' && exportButton(element)?.hasAttribute('aria-disabled') === false,
    );
    const button = exportButton(element);
    expect(button?.getAttribute('aria-label')).to.equal('Export Failed at Welcome push, and not converted');
    button?.click();
    const box = find(element, 'journey-export-button');
    const items = () => (box ? all(box, '[role=menuitem]') : []);
    await until(() => items().length === 2);
    items()[1]?.click();
    const link = async () => (await endpoint.log()).find(({ path }) => path.endsWith('/audience/link'));
    await until(async () => (await link()) !== undefined);
    Reflect.deleteProperty(anchor, 'click');
    const where = { all: [{ metric: 'failedCount', stepId: 'push' }, { not: { metric: 'convertedUsers' } }] };
    expect(await link()).to.include({ query: 'format=xlsx', body: JSON.stringify({ where }) });
    expect((events[0] as ExportStartEvent).detail).to.eql({
      metric: null,
      audience: where,
      stepId: null,
      platform: null,
      outcome: null,
      format: 'xlsx',
      rows: Number.parseInt(users(element), 10),
    });
    const other = await make('audience', { getToken: reader });
    await press(other.element, 'Tag: converted');
    await until(() => users(other.element) !== '');
    expect(exportButton(other.element)).to.equal(null);
  });

  it('keeps the focus when a row goes', async () => {
    const { element } = await make('audience');
    await press(element, 'Tag: converted');
    await press(element, 'Remove Converted');
    expect(element.shadowRoot?.activeElement?.textContent?.trim()).to.equal('Add condition');
    expect(find(element, '.result')).to.equal(null);
  });

  it('keeps a choice that the journey does not have any more', async () => {
    const { element } = await make('audience', { data: welcomeFlow });
    await press(element, 'Add condition');
    await pick(element, 'Step', 'Welcome push');
    element.data = { ...welcomeFlow, steps: welcomeFlow.steps.filter(({ stepId }) => stepId !== 'push') };
    await element.updateComplete;
    expect(words(element)).to.contain('at push');
    const [step] = all<HTMLSelectElement>(element, 'select[aria-label="Step"]');
    expect(step?.selectedOptions[0]?.text).to.contain('push');
  });

  for (const [locale, width] of [
    ['en', 280],
    ['tr', 390],
    ['de', 390],
    ['ar', 390],
  ] as const) {
    it(`speaks ${locale}, and fits ${width} px`, async () => {
      const { element } = await make('audience', { locale });
      element.style.width = `${width}px`;
      await until(() => find(element, '.ready') !== null);
      find(element, '.ready button')?.click();
      await until(() => users(element) !== '');
      const root = find(element, '.root');
      expect(root?.scrollWidth).to.be.at.most(width);
      for (const target of all(element, 'button, select, .not')) {
        expect(target.getBoundingClientRect().height).to.be.at.least(24);
      }
      expect(root?.dir).to.equal(locale === 'ar' ? 'rtl' : 'ltr');
      expect(root?.textContent).not.to.contain('audience.');
      await expect(element).to.be.accessible();
    });
  }

  it('opens under the flow of the whole page', async () => {
    const { url } = endpointFor('audience');
    const page = await fixture<JourneyAnalytics>(
      Object.assign(document.createElement('journey-analytics'), {
        locale: 'en',
        endpoint: url,
        journey: 'welcome',
        getToken: exporter,
      }),
    );
    const button = find(page, '[part=build-audience]');
    expect(button?.getAttribute('aria-expanded')).to.equal('false');
    expect(find(page, 'journey-audience')).to.equal(null);
    button?.click();
    await page.updateComplete;
    expect(button?.getAttribute('aria-expanded')).to.equal('true');
    const audience = find(page, 'journey-audience');
    if (!audience) throw new Error('it did not open');
    await until(() => find(audience, '.ready') !== null);
    await expect(audience).to.be.accessible();
    page.endpoint = null;
    await page.updateComplete;
    expect(find(page, '[part=build-audience]')).to.equal(null);
  });
});
