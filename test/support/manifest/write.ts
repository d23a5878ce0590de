// npm run manifest: writes widgets/custom-elements.json and the types made from it.
import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { filesOf } from './files.ts';
import { makeManifest } from './manifest.ts';

for (const { file, text } of await filesOf(makeManifest())) {
  // oxlint-disable-next-line no-await-in-loop -- three files
  await writeFile(file, text);
  console.log(relative(process.cwd(), file));
}
