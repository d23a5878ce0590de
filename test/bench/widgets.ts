// npm run bench:widgets: how long the flow takes to lay out and paint, how smoothly it is panned, what memory refreshing
// takes, and how large the bundles are. Prints, asserts nothing.
import { cpus, loadavg, release, totalmem, type as systemName } from 'node:os';
import type { Browser, Page } from 'puppeteer-core';
import { linksOf, stepHeight } from '../../widgets/flow/geometry.ts';
import { layoutFlow } from '../../widgets/flow/layout.ts';
import { bundle, describeBundle } from '../support/bundle.ts';
import { denseFlow } from '../support/dense-flow.ts';
import { startGallery, type Gallery } from '../support/gallery.ts';
import { pageScript } from '../support/page-script.ts';
import { launchBrowser } from '../support/watched-page.ts';

const look = { theme: 'light', direction: 'ltr', locale: 'en' };
const megabyte = 1_024 * 1_024;
const report = (what: string, value: string) => {
  console.log(`${what.padEnd(52)} ${value}`);
};
const milliseconds = (time: number) => `${time.toFixed(0)} ms`;

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Runs an expression of the page. */
const ask = async <T>(tab: Page, expression: string) => (await tab.evaluate(expression)) as T;

function layoutTime(count: number): number {
  const { steps, transitions } = denseFlow(count);
  const ids = steps.map(({ stepId }) => stepId);
  const start = performance.now();
  layoutFlow(
    ids.map((id, index) => ({ id, position: null, height: stepHeight, isEntry: index === 0 })),
    linksOf(ids, transitions),
  );
  return performance.now() - start;
}

interface Drawn {
  readonly drawn: number;
  readonly painted: number;
  readonly nodes: number;
}

async function drawing(tab: Page, gallery: Gallery, counts: readonly number[]): Promise<void> {
  for (const count of counts) {
    gallery.file(`/flow-${count}.json`, denseFlow(count));
    const runs: Drawn[] = [];
    for (let run = 0; run < 5; run += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      runs.push(
        await ask<{ drawn: number; painted: number; nodes: number }>(
          tab,
          `measure.draw('/flow-${count}.json')`,
        ),
      );
    }
    const of = (what: 'drawn' | 'painted') => milliseconds(median(runs.map((run) => run[what])));
    report(
      `${count} steps: layout alone, on Node`,
      milliseconds(median([1, 2, 3].map(() => layoutTime(count)))),
    );
    report(
      `${count} steps: layout and DOM, median of 5`,
      `${of('drawn')}, first ${milliseconds(runs[0]?.drawn ?? 0)}`,
    );
    report(
      `${count} steps: until painted, median of 5`,
      `${of('painted')}, first ${milliseconds(runs[0]?.painted ?? 0)}; ${runs[0]?.nodes ?? 0} nodes drawn`,
    );
  }
}

async function panning(tab: Page, gallery: Gallery, count: number): Promise<void> {
  gallery.file('/flow-pan.json', denseFlow(count));
  await ask(tab, `measure.draw('/flow-pan.json')`);
  const box = await ask<{ x: number; y: number }>(
    tab,
    `(() => { const { left, top, width, height } = document.querySelector('journey-flow').shadowRoot
      .querySelector('[part=canvas]').getBoundingClientRect();
      return { x: left + width * 0.5, y: Math.min(top + height * 0.5, 800) }; })()`,
  );
  const place = () =>
    ask<number>(
      tab,
      `document.querySelector('journey-flow').shadowRoot.querySelector('[data-step]:has(button)').getBoundingClientRect().left`,
    );
  const start = await place();
  await tab.mouse.move(box.x, box.y);
  await tab.mouse.down();
  await ask(tab, 'measure.startFrames()');
  const end = performance.now() + 4_000;
  for (let moved = 0; performance.now() < end; moved += 1) {
    // oxlint-disable-next-line no-await-in-loop -- as fast as a hand's moves are taken in
    await tab.mouse.move(box.x + 200 * Math.sin(moved / 25), box.y + 150 * Math.cos(moved / 19));
  }
  const [from, to] = [start, await place()];
  const { rate, longest } = await ask<{ rate: number; longest: number }>(tab, 'measure.endFrames()');
  await tab.mouse.up();
  report(
    `panning ${count} steps by a drag`,
    `${rate.toFixed(1)} frames/s, longest ${milliseconds(longest)}; it ${from === to ? 'did not move' : 'moved'}`,
  );
}

async function memory(tab: Page, gallery: Gallery): Promise<void> {
  const content = `<journey-analytics endpoint="${gallery.endpoint('welcome')}" journey="welcome" data-token></journey-analytics>`;
  await tab.goto(gallery.page(content, look));
  await gallery.settle(tab);
  const session = await tab.createCDPSession();
  const read = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return tab.metrics();
  };
  await ask(tab, 'measure.refresh(10)');
  const before = await read();
  await ask(tab, 'measure.refresh(100)');
  const after = await read();
  const heap = (of: typeof before) => `${((of.JSHeapUsedSize ?? 0) / megabyte).toFixed(1)} MB`;
  report('heap, before and after 100 refreshes', `${heap(before)}, ${heap(after)}`);
  report('DOM nodes, before and after', `${before.Nodes ?? 0}, ${after.Nodes ?? 0}`);
  report('listeners, before and after', `${before.JSEventListeners ?? 0}, ${after.JSEventListeners ?? 0}`);
}

const [processor] = cpus();
const gallery = await startGallery();
let browser: Browser | undefined;
try {
  gallery.script(await pageScript('measure'));
  browser = await launchBrowser();
  report(
    'machine',
    `${cpus().length} × ${processor?.model ?? 'unknown'}, ${(totalmem() / 1_024 / megabyte).toFixed(0)} GB`,
  );
  report('system', `${systemName()} ${release()}, Node ${process.version}, ${await browser.version()}`);
  report('load of the last minute', loadavg()[0]?.toFixed(1) ?? '');
  const tab = await browser.newPage();
  await tab.setViewport({ width: 1_440, height: 900 });
  await tab.goto(gallery.page('', look));
  await gallery.settle(tab);
  await drawing(tab, gallery, [50, 200, 1_000]);
  await panning(tab, gallery, 300);
  await memory(tab, gallery);
  if (gallery.complaints.length > 0) console.log(gallery.complaints.join('\n'));
} finally {
  await browser?.close();
  gallery.stop();
}
for (const [name, entry] of [
  ['the overview alone', 'widgets/define/overview.ts'],
  ['everything', 'widgets/define.ts'],
] as const) {
  // oxlint-disable-next-line no-await-in-loop -- two
  console.log(describeBundle(name, await bundle(entry), 10));
}
