// Builds entries of the widgets in memory, as a host's bundler would, and says how large what comes out is.
import { relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

const root = resolve(import.meta.dirname, '../..');

export interface BundledModule {
  /** The path from the project's folder, or the package and the path in it. */
  readonly name: string;
  /** Bytes of its code in the bundle before minifying. */
  readonly rendered: number;
}

export interface Bundle {
  readonly code: string;
  readonly bytes: number;
  readonly gzip: number;
  /** Largest first. */
  readonly modules: readonly BundledModule[];
}

/** Bundles one entry with everything it needs into one minified file, in memory, by the project's own settings. */
export async function bundle(entry: string): Promise<Bundle> {
  const output = (await build({
    root,
    logLevel: 'error',
    build: {
      write: false,
      sourcemap: false,
      // Merged with the project's settings: by the name of its own entry this one comes in that one's place.
      lib: { entry: { 'journey-analytics': resolve(root, entry) } },
    },
  })) as Rolldown.RolldownOutput[]; // one output for each of the formats of a library
  const chunks = output.flatMap((part) => part.output).filter((part) => part.type === 'chunk');
  const code = chunks.map((chunk) => chunk.code).join('');
  const modules = chunks.flatMap((chunk) =>
    Object.entries(chunk.modules).map(([id, { renderedLength }]) => ({
      name: relative(root, id.replace(/^\0/, '').replace(/^.*\/node_modules\//, `${root}/`)),
      rendered: renderedLength,
    })),
  );
  return {
    code,
    bytes: Buffer.byteLength(code),
    gzip: gzipSync(code).length,
    modules: modules.toSorted((one, other) => other.rendered - one.rendered),
  };
}

const kilobytes = (bytes: number) => `${(bytes / 1_024).toFixed(1)} KB`;

/** A bundle's size and its largest modules, a line each. */
export function describeBundle(name: string, { bytes, gzip, modules }: Bundle, most = 15): string {
  const whole = modules.reduce((sum, { rendered }) => sum + rendered, 0);
  const lines = modules.slice(0, most).map(({ name: module, rendered }) => {
    const share = `${((100 * rendered) / whole).toFixed(1)} %`;
    return `  ${kilobytes(rendered).padStart(9)}  ${share.padStart(7)}  ${module}`;
  });
  const rest = modules.slice(most).reduce((sum, { rendered }) => sum + rendered, 0);
  return [
    `${name}: ${kilobytes(gzip)} gzip, ${kilobytes(bytes)} minified, from ${modules.length} modules of ${kilobytes(whole)}`,
    ...lines,
    `  ${kilobytes(rest).padStart(9)}           all others`,
  ].join('\n');
}
