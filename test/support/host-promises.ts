// What every host of the demo must do, whatever framework it is made with: one body of tests, run for each.
// oxlint-disable typescript/no-floating-promises -- tests, as in files named *.test.ts
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { overviewSchema } from '../../bff/contract/index.ts';
import { button, closeScreen, exportOf, press, type Screen } from './export-screen.ts';
import { startHostedConsole, type HostedConsole } from './hosted-console.ts';
import { startOtherReader, type OtherReader } from './other-reader.ts';
import { settled } from './test-service.ts';

const overviewOf = async ({ north }: HostedConsole, query = '') =>
  (await north.api.get(`/v1/journeys/welcome/overview${query}`)).as(overviewSchema);

/** The values of the cards on the page: of the whole page, and of the pinned ones. */
export const values = (
  selector: string,
) => `[...document.querySelectorAll('${selector}')].flatMap((element) =>
  [...(element.shadowRoot.querySelector('journey-overview')?.shadowRoot ?? element.shadowRoot).querySelectorAll('[part=value]')])
  .map((value) => value.textContent.trim())`;

/** What has the focus, with the shadow hosts around it, and the step of the flow that it belongs to. */
const focusPath = `(() => {
  const path = [];
  for (let focused = document.activeElement; focused; focused = focused.shadowRoot?.activeElement) {
    const step = focused.closest('[data-step]')?.dataset.step;
    path.push(focused.localName + (step ? '@' + step : '') + (focused.id ? '#' + focused.id : ''));
  }
  return path.join(' ');
})()`;

/** Goes on by Tab until the focus is where it is wanted. */
async function tabTo(screen: Screen, wanted: RegExp, most = 80): Promise<void> {
  const passed: string[] = [];
  for (let count = 0; count < most; count += 1) {
    /* oxlint-disable no-await-in-loop -- one key after the other */
    await screen.page.keyboard.press('Tab');
    const path = await screen.ask<string>(focusPath);
    if (wanted.test(path)) return;
    passed.push(path);
    /* oxlint-enable no-await-in-loop */
  }
  assert.fail(`${String(wanted)} has no focus after:\n${passed.join('\n')}`);
}

