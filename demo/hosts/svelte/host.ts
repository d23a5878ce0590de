// What Vite needs for Svelte; what Svelte's compiler needs stands in svelte.config.js.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { HostSettings } from '../build.ts';

export const settings: HostSettings = { plugins: [svelte()] };
