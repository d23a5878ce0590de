// Puts the package `journey-analytics` together from what has been built, and takes nothing that its entries do not reach.
import { globSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Manifest } from '../../../test/support/manifest/manifest.ts';
import { copyFile, readText, writeJson, writeText } from '../files.ts';
import { moduleGraph } from '../module-graph.ts';
import { bundledPackages, thirdPartyNotices } from '../notices.ts';
import { root, rootManifest } from '../root.ts';
import { declarations } from './declarations.ts';
import { vsCodeData, webTypes } from './editor-data.ts';
import { entryPoints, widgetsManifest } from './manifest.ts';

const single = 'journey-analytics.js';

/** Where a module of the package comes from: the sender is compiled with the service, of which it is a part. */
function sourceFolder(file: string): string {
  if (file.startsWith(single)) return join(root, 'dist/widgets');
  return join(root, file.startsWith('bff/') ? 'dist/server' : 'dist/modules');
}

/** @param folder an empty one */
export function assembleWidgets(folder: string): void {
  const defined = globSync('widgets/define/*.ts', { cwd: root }).map((file) => basename(file, '.ts'));
  const entries = entryPoints(defined.toSorted());
  const modules = Array.from(entries.values(), (file) => `${file}.js`);
  const typesAlone = modules.filter((file) => !existsSync(join(sourceFolder(file), file)));
  const { files, packages } = moduleGraph(
    modules.filter((file) => !typesAlone.includes(file) && file !== single),
    (file) => readText(sourceFolder(file), file),
  );

  // A module that the build makes out of no source has no map.
  const maps = [...files, single]
    .map((file) => `${file}.map`)
    .filter((file) => existsSync(join(sourceFolder(file), file)));
  for (const file of [...files, single, ...maps]) copyFile(sourceFolder(file), folder, file);
  for (const file of typesAlone) writeText(folder, file, 'export {};\n');

  // The manifest names sources; a host has what was made of them.
  const described = (readText(root, 'widgets/custom-elements.json') ?? '').replaceAll('.ts"', '.js"');
  const manifest = JSON.parse(described) as Manifest; // written by npm run manifest
  writeText(folder, 'custom-elements.json', described);
  writeJson(folder, 'vscode.html-custom-data.json', vsCodeData(manifest));
  writeJson(folder, 'web-types.json', webTypes(manifest, rootManifest.version));
  for (const [file, text] of declarations(entries, manifest, packages)) writeText(folder, file, text);

  writeJson(folder, 'package.json', widgetsManifest(entries, packages));
  copyFile(import.meta.dirname, folder, 'README.md');
  copyFile(root, folder, 'LICENSE');
  const bundled = [...new Set(maps.flatMap((file) => bundledPackages(join(folder, file))))];
  writeText(folder, 'THIRD-PARTY-NOTICES', thirdPartyNotices({ bundled, dependencies: packages }));
}
