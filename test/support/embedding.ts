// A host's pages with the built widgets in them, and the service behind: another origin, a strict policy, two workspaces
// with the demo's journey each.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { embedTokenAnswerSchema } from '../../bff/contract/index.ts';
import { widgetFiles } from '../../bff/routes/widget-files.ts';
import { welcomeJourney } from '../../demo/journeys.ts';
import { simulate } from '../../demo/simulate.ts';
import { startHostServer, type HostServer } from './host-server.ts';
import { pageScript } from './page-script.ts';
import { settled, startTestService, type TestService, type Workspace } from './test-service.ts';
import { launchBrowser, openPage, type WatchedPage } from './watched-page.ts';

const distribution = resolve(import.meta.dirname, '../../dist');
const endsAt = Date.parse('2026-11-01T00:00:00Z') - 1;

export const builtFile = join(distribution, 'widgets/journey-analytics.js');

export interface Showing {
  /** The host's style sheet. */
  readonly styles?: string;
  /** Addresses of the modules before the host's own; without it the built file. */
  readonly scripts?: readonly string[];
}

export interface Embedding {
  readonly host: HostServer;
  readonly service: TestService;
  /** The built file at the service. */
  readonly script: string;
  readonly workspace: (name: 'north' | 'south') => Workspace;
  /** Opens a page of the host with this in its body. */
  readonly show: (content: string, showing?: Showing) => Promise<WatchedPage>;
  /** What a host would complain about, the same for every page. */
  readonly assertNoComplaint: (watched: WatchedPage) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function seed(workspace: Workspace, users: number): Promise<void> {
  const { status, text } = await workspace.api.put('/v1/journeys/welcome', welcomeJourney);
  assert.equal(status, 201, text);
  const events = [...simulate({ seed: 7, users, days: 20, endsAt })];
  for (let at = 0; at < events.length; at += 1_000) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const answer = await workspace.api.post('/v1/events', events.slice(at, at + 1_000));
    assert.equal(answer.status, 202, answer.text);
  }
  await settled(workspace.api, 'welcome');
}

/** @throws Error that says what to do when the widgets are not built */
export async function startEmbedding(): Promise<Embedding> {
  if (!existsSync(builtFile)) throw new Error(`There is no ${builtFile}: run npm run bundle`);
  const host = await startHostServer();
  const service = await startTestService({
    app: { allowedOrigins: [host.origin], mount: await widgetFiles(distribution) },
  });
  host.service = service.url;
  const workspaces = { north: await service.workspace('north'), south: await service.workspace('south') };
  const minted: string[] = [];
  host.tokens = async (name) => {
    if (name !== 'north' && name !== 'south') throw new Error(`there is no workspace ${name}`);
    const answer = await workspaces[name].api.post('/v1/embed-tokens', {
      subject: 'ann',
      journeyIds: ['*'],
      scopes: ['metrics:read', 'users:export'],
      expiresInSeconds: 600,
    });
    const token = answer.as(embedTokenAnswerSchema);
    minted.push(token.token);
    return token;
  };
  host.files.set('/host.js', { type: 'text/javascript', body: await pageScript('host') });
  const [browser]: [Browser, void, void] = await Promise.all([
    launchBrowser(),
    seed(workspaces.north, 60),
    seed(workspaces.south, 25),
  ]);
  const script = `${service.url}/widgets/journey-analytics.js`;

  return {
    host,
    service,
    script,
    workspace: (name) => workspaces[name],
    async show(content, { styles = '', scripts = [script] } = {}) {
      const watched = await openPage(browser);
      const loads = [...scripts, '/host.js'].map(
        (address) => `<script type="module" src="${address}"></script>`,
      );
      host.files.set('/host.css', { type: 'text/css', body: styles });
      host.files.set('/', {
        type: 'text/html',
        body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
          <link rel="stylesheet" href="/host.css">${loads.join('')}</head><body>${content}</body></html>`,
      });
      await watched.page.setViewport({ width: 1_280, height: 900 });
      await watched.page.goto(host.origin);
      return watched;
    },
    async assertNoComplaint(watched) {
      assert.deepEqual(await watched.violations(), []);
      assert.deepEqual(watched.errors, []);
      const origins = new Set(watched.requests.map((address) => new URL(address).origin));
      assert.deepEqual([...origins].toSorted(), [host.origin, service.url].toSorted());
      for (const address of watched.requests) {
        assert.ok(!minted.some((token) => address.includes(token)), `a token stands in ${address}`);
        assert.doesNotMatch(address, /[?&#](access_)?token=/i);
      }
    },
    async stop() {
      await browser.close();
      await service.stop();
      host.stop();
    },
  };
}
