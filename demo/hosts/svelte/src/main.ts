// The console in Svelte 5, which sets properties of elements and hears their events by itself.
import 'journey-analytics/define';
import type {} from 'journey-analytics/svelte';
import { mount } from 'svelte';
import NorthwindConsole from './NorthwindConsole.svelte';

mount(NorthwindConsole, { target: document.body });
