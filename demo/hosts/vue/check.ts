// Checks the templates of this host. vue-tsc needs a TypeScript with an API, which the repository's own has not; one of the other
// hosts has it already.
import { createRequire } from 'node:module';
import { run } from 'vue-tsc';

const neighbour = createRequire(new URL('../svelte/package.json', import.meta.url));
run(neighbour.resolve('typescript/lib/tsc'));
