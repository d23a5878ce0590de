// Finds a Chromium for the browser tests, downloading nothing: the one that CHROME_PATH names, else one of this system,
// else the one inside the npm package @sparticuz/chromium (Linux on x64).
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FoundBrowser {
  readonly executablePath: string;
  readonly source: 'environment' | 'system' | 'npm';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // how access says no
  }
}

function systemBrowser(): string | undefined {
  // npm puts node_modules/.bin on the path, where packages may leave a program of the same name.
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  const found = programs.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...found, ...(process.platform === 'darwin' ? applications : [])].find(isExecutable);
}

/** Unpacks the package's browser into a folder of its own; the package itself would use the system's temporary folder. */
async function unpack(packageFolder: string, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = draft;
  try {
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    // Libraries for machines that lack them.
    await inflate(join(packageFolder, 'bin/al2023.tar.br'));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'chromium'))) throw error;
    rmSync(draft, { recursive: true, force: true }); // another run was faster
  }
}

async function npmBrowser(): Promise<FoundBrowser | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const packageFolder = resolve(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = resolve(packageFolder, '../../.cache/chromium', version);
  if (!existsSync(join(folder, 'chromium'))) await unpack(packageFolder, folder);
  const executablePath = join(folder, 'chromium');
  const env: Record<string, string> = {};
  try {
    execFileSync(executablePath, ['--version'], { stdio: 'ignore' });
  } catch {
    env['LD_LIBRARY_PATH'] = join(folder, 'al2023/lib'); // it does not start with this system's own libraries
  }
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_PATH'] = join(folder, 'fonts');
  return { executablePath, source: 'npm', args: [], env };
}

/** @throws an error that says what to do when there is no browser */
export async function findBrowser(): Promise<FoundBrowser> {
  const args = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
    '--font-render-hinting=none',
  ];
  if (process.platform === 'linux') args.push('--disable-dev-shm-usage');
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const named = process.env['CHROME_PATH'];
  if (named) {
    if (!isExecutable(named)) throw new Error('CHROME_PATH names no program that can be run');
    return { executablePath: named, source: 'environment', args, env: {} };
  }
  const system = process.env['BROWSER_SOURCE'] === 'npm' ? undefined : systemBrowser();
  if (system) return { executablePath: system, source: 'system', args, env: {} };
  const npm = await npmBrowser();
  if (npm) return { ...npm, args };
  throw new Error('There is no Chromium: install one, or let CHROME_PATH name it');
}
