// Pages of the built widgets with made-up numbers, for pictures and measurements: no database, a clock that stands still.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { Flow, Journey, Overview } from '../../bff/contract/index.ts';
import { welcomeJourney } from '../../demo/journeys.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { denseFlow } from './dense-flow.ts';
import { emptyOverview, fullOverview } from './gallery-numbers.ts';
import { startHostServer } from './host-server.ts';
import { pageScript } from './page-script.ts';
import { deepCount } from './watched-page.ts';

const built = resolve(import.meta.dirname, '../../dist/widgets/journey-analytics.js');
const now = '2026-11-24T11:32:12.000Z';

const journey: Journey = {
  journeyId: 'welcome',
  name: 'Welcome series',
  timeZone: 'Europe/Istanbul',
  conversion: { ...welcomeJourney.conversion, filters: [] },
  steps: [],
  transitions: [],
};

const emptyFlow: Flow = {
  ...denseFlow(0),
  totals: { totalEntries: 0, entryUsers: 0, activeEntries: 0, totalExits: 0 },
};

interface Numbers {
  readonly overview: Overview;
  readonly flow: Flow;
}

const numbers: Readonly<Record<string, Numbers>> = {
  welcome: { overview: fullOverview, flow: welcomeFlow },
  dense: { overview: { ...fullOverview, previous: null }, flow: denseFlow(60) },
  empty: { overview: emptyOverview, flow: emptyFlow },
  late: {
    overview: { ...fullOverview, pendingEvents: 1_204 },
    flow: { ...welcomeFlow, pendingEvents: 1_204 },
  },
  stale: { overview: { ...fullOverview, previous: null }, flow: welcomeFlow },
};

const failures: Readonly<Record<string, { readonly status: number; readonly code: string }>> = {
  failing: { status: 500, code: 'internal' },
  forbidden: { status: 403, code: 'forbidden' },
};

/** The answer to a path below `v1/journeys/welcome`. */
function answerOf({ overview, flow }: Numbers, path: string): unknown {
  const { asOf, pendingEvents, range, trend } = overview;
  if (path === '') return journey;
  if (path === '/overview') return overview;
  if (path === '/flow') return flow;
  if (path === '/trend') return { points: trend?.convertedUsers ?? [], range, asOf, pendingEvents };
  const step = flow.steps.find(({ stepId }) => path === `/steps/${stepId}`);
  return step && { ...flow, step };
}

export interface Gallery {
  readonly origin: string;
  /** What the pages' consoles have said as errors, and what policy refused, since it was last emptied. */
  readonly complaints: string[];
  endpoint(state: string): string;
  /** Puts a page together, and gives its address. */
  page(content: string, look: { theme: string; direction: string; locale: string }): string;
  /** Puts JSON at an address of the host. */
  file(address: string, json: unknown): void;
  /** Puts a further script into the pages. */
  script(code: string): void;
  prepare(tab: Page): Promise<void>;
  /** Waits until everything is drawn; of elements that are to wait, until they show that they do. */
  settle(tab: Page, what?: { readonly waits?: boolean }): Promise<void>;
  stop(): void;
}

export async function startGallery(): Promise<Gallery> {
  const host = await startHostServer();
  const code = await readFile(built, 'utf8').catch((cause: unknown) => {
    throw new Error(`There is no ${built}: run npm run bundle`, { cause });
  });
  host.files.set('/journey-analytics.js', {
    type: 'text/javascript',
    body: code.replace(/\/\/# source.*/, ''),
  });
  host.files.set('/gallery.js', { type: 'text/javascript', body: await pageScript('gallery') });
  host.files.set('/gallery.css', {
    type: 'text/css',
    body: `body { margin: 24px; background: #fff; } .dark { color-scheme: dark; } .dark body { background: #0c0f13; }
      @media (max-width: 600px) { body { margin: 12px; } }`,
  });
  let visits = 0;
  const asked = new Set<string>();
  host.answers = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', host.origin);
    const [, , state = '', visit = '', ...rest] = pathname.split('/');
    const path = `/${rest.slice(3).join('/')}`.replace(/\/$/, '');
    if (!pathname.startsWith('/api/')) return false;
    if (state === 'hanging') return true;
    // Streams of changes would keep the page's network from coming to rest.
    const turn = `${visit} ${path}`;
    const failure = path === '/changes' ? { status: 404, code: 'not_found' } : failures[state];
    const again = state === 'stale' && asked.has(turn) ? failures['failing'] : undefined;
    const refused = failure ?? again;
    asked.add(turn);
    const answer = numbers[state] && answerOf(numbers[state], path);
    if (refused || answer === undefined) {
      const { status, code: problem } = refused ?? { status: 404, code: 'not_found' };
      response.writeHead(status, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify({ title: problem, status, code: problem, requestId: 'req-1', errors: [] }));
      return true;
    }
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
    return true;
  };
  const complaints: string[] = [];

  return {
    origin: host.origin,
    complaints,
    endpoint(state) {
      visits += 1;
      return `/api/${state}/${visits}`;
    },
    page(content, { theme, direction, locale }) {
      host.files.set('/', {
        type: 'text/html',
        body: `<!doctype html><html lang="${locale}" dir="${direction}" class="${theme}"><head><meta charset="utf-8">
          <meta name="viewport" content="width=device-width"><title>Gallery</title><link rel="stylesheet" href="/gallery.css">
          <script type="module" src="/journey-analytics.js"></script><script type="module" src="/gallery.js"></script>
          ${host.files.has('/further.js') ? '<script type="module" src="/further.js"></script>' : ''}
          </head><body>${content}</body></html>`,
      });
      return host.origin;
    },
    file(address, json) {
      host.files.set(address, { type: 'application/json', body: JSON.stringify(json) });
    },
    script(body) {
      host.files.set('/further.js', { type: 'text/javascript', body });
    },
    async prepare(tab) {
      tab.on('pageerror', (error) => complaints.push(String(error)));
      tab.on('console', (message) => {
        const text = message.text();
        // That an answer is an error is what some pictures are of.
        if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
      });
      await tab.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      await tab.evaluateOnNewDocument(`{
        const Actual = Date;
        const now = Actual.parse('${now}');
        globalThis.Date = class extends Actual {
          constructor(...given) { super(...(given.length === 0 ? [now] : given)); }
          static now() { return now; }
        };
      }`);
    },
    async settle(tab, { waits = false } = {}) {
      const end = Date.now() + (waits ? 0 : 5_000);
      const bones = deepCount('body', ':not(:defined), .bone');
      // oxlint-disable-next-line no-await-in-loop -- asks again until it is so
      while (Date.now() < end && (await tab.evaluate(bones)) !== 0) await delay(25);
      await delay(waits ? 500 : 150);
    },
    stop: () => host.stop(),
  };
}
