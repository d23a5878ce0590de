// <journey-export-button>: whether it is there, the choice, the keys, the download apart from the page, and every end.
import { expect, fixture } from '@open-wc/testing';
import '../../widgets/define/export-button.ts';
import '../../widgets/define/languages.ts';
import type { JourneyExportButton } from '../../widgets/elements/export-button/export-button.ts';
import { rowsOfJourney } from '../../widgets/elements/export-button/export-rows.ts';
import type { ExportErrorEvent } from '../../widgets/events/export-error.ts';
import type { ExportStartEvent } from '../../widgets/events/export-start.ts';
import { endpointFor, until, type Endpoint } from './endpoint.ts';
import { busy } from './overview-data.ts';
import { tokenWith } from './token-with.ts';

const exporter = () => tokenWith(['metrics:read', 'users:export']);

/** What has been opened instead of being downloaded. */
const opened: { href: string; rel: string; target: string; download: string | null }[] = [];
const anchor = HTMLAnchorElement.prototype;

interface Made {
  readonly element: JourneyExportButton;
  readonly endpoint: Endpoint;
  readonly events: Event[];
}

async function make(scenario: string, properties: Partial<JourneyExportButton> = {}): Promise<Made> {
  const endpoint = endpointFor(scenario);
  const element = document.createElement('journey-export-button');
  const events: Event[] = [];
  for (const name of ['export-start', 'export-complete', 'export-error']) {
    element.addEventListener(name, (event) => events.push(event));
  }
  Object.assign(element, {
    locale: 'en',
    metric: 'convertedUsers',
    endpoint: endpoint.url,
    journey: 'welcome',
    getToken: exporter,
    ...properties,
  });
  await fixture(element);
  return { element, endpoint, events };
}

const find = (element: Element, selector: string) =>
  element.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
