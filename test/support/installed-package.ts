// The packed packages as a host has them: their files in node_modules of a folder outside the repository. What they declare
// to need is linked from the repository, so that nothing is downloaded, and nothing else is there to be found.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const root = resolve(import.meta.dirname, '../..');
const packed = join(root, 'dist/packages');

/** Packs both packages. The widgets must have been built. */
export async function packAll(): Promise<void> {
  await run(process.execPath, [join(root, 'bff/packages/pack.ts')], { cwd: root });
}

export async function tarballOf(name: string): Promise<string> {
  const files = await readdir(packed);
  const found = files.find((file) => /^-\d.*\.tgz$/.test(file.slice(name.length)) && file.startsWith(name));
  if (found === undefined) throw new Error(`there is no tarball of ${name}`);
  return join(packed, found);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Host {
  readonly folder: string;
  remove(): Promise<void>;
}

function link(name: string, modules: string): void {
  const source = join(root, 'node_modules', name);
  if (!existsSync(source)) return; // an optional one for another system
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(source, join(modules, name), 'junction');
}

/** Makes a host's folder with a package installed. */
export async function installPackage(name: string): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), 'journey-analytics-host-'));
  const modules = join(folder, 'node_modules');
  const own = join(modules, name);
  mkdirSync(own, { recursive: true });
  await run('tar', ['-xzf', await tarballOf(name), '--strip-components=1', '-C', own]);
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Manifest; // it was just packed
  for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    link(needed, modules);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }) };
}

/** Programs of Node 20 or newer that tests can use: the one that runs them, and another of the system's. */
export async function nodes(): Promise<ReadonlyMap<string, string>> {
  const found = new Map([[process.versions.node, process.execPath]]);
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  for (const folder of folders) {
    const program = join(folder, 'node');
    if (!existsSync(program)) continue;
    // oxlint-disable-next-line no-await-in-loop -- one or two
    const version = (await run(program, ['-p', 'process.versions.node'])).stdout.trim();
    if (Number.parseInt(version, 10) >= 20) found.set(version, program);
  }
  return found;
}
