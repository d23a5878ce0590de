// What people and hosts set outside the elements: forced colours, reduced motion, fingers, and styles for parts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { startGallery, type Gallery } from '../support/gallery.ts';
import { deepCount, launchBrowser } from '../support/watched-page.ts';

let gallery: Gallery;
let browser: Browser;
before(async () => {
  gallery = await startGallery();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  gallery?.stop();
});

/** All elements that match, through open shadow roots, as an expression of the page. */
const deepAll = (matching: string) => `(function all(root) {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.matches(${JSON.stringify(matching)}) ? [element] : []),
    ...(element.shadowRoot ? all(element.shadowRoot) : []),
  ]);
})(document)`;

const everything = (state: string) => {
  const embedded = `endpoint="${gallery.endpoint(state)}" journey="welcome" data-token`;
  return `<journey-analytics ${embedded} compare="previous"></journey-analytics>
    <journey-table ${embedded}></journey-table>
    <journey-step-metrics ${embedded} step="push"></journey-step-metrics>
    <journey-trend ${embedded} metric="convertedUsers"></journey-trend>
    <journey-audience ${embedded}></journey-audience>`;
};

const wide = { width: 1_280, height: 900 };
type Features = readonly { readonly name: string; readonly value: string }[];

async function show(state: string, features: Features, viewport = wide): Promise<Page> {
  const tab = await browser.newPage();
  await tab.setViewport(viewport);
  // Puppeteer's own way knows none of forced colours.
  const session = await tab.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', { features: [...features] });
  await tab.goto(gallery.page(everything(state), { theme: 'light', direction: 'ltr', locale: 'en' }));
  await gallery.settle(tab, { waits: state === 'hanging' });
  return tab;
}

test('in forced colours the bars, links and marks are still there', async () => {
  for (const scheme of ['light', 'dark']) {
    /* oxlint-disable no-await-in-loop -- one page after the other */
    const tab = await show('welcome', [
      { name: 'forced-colors', value: 'active' },
      { name: 'prefers-color-scheme', value: scheme },
    ]);
    const seen = (await tab.evaluate(`(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      const system = (name) => { probe.style.setProperty('color', name); return getComputedStyle(probe).color; };
      const ink = system('CanvasText');
      const canvas = system('Canvas');
      const styles = (matching) => ${deepAll('*')}.filter((element) => element.matches(matching)).map((element) => getComputedStyle(element));
      return {
        isForced: matchMedia('(forced-colors: active)').matches,
        differs: ink !== canvas,
        lines: styles('.link .line').map(({ stroke }) => stroke === ink),
        nodes: styles('.node').map(({ borderTopStyle }) => borderTopStyle !== 'none'),
        pressed: styles('.segmented [aria-pressed=true]').map(({ outlineStyle }) => outlineStyle === 'solid'),
        sparklines: styles('.spark .now').map(({ stroke }) => stroke === ink),
        shares: styles('.share i').map(({ backgroundColor }) => backgroundColor === ink),
      };
    })()`)) as Record<string, boolean | boolean[]>;
    for (const [what, right] of Object.entries(seen)) {
      if (typeof right === 'boolean') assert.ok(right, `${scheme}: ${what}`);
      else assert.ok(right.length > 0 && right.every(Boolean), `${scheme}: ${what} ${JSON.stringify(right)}`);
    }
    await tab.close();
    /* oxlint-enable no-await-in-loop */
  }
});

/** How many animations and transitions take time, in every shadow root. */
const moving = `${deepAll('*')}.flatMap((element) => element.getAnimations({ subtree: false }))
  .filter((animation) => animation.effect.getComputedTiming().duration > 0).length`;

/** How many elements would move when something about them changes. */
const wouldMove = `${deepAll('*')}.filter((element) => getComputedStyle(element).transitionDuration
  .split(',').some((time) => Number.parseFloat(time) > 0)).length`;

