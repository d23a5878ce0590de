// The console in Vue 3: `.name` binds a property of an element, `@name` hears an event.
import 'journey-analytics/define';
import type {} from 'journey-analytics/vue';
import { createApp } from 'vue';
import NorthwindConsole from './NorthwindConsole.vue';

createApp(NorthwindConsole).mount('#app');
