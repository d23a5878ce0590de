// Importing the widgets where there is no DOM, as a server that renders pages does: nothing happens, and nothing is thrown.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const entries = globSync('widgets/{index,define,define/*}.ts', { cwd: root }).toSorted();

/** Every tag that is written anywhere in the sources. */
const tags = [
  ...new Set(
    globSync('widgets/**/*.ts', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/'(journey-[a-z-]+)'/g)].map(([, tag]) => tag),
    ),
  ),
];

const script = `
  const before = new Set(Reflect.ownKeys(globalThis));
  const said = [];
  for (const method of ['log', 'info', 'warn', 'error']) console[method] = (...words) => said.push(words.join(' '));
  const tags = JSON.parse(process.argv[2]);
  const exported = await import(process.argv[1]);
  const left = Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String);
  process.stdout.write(JSON.stringify({
    left,
    said,
    // Lit puts a stand-in for the registry where Node has none.
    registered: (globalThis.customElements ? tags.filter((tag) => customElements.get(tag)) : []),
    exported: Object.keys(exported),
    handles: process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name.startsWith('TCP')),
  }));
`;

interface Outcome {
  readonly left: readonly string[];
  readonly said: readonly string[];
  readonly registered: readonly string[];
  readonly exported: readonly string[];
  readonly handles: readonly string[];
}

async function importAlone(entry: string): Promise<Outcome> {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '-e', script, join(root, entry), JSON.stringify(tags)],
    {
      cwd: root,
    },
  );
  return JSON.parse(stdout) as Outcome;
}

test('there are entries: the classes, all elements, and each element alone', () => {
  assert.ok(entries.includes('widgets/index.ts'));
  assert.ok(entries.includes('widgets/define.ts'));
  assert.ok(entries.length > 5, entries.join(' '));
});

for (const entry of entries) {
  test(`${entry} does nothing without a DOM`, async () => {
    const { left, said, registered, exported, handles } = await importAlone(entry);
    assert.deepEqual({ registered, said, handles }, { registered: [], said: [], handles: [] });
    // What is Lit's, such as the lists by which it warns when it is loaded twice, and Node's own.
    const ofOthers = /^(lit|reactive)|^customElements$|undici/;
    assert.deepEqual(
      left.filter((name) => !ofOthers.test(name)),
      [],
    );
    if (entry !== 'widgets/index.ts') return;
    const classes = exported.filter((name) => name.startsWith('Journey'));
    assert.ok(classes.length > 0, exported.join(' '));
  });
}
