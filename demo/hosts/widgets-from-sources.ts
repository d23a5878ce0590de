// The package `journey-analytics` as this repository has it: its entry points are the sources that it is built from, so that a
// host needs no packed package, and shows what was last written.
import { fileURLToPath } from 'node:url';
import type { Alias } from 'vite';

const widgets = fileURLToPath(new URL('../../widgets/', import.meta.url));

export const widgetsFromSources: Alias[] = [
  { find: /^journey-analytics$/, replacement: `${widgets}index.ts` },
  { find: /^journey-analytics\/(define(?:\/[a-z-]+)?|client)$/, replacement: `${widgets}$1.ts` },
  // As the package has it: without the animations of d3-zoom, which the flow never runs.
  { find: /^d3-(?:transition|interpolate)$/, replacement: `${widgets}internal/no-transition.ts` },
];