const textOf = (element: Element, selector: string) =>
  (find(element, selector)?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const buttonOf = (element: Element) => {
  const button = find(element, '#button');
  if (!button) throw new Error('there is no button');
  return button;
};
const ready = async ({ element }: Made) =>
  until(() => {
    const button = find(element, '#button');
    return button !== null && !button.hasAttribute('aria-disabled');
  });
const focused = (element: Element) => element.shadowRoot?.activeElement;
const isOpen = (element: Element) => find(element, '.box')?.matches(':popover-open') === true;

async function open(made: Made): Promise<void> {
  await ready(made);
  buttonOf(made.element).click();
  await until(() => focused(made.element)?.getAttribute('role') === 'menuitem');
}

async function press(element: JourneyExportButton, key: string): Promise<void> {
  focused(element)?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  await element.updateComplete;
}

async function choose(made: Made, format = 'csv'): Promise<void> {
  await open(made);
  const items = [...(made.element.shadowRoot?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  items.find((item) => item.textContent.includes(format))?.click();
  await made.element.updateComplete;
}

describe('journey-export-button', () => {
  beforeEach(() => {
    opened.length = 0;
    anchor.click = function record(this: HTMLAnchorElement) {
      const { href, rel, target } = this;
      opened.push({ href, rel, target, download: this.getAttribute('download') });
    };
  });
  afterEach(() => {
    Reflect.deleteProperty(anchor, 'click');
  });

  it('is accessible, closed and open, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const made = await make('exporting', { theme });
      made.element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
      await ready(made);
      await expect(made.element).to.be.accessible();
      await open(made);
      await expect(made.element).to.be.accessible();
    }
  });

  it('is a target of 24 px with its whole name', async () => {
    const made = await make('exporting');
    await ready(made);
    const { width, height } = buttonOf(made.element).getBoundingClientRect();
    expect(Math.min(width, height)).to.be.at.least(24);
    expect(buttonOf(made.element).getAttribute('aria-label')).to.equal('Export Total Converted Users');
  });

  it('states the rows before the formats', async () => {
    const made = await make('exporting');
    await open(made);
    expect(textOf(made.element, 'h4')).to.equal('Export 6,402 rows');
    expect(textOf(made.element, '.items')).to.equal('.csv .xlsx');
  });

  it('takes the rows it is given, and asks for nothing then', async () => {
    const made = await make('exporting', { metric: 'sentCount', step: 'hello', rows: 1 });
    await open(made);
    expect(textOf(made.element, 'h4')).to.equal('Export 1 row');
    expect(await made.endpoint.log()).to.eql([]);
  });

  it('counts users, and events for conversion events', () => {
    expect(rowsOfJourney('totalEntries', busy)).to.equal(busy.metrics.entryUsers);
    expect(rowsOfJourney('messagesSent', busy)).to.equal(busy.metrics.messagesSentUsers);
    expect(rowsOfJourney('conversionEvents', busy)).to.equal(busy.metrics.conversionEvents);
    expect(rowsOfJourney('constructor', busy)).to.equal(undefined);
  });

  it('is not there without the scope, nor without a way to ask', async () => {
    const { element } = await make('exporting', { getToken: () => tokenWith(['metrics:read']) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(find(element, '#button')).to.equal(null);
    for (const lacking of [{ endpoint: null }, { getToken: null }, { journey: null }, { metric: null }]) {
      const { element: other } = await make('exporting', { rows: 5, ...lacking });
      expect(find(other, '#button')).to.equal(null);
    }
  });

  it('at 0 stays focusable, opens nothing, and says why', async () => {
    const { element } = await make('exporting', { rows: 0 });
    await until(() => find(element, '#button') !== null);
    const button = buttonOf(element);
    button.focus();
    expect(focused(element)).to.equal(button);
    expect(button.getAttribute('aria-disabled')).to.equal('true');
    await until(() => find(element, '#why')?.matches(':popover-open') === true);
    expect(textOf(element, '#why')).to.equal('Nothing to export: the value is 0.');
    button.click();
    await press(element, 'ArrowDown');
    expect(isOpen(element)).to.equal(false);
    await expect(element).to.be.accessible();
  });

  it('is a menu to the keys', async () => {
    const made = await make('exporting');
    const { element } = made;
    await ready(made);
    buttonOf(element).focus();
    await press(element, 'ArrowUp');
    await until(() => textOf(element, ':focus') === '.xlsx');
    await press(element, 'ArrowDown');
    expect(focused(element)?.textContent).to.contain('.csv');
    await press(element, 'ArrowUp');
    expect(focused(element)?.textContent).to.contain('.xlsx');
    await press(element, 'Home');
    expect(focused(element)?.textContent).to.contain('.csv');
    await press(element, 'End');
    expect(focused(element)?.textContent).to.contain('.xlsx');
    let outside = 0;
    const count = () => (outside += 1);
    document.addEventListener('keydown', count);
    await press(element, 'Escape');
    document.removeEventListener('keydown', count);
    expect(isOpen(element)).to.equal(false);
    expect(focused(element)).to.equal(buttonOf(element));
    expect(outside).to.equal(0);
    buttonOf(element).click();
    await until(() => focused(element)?.getAttribute('role') === 'menuitem');
    await press(element, 'Tab');
    expect(isOpen(element)).to.equal(false);
  });

  it('opens the link apart from the page, tells how far it is, and that it is done', async () => {
    const made = await make('exporting', { from: '2026-10-27', to: '2026-11-23' });
    const { element, endpoint, events } = made;
    await choose(made);
    expect(focused(element)).to.equal(buttonOf(element));
    await until(() => textOf(element, '.box').includes('3,841 of 6,402 rows'));
    expect(textOf(element, 'h4')).to.equal('Preparing the .csv file');
    expect(textOf(element, '[role=status]')).to.equal('');
    await expect(element).to.be.accessible();
    await until(() => textOf(element, '[role=status]') === '6,402 rows saved');
    await expect(element).to.be.accessible();
    expect(opened).to.eql([
      {
        href: `${endpoint.url}/v1/downloads/ticket`,
        rel: 'noreferrer noopener',
        target: '_blank',
        download: '',
      },
    ]);
    const link = (await endpoint.log()).find(({ method }) => method === 'POST');
    expect(link).to.include({
      path: 'v1/journeys/welcome/exports/convertedUsers/link',
      query: 'format=csv&from=2026-10-27&to=2026-11-23',
      cookie: '',
      referer: '',
    });
    expect(events.map(({ type }) => type)).to.eql(['export-start', 'export-complete']);
    const detail = {
      metric: 'convertedUsers',
      audience: null,
      stepId: null,
      platform: null,
      outcome: null,
      format: 'csv',
      rows: 6_402,
    };
    expect((events[0] as ExportStartEvent).detail).to.eql(detail);
    expect((events[1] as ExportStartEvent).detail).to.eql({ ...detail, exportId: 'export-1' });
    find(element, '.actions button')?.click();
    await until(() => !isOpen(element));
    await open(made);
    expect(textOf(element, 'h4')).to.equal('Export 6,402 rows');
  });

  it('downloads nothing when the host takes the event', async () => {
    const made = await make('exporting');
    made.element.addEventListener('export-start', (event) => event.preventDefault());
    await choose(made, 'xlsx');
    await until(() => !isOpen(made.element));
    expect(opened).to.eql([]);
    expect((await made.endpoint.log()).some(({ method }) => method === 'POST')).to.equal(false);
  });

  for (const [scenario, code, exportId, words] of [
    [
      'export-broken',
      'export_broken',
      'export-1',
      'Export stopped after 3,841 of 6,402 rows. No partial file was saved.',
    ],
    ['export-expired', 'export_expired', 'export-1', 'The download was not started in time.'],
    ['export-refused', 'missing_scope', null, 'Your access does not include exporting users.'],
    ['export-emptied', 'nothing_to_export', null, 'Since then the value has become 0.'],
    ['export-lost', 'not_found', 'export-1', 'What became of the download is not known.'],
    ['export-elsewhere', 'invalid_answer', null, 'The export could not be started'],
  ] as const) {
    it(`says what ${scenario} means`, async () => {
      const made = await make(scenario);
      const { element, events } = made;
      await choose(made);
      await until(() => textOf(element, '[role=status]').includes(words), 6_000);
      expect(textOf(element, '.box')).to.contain(words);
      expect(events.map(({ type }) => type)).to.eql(['export-start', 'export-error']);
      expect((events[1] as ExportErrorEvent).detail).to.include({ code, exportId, metric: 'convertedUsers' });
      expect(opened).to.have.length(exportId === null ? 0 : 1);
      expect(element.shadowRoot?.querySelector('img')).to.equal(null);
      await expect(element).to.be.accessible();
    });
  }

  it('stops asking when it leaves the page, and goes on when it is back', async () => {
    const made = await make('exporting');
    const { element, endpoint, events } = made;
    await choose(made);
    const asked = async () =>
      (await endpoint.log()).filter(({ path }) => path === 'v1/exports/export-1').length;
    await until(async () => (await asked()) === 1);
    const parent = element.parentElement;
    element.remove();
    const before = await asked();
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(await asked()).to.equal(before);
    parent?.append(element);
    await until(() => events.some(({ type }) => type === 'export-complete'));
  });

  for (const locale of ['de', 'tr', 'ar']) {
    it(`speaks ${locale}, and stays inside the window`, async () => {
      const made = await make('exporting', { locale });
      await open(made);
      const box = find(made.element, '.box')?.getBoundingClientRect();
      expect(box?.left).to.be.at.least(0);
      expect(box?.right).to.be.at.most(innerWidth);
      await expect(made.element).to.be.accessible();
    });
  }
});
