// Consoles that embed the widgets, one for each framework. A host is built when it is first opened, and again when its
// sources have changed, so that the product starts without waiting for any framework's compiler.
import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { pagePolicy, pathBelow, sendFile } from './demo-files.ts';

/** The hosts, and the Trusted Types policies that the page of each must allow besides the widgets' own. */
const hosts: ReadonlyMap<string, readonly string[]> = new Map([
  ['plain', []],
  ['react', []],
  // Vue makes a policy of this name as soon as it is loaded, whether a page needs it or not.
  ['vue', ['vue']],
  ['svelte', []],
  ['angular', []],
]);

const run = promisify(execFile);

/** What a program that failed has said. */
function whatWasSaid(error: unknown): string {
  // Of execFile's errors these are texts.
  const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
  return `${stdout}${stderr}`.trim() || String(error);
}

/** Builds hosts, each once at a time. */
class HostBuilds {
  readonly #root: string;
  readonly #built: string;
  readonly #underWay = new Set<string>();
  readonly #failures = new Map<string, string>();

  constructor(distribution: string) {
    this.#root = resolve(distribution, '..');
    this.#built = join(distribution, 'hosts');
  }

  folder(name: string): string {
    return join(this.#built, name);
  }

  /** @returns whether the host can be shown as it is, is being built, cannot be built here, or what kept it from being built */
  state(name: string): 'ready' | 'building' | 'no tools' | { readonly failure: string } {
    if (this.#underWay.has(name)) return 'building';
    const failure = this.#failures.get(name);
    if (failure !== undefined) {
      // Said once: whoever opens the page again has perhaps mended it.
      this.#failures.delete(name);
      return { failure };
    }
    const hasTools = ['demo/hosts/build.ts', 'node_modules/vite'].every((path) =>
      existsSync(join(this.#root, path)),
    );
    if (!hasTools) return existsSync(join(this.folder(name), 'index.html')) ? 'ready' : 'no tools';
    if (this.#isFresh(name)) return 'ready';
    this.#underWay.add(name);
    void this.#build(name);
    return 'building';
  }

  async #build(name: string): Promise<void> {
    try {
      const program = join(this.#root, 'demo/hosts/build.ts');
      await run(process.execPath, [program, name], { cwd: this.#root, maxBuffer: 10_000_000 });
    } catch (error) {
      this.#failures.set(name, whatWasSaid(error));
    } finally {
      this.#underWay.delete(name);
    }
  }

  #isFresh(name: string): boolean {
    const page = statSync(join(this.folder(name), 'index.html'), { throwIfNoEntry: false });
    if (!page) return false;
    const sources = [
      `demo/hosts/${name}/{*,src/**/*}`,
      'demo/hosts/{*.ts,shared/*}',
      'widgets/**/*.ts',
      'bff/contract/*.ts',
    ];
    return globSync(sources, { cwd: this.#root }).every(
      (file) => statSync(join(this.#root, file)).mtimeMs <= page.mtimeMs,
    );
  }
}

const noticeStyles = `:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; gap: 8px; padding: 24px;
  background: light-dark(#f6f7f9, #0b0d10); color: light-dark(#12161c, #eceef2);
  font: 400 14px/20px Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, sans-serif; }
h1 { margin: 0; font-size: 20px; line-height: 28px; }
p, pre { margin: 0; max-width: 70ch; color: light-dark(#535c69, #a7b0bd); }
pre { overflow: auto; max-width: 90vw; padding: 12px; border-radius: 8px; background: light-dark(#ffffff, #15191f); }
a { color: light-dark(#1d5bd1, #82aefc); }
`;

/** A page that stands in a host's place. */
function notice(title: string, content: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/demo/hosts/notice.css" />
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
        <p><a href="/">Back to the demo</a></p>
      </body>
    </html>`;
}

async function answerHost(context: Context, builds: HostBuilds, name: string): Promise<Response> {
  const policy = pagePolicy(hosts.get(name));
  const state = builds.state(name);
  if (state === 'ready') return sendFile(context, builds.folder(name), 'index.html', policy);
  context.header('Content-Security-Policy', policy);
  context.header('Cache-Control', 'no-store');
  if (state === 'building') {
    context.header('Refresh', '1');
    return context.html(
      notice(
        'Building…',
        html`<p role="status">This host is built when it is first opened. It takes some seconds.</p>`,
      ),
      202,
    );
  }
  if (state === 'no tools') {
    const content = html`<p>
      This installation has no tools to build hosts. They come with the repository: <code>npm ci</code> there
      installs them.
    </p>`;
    return context.html(notice('Not built', content), 501);
  }
  return context.html(
    notice(
      'The build failed',
      html`<pre>${state.failure}</pre>
        <p>Open this page again to build again.</p>`,
    ),
    500,
  );
}

/** Mounts the hosts below /demo/hosts/. */
export function demoHosts(distribution: string) {
  const builds = new HostBuilds(distribution);
  return (app: Hono): void => {
    app.get('/demo/hosts/notice.css', (context) =>
      context.body(noticeStyles, 200, { 'Content-Type': 'text/css; charset=utf-8' }),
    );
    for (const [name, trustedTypes] of hosts) {
      const root = `/demo/hosts/${name}/`;
      app.get(`/demo/hosts/${name}`, (context) => context.redirect(root));
      app.get(root, (context) => answerHost(context, builds, name));
      app.get(`${root}*`, (context) =>
        sendFile(context, builds.folder(name), pathBelow(context, root), pagePolicy(trustedTypes)),
      );
    }
  };
}
