// The host without a framework, in a real browser, and what is the same for all hosts: tenants and live traffic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overviewSchema } from '../../bff/contract/index.ts';
import { closeScreen } from '../support/export-screen.ts';
import { promisesOfHost, values } from '../support/host-promises.ts';
import { launchBrowser, openPage } from '../support/watched-page.ts';

promisesOfHost('plain', (site) => {
  test('shows two tenants side by side, each with its own numbers', async () => {
    const { north, south } = site();
    const screen = await site().open('locale=en');
    await screen.ask(`(() => {
      const other = document.querySelector('journey-connection').cloneNode(true);
      other.id = 'south';
      document.querySelector('#overview').append(other);
      Object.assign(other, { endpoint: location.origin, journey: 'welcome', locale: 'en', getToken: async ({ signal }) =>
        (await fetch('/south/embed-token', { method: 'POST', signal })).json() });
    })()`);
    const numbersOf = async ({ api }: typeof north) => {
      const { metrics } = (await api.get('/v1/journeys/welcome/overview')).as(overviewSchema);
      return [metrics.convertedUsers, metrics.conversionEvents].map((number) => number.toLocaleString('en'));
    };
    const [ours, theirs] = [await numbersOf(north), await numbersOf(south)];
    assert.notDeepEqual(ours, theirs, 'nothing to tell by');
    const southern = values('#south journey-metric-card');
    await screen.until(`JSON.stringify(${southern}) === ${JSON.stringify(JSON.stringify(theirs))}`);
    assert.deepEqual(await screen.ask(values(':not(#south) > * > * > journey-metric-card')), ours);
    await site().assertNoComplaint(screen);
    await closeScreen(screen);
  });

  test('numbers move while live traffic is sent from the start page, and the key for it is gone afterwards', async () => {
    const { service, north } = site();
    const browser = await launchBrowser();
    const watched = await openPage(browser);
    const total = async () =>
      (await north.api.get('/v1/journeys/welcome/overview')).as(overviewSchema).metrics.totalEntries;
    const before = await total();
    await watched.page.goto(service.url);
    await watched.until(`document.querySelector('#journey').value === 'welcome'`);
    await watched.page.click('#traffic');
    await watched.until(
      `/^Stop live traffic, [45]:\\d\\d left$/.test(document.querySelector('#traffic').textContent)`,
    );
    const shown = `Number(${values('journey-analytics')}[1]?.replaceAll(',', ''))`;
    await watched.until(`${shown} > ${before + 5}`, 20_000);
    await watched.page.click('#traffic');
    await watched.until(`document.querySelector('#traffic').textContent === 'Send live traffic'`);
    const keys = await service.database.owner.execute(
      `SELECT count(*)::int AS open FROM journey_analytics.api_keys WHERE revoked_at IS NULL AND workspace_id = ${north.workspaceId}`,
    );
    assert.deepEqual(keys[0], { open: 1 });
    assert.deepEqual(await watched.violations(), []);
    assert.deepEqual(watched.errors, []);
    for (const method of ['GET', 'POST', 'DELETE']) {
      // oxlint-disable-next-line no-await-in-loop -- three
      assert.equal((await fetch(`${service.url}/demo/traffic`, { method })).status, 403, method);
    }
    await browser.close();
  });

  test('is one of the five that the start page links to; there is no other', async () => {
    const { url } = site().service;
    const page = await (await fetch(url)).text();
    const linked = [...page.matchAll(/href="(\/demo\/hosts\/[a-z]+\/)"/g)].map(([, address]) => address);
    assert.deepEqual(
      linked,
      ['plain', 'react', 'vue', 'svelte', 'angular'].map((name) => `/demo/hosts/${name}/`),
    );
    for (const address of ['/demo/hosts/other/', '/demo/hosts/plain/..%2f..%2fpackage.json']) {
      // oxlint-disable-next-line no-await-in-loop -- two
      assert.equal((await fetch(`${url}${address}`)).status, 404, address);
    }
  });
});
