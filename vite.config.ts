// `vite build` makes the single file of all widgets; `vite build --mode demo` the page that embeds it.
import { defineConfig, type UserConfig } from 'vite';

const target = 'es2022';

const widgets: UserConfig = {
  publicDir: false,
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
