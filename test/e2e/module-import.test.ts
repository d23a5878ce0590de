// Importing the widgets where there is no DOM, as a server that renders pages does: nothing happens, and nothing is thrown.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const entries = globSync('widgets/{index,define,define/*}.ts', { cwd: root }).toSorted();

/** What an entry must not leave behind: names of the browser that would make later code believe it is there. */
const script = `
  const before = new Set(Reflect.ownKeys(globalThis));
  // Lit brings a stand-in for registries and elements, and must not put it where others find it.
  const said = [];
  for (const method of ['log', 'info', 'warn', 'error']) console[method] = (...words) => said.push(words.join(' '));
  const exported = await import(process.argv[1]);
  const left = Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String);
  process.stdout.write(JSON.stringify({
    left,
    said,
    registry: typeof customElements,
    exported: Object.keys(exported),
    handles: process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name.startsWith('TCP')),
  }));
`;

interface Outcome {
  readonly left: readonly string[];
  readonly said: readonly string[];
  readonly registry: string;
  readonly exported: readonly string[];
  readonly handles: readonly string[];
}

async function importAlone(entry: string): Promise<Outcome> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, join(root, entry)], {
    cwd: root,
  });
  return JSON.parse(stdout) as Outcome;
}

test('there are entries: the classes, all elements, and each element alone', () => {
  assert.ok(entries.includes('widgets/index.ts'));
  assert.ok(entries.includes('widgets/define.ts'));
  assert.ok(entries.length > 5, entries.join(' '));
});

for (const entry of entries) {
  test(`${entry} does nothing without a DOM`, async () => {
    const { left, said, registry, exported, handles } = await importAlone(entry);
    assert.deepEqual({ registry, said, handles }, { registry: 'undefined', said: [], handles: [] });
    // Lit's own lists of its versions, by which it warns when it is loaded twice, are all there may be.
    assert.deepEqual(
      left.filter((name) => !/^(lit|reactive)\w*Versions$/i.test(name)),
      [],
    );
    if (entry !== 'widgets/index.ts') return;
    const classes = exported.filter((name) => name.startsWith('Journey'));
    assert.ok(classes.length > 0, exported.join(' '));
  });
}
