// A page of a real browser of which everything is kept that a host would complain about.
import { setTimeout as delay } from 'node:timers/promises';
import { launch, type Browser, type HTTPRequest, type Page } from 'puppeteer-core';
import { findBrowser } from './browser.ts';
import { pageScript } from './page-script.ts';

export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const found = await findBrowser();
  return launch({
    executablePath: found.executablePath,
    args: [...found.args, ...args],
    env: { ...process.env, ...found.env },
    protocolTimeout: 60_000,
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Addresses of all requests, except preflights and what the browser has within itself, such as a date field's icon. */
  readonly requests: readonly string[];
  /** Addresses of what is still being answered, streams included. */
  pending(): string[];
  readonly warnings: readonly string[];
  /** What the console and uncaught errors said. */
  readonly errors: readonly string[];
  /** Runs an expression in the page, which gives JSON. */
  ask<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. @throws Error that names it and what the page complained about */
  until(expression: string, milliseconds?: number): Promise<void>;
  readonly violations: () => Promise<string[]>;
  readonly left: () => Promise<{ kind: string; stack: string }[]>;
}

/** All text below a node, through open shadow roots, as an expression of the page. */
export const deepText = (selector: string) => `(function text(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.localName === 'style' || node.localName === 'script') return '';
  return [...(node.shadowRoot ?? node).childNodes].map(text).join(' ');
})(document.querySelector(${JSON.stringify(selector)})).replace(/\\s+/g, ' ')`;

/** How many elements below a node match, through open shadow roots, as an expression of the page. */
export const deepCount = (selector: string, matching: string) => `(function count(root) {
  return [...root.querySelectorAll('*')].reduce((sum, element) => sum + Number(element.matches('${matching}')) +
    (element.shadowRoot ? count(element.shadowRoot) : 0), 0);
})(((found) => found.shadowRoot ?? found)(document.querySelector(${JSON.stringify(selector)})))`;

export async function openPage(browser: Browser): Promise<WatchedPage> {
  // A context of its own: nothing cached, nothing shared with another test.
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const requests: string[] = [];
  const warnings: string[] = [];
  const errors: string[] = [];
  const open = new Set<HTTPRequest>();
  page.on('request', (request) => {
    if (request.url().startsWith('data:')) return; // of the page itself, its policy lets none through
    if (request.method() !== 'OPTIONS') requests.push(request.url());
    open.add(request);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('console', (message) => {
    const where = message.location().url ?? '';
    if (message.type() === 'error') errors.push(`${message.text()} ${where}`);
    if (message.type() === 'warn') warnings.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('requestfailed', (request) => {
    open.delete(request);
    const why = request.failure()?.errorText ?? '';
    // Hung up by the page itself, which is how an element stops waiting.
    if (why !== 'net::ERR_ABORTED') errors.push(`${request.url()} failed: ${why}`);
  });
  await page.evaluateOnNewDocument(await pageScript('watch'));
  const ask = async <T>(expression: string) => (await page.evaluate(expression)) as T;
  return {
    page,
    requests,
    pending: () => [...open].map((request) => request.url()),
    warnings,
    errors,
    ask,
    async until(expression, milliseconds = 10_000) {
      const end = Date.now() + milliseconds;
      // oxlint-disable-next-line no-await-in-loop -- asks again until it is so
      while (!(await ask<boolean>(`Boolean(${expression})`))) {
        if (Date.now() > end) {
          throw new Error(`Not so within ${milliseconds} ms: ${expression}\n${errors.join('\n')}`);
        }
        // oxlint-disable-next-line no-await-in-loop
        await delay(25);
      }
    },
    violations: () => ask('pageWatch.violations'),
    left: () => ask('pageWatch.left()'),
  };
}
