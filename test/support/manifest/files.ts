// The files that are made from the elements' sources, as they are to stand in the repository.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { format, type FormatConfig } from 'oxfmt';
import { elementTypes } from './element-types.ts';
import { manifestFile, manifestText, type Manifest } from './manifest.ts';

export interface MadeFile {
  readonly file: string;
  readonly text: string;
}

export async function filesOf(manifest: Manifest): Promise<MadeFile[]> {
  const settings = resolve(import.meta.dirname, '../../../.oxfmtrc.json');
  const { singleQuote, printWidth } = JSON.parse(await readFile(settings, 'utf8')) as FormatConfig;
  const types = elementTypes(manifest).map(async ({ file, text }) => {
    const { code, errors } = await format(file, text, { singleQuote, printWidth } as FormatConfig);
    if (errors.length > 0) throw new Error(`${file}: ${JSON.stringify(errors)}\n${text}`);
    return { file, text: code };
  });
  return [{ file: manifestFile, text: manifestText(manifest) }, ...(await Promise.all(types))];
}
