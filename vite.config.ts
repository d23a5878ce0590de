// `vite build` makes the single file of all widgets; `vite build --mode demo` the page that embeds it.
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const target = 'es2022';

const noTransition = fileURLToPath(new URL('widgets/internal/no-transition.ts', import.meta.url));

/**
 * Takes comments and indentation out of the widgets' style sheets, where a minifier of JavaScript sees only text. Line breaks
 * stay, so nothing runs together and source maps still name the right lines.
 */
const compactStyles: Plugin = {
  name: 'compact-styles',
  enforce: 'pre',
  transform: {
    filter: { id: /\/widgets\/.*\.ts$/ },
    handler: (code) => ({
      code: code.replaceAll(/\bcss`[^`]*`/g, (sheet) =>
        sheet
          .replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
          .replaceAll(/[ \t]+/g, ' ')
          .replaceAll(/ ?\n ?/g, '\n'),
      ),
      map: null,
    }),
  },
};

const widgets: UserConfig = {
  publicDir: false,
  plugins: [compactStyles],
  // What d3-zoom brings for animations, which the flow never runs, is an eighth of the file.
  resolve: { alias: { 'd3-transition': noTransition, 'd3-interpolate': noTransition } },
  build: {
    target,
    sourcemap: true,
    outDir: 'dist/widgets',
    lib: { entry: { 'journey-analytics': 'widgets/define.ts' }, formats: ['es'] },
    rolldownOptions: { output: { minify: true } },
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

export default defineConfig(({ mode }) => (mode === 'demo' ? demo : widgets));
