// Which files entries reach by their imports, and which packages those files name.
import { posix } from 'node:path';

export interface ModuleGraph {
  /** In order of their names. */
  readonly files: readonly string[];
  /** Names of packages, without the paths in them and without Node's own modules. */
  readonly packages: readonly string[];
}

/** Statements, each on lines of its own, and what is imported within an expression or a type. */
const statement =
  /^\s*(?:import|export)\s*(?:[^'"`;()=]*?\bfrom\s*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm;
const expression = /\bimport\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;

/** @returns what a compiled module or a declaration imports, as it is written there */
function importsOf(text: string): string[] {
  const found = [...text.matchAll(statement), ...text.matchAll(expression)];
  return found.map(({ groups }) => groups?.['specifier'] ?? '');
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/**
 * Follows imports of `.js` files; of declarations, to the `.d.ts` files beside the `.js` that they name.
 * @param read gives the text of a file; undefined where there is none
 * @throws Error for an import of a file that is not there
 */
export function moduleGraph(
  entries: readonly string[],
  read: (file: string) => string | undefined,
): ModuleGraph {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    const text = read(file);
    if (text === undefined) throw new Error(`a module imports ${file}, which is not there`);
    files.add(file);
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(file), specifier);
        waiting.push(file.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target);
      } else {
        packages.add(packageOf(specifier));
      }
    }
  }
  return { files: [...files].toSorted(), packages: [...packages].toSorted() };
}
