// The service as an operator runs it: a process of its own, `node bff/server.ts`, which tests can kill. It runs from a copy
// of the sources, so that it has built widgets or has none as a test wants it, whatever this checkout has.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HttpClient } from './http-client.ts';

export interface Site {
  /** With a space in its path. */
  readonly folder: string;
  /** Where its data may be. */
  readonly dataDirectory: string;
  remove(): void;
}

/** Copies the sources to a folder of their own, with a file in the place of the built widgets unless told otherwise. */
export function makeSite(hasWidgets = true): Site {
  const parent = mkdtempSync(path.join(tmpdir(), 'journey-analytics-site-'));
  const folder = path.join(parent, 'a folder');
  const sources = path.join(import.meta.dirname, '../..');
  mkdirSync(folder);
  for (const name of ['bff', 'db', 'demo', 'package.json']) {
    cpSync(path.join(sources, name), path.join(folder, name), {
      recursive: true,
      // A host of the demo may have modules of its own, which no service needs.
      filter: (source) => path.basename(source) !== 'node_modules',
    });
  }
  symlinkSync(path.join(sources, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  if (hasWidgets) {
    mkdirSync(path.join(folder, 'dist/widgets'), { recursive: true });
    writeFileSync(path.join(folder, 'dist/widgets/journey-analytics.js'), '// in the place of the widgets\n');
  }
  return {
    folder,
    dataDirectory: path.join(folder, 'the data'),
    remove: () => {
      rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** Whatever of this environment would change what a service does. */
const ofService =
  /^(?:DATABASE_URL|PG_BIN_DIR|DATA_DIR|HOST|PORT|BOOTSTRAP_API_KEY|TOKEN_SECRET|ALLOWED_ORIGINS|LOG_LEVEL|DEMO|METRICS_TOKEN|NODE_OPTIONS|NODE_TEST_CONTEXT)$/;

export type Environment = Readonly<Record<string, string>>;

export class ServiceProcess {
  readonly child: ChildProcess;
  output = '';
  errors = '';
  readonly #closed: Promise<unknown>;

  /** @param prefix words before the command, for a service that runs elsewhere than others */
  constructor(site: Site, environment: Environment, prefix: readonly string[] = []) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofService.test(name)));
    const binaries = process.env['PG_BIN_DIR'];
    const [command, ...words] = [...prefix, process.execPath, 'bff/server.ts'];
    this.child = spawn(command ?? process.execPath, words, {
      cwd: site.folder,
      env: {
        ...own,
        ...(binaries === undefined ? {} : { PG_BIN_DIR: path.resolve(binaries) }),
        DATA_DIR: site.dataDirectory,
        DEMO: 'false',
        PORT: '0',
        LOG_LEVEL: 'warn',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Both are pipes, as told.
    this.child.stdout?.setEncoding('utf8').on('data', (part: string) => (this.output += part));
    this.child.stderr?.setEncoding('utf8').on('data', (part: string) => (this.errors += part));
    this.#closed = once(this.child, 'close');
  }

  /** Waits until it says where it runs. @returns that address */
  async running(): Promise<string> {
    for (;;) {
      const url = /running at (\S+)/.exec(this.output)?.[1];
      if (url !== undefined) return url;
      const more = this.child.stdout ? once(this.child.stdout, 'data') : Promise.resolve();
      const isOver = await Promise.race([this.#closed.then(() => true), more.then(() => false)]);
      if (isOver) throw new Error(`The service ended: ${this.output}${this.errors}`);
    }
  }

  /** Waits for its end. @returns its exit code, or the signal that ended it */
  async ended(): Promise<number | NodeJS.Signals | null> {
    await this.#closed;
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** Ends it, and waits until it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.ended();
  }

  /** A client of the running service. */
  async client(key: string): Promise<HttpClient> {
    return new HttpClient(await this.running(), key);
  }
}
