// npm run pack: builds the two npm packages from this one repository, into dist/packages/. Each has a manifest of
// its own, so that a host's page installs no server and a server no more than it runs. `npm run bundle` must have been run.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assembleServer } from './bff/assemble.ts';
import { root } from './root.ts';
import { assembleWidgets } from './widgets/assemble.ts';

const packages = join(root, 'dist/packages');

/** Runs a program of node_modules under this very Node. */
function run(program: string, ...words: string[]): void {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...words], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1); // it has said why
}

function npmPack(folder: string): string {
  const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', packages];
  // Under `npm run` npm says where it is, as npx does; on Windows it is no program that can be run by its name.
  const npm = process.env['npm_execpath'];
  const said = npm?.endsWith('npm-cli.js')
    ? execFileSync(process.execPath, [npm, ...words], { cwd: folder, encoding: 'utf8' })
    : execFileSync('npm', words, { cwd: folder, encoding: 'utf8' });
  const [packed] = JSON.parse(said) as { readonly filename: string; readonly entryCount: number }[]; // what npm documents
  if (!packed) throw new Error(`npm packed nothing in ${folder}`);
  const file = join(packages, packed.filename);
  console.log(
    `${relative(root, file)}: ${Math.round(statSync(file).size / 1_024)} KB, ${packed.entryCount} files`,
  );
  return file;
}

rmSync(packages, { recursive: true, force: true });
mkdirSync(packages, { recursive: true });
run('vite/bin/vite.js', 'build', '--mode', 'modules', '--logLevel', 'warn');
run('typescript/bin/tsc', '-p', 'tsconfig.build.json');
run('typescript/bin/tsc', '-p', 'tsconfig.server.json');
for (const [name, assemble] of [
  ['journey-analytics', assembleWidgets],
  ['journey-analytics-bff', assembleServer],
] as const) {
  const folder = join(packages, name);
  mkdirSync(folder);
  assemble(folder);
  npmPack(folder);
}
