// The documentation in a real browser: under its strict policy, every example runs, and axe finds nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Browser } from 'puppeteer-core';
import { openApi } from '../../demo/docs/open-api.ts';
import { pages } from '../../demo/docs/site.ts';
import { startDocumentationSite } from '../support/documentation-site.ts';
import type { TestService } from '../support/test-service.ts';
import { deepCount, launchBrowser, openPage, type WatchedPage } from '../support/watched-page.ts';

let service: TestService;
let browser: Browser;
before(async () => {
  [service, browser] = await Promise.all([startDocumentationSite(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

const paths = (await pages()).map(({ path }) => path);

interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

async function open(path: string, { scheme = 'light', width = 1_440 }: Look = {}): Promise<WatchedPage> {
  const watched = await openPage(browser);
  await watched.page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await watched.page.setViewport({ width, height: 900 });
  const answer = await watched.page.goto(`${service.url}/docs/${path}`);
  assert.equal(answer?.status(), 200, path);
  assert.match(
    answer?.headers()['content-security-policy'] ?? '',
    /^default-src 'none'; script-src 'self'; style-src 'self';/,
  );
  return watched;
}

/** Whether every example on the page has drawn its numbers. */
const allDrawn = `(() => {
  const live = [...document.querySelectorAll('.live')];
  const drawing = live.flatMap((each) => [...each.querySelectorAll('*')]).filter(({ localName }) =>
    localName.startsWith('journey-') && localName !== 'journey-connection');
  return drawing.every((element) => element.shadowRoot?.querySelector('[part], .root')) && ${deepCount('main', '.bone, [part~=message]')} === 0;
})()`;

async function assertQuiet(watched: WatchedPage): Promise<void> {
  assert.deepEqual(await watched.violations(), []);
  assert.deepEqual(watched.errors, []);
  assert.deepEqual(watched.warnings, []);
  const origins = new Set(watched.requests.map((address) => new URL(address).origin));
  assert.deepEqual([...origins], [service.url]);
}

async function assertAccessible(watched: WatchedPage): Promise<void> {
  await watched.ask(axe.source);
  const found = await watched.ask<string[]>(
    `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' ')))`,
  );
  assert.deepEqual(found, []);
}

describe('every page', () => {
  for (const path of paths) {
    test(`/docs/${path} runs its examples without a complaint, and is accessible`, async () => {
      const watched = await open(path);
      await watched.until(allDrawn);
      await assertAccessible(watched);
      await assertQuiet(watched);
      await watched.page.close();
    });
  }

  test('is accessible in the dark and at 390 px, and is not wider than the window', async () => {
    for (const path of ['', 'elements/analytics', 'theming', 'api', 'security', 'embedding']) {
      /* oxlint-disable no-await-in-loop -- one page after the other */
      const watched = await open(path, { scheme: 'dark', width: 390 });
      await watched.until(allDrawn);
      assert.equal(await watched.ask('document.documentElement.classList.contains("dark")'), true);
      assert.ok((await watched.ask<number>('document.documentElement.scrollWidth')) <= 390, path);
      await assertAccessible(watched);
      await assertQuiet(watched);
      await watched.page.close();
      /* oxlint-enable no-await-in-loop */
    }
  });

  test('can be used by keys: past the navigation, to another page, on a narrow screen too', async () => {
    const watched = await open('', { width: 390 });
    await watched.page.keyboard.press('Tab');
    assert.equal(await watched.ask('document.activeElement.className'), 'skip');
    await watched.page.keyboard.press('Enter');
    await watched.until(`document.activeElement.id === 'content'`);
    await watched.ask(`document.querySelector('#menu').focus()`);
    assert.equal(await watched.ask(`document.querySelector('#pages').checkVisibility()`), false);
    await watched.page.keyboard.press('Enter');
    assert.equal(await watched.ask(`document.querySelector('#pages').checkVisibility()`), true);
    assert.equal(await watched.ask(`document.querySelector('#menu').ariaExpanded`), 'true');
    await watched.page.keyboard.press('Tab');
    await watched.page.keyboard.press('Tab');
    assert.equal(await watched.ask('document.activeElement.textContent'), 'Theming');
    await Promise.all([watched.page.waitForNavigation(), watched.page.keyboard.press('Enter')]);
    assert.equal(await watched.ask('location.pathname'), '/docs/theming');
    await watched.page.close();
  });

  test('has no script and no style in itself', () => {
    for (const path of paths) {
      const file = resolve(import.meta.dirname, `../../dist/demo/docs/${path === '' ? 'index' : path}.html`);
      const html = readFileSync(file, 'utf8');
      assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/, path);
    }
  });
});

test('an example tells what the host hears', async () => {
  const watched = await open('elements/report-button');
  const button = `document.querySelector('.live journey-report-button').shadowRoot?.querySelector('button')`;
  await watched.until(button);
  await watched.ask(`${button}.click()`);
  assert.equal(
    await watched.ask(`document.querySelector('.heard').textContent`),
    'report-click {"journeyId":"welcome","stepId":"welcome-push","campaignId":"c-101","channel":"push"}',
  );
  await watched.page.close();
});

test('what is chosen on the page about theming is on the example, and is shown as CSS', async () => {
  const watched = await open('theming');
  await watched.until(allDrawn);
  const accent = `getComputedStyle(document.querySelector('.live journey-overview')).getPropertyValue('--j-accent')`;
  assert.match(await watched.ask<string>(accent), /light-dark/);
  await watched.page.click('[name=own-accent]');
  await watched.page.select('[name=scheme]', 'dark');
  await watched.page.select('[name=font]', 'Georgia, serif');
  await watched.ask(`(() => {
    const radius = document.querySelector('[name=radius]');
    radius.value = '4';
    radius.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  const css = await watched.ask<string>(`document.querySelector('#theming-css').textContent`);
  assert.equal(await watched.ask<string>(accent), '#7a3ff2');
  const scheme = `getComputedStyle(document.querySelector('.live journey-overview')).colorScheme`;
  assert.equal(await watched.ask<string>(scheme), 'dark');
  for (const line of [
    '--journey-accent: #7a3ff2;',
    '--journey-font: Georgia, serif;',
    '--journey-radius-lg: 4px;',
  ]) {
    assert.ok(css.includes(line), css);
  }
  await watched.page.click('[name=own-accent]');
  assert.match(await watched.ask<string>(accent), /light-dark/);
  await assertQuiet(watched);
  await watched.page.close();
});

test('a reader’s choice of light or dark stays from page to page', async () => {
  const watched = await open('numbers');
  await watched.page.click('#theme');
  await watched.page.goto(`${service.url}/docs/senders`);
  assert.equal(await watched.ask('getComputedStyle(document.documentElement).colorScheme'), 'dark');
  assert.equal(await watched.ask(`document.querySelector('#theme').ariaPressed`), 'true');
  await watched.page.close();
});

test('the reference of the API is of the document that the service serves', async () => {
  const answer = await service.nobody.get('/v1/openapi.json');
  assert.deepEqual(JSON.parse(answer.text), structuredClone(openApi()));
});

test('addresses', async () => {
  const { url } = service;
  const first = await fetch(`${url}/docs`, { redirect: 'manual' });
  assert.equal(first.headers.get('location'), '/docs/');
  for (const path of [
    'none',
    'elements/none',
    '..%2f..%2f..%2fpackage',
    '%2e%2e/%2e%2e/package.json',
    'index.html',
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- a few
    assert.equal((await fetch(`${url}/docs/${path}`)).status, 404, path);
  }
});

test('another site gets no token of the demo', async () => {
  const ask = (site?: string) =>
    service.nobody.call(
      'POST',
      '/demo/embed-token',
      site === undefined ? {} : { headers: { 'sec-fetch-site': site } },
    );
  assert.equal((await ask('same-origin')).status, 200);
  for (const site of [undefined, 'cross-site', 'same-site', 'none']) {
    // oxlint-disable-next-line no-await-in-loop -- a few
    assert.equal((await ask(site)).status, 403, site);
  }
});
