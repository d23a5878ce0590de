// Remembers how far an import came, in a small file of DATA_DIR, so that one that was stopped goes on from there.
import { hash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Config } from '../../config.ts';
import type { ImportOptions } from './options.ts';

const positionSchema = v.object({
  /** Where the last batch began that was stored, in items of the file. All before it are stored too. */
  items: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Whether the import defined the journey, and is to give it the steps of the file in the end. */
  definedJourney: v.boolean(),
});
export type Position = v.InferOutput<typeof positionSchema>;

export interface PositionFile {
  /** The position of an earlier run, if there is one. */
  read(): Promise<Position | undefined>;
  write(position: Position): Promise<void>;
  /** Forgets it, when the import is complete. */
  remove(): Promise<void>;
}

/** The file is one for each file of events, way of reading it, database and workspace. */
export function positionFile(
  config: Pick<Config, 'databaseUrl' | 'dataDirectory'>,
  options: ImportOptions,
  identity: string,
): PositionFile {
  const { workspace, journeyId, format, delimiter, mapping, columns, conversion, zone } = options;
  const reading = { workspace, journeyId, format, delimiter, mapping, columns, conversion, zone };
  const key = hash('sha256', JSON.stringify([identity, config.databaseUrl, reading]), 'hex').slice(0, 32);
  const folder = join(config.dataDirectory, 'imports');
  const path = join(folder, `${key}.json`);
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined
        ? undefined
        : v.parse(v.pipe(v.string(), v.parseJson(), positionSchema), text);
    },
    async write(position) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Renamed into place, so that a reader finds the old one or the new one and never a half.
      await writeFile(`${path}.new`, JSON.stringify(position));
      await rename(`${path}.new`, path);
    },
    async remove() {
      await rm(path, { force: true });
    },
  };
}
