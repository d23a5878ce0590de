// The single file that hosts load, as they load it: from another origin, under the strict policy that the product promises
// to run under, with the service behind it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import axe from 'axe-core';
import { flowSchema, overviewSchema } from '../../bff/contract/index.ts';
import { builtFile, startEmbedding, type Embedding } from '../support/embedding.ts';
import { deepCount, deepText } from '../support/watched-page.ts';

const root = resolve(import.meta.dirname, '../..');
/** Every element that the file registers. */
const tags = [
  ...readFileSync(join(root, 'widgets/define.ts'), 'utf8').matchAll(/defineElement\('(journey-[a-z-]+)'/g),
].map(([, tag = '']) => tag);

let site: Embedding;
before(async () => {
  site = await startEmbedding();
});
after(() => site?.stop());

const numbersOf = async (name: 'north' | 'south') =>
  (await site.workspace(name).api.get('/v1/journeys/welcome/overview')).as(overviewSchema);

const embed = (workspace: string, attributes = '') =>
  `<journey-analytics endpoint="${site.service.url}" journey="welcome" data-workspace="${workspace}" ${attributes}></journey-analytics>`;

/** Every element, within a connection. */
const everyElement = (workspace: string) =>
  `<journey-connection endpoint="${site.service.url}" journey="welcome" data-workspace="${workspace}">
    ${tags
      .filter((tag) => tag !== 'journey-connection')
      .map((tag) => `<${tag} metric="convertedUsers" step="welcome-push"></${tag}>`)
      .join('')}
  </journey-connection>`;

const hasText = (selector: string, number: string) =>
  `${deepText(selector)}.includes(${JSON.stringify(number)})`;

/** Whether an element has all its numbers: the flow's last step, the cards' values, and nothing that stands for others. */
const isDrawn = (selector: string) =>
  `(${hasText(selector, 'Tried twice?')} && ${deepCount(selector, '[part=value]')} > 5 && ${deepCount(selector, '.bone')} === 0)`;

describe('the built file on a page under the strict policy', () => {
  test('draws everything, and what it shows are the numbers of the API', async () => {
    const watched = await site.show(embed('north', 'locale="en"'));
    const { metrics } = await numbersOf('north');
    const flow = (await site.workspace('north').api.get('/v1/journeys/welcome/flow')).as(flowSchema);
    assert.ok(metrics.convertedUsers > 0 && metrics.totalExits > 0, 'the sample is too small to tell');
    await watched.until(isDrawn('journey-analytics'));
    const values = await watched.ask<string[]>(
      `[...document.querySelector('journey-analytics').shadowRoot.querySelector('journey-overview').shadowRoot
        .querySelectorAll('[part=value]')].map((value) => value.textContent.trim())`,
    );
    const percent = new Intl.NumberFormat('en', {
      style: 'percent',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    assert.deepEqual(
      values.toSorted(),
      [
        ...[metrics.messagesSent, metrics.totalEntries, metrics.convertedUsers].map((n) =>
          n.toLocaleString('en'),
        ),
        ...[metrics.conversionEvents, metrics.totalExits].map((n) => n.toLocaleString('en')),
        percent.format((metrics.conversionRate ?? 0) / 100),
      ].toSorted(),
    );
    const nodes = await watched.ask<Record<string, string>>(
      `Object.fromEntries([...document.querySelector('journey-analytics').shadowRoot.querySelector('journey-flow')
        .shadowRoot.querySelectorAll('[data-step]')].map((node) => [node.dataset.step, node.textContent]))`,
    );
    assert.deepEqual(Object.keys(nodes).toSorted(), flow.steps.map(({ stepId }) => stepId).toSorted());
    for (const { stepId, name, metrics: own } of flow.steps) {
      const shown = nodes[stepId] ?? '';
      assert.ok(shown.includes(name), `${stepId} shows ${shown}`);
      assert.ok(shown.includes(own.entryCount.toLocaleString('en')), `${stepId} shows ${shown}`);
    }
    await site.assertNoComplaint(watched);
    assert.deepEqual(watched.warnings, []);
    assert.equal(await watched.ask('document.cookie'), '');
    assert.equal(await watched.ask('localStorage.length + sessionStorage.length'), 0);
    await watched.page.close();
  });

  test('draws each element it registers', async () => {
    const watched = await site.show(everyElement('north'));
    const { metrics } = await numbersOf('north');
    assert.ok(tags.length > 4, tags.join(' '));
    const drawn = tags.filter((tag) => tag !== 'journey-connection');
    for (const tag of drawn) {
      assert.equal(await watched.ask(`Boolean(customElements.get('${tag}'))`), true, tag);
      // oxlint-disable-next-line no-await-in-loop -- one page
      await watched.until(
        `document.querySelector('${tag}').shadowRoot.querySelector('.root, [part]') && !document.querySelector('${tag}').shadowRoot.querySelector('.bone')`,
      );
    }
    await watched.until(hasText('journey-metric-card', String(metrics.convertedUsers)));
    await site.assertNoComplaint(watched);
    // One request serves all elements of a connection that need the same data.
    // Its first word on the stream of changes may make a connection ask once more.
    for (const [address, times] of Map.groupBy(watched.requests, (asked) => asked)) {
      if (address.includes('/v1/')) assert.ok(times.length <= 2, `${times.length} times ${address}`);
    }
    await watched.page.close();
  });

  test('survives what people do: the table, a popover, the choice of a range', async () => {
    const watched = await site.show(embed('north', 'locale="en"'));
    await watched.until(isDrawn('journey-analytics'));
    const press = (what: string) =>
      watched.ask(
        `(function find(root) {
          for (const element of root.querySelectorAll('*')) {
            if (element.localName === 'button' && ${what}) return element.click(), true;
            if (element.shadowRoot && find(element.shadowRoot)) return true;
          }
          return false;
        })(document)`,
      );
    assert.equal(await press(`element.closest('[data-step="welcome-push"]')`), true, 'no step to press');
    await watched.until(
      `document.querySelector('journey-analytics').shadowRoot.querySelector('journey-flow').shadowRoot.querySelector('[part=popover]:popover-open, dialog[open]')`,
    );
    assert.equal(
      await press(`/^Table/.test(element.textContent.trim() || element.ariaLabel || '')`),
      true,
      'no table',
    );
    await watched.until(
      `document.querySelector('journey-analytics').shadowRoot.querySelector('journey-flow').shadowRoot.querySelector('table')`,
    );
    assert.equal(await press(`element.part.contains('range')`), true, 'no choice of a range');
    const heard = await watched.ask<{ type: string; detail: unknown }[]>('hostHeard');
    assert.ok(heard.some(({ type }) => type === 'data-load'));
    assert.deepEqual(
      heard.filter(({ type }) => type !== 'data-load'),
      [{ type: 'step-select', detail: { journeyId: 'welcome', stepId: 'welcome-push' } }],
    );
    await site.assertNoComplaint(watched);
    await watched.page.close();
  });
});

test('the built page is accessible, as axe sees it, in either theme', async () => {
  for (const theme of ['light', 'dark']) {
    /* oxlint-disable no-await-in-loop -- one page after the other */
    // Outside its cards and panels the element has the ground of the page.
    const styles = `:root { color-scheme: ${theme}; background: ${theme === 'dark' ? '#0c0f13' : '#fff'}; }`;
    const watched = await site.show(`<main><h1>Host</h1>${embed('north', `theme="${theme}"`)}</main>`, {
      styles,
    });
    await watched.until(isDrawn('journey-analytics'));
    const found = await watched.ask<string[]>(
      `(() => { ${axe.source} })(), axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ': ' + nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(', ')))`,
    );
    assert.deepEqual(found, [], theme);
    await site.assertNoComplaint(watched);
    await watched.page.close();
    /* oxlint-enable no-await-in-loop */
  }
});

test('the page’s policy is in force, so that silence says something', async () => {
  site.host.files.set('/offender.js', {
    type: 'text/javascript',
    body: `document.body.setAttribute('style', 'color: red');
      try { document.body.innerHTML = '<b>bold</b>'; } catch (error) { console.warn(error.name); }
      fetch('http://127.0.0.1:9/').catch(() => undefined);`,
  });
  const watched = await site.show('<main></main>', { scripts: ['/offender.js'] });
  await watched.until('pageWatch.violations.length >= 3');
  const directives = (await watched.violations()).map((violation) => violation.split(':')[0]);
  assert.deepEqual(
    new Set(directives),
    new Set(['connect-src', 'require-trusted-types-for', 'style-src-attr']),
  );
  await watched.page.close();
});

describe('loading', () => {
  test('the same file twice is silent and works', async () => {
    const watched = await site.show(embed('north'), { scripts: [site.script, site.script] });
    await watched.until(isDrawn('journey-analytics'));
    assert.deepEqual(watched.warnings, []);
    await site.assertNoComplaint(watched);
    await watched.page.close();
  });

  test('another version after it gives one warning that names both, and the first works', async () => {
    const code = readFileSync(builtFile, 'utf8');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const other = code.replaceAll(version, '9.8.7').replace(/\/\/# sourceMappingURL=.*/, '');
    assert.notEqual(other, code, 'the built file has no version');
    site.host.files.set('/other.js', { type: 'text/javascript', body: other });
    const watched = await site.show(embed('north'), { scripts: [site.script, '/other.js'] });
    await watched.until(isDrawn('journey-analytics'));
    assert.equal(watched.warnings.length, 1, watched.warnings.join('\n'));
    const [warning = ''] = watched.warnings;
    assert.ok(warning.includes(version) && warning.includes('9.8.7'), warning);
    assert.equal(await watched.ask(`customElements.get('journey-analytics').version`), version);
    await site.assertNoComplaint(watched);
    await watched.page.close();
  });
});

test('two connections on one page keep their workspaces, themes and languages apart', async () => {
  const watched = await site.show(`${embed('north', 'id="north" locale="de" theme="dark"')}
    ${embed('south', 'id="south" locale="ar-EG" theme="light"')}`);
  const [north, south] = await Promise.all([numbersOf('north'), numbersOf('south')]);
  assert.notEqual(north.metrics.totalEntries, south.metrics.totalEntries);
  const inLanguage = (locale: string, rate: number | null) =>
    new Intl.NumberFormat(locale, {
      style: 'percent',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }).format((rate ?? 0) / 100);
  const shown = async (id: string) =>
    watched.ask<string[]>(
      `[...(document.querySelector('#${id}').shadowRoot.querySelector('journey-overview')?.shadowRoot
        .querySelectorAll('[part=value]') ?? [])].map((value) => value.textContent.trim())`,
    );
  await watched.until(isDrawn('#north'));
  await watched.until(isDrawn('#south'));
  const bare = (text: string) => text.replaceAll(/[\s\u200e\u200f\u061c]/g, '');
  const values = (await shown('north')).map(bare);
  assert.ok(values.includes(bare(inLanguage('de', north.metrics.conversionRate))), values.join(' '));
  assert.ok(values.includes(north.metrics.totalEntries.toLocaleString('de')), values.join(' '));
  const others = (await shown('south')).map(bare);
  assert.ok(others.includes(south.metrics.totalEntries.toLocaleString('ar-EG')), others.join(' '));
  const look = async (id: string) =>
    watched.ask<string[]>(
      `(() => { const { backgroundColor, direction } = getComputedStyle(document.querySelector('#${id}').shadowRoot
        .querySelector('journey-overview').shadowRoot.querySelector('[part=card]'));
        return [backgroundColor, direction]; })()`,
    );
  const [dark, leftToRight] = await look('north');
  const [light, rightToLeft] = await look('south');
  assert.deepEqual([leftToRight, rightToLeft], ['ltr', 'rtl']);
  assert.notEqual(dark, light);
  await site.assertNoComplaint(watched);
  await watched.page.close();
});

test('elements that are removed leave no request, timer, frame, observer or listener', async () => {
  const watched = await site.show(`<main>${everyElement('north')}${embed('south')}</main>`);
  await watched.until(isDrawn('main > journey-analytics'));
  await watched.until(hasText('journey-connection > journey-flow', 'Tried twice?'));
  assert.ok((await watched.left()).length > 0, 'nothing was running, so that this test says nothing');
  await watched.ask(`document.querySelector('main').remove()`);
  // What is under way may end: a frame that was asked for, a stream that is hung up.
  for (
    let waits = 0;
    waits < 20 && (await watched.left()).length + watched.pending().length > 0;
    waits += 1
  ) {
    // oxlint-disable-next-line no-await-in-loop -- until it has ended
    await delay(250);
  }
  const asked = watched.requests.length;
  await delay(2_500);
  assert.deepEqual(await watched.left(), []);
  assert.deepEqual(watched.pending(), []);
  assert.deepEqual(watched.requests.slice(asked), []);
  await site.assertNoComplaint(watched);
  await watched.page.close();
});

test('elements that are removed while they wait hang up', async () => {
  const watched = await site.show('<main></main>');
  await watched.ask(`(() => {
    const element = document.createElement('journey-analytics');
    Object.assign(element, { endpoint: '${site.service.url}', journey: 'welcome', getToken: () => new Promise(() => {}) });
    document.querySelector('main').append(element);
  })()`);
  await delay(200);
  assert.ok((await watched.left()).length > 0);
  await watched.ask(`document.querySelector('main').remove()`);
  await delay(300);
  assert.deepEqual(await watched.left(), []);
  await watched.page.close();
});

test('a hostile style sheet of the host changes nothing inside', async () => {
  const hostile = `
    :root { font-size: 31px; }
    * { all: unset; font-size: 40px !important; color: red !important; line-height: 3 !important;
      letter-spacing: 9px !important; word-spacing: 9px !important; text-transform: uppercase !important;
      text-align: right !important; text-indent: 40px !important; white-space: pre !important; opacity: 1; }
    journey-analytics { display: block; font: italic 900 50px serif; cursor: none; visibility: visible; }
    button, table, td, svg, path, .card, .root, [part] { display: none !important; }
    body { width: 1200px; }`;
  const plain = 'body { margin: 0; width: 1200px; } ';
  const looks = async (styles: string) => {
    const watched = await site.show(embed('north', 'locale="en" theme="light"'), { styles });
    await watched.until(isDrawn('journey-analytics'));
    // What is measured is drawn once more in the next frames.
    await delay(300);
    const found = await watched.ask<string[]>(`(function look(root, into) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) look(element.shadowRoot, into);
        if (element.closest('[part=live]')) continue;
        const s = getComputedStyle(element);
        into.push([element.localName, element.getAttribute('class'), s.display, s.fontSize, s.color, s.lineHeight,
          s.letterSpacing, s.wordSpacing, s.textTransform, s.textAlign, s.textIndent, s.whiteSpace, s.fontStyle,
          s.fontWeight, s.fontFamily, s.boxSizing, s.visibility].join(' | '));
      }
      return into;
    })(document.querySelector('journey-analytics').shadowRoot, [])`);
    await site.assertNoComplaint(watched);
    await watched.page.close();
    return found;
  };
  const [expected, under] = [await looks(plain), await looks(hostile)];
  assert.ok(expected.length > 200);
  assert.deepEqual(under, expected);
});
