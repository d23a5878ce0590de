// Scripts for test pages, written in TypeScript beside the tests and sent to the browser as JavaScript.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { transformWithOxc } from 'vite';

const folder = resolve(import.meta.dirname, '../fixtures/host-page');

/** The JavaScript of a script in test/fixtures/host-page. */
export async function pageScript(name: string): Promise<string> {
  const file = resolve(folder, `${name}.ts`);
  const { code } = await transformWithOxc(await readFile(file, 'utf8'), file, { sourcemap: false });
  return code;
}