test('with reduced motion nothing moves by itself', async () => {
  const reduced = [{ name: 'prefers-reduced-motion', value: 'reduce' }];
  const free = [{ name: 'prefers-reduced-motion', value: 'no-preference' }];
  const waiting = await show('hanging', free);
  assert.ok(Number(await waiting.evaluate(moving)) > 0, 'skeletons do not move, so this test says nothing');
  await waiting.close();
  for (const state of ['hanging', 'welcome']) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const tab = await show(state, reduced);
    // oxlint-disable-next-line no-await-in-loop
    assert.deepEqual([state, await tab.evaluate(moving), await tab.evaluate(wouldMove)], [state, 0, 0]);
    // oxlint-disable-next-line no-await-in-loop
    await tab.close();
  }
});

/**
 * WCAG 2.2, 2.5.8: targets smaller than 24 px of which a circle of 24 px around the middle touches another target, or the
 * circle of another small one. Links in a sentence are excepted.
 */
const small = `(() => {
  const targets = ${deepAll('button, a[href], input, select, summary, [role=button], [role=option], [role=menuitem], [role=tab]')}
    .filter((element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }))
    .map((element) => ({ element, label: element.closest('label') ?? element }))
    .map(({ element, label }) => ({ element, box: label.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  const isSmall = ({ box }) => box.width < 23.5 || box.height < 23.5;
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const isNear = (one, other) => {
    const [x, y] = middle(one.box);
    if (isSmall(other)) {
      const [right, down] = middle(other.box);
      return Math.hypot(right - x, down - y) < 24;
    }
    const { left, right, top, bottom } = other.box;
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)) < 12;
  };
  const related = (one, other) => one.element.contains(other.element) || other.element.contains(one.element);
  return {
    count: targets.length,
    small: targets.filter(isSmall)
      .filter((one) => getComputedStyle(one.element).display !== 'inline')
      .filter((one) => targets.some((other) => other !== one && !related(one, other) && isNear(one, other)))
      .map(({ element, box }) => [element.localName, String(element.className), element.textContent.trim().slice(0, 30), box.width, box.height].join(' ')),
  };
})()`;

test('every target is 24 px or has that much room', async () => {
  for (const width of [1_280, 390]) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const tab = await show('welcome', [], { width, height: 900 });
    // oxlint-disable-next-line no-await-in-loop
    const { count, small: found } = (await tab.evaluate(small)) as { count: number; small: string[] };
    assert.ok(count > 40, `only ${count} targets were looked at`);
    assert.deepEqual(found, [], `at ${width} px`);
    // oxlint-disable-next-line no-await-in-loop
    const { small: ours } = (await tab.evaluate(`(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.tiny { width: 10px; height: 10px; padding: 0; border: 0; margin: 0 }');
      document.adoptedStyleSheets = [sheet];
      for (let count = 0; count < 2; count += 1) document.body.append(Object.assign(document.createElement('button'), { className: 'tiny' }));
      return ${small};
    })()`)) as { small: string[] };
    assert.equal(ours.length, 2, 'two tiny buttons beside each other are not found');
    // oxlint-disable-next-line no-await-in-loop
    await tab.close();
  }
});

test('a part is styled by the page', async () => {
  const tab = await show('welcome', []);
  assert.ok(Number(await tab.evaluate(deepCount('body', '[part]'))) > 20);
  const widths = (await tab.evaluate(`(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('journey-trend::part(trend) { border-block-start: 7px solid; } journey-table::part(table) { border-block-start: 5px solid; }');
    document.adoptedStyleSheets = [sheet];
    const width = (tag, part) => getComputedStyle(document.querySelector(tag).shadowRoot.querySelector('[part~=' + part + ']')).borderBlockStartWidth;
    return [width('journey-trend', 'trend'), width('journey-table', 'table')];
  })()`)) as string[];
  assert.deepEqual(widths, ['7px', '5px']);
  await tab.close();
});
