// Builds one host by its name: `node demo/hosts/build.ts react`. The service runs it when the host is first opened, in a
// process of its own, since a compiler keeps it busy for seconds. Each host's own host.ts says what its framework needs.
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { widgetsFromSources } from './widgets-from-sources.ts';

const hosts = import.meta.dirname;
const output = join(hosts, '../../dist/hosts');

/** What a host's host.ts gives as `settings`. */
export type HostSettings = Pick<InlineConfig, 'plugins' | 'build' | 'define'>;

/** Builds beside the folder and puts the result in its place, so that nobody is ever served half a host. */
async function buildHost(name: string): Promise<void> {
  const root = join(hosts, name);
  const settingsFile = join(root, 'host.ts');
  const { settings } = existsSync(settingsFile)
    ? ((await import(settingsFile)) as { settings: HostSettings }) // every host.ts gives them
    : { settings: {} };
  const fresh = join(output, `.${name}-${process.pid}`);
  const startedAt = new Date();
  mkdirSync(output, { recursive: true });
  try {
    await build({
      ...settings,
      configFile: false,
      root,
      base: `/demo/hosts/${name}/`,
      publicDir: false,
      logLevel: 'warn',
      resolve: { alias: widgetsFromSources, preserveSymlinks: true },
      build: {
        ...settings.build,
        target: 'es2022',
        outDir: fresh,
        emptyOutDir: true,
        chunkSizeWarningLimit: 2_000,
        // A page under a strict policy has no inline scripts, and needs no polyfill for preloading.
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
      },
    });
    // What is written while it is built is not in it, and so is newer.
    utimesSync(join(fresh, 'index.html'), startedAt, startedAt);
    rmSync(join(output, name), { recursive: true, force: true });
    renameSync(fresh, join(output, name));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const [name = ''] = process.argv.slice(2);
if (!existsSync(join(hosts, name, 'index.html'))) throw new Error(`there is no host named ${name}`);
await buildHost(name);
