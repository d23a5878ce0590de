// What Vite needs for React.
import react from '@vitejs/plugin-react';
import type { HostSettings } from '../build.ts';

export const settings: HostSettings = { plugins: [react()] };
