// package.json of `journey-analytics`: the widgets, the typed client and the sender for servers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, rootManifest, versionOf } from '../root.ts';

/** Public entry points and the modules behind them, by their paths in the repository without their endings. */
export function entryPoints(defined: readonly string[]): ReadonlyMap<string, string> {
  return new Map([
    ['.', 'widgets/index'],
    ['./define', 'widgets/define'],
    ...defined.map((name): [string, string] => [`./define/${name}`, `widgets/define/${name}`]),
    ['./client', 'widgets/client'],
    ['./server', 'bff/sender/index'],
    // Types alone; the modules are empty, so that an import by name does not fail.
    ['./react', 'widgets/react'],
    ['./vue', 'widgets/vue'],
    ['./svelte', 'widgets/svelte'],
    // The single file of all widgets, for a page or an asset pipeline.
    ['./journey-analytics.js', 'journey-analytics'],
  ]);
}

function installedVersion(name: string): string {
  const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version; // every package has one
}

/** @param dependencies packages that the modules import */
export function widgetsManifest(entries: ReadonlyMap<string, string>, dependencies: readonly string[]) {
  const exported = [...entries].map(([entry, file]) => [
    entry,
    { types: `./${file}.d.ts`, default: `./${file}.js` },
  ]);
  const defining = [...entries.values()].filter((file) => /\/define(\/|$)/.test(file));
  return {
    name: 'journey-analytics',
    version: rootManifest.version,
    description:
      'Journey analytics as web components: numbers, flow and exports of messaging journeys in any page',
    keywords: ['analytics', 'customer-journey', 'custom-elements', 'lit', 'messaging', 'web-components'],
    license: rootManifest.license,
    type: 'module',
    // Those who import the classes alone get what they use.
    sideEffects: [...defining, 'journey-analytics'].map((file) => `./${file}.js`),
    exports: {
      ...Object.fromEntries(exported),
      './custom-elements.json': './custom-elements.json',
      './package.json': './package.json',
    },
    unpkg: './journey-analytics.js',
    jsdelivr: './journey-analytics.js',
    customElements: './custom-elements.json',
    'web-types': './web-types.json',
    // A host that has Lit already shares it with the widgets, which were tested with this version.
    dependencies: Object.fromEntries(
      dependencies.map((name) => {
        versionOf(name);
        return [name, `^${installedVersion(name)}`];
      }),
    ),
    // On a server only; pages are built by whatever bundler.
    engines: { node: '>=20' },
  };
}
