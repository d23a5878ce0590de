// Opens what is to be imported: a file or standard input, gzipped or not, and tells how much of it was read.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportError } from './import-error.ts';

const bytesAtOnce = 256 * 1024;

export interface Source {
  /** Without `.gz`; standard input has none. */
  readonly name: string | undefined;
  /** In bytes as they are stored; undefined when it is not known. */
  readonly size: number | undefined;
  /** Names the file as it now is: its path, size and time of change. Undefined for what cannot be read again. */
  readonly identity: string | undefined;
  /** How many bytes as they are stored were read. */
  bytesRead(): number;
  /** The unpacked bytes; to be read once. */
  readonly chunks: AsyncIterable<Buffer>;
}

async function describe(file: string): Promise<Pick<Source, 'name' | 'size' | 'identity'>> {
  if (file === '-') return { name: undefined, size: undefined, identity: undefined };
  const found = await stat(file).catch((error: unknown) => {
    throw new ImportError(`The file ${file} cannot be opened: check its name and who may read it.`, {
      cause: error,
    });
  });
  if (found.isDirectory()) throw new ImportError(`${file} is a folder: name a file in it.`);
  const name = basename(file).replace(/\.gz$/i, '');
  if (!found.isFile()) return { name, size: undefined, identity: undefined };
  return { name, size: found.size, identity: `${resolve(file)} ${found.size} ${found.mtimeMs}` };
}

/** @throws ImportError when there is no such file */
export async function openSource(file: string): Promise<Source> {
  const description = await describe(file);
  const stored: AsyncIterable<Buffer> =
    file === '-' ? process.stdin : createReadStream(file, { highWaterMark: bytesAtOnce });
  let read = 0;
  const counted = (async function* () {
    for await (const chunk of stored) {
      read += chunk.length;
      yield chunk;
    }
  })();
  const first = await counted.next();
  const whole = (async function* () {
    if (!first.done) yield first.value;
    yield* counted;
  })();
  const isGzip = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  const chunks = isGzip ? unpacked(whole) : whole;
  return { ...description, chunks, bytesRead: () => read };
}

async function* unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: bytesAtOnce });
  pipeline(Readable.from(packed, { objectMode: false }), gunzip, () => {
    // An error also ends the reading below, where it is thrown.
  });
  try {
    for await (const chunk of gunzip) yield chunk as Buffer; // what gunzip yields without an encoding
  } catch (error) {
    throw new ImportError(
      'The gzipped file is damaged or incomplete: what came before was imported. Get the whole file and import it again; what is there already counts as duplicates.',
      { cause: error },
    );
  }
}
