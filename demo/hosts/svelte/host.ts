// What Vite needs for Svelte. Fragments as trees are made without `innerHTML`, which the page's policy does not allow.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { HostSettings } from '../build.ts';

export const settings: HostSettings = {
  plugins: [svelte({ configFile: false, compilerOptions: { fragments: 'tree' } })],
};
