// What Vite needs for Vue: that elements of the widgets are no components of Vue's.
import vue from '@vitejs/plugin-vue';
import type { HostSettings } from '../build.ts';

export const settings: HostSettings = {
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('journey-') } } })],
};
