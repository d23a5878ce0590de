// `vite build` makes the single file of all widgets; `vite build --mode demo` the page that embeds it.
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const target = 'es2022';

const noTransition = fileURLToPath(new URL('widgets/internal/no-transition.ts', import.meta.url));

const widgets: UserConfig = {
  publicDir: false,
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
