// A host of the demo as a person uses it: built by the service when it is first opened, in a real browser, with the demo's
// own routes behind it and two workspaces of made-up people.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Browser } from 'puppeteer-core';
import { EmbedTokens } from '../../bff/auth/embed-tokens.ts';
import { demoPages } from '../../bff/routes/demo-pages.ts';
import { widgetFiles } from '../../bff/routes/widget-files.ts';
import { welcomeJourney } from '../../demo/journeys.ts';
import { simulate } from '../../demo/simulate.ts';
import { openScreen, type Screen } from './export-screen.ts';
import { settled, startTestService, type TestService, type Workspace } from './test-service.ts';
import { deepText, launchBrowser, openPage } from './watched-page.ts';

const distribution = resolve(import.meta.dirname, '../../dist');

export interface HostedConsole {
  readonly service: TestService;
  /** The demo's workspace, which the host shows. */
  readonly north: Workspace;
  /** Another tenant, whose tokens the page gets by POST /south/embed-token. */
  readonly south: Workspace;
  /** How long the tokens of the next are good for; until it is set, as the demo mints them. */
  tokenSeconds: number | undefined;
  /** How many tokens were asked for. */
  readonly minted: () => number;
  /** Opens the host and waits until all its numbers are there. */
  open(query?: string, viewport?: { width: number; height: number }): Promise<Screen>;
  /** What a console would complain about. */
  assertNoComplaint(screen: Screen): Promise<void>;
  stop(): Promise<void>;
}

async function seed({ api }: Workspace, users: number): Promise<void> {
  const { status, text } = await api.put('/v1/journeys/welcome', welcomeJourney);
  assert.equal(status, 201, text);
  const events = [...simulate({ seed: 11, users, days: 20, endsAt: Date.now() })];
  for (let at = 0; at < events.length; at += 2_000) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const answer = await api.post('/v1/events', events.slice(at, at + 2_000));
    assert.equal(answer.status, 202, answer.text);
  }
  await settled(api, 'welcome');
}

/** Whether the page has its numbers: those of the flow's last step, of the cards, and of the pinned elements. */
const isDrawn = `(() => {
  const bones = (root) => [...root.querySelectorAll('*')].some((element) => (element.matches('.bone') && element.checkVisibility()) ||
    (element.shadowRoot && bones(element.shadowRoot)));
  const flow = document.querySelector('journey-analytics')?.shadowRoot?.querySelector('journey-flow, journey-table');
  return Boolean(flow?.shadowRoot) && !bones(document) && ${deepText('journey-analytics')}.includes('Tried twice?') &&
    document.querySelector('journey-metric-card').shadowRoot.querySelector('[part=value]') !== null &&
    document.querySelector('journey-step-metrics').shadowRoot.querySelector('dl') !== null;
})()`;

/** Waits until the service has built what is at an address. Meanwhile it says so, on a page that opens itself again. */
async function built(address: string): Promise<void> {
  for (const end = Date.now() + 180_000; ;) {
    /* oxlint-disable no-await-in-loop -- asks again until it is so */
    const answer = await fetch(address);
    const text = await answer.text();
    assert.match(
      answer.headers.get('content-security-policy') ?? '',
      /^default-src 'none'; script-src 'self'; /,
    );
    if (answer.status === 200) return;
    assert.equal(answer.status, 202, text);
    assert.match(text, /Building/);
    assert.equal(answer.headers.get('refresh'), '1');
    assert.ok(Date.now() < end, 'the host was not built in time');
    await delay(200);
    /* oxlint-enable no-await-in-loop */
  }
}

/** @param name of the folder below demo/hosts/ */
export async function startHostedConsole(name: string): Promise<HostedConsole> {
  const widgets = await widgetFiles(distribution);
  // The demo's routes need what the service makes, which is made with its routes.
  const pages = new Hono();
  const service = await startTestService({
    app: {
      mount(site) {
        widgets(site);
        site.all('*', (context) => pages.fetch(context.req.raw, context.env));
      },
    },
  });
  const [north, south] = [await service.workspace('demo'), await service.workspace('south')];
  const tokens = new EmbedTokens(service.secrets);
  const scopes = ['metrics:read', 'users:export'] as const;
  const grant = { subject: 'ann', journeyIds: ['*'], scopes: [...scopes] };
  let minted = 0;
  const site: { tokenSeconds: number | undefined } = { tokenSeconds: undefined };
  pages.post('/demo/embed-token', async (context, next) => {
    minted += 1;
    if (site.tokenSeconds === undefined) return next();
    const minter = { workspace: north.name, apiKeyId: north.apiKeyId };
    return context.json(await tokens.mint(minter, { ...grant, expiresInSeconds: site.tokenSeconds }));
  });
  pages.post('/south/embed-token', async (context) => {
    const minter = { workspace: south.name, apiKeyId: south.apiKeyId };
    return context.json(await tokens.mint(minter, { ...grant, expiresInSeconds: 600 }));
  });
  demoPages({
    distribution,
    database: service.database,
    tokens,
    minter: { workspace: north.name, apiKeyId: north.apiKeyId },
    workspaceId: north.workspaceId,
    host: '127.0.0.1',
  })(pages);
  const folder = await mkdtemp(join(tmpdir(), 'hosted-console-'));
  const [browser]: [Browser, void, void] = await Promise.all([
    launchBrowser(),
    seed(north, 80),
    seed(south, 30),
  ]);
  const address = `${service.url}/demo/hosts/${name}/`;

  await built(address);

  return Object.assign(site, {
    service,
    north,
    south,
    minted: () => minted,
    async open(query = '', viewport = { width: 1_440, height: 1_000 }) {
      const watched = await openPage(browser);
      await watched.page.setViewport(viewport);
      await watched.page.goto(`${address}?${query}`);
      await watched.until(isDrawn, 15_000);
      return openScreen(watched, folder);
    },
    async assertNoComplaint(screen: Screen) {
      assert.deepEqual(await screen.violations(), []);
      assert.deepEqual(screen.errors, []);
      const origins = new Set(screen.requests.map((asked) => new URL(asked).origin));
      assert.deepEqual([...origins], [service.url]);
    },
    async stop() {
      await browser.close();
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
