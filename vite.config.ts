// `vite build` makes the single file of all widgets, `vite build --mode modules` the same as the modules of the npm package,
// `vite build --mode demo` the page that embeds the single file.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { documentation } from './demo/docs/plugin.ts';

const target = 'es2022';

const noTransition = fileURLToPath(new URL('widgets/internal/no-transition.ts', import.meta.url));

/**
 * Takes indentation out of the widgets' templates, and comments out of their style sheets, where a minifier of JavaScript sees
 * only text. Line breaks stay, so nothing runs together and source maps still name the right lines; all texts of several lines
 * are templates or style sheets, and no element keeps spaces as they are written.
 */
const compactTemplates: Plugin = {
  name: 'compact-templates',
  enforce: 'pre',
  transform: {
    filter: { id: /\/widgets\/.*\.ts$/ },
    handler: (code) => ({
      code: code
        .replaceAll(/\bcss`[^`]*`/g, (sheet) =>
          sheet
            .replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
            .replaceAll(/[ \t]+/g, ' ')
            .replaceAll(/ \n/g, '\n'),
        )
        .replaceAll(/\n[ \t]+/g, '\n'),
      map: null,
    }),
  },
};

/** A module that there is in the single file only: the names of all texts, which the tables of its languages share. */
const textNames = 'virtual:text-names';

/** @returns a language's texts by their names */
async function tableOf(language: string): Promise<Record<string, unknown>> {
  const file = new URL(`widgets/locales/${language}.ts`, import.meta.url);
  const tables = (await import(file.href)) as Record<string, Record<string, unknown>>; // each file gives its own
  const table = tables[language];
  if (!table) throw new Error(`${file.href} has no table named ${language}`);
  return table;
}

/** Writes the tables of the languages as rows of one order, so that the names of their texts stand in the file once. */
const languagesAsRows: Plugin = {
  name: 'languages-as-rows',
  enforce: 'pre',
  resolveId: { filter: { id: /^virtual:text-names$/ }, handler: () => `\0${textNames}` },
  load: {
    filter: { id: /^\0virtual:text-names$/ },
    handler: async () =>
      `export const names = ${JSON.stringify(Object.keys(await tableOf('tr')).join(' '))}.split(' ');`,
  },
  transform: {
    filter: { id: /\/widgets\/locales\/(ar|de|tr)\.ts$/ },
    handler: async (_code, id) => {
      const language = basename(id, '.ts');
      const table = await tableOf(language);
      const row = JSON.stringify(Object.keys(await tableOf('tr')).map((name) => table[name]));
      return {
        code: `import { names } from '${textNames}';
          const row = ${row};
          export const ${language} = Object.fromEntries(names.map((name, place) => [name, row[place]]));`,
        map: null,
      };
    },
  },
};

/** What both forms of the widgets have in common. */
const elements: UserConfig = {
  publicDir: false,
  plugins: [compactTemplates, languagesAsRows],
  // What d3-zoom brings for animations, which the flow never runs, is an eighth of the file.
  resolve: { alias: { 'd3-transition': noTransition, 'd3-interpolate': noTransition } },
};

const widgets: UserConfig = {
  ...elements,
  build: {
    target,
    sourcemap: true,
    outDir: 'dist/widgets',
    lib: { entry: { 'journey-analytics': 'widgets/define.ts' }, formats: ['es'] },
    rolldownOptions: { output: { minify: true } },
  },
};

/**
 * A module for each source file, so that a host's bundler takes what it needs, and not minified, so that a host can read it.
 * Lit is left to the host, which may have it already. D3 is not: it comes without animations, which would be taken from a
 * host's own copy too. Its modules move to a folder that npm packs, unlike one named node_modules.
 */
const modules: UserConfig = {
  ...elements,
  build: {
    target,
    sourcemap: true,
    outDir: 'dist/modules',
    minify: false,
    lib: {
      entry: globSync('widgets/{index,client,define,define/*}.ts', { cwd: import.meta.dirname }),
      formats: ['es'],
    },
    rolldownOptions: {
      external: /^lit(\/|$)/,
      output: {
        preserveModules: true,
        preserveModulesRoot: import.meta.dirname,
        entryFileNames: ({ name }) => `${name.replace(/^.*node_modules\//, 'bundled/')}.js`,
      },
    },
  },
};

/** The page loads the widgets by a script tag from where the service serves them, as any host would. */
const demo: UserConfig = {
  root: 'demo/pages',
  base: '/demo/',
  publicDir: false,
  build: {
    target,
    outDir: '../../dist/demo',
    emptyOutDir: true,
    // A page under a strict policy has no inline scripts, and needs no polyfill for preloading.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
};

/** The demo's page, and those of the documentation, which are written when they are built. */
async function demoWithDocumentation(): Promise<UserConfig> {
  const pages = fileURLToPath(new URL('demo/pages', import.meta.url));
  const { plugin, input } = await documentation(pages);
  const rolldownOptions = { input: { index: `${pages}/index.html`, ...input } };
  return { ...demo, plugins: [plugin], build: { ...demo.build, rolldownOptions } };
}

const byMode: Readonly<Record<string, UserConfig>> = { modules };

export default defineConfig(({ mode }) =>
  mode === 'demo' ? demoWithDocumentation() : (byMode[mode] ?? widgets),
);
