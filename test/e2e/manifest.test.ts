// The manifest and the types made from it: as the sources are now, and with everything that hosts were promised.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { filesOf } from '../support/manifest/files.ts';
import { makeManifest, registrations, type ElementDeclaration } from '../support/manifest/manifest.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const manifest = makeManifest();
const elements = manifest.modules.flatMap(({ path, declarations }) =>
  declarations.map((declaration) => ({ path, declaration })),
);

interface Promised {
  readonly attributes?: readonly string[];
  readonly properties?: readonly string[];
  readonly events?: readonly string[];
  readonly methods?: readonly string[];
}

const common: Promised = {
  attributes: ['endpoint', 'journey', 'from', 'to', 'compare', 'locale', 'theme'],
  properties: ['getToken', 'messages'],
};
const loads = ['data-load', 'load-error'];

/** What the table of attributes and the list of events promise for each element, besides what all have. */
const promised: Readonly<Record<string, Promised>> = {
  'journey-analytics': {
    properties: ['data'],
    events: [...loads, 'report-click', 'step-select', 'range-change'],
    methods: ['refresh'],
  },
  'journey-overview': { properties: ['data'], events: loads, methods: ['refresh'] },
  'journey-metric-card': {
    attributes: ['metric'],
    properties: ['data'],
    events: loads,
    methods: ['refresh'],
  },
  'journey-flow': {
    attributes: ['direction', 'report-url'],
    properties: ['data'],
    events: [...loads, 'report-click', 'step-select'],
    methods: ['refresh', 'focusStep', 'fit'],
  },
  'journey-table': { properties: ['data'], events: loads, methods: ['refresh'] },
  'journey-step-metrics': {
    attributes: ['step'],
    properties: ['data'],
    events: [...loads, 'report-click'],
    methods: ['refresh'],
  },
  'journey-trend': {
    attributes: ['metric', 'step', 'platform', 'outcome'],
    properties: ['data'],
    events: loads,
    methods: ['refresh'],
  },
  'journey-export-button': {
    attributes: ['metric', 'step', 'platform', 'outcome'],
    events: ['export-start', 'export-complete', 'export-error'],
  },
  'journey-audience': { events: ['export-start', 'export-complete', 'export-error'] },
  'journey-report-button': { attributes: ['step', 'report-url'], events: ['report-click'] },
  'journey-connection': {},
};

const names = (notes: readonly { readonly name: string }[]) => notes.map(({ name }) => name);
const missing = (wanted: readonly string[] = [], present: readonly string[]) =>
  wanted.filter((name) => !present.includes(name));

function assertPromised(what: Promised, { attributes, members, events }: ElementDeclaration): void {
  const fields = members.filter(({ kind }) => kind === 'field');
  const methods = members.filter(({ kind }) => kind === 'method');
  assert.deepEqual(
    {
      attributes: missing(what.attributes, names(attributes)),
      properties: missing(what.properties, names(fields)),
      events: missing(what.events, names(events)),
      methods: missing(what.methods, names(methods)),
    },
    { attributes: [], properties: [], events: [], methods: [] },
  );
}

test('the committed files are those that the sources make', async () => {
  for (const { file, text } of await filesOf(manifest)) {
    const committed = readFileSync(file, 'utf8');
    assert.equal(committed, text, `${relative(root, file)} is not up to date: run npm run manifest`);
  }
});

test('define.ts registers every element that an entry of its own registers', () => {
  const text = readFileSync(join(root, 'widgets/define.ts'), 'utf8');
  assert.deepEqual(
    [...registrations().keys()].filter((tag) => !text.includes(`'${tag}'`)),
    [],
  );
});

