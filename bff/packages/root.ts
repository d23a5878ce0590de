// The repository's folder and what its manifest says, from which both packages' manifests are made.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

interface RootManifest {
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export const rootManifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as RootManifest; // this repository's own

/** @throws Error when the repository does not have the package itself, so that what is packed is what was tested */
export function versionOf(name: string): string {
  const version = rootManifest.dependencies[name];
  if (version === undefined)
    throw new Error(`${name} is used by a package but is no dependency of the repository`);
  return version;
}