/** Runs the tests for the host in a folder of demo/hosts/, and more that are of one host alone. */
export function promisesOfHost(name: string, more?: (site: () => HostedConsole) => void): void {
  let site: HostedConsole;
  let reader: OtherReader;
  before(async () => {
    site = await startHostedConsole(name);
    reader = startOtherReader();
  });
  after(async () => {
    await site?.stop();
    await reader?.stop();
  });

  /** Opens the host, does something with it, and asks what it complains about. */
  const visit = async (query: string, act: (screen: Screen) => Promise<void>) => {
    const screen = await site.open(query);
    await act(screen);
    await site.assertNoComplaint(screen);
    await closeScreen(screen);
  };

  describe(`the host "${name}"`, () => {
    test('shows the numbers of the API, which are those of the exported file', async () => {
      await visit('locale=en', async (screen) => {
        const { metrics } = await overviewOf(site);
        const shown = await screen.ask<string[]>(values('journey-analytics'));
        assert.equal(shown.length, 6);
        for (const number of [metrics.totalEntries, metrics.convertedUsers, metrics.conversionEvents])
          assert.ok(shown.includes(number.toLocaleString('en')), `${number} is not in ${shown.join(' ')}`);
        assert.deepEqual(await screen.ask<string[]>(values('journey-metric-card')), [
          metrics.convertedUsers.toLocaleString('en'),
          metrics.conversionEvents.toLocaleString('en'),
        ]);
        const { stated, rows } = await exportOf(screen, 'Export Total Converted Users', 'csv', reader);
        assert.deepEqual([stated, rows.length], [metrics.convertedUsers, metrics.convertedUsers]);
        const entrants = await exportOf(screen, 'Export Entry User Count', 'xlsx', reader);
        assert.deepEqual([entrants.stated, entrants.rows.length], [metrics.entryUsers, metrics.entryUsers]);
      });
    });

    test('opens its own campaign page from Report, and comes back to where it was', async () => {
      await visit('locale=en', async (screen) => {
        await press(screen, 'journey-step-metrics >>> button[part~=report]');
        await screen.until(`document.querySelector('main.campaign:not([hidden]) h1')?.checkVisibility()`);
        assert.deepEqual(
          await screen.ask<string[]>(
            `[...document.querySelectorAll('.campaign dd')].map((one) => one.textContent.trim())`,
          ),
          ['c-101', 'push', 'welcome-push'],
        );
        assert.match(screen.page.url(), /campaign=c-101&channel=push&step=welcome-push/);
        assert.match(await screen.ask<string>(focusPath), /h1/);
        await screen.page.goBack();
        await screen.until(`document.querySelector('journey-analytics').checkVisibility()`);
        assert.match(await screen.ask<string>(focusPath), /journey-step-metrics/);
        await screen.page.goForward();
        await screen.until(`document.querySelector('.campaign button').checkVisibility()`);
        await press(screen, '.campaign button');
        await screen.until(`document.querySelector('journey-analytics').checkVisibility()`);
        assert.doesNotMatch(screen.page.url(), /campaign/);
        assert.match(await screen.ask<string>(focusPath), /journey-step-metrics/);
      });
    });

    test('holds back an export when it asks first, and lets it through when not', async () => {
      await visit('locale=en', async (screen) => {
        await press(screen, '.ask input');
        await press(screen, button('Export Entry User Count'));
        await press(screen, '>>> .box:popover-open [role=menuitem]');
        await screen.until(`document.querySelector('.notice')?.checkVisibility()`);
        const { metrics } = await overviewOf(site);
        const said = await screen.ask<string>(`document.querySelector('.notice').textContent`);
        assert.ok(said.includes(`${metrics.entryUsers} rows (CSV)`), said);
        assert.deepEqual(await screen.saved(), []);
        await screen.page.keyboard.press('Escape');
        await press(screen, '.notice button');
        await screen.until(`!document.querySelector('.notice')?.checkVisibility()`);
        await press(screen, '.ask input');
        const { rows } = await exportOf(screen, 'Export Entry User Count', 'csv', reader);
        assert.equal(rows.length, metrics.entryUsers);
      });
    });

    test('keeps the range that was picked in its address, and gives it to the pinned elements', async () => {
      await visit('locale=en', async (screen) => {
        await press(screen, '>>> button.range');
        await press(screen, '>>> #range-menu button.small:not(.solid):nth-of-type(2)');
        await screen.until(`new URLSearchParams(location.search).has('from')`);
        const given = new URL(screen.page.url()).searchParams;
        const { metrics } = await overviewOf(site, `?from=${given.get('from')}&to=${given.get('to')}`);
        const whole = await overviewOf(site);
        assert.notEqual(metrics.convertedUsers, whole.metrics.convertedUsers, 'nothing to tell by');
        await screen.until(`${values('journey-metric-card')}[0] === '${metrics.convertedUsers}'`);
        const line = await screen.ask<string>(`document.querySelector('.line').textContent`);
        assert.match(line, /Range: .*20\d\d/);
        await screen.page.reload();
        await screen.until(
          `document.querySelector('journey-metric-card')?.shadowRoot?.querySelector('[part=value]') && ${values('journey-metric-card')}[0] === '${metrics.convertedUsers}'`,
        );
      });
    });

    test('renews tokens without a reload, and the numbers go on', async () => {
      site.tokenSeconds = 4;
      const mintedBefore = site.minted();
      await visit('locale=en', async (screen) => {
        await screen.ask('globalThis.samePage = true');
        const end = Date.now() + 15_000;
        // One token for each of the two connections, and each again.
        while (site.minted() - mintedBefore < 4) {
          assert.ok(Date.now() < end, `${site.minted() - mintedBefore} tokens`);
          // oxlint-disable-next-line no-await-in-loop
          await delay(100);
        }
        const { metrics } = await overviewOf(site);
        const at = new Date().toISOString();
        const event = {
          id: `new-${name}`,
          type: 'journey.entered',
          at,
          userId: `new-${name}`,
          journeyId: 'welcome',
        };
        assert.equal((await site.north.api.post('/v1/events', [event])).status, 202);
        await settled(site.north.api, 'welcome');
        const entries = (metrics.totalEntries + 1).toLocaleString('en');
        await screen.until(`${values('journey-analytics')}.includes('${entries}')`, 20_000);
        assert.equal(await screen.ask('globalThis.samePage'), true);
      });
      site.tokenSeconds = undefined;
    });

    test('changes colours and language, with everything from right to left in Arabic', async () => {
      await visit('locale=en&theme=light', async (screen) => {
        const look = `(() => {
          const card = document.querySelector('journey-metric-card').shadowRoot.querySelector('[part=card]');
          const { backgroundColor, direction } = getComputedStyle(card);
          return [backgroundColor, direction, getComputedStyle(document.body).backgroundColor];
        })()`;
        const light = await screen.ask<string[]>(look);
        await press(screen, '#theme');
        await screen.until(`document.documentElement.classList.contains('dark')`);
        await screen.until(`JSON.stringify(${look}) !== ${JSON.stringify(JSON.stringify(light))}`);
        const dark = await screen.ask<string[]>(look);
        assert.notEqual(dark[0], light[0]);
        assert.notEqual(dark[2], light[2]);
        await screen.page.select('#locale', 'tr');
        await screen.until(`document.documentElement.lang === 'tr'`);
        await screen.until(`document.querySelector('.ask').textContent.includes('Dışa aktarmadan önce sor')`);
        await screen.page.select('#locale', 'ar');
        await screen.until(`document.documentElement.dir === 'rtl'`);
        await screen.until(`${look}[1] === 'rtl'`);
        const { metrics } = await overviewOf(site);
        await screen.until(
          `${values('journey-metric-card')}[0] === (${metrics.convertedUsers}).toLocaleString('ar')`,
        );
        assert.match(screen.page.url(), /locale=ar&theme=dark/);
      });
    });

    for (const locale of ['en', 'ar']) {
      test(`fits 390 px without scrolling sideways, in "${locale}"`, async () => {
        const screen = await site.open(`locale=${locale}`, { width: 390, height: 844 });
        const [content, window] = await screen.ask<[number, number]>(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        );
        assert.ok(content <= window, `${content} px in ${window}`);
        await site.assertNoComplaint(screen);
        await closeScreen(screen);
      });
    }

    test('is used by the keyboard alone: a card’s export and a step’s numbers', async () => {
      await visit('locale=en', async (screen) => {
        await tabTo(screen, /journey-export-button button#button$/);
        await screen.page.keyboard.press('Enter');
        const isBoxOpen = `(function open(root) { return [...root.querySelectorAll('*')].some((one) =>
          one.matches('.box:popover-open') || (one.shadowRoot && open(one.shadowRoot))); })(document)`;
        await screen.until(isBoxOpen);
        await screen.page.keyboard.press('Escape');
        await screen.until(`!${isBoxOpen}`);
        await tabTo(screen, /journey-flow.* button@account-created/);
        await screen.page.keyboard.press('Enter');
        const isStepOpen = `document.querySelector('journey-analytics').shadowRoot.querySelector('journey-flow')
          .shadowRoot.querySelector('[role=dialog]')`;
        await screen.until(isStepOpen);
        await screen.page.keyboard.press('Escape');
        await screen.until(`!${isStepOpen}`);
        assert.match(await screen.ask<string>(focusPath), /button@account-created/);
      });
    });

    more?.(() => site);
  });
}