for (const { path, declaration } of elements) {
  describe(`<${declaration.tagName}>`, () => {
    test('has what all elements have, and what it alone is promised to have', () => {
      assertPromised(common, declaration);
      const own = promised[declaration.tagName];
      assert.ok(own, 'this test knows no such element');
      assertPromised(own, declaration);
    });

    test('is described: each attribute, property, event, part and method', () => {
      const { description, attributes, members, events, cssParts, slots } = declaration;
      assert.notEqual(description, '');
      const notes = [...attributes, ...members, ...events, ...cssParts, ...slots];
      assert.deepEqual(names(notes.filter((note) => (note.description ?? '') === '')), []);
    });

    test('names its events after their classes', () => {
      for (const { name, type } of declaration.events) {
        const text = readFileSync(join(root, `widgets/events/${name}.ts`), 'utf8');
        assert.ok(text.includes(`class ${type.text} extends Event`), `${name} is no ${type.text}`);
      }
    });

    test('describes every part of its own templates', () => {
      const files = globSync(`${dirname(path)}/*.ts`, { cwd: root });
      const parts = files.flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/\spart="([a-z -]+)"/g)].flatMap(
          ([, list = '']) => list.split(' '),
        ),
      );
      assert.deepEqual(missing([...new Set(parts)], names(declaration.cssParts)), []);
    });
  });
}

describe('the types for React', () => {
  const react = {
    'index.d.ts': `export interface HTMLAttributes<T> { id?: string; onClick?: (event: T) => void }
      export type DetailedHTMLProps<A, T> = A & { ref?: (element: T | null) => void };
      export namespace JSX { interface IntrinsicElements { div: { id?: string } } }`,
    'jsx-runtime.d.ts': `import type { JSX as Own } from 'react';
      export namespace JSX { interface IntrinsicElements extends Own.IntrinsicElements {} type Element = unknown }
      export const jsx: unknown; export const jsxs: unknown;`,
    'package.json': '{ "name": "react", "types": "index.d.ts" }',
  };
  const page = (jsx: string) =>
    `import '${join(root, 'widgets/react.d.ts')}';\nexport const page = ${jsx};\n`;

  /** What the compiler says of a page of a host, every declaration file checked. */
  async function compile(content: string, isReactThere: boolean): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'react-types-'));
    try {
      const file = join(folder, isReactThere ? 'page.tsx' : 'page.ts');
      await writeFile(file, content);
      await mkdir(join(folder, 'node_modules/react'), { recursive: true });
      const sources = isReactThere ? Object.entries(react) : [];
      await Promise.all(
        sources.map(([name, text]) => writeFile(join(folder, 'node_modules/react', name), text)),
      );
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          extends: join(root, 'tsconfig.widgets.json'),
          compilerOptions: {
            composite: false,
            incremental: false,
            tsBuildInfoFile: null,
            noEmit: true,
            // Without React, so that react.d.ts itself is checked.
            skipLibCheck: isReactThere,
            jsx: 'react-jsx',
            types: [],
            paths: isReactThere
              ? {
                  react: ['./node_modules/react/index.d.ts'],
                  'react/jsx-runtime': ['./node_modules/react/jsx-runtime.d.ts'],
                }
              : {},
          },
          include: [file],
          exclude: [],
        }),
      );
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      const said = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).then(
        () => '',
        (error: unknown) => (error as { stdout: string }).stdout, // what a program that fails has said
      );
      const own = /(^|\/)(page\.tsx?|react\.d\.ts|element-types\.ts)\(/;
      return said
        .split('\n')
        .filter((line) => own.test(line))
        .join('\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test('know elements, properties and events', async () => {
    const jsx = [
      '<journey-flow journey="welcome" onreport-click={(event) => event.detail.campaignId.length} />',
      '<journey-flows />',
      '<journey-flow journey={7} />',
      '<journey-flow onreport-click={(event) => event.detail.campaign} />',
    ];
    const said = await compile(page(`[\n${jsx.join(',\n')}\n]`), true);
    // The first of them, in the third line, is right.
    const lines = [...said.matchAll(/page\.tsx\((?<line>\d+),/g)].map(({ groups }) => groups?.['line']);
    assert.deepEqual([...new Set(lines)], ['4', '5', '6'], said);
  });

  test('do no harm without React', async () => {
    assert.equal(await compile(page(`document.querySelector('journey-flow')?.journey ?? ''`), false), '');
  });
});
