// npm run screenshots -- [--only PART-OF-A-NAME]: pictures of every element in every state into screenshots/, from the built
// file: light and dark, wide and narrow, from left to right and from right to left. Nothing leaves the machine.
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'puppeteer-core';
import { startGallery, type Gallery } from '../support/gallery.ts';
import { registrations } from '../support/manifest/manifest.ts';
import { launchBrowser } from '../support/watched-page.ts';

const folder = resolve(import.meta.dirname, '../../screenshots');
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

/** Presses the first button, through shadow roots, for which an expression over `button` is true. */
const press = (which: string) => `(function find(root) {
  for (const button of root.querySelectorAll('*')) {
    if (button.localName === 'button' && (${which})) { button.click(); return true; }
    if (button.shadowRoot && find(button.shadowRoot)) return true;
  }
  return false;
})(document)`;

interface Shot {
  readonly name: string;
  readonly tag: string;
  readonly attributes?: string;
  /** Which numbers, or which failure, the endpoint answers with. */
  readonly state?: string;
  /** What a person does before the picture is taken, expressions of the page. */
  readonly actions?: readonly string[];
  readonly widths?: readonly number[];
}

const page = 'journey-analytics';
const openStep = press("button.closest('[data-step=push]')");
const openTable = press(
  "button.querySelector('use, svg') && /table|tablo|tabelle|جدول/i.test(button.textContent + button.ariaLabel)",
);

const shots: readonly Shot[] = [
  { name: 'page-welcome', tag: page, attributes: 'compare="previous"' },
  { name: 'page-dense', tag: page, state: 'dense' },
  { name: 'page-loading', tag: page, state: 'hanging' },
  { name: 'page-empty', tag: page, state: 'empty' },
  { name: 'page-error', tag: page, state: 'failing' },
  { name: 'page-forbidden', tag: page, state: 'forbidden' },
  {
    name: 'page-stale',
    tag: page,
    state: 'stale',
    actions: ["document.querySelector('journey-analytics').refresh()"],
  },
  { name: 'page-late', tag: page, state: 'late' },
  { name: 'page-popover', tag: page, actions: [openStep] },
  { name: 'page-table', tag: page, actions: [openTable] },
  { name: 'page-range', tag: page, actions: [press("button.part.contains('range')")] },
  { name: 'page-narrowest', tag: page, widths: [280] },
  { name: 'flow-right', tag: 'journey-flow', attributes: 'direction="right"' },
  {
    name: 'overview-stale',
    tag: 'journey-overview',
    state: 'stale',
    actions: ["document.querySelector('journey-overview').refresh()"],
  },
  ...[...registrations().keys()]
    .filter((tag) => tag !== 'journey-connection' && tag !== page)
    .flatMap((tag) =>
      ['welcome', 'hanging', 'empty', 'failing', 'forbidden'].map((state) => ({
        name: `${tag.replace('journey-', '')}-${state}`,
        tag,
        state,
        attributes: 'metric="convertedUsers" step="push"',
      })),
    ),
];

const looks = ['light', 'dark'].flatMap((theme) =>
  [
    { direction: 'ltr', locale: 'en' },
    { direction: 'rtl', locale: 'ar' },
  ].map((writing) => ({ theme, ...writing })),
);

async function photograph(gallery: Gallery, tab: Page, shot: Shot): Promise<number> {
  const { name, tag, attributes = '', state = 'welcome', actions = [], widths = [1_440, 390] } = shot;
  let taken = 0;
  for (const { theme, direction, locale } of looks) {
    for (const width of widths) {
      const content = `<${tag} endpoint="${gallery.endpoint(state)}" journey="welcome" data-token theme="${theme}" ${attributes}></${tag}>`;
      /* oxlint-disable no-await-in-loop -- one page, one picture after the other */
      await tab.setViewport({ width, height: 1_000 });
      await tab.goto(gallery.page(content, { theme, direction, locale }));
      await gallery.settle(tab, { waits: state === 'hanging' });
      for (const action of actions) {
        await tab.evaluate(action);
        await delay(250);
      }
      if (actions.length > 0) await gallery.settle(tab);
      const file: `${string}.png` = `${folder}/${name}.${theme}.${width}.${direction}.png`;
      if (actions.length === 0 || state === 'stale') {
        // By the window's own height: taking what is beyond the window makes the browser lay the page out anew.
        const height = Number(await tab.evaluate('document.documentElement.scrollHeight'));
        await tab.setViewport({ width, height: Math.min(height, 4_000) });
        await delay(150);
      }
      await tab.screenshot({ path: file, captureBeyondViewport: false });
      /* oxlint-enable no-await-in-loop */
      taken += 1;
    }
  }
  return taken;
}

await mkdir(folder, { recursive: true });
const gallery = await startGallery();
let browser: Browser | undefined;
try {
  browser = await launchBrowser(['--hide-scrollbars']);
  const tab = await browser.newPage();
  await gallery.prepare(tab);
  for (const shot of shots.filter(({ name }) => name.includes(values.only))) {
    // oxlint-disable-next-line no-await-in-loop -- one page
    const taken = await photograph(gallery, tab, shot);
    console.log(
      `${shot.name}: ${taken} pictures${gallery.complaints
        .splice(0)
        .map((text) => `\n  ${text}`)
        .join('')}`,
    );
  }
} finally {
  await browser?.close();
  gallery.stop();
}
