// The declarations of `journey-analytics`: those that its entries reach, and what is made for frameworks.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../../test/support/manifest/manifest.ts';
import { readText } from '../files.ts';
import { moduleGraph } from '../module-graph.ts';
import { root } from '../root.ts';
import { contractTypes } from './contract-types.ts';
import { svelteTypes, vueTypes } from './framework-types.ts';

const contract = 'bff/contract/index.d.ts';
/** Frameworks are there for hosts that have them alone. */
const mayBeAbsent = ['react', 'svelte', 'vue'];

/** The compiler leaves the endings of sources in declarations; and of the contract only one file is written out. */
function forHosts(text: string): string {
  return text
    .replaceAll(/(?<=['"]\.{1,2}\/[^'"\n]+)\.ts(?=['"])/g, '.js')
    .replaceAll(/(?<=['"]\.{1,2}\/(?:[^'"\n]*\/)?contract\/)[a-z-]+\.js(?=['"])/g, 'index.js');
}

/** Everything that could be reached. */
function candidates(entries: ReadonlyMap<string, string>, manifest: Manifest): Map<string, string> {
  const texts = new Map<string, string>();
  const take = (folder: string, pattern: string) => {
    for (const file of globSync(pattern, { cwd: folder })) {
      texts.set(file.replaceAll('\\', '/'), readText(folder, file) ?? '');
    }
  };
  take(join(root, 'dist/types'), 'widgets/**/*.d.ts');
  take(join(root, 'dist/server'), 'bff/sender/*.d.ts');
  take(root, 'widgets/react.d.ts');
  texts.set('widgets/vue.d.ts', vueTypes(manifest));
  texts.set('widgets/svelte.d.ts', svelteTypes(manifest));
  // Who registers elements, by whichever entry, can ask a document for them by their names.
  const defining = [...entries.values()].filter((file) => /\/define(?:\/|$)/.test(file));
  for (const file of defining) {
    const up = file.endsWith('/define') ? '.' : '..';
    texts.set(`${file}.d.ts`, `import type {} from '${up}/element-types.js';\nexport {};\n`);
  }
  texts.set('journey-analytics.d.ts', "import type {} from './widgets/element-types.js';\nexport {};\n");
  texts.set(contract, ''); // its own declarations are of valibot
  return new Map([...texts].map(([file, text]) => [file, forHosts(text)]));
}

/** Names of the contract's types that a declaration imports. */
function contractNames(text: string): string[] {
  const lists = text.matchAll(/import type \{(?<list>[^}]+)\} from ['"][^'"]+\/contract\/index\.js['"]/g);
  const names = [...lists].flatMap(({ groups }) => (groups?.['list'] ?? '').split(','));
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/**
 * @param dependencies the packages that declarations may import
 * @returns paths in the package, and texts
 */
export function declarations(
  entries: ReadonlyMap<string, string>,
  manifest: Manifest,
  dependencies: readonly string[],
): ReadonlyMap<string, string> {
  const texts = candidates(entries, manifest);
  const { files, packages } = moduleGraph(
    Array.from(entries.values(), (file) => `${file}.d.ts`),
    (file) => texts.get(file),
  );
  const foreign = packages.filter((name) => !dependencies.includes(name) && !mayBeAbsent.includes(name));
  if (foreign.length > 0)
    throw new Error(`declarations import ${foreign.join(', ')}, which hosts do not have`);
  const reached = new Map(files.map((file) => [file, texts.get(file) ?? '']));
  const names = new Set([...reached.values()].flatMap(contractNames));
  reached.set(contract, contractTypes([...names].toSorted()));
  return reached;
}
