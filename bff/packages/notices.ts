// LICENSE and THIRD-PARTY-NOTICES of a package, from what it really bundles or depends on.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

/** Licences that let the product be used as its own does. Any other must be looked at by a person. */
const known = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Unlicense',
]);

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>; // npm's own file
};

/** Where a package finds another: in its own folder, else in one above it, as Node does. */
function placeOf(name: string, from: string): string {
  const above = from.split('/node_modules/');
  for (let depth = above.length; depth >= 0; depth -= 1) {
    const base = depth === 0 ? '' : `${above.slice(0, depth).join('/node_modules/')}/`;
    const place = `${base}node_modules/${name}`;
    if (locked[place]) return place;
  }
  throw new Error(`package-lock.json has no ${name}`);
}

/** The named packages and all that they need, as places in package-lock.json. */
function closure(names: Iterable<string>): string[] {
  const places = new Set<string>();
  const waiting = Array.from(names, (name) => placeOf(name, ''));
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (places.has(place)) continue;
    places.add(place);
    const from = place;
    const { dependencies = {}, optionalDependencies = {} } = locked[place] ?? {};
    waiting.push(
      ...Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => placeOf(name, from)),
    );
  }
  return [...places].toSorted();
}

/** The text that a package brings; empty for one that brings none, or is for another system and not installed here. */
function licenseText(place: string): string {
  const folder = join(root, place);
  if (!existsSync(folder)) return '';
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(name));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
}

/** The packages whose code a bundled file holds, by its source map. */
export function bundledPackages(sourceMap: string): string[] {
  const { sources } = JSON.parse(readFileSync(sourceMap, 'utf8')) as { readonly sources: readonly string[] }; // a source map
  const names = sources.map(
    (source) => /node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)\//.exec(source)?.groups?.['name'],
  );
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

export interface Uses {
  /** Copied into the package. */
  readonly bundled: readonly string[];
  /** Installed with it, with all that they need. */
  readonly dependencies: readonly string[];
}

/** @throws Error for a licence that is missing or that nobody has looked at yet */
export function thirdPartyNotices({ bundled, dependencies }: Uses): string {
  const copied = new Set(bundled.map((name) => placeOf(name, '')));
  const places = [...new Set([...copied, ...closure(dependencies)])].toSorted();
  const parts = places.map((place) => {
    const { version = '', license = '' } = locked[place] ?? {};
    const name = place.replace(/^.*node_modules\//, '');
    if (!known.has(license))
      throw new Error(
        `${name} ${version} has the licence "${license}", which is not in the list of known ones`,
      );
    const how = copied.has(place) ? 'copied into this package' : 'installed with this package';
    return [`${name} ${version} (${license}), ${how}`, licenseText(place)]
      .filter((text) => text !== '')
      .join('\n\n');
  });
  return `${['This package uses software of others:', ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
