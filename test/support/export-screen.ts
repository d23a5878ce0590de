// A page from which a person exports: the buttons are pressed with the mouse, and the browser saves the files to disk.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import type { CDPSession, Protocol } from 'puppeteer-core';
import type { ExportFormat } from '../../bff/contract/index.ts';
import { cellText } from './export-file.ts';
import type { OtherReader } from './other-reader.ts';
import type { WatchedPage } from './watched-page.ts';

type Progress = Protocol.Browser.DownloadProgressEvent;

/** A page whose downloads are saved into a folder of their own. */
export interface Screen extends WatchedPage {
  readonly saved: () => Promise<string[]>;
  readonly downloads: readonly Progress[];
  readonly session: CDPSession;
  readonly folder: string;
}

/** @param folder where the page's own folder is made */
export async function openScreen(watched: WatchedPage, folder: string): Promise<Screen> {
  const browserContextId = watched.page.browserContext().id;
  assert.ok(browserContextId !== undefined);
  const session = await watched.page.browser().target().createCDPSession();
  const own = await mkdtemp(join(folder, 'page-'));
  const downloads: Progress[] = [];
  session.on('Browser.downloadProgress', (progress) => downloads.push(progress));
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    browserContextId,
    downloadPath: own,
    eventsEnabled: true,
  });
  return { ...watched, session, downloads, folder: own, saved: async () => readdir(own) };
}

export async function closeScreen({ page, session }: Screen): Promise<void> {
  await session.detach();
  await page.close();
}

/** The export button that is named so, through shadow roots. */
export const button = (name: string) => `>>> #button[aria-label="${name}"]`;
export const active = (name: string) => `${button(name)}:not([aria-disabled])`;

export async function press({ page }: Screen, selector: string): Promise<void> {
  const found = await page.waitForSelector(selector, { timeout: 10_000 });
  assert.ok(found, selector);
  await found.click();
}

/** The text of the open box under an export button. */
export const box = `(function find(root) {
  for (const element of root.querySelectorAll('*')) {
    if (element.matches('.box:popover-open')) return element.textContent.replace(/\\s+/g, ' ').trim();
    const inner = element.shadowRoot && find(element.shadowRoot);
    if (inner) return inner;
  }
  return '';
})(document)`;

const numberIn = (text: string) => Number(/\d[\d,]*/.exec(text)?.[0].replaceAll(',', ''));

/** The number that stands beside an export button: on its card, in its row, or before it in the audience. */
export async function shownBeside({ page }: Screen, name: string): Promise<number> {
  const found = await page.waitForSelector(button(name), { timeout: 10_000 });
  const text = await found?.evaluate((inner) => {
    // Every export button stands in the shadow root of its element.
    const { host } = inner.getRootNode();
    const around = host.closest('article, dl > div, .result');
    return around?.querySelector('[part=value], dd > b, [part=users]')?.textContent;
  });
  return numberIn(text ?? '');
}

/** Exports by hand, with the file taken away. @returns the number of rows that was stated, and the records of the file without its header */
export async function exportOf(
  screen: Screen,
  name: string,
  format: ExportFormat,
  reader: OtherReader,
): Promise<{ stated: number; rows: string[][] }> {
  await press(screen, active(name));
  await screen.until(`/^Export [\\d,]+ rows?/.test(${box})`);
  const stated = numberIn(await screen.ask<string>(box));
  await press(screen, `>>> .box:popover-open [role=menuitem]:nth-of-type(${format === 'csv' ? 1 : 2})`);
  await screen.until(`/^[\\d,]+ rows? saved/.test(${box})`);
  assert.equal(numberIn(await screen.ask<string>(box)), stated);
  await screen.page.keyboard.press('Escape');
  let file: string | undefined;
  for (const end = Date.now() + 5_000; file === undefined;) {
    assert.ok(Date.now() < end, `no file was saved: ${(await screen.saved()).join(' ')}`);
    file = (await screen.saved()).find((one) => one.endsWith(`.${format}`));
    await delay(20);
  }
  const path = join(screen.folder, file);
  const bytes = await readFile(path);
  // The browser would write the next of that name over it.
  await rm(path);
  const records =
    format === 'csv'
      ? parse(bytes, { bom: true })
      : (await reader.read('xlsx', bytes)).map((row) => row.map(cellText));
  assert.equal(records[0]?.[0], 'External ID');
  return { stated, rows: records.slice(1) };
}
