// The documentation says what there is: all of it, and nothing else.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { journeyMetrics, problems, stepMetrics } from '../../bff/contract/index.ts';
import { customProperties } from '../../demo/docs/custom-properties.ts';
import { embeddingPoints } from '../../demo/docs/embedding-points.ts';
import { openApi } from '../../demo/docs/open-api.ts';
import { builtPages, type BuiltPage } from '../../demo/docs/site.ts';
import { makeManifest, type ElementDeclaration } from '../support/manifest/manifest.ts';

const root = resolve(import.meta.dirname, '../..');
/** As the sources are now, not as the committed file was. */
const elements = makeManifest().modules.flatMap(({ declarations }) => declarations);

let pages: readonly BuiltPage[];
before(async () => {
  pages = await builtPages();
});

function pageAt(path: string): BuiltPage {
  const page = pages.find((each) => each.path === path);
  assert.ok(page, `there is no page ${path}`);
  return page;
}

/** What stands as code in the first cells of the rows below a heading. */
function firstCells(html: string, heading: string): string[] {
  const section = html.split(`<h2 id="${heading}">`)[1]?.split('<h2 ')[0] ?? '';
  return Array.from(section.matchAll(/<tr><td>(?:<a [^>]*>)?<code>(.*?)<\/code>/g), ([, name = '']) =>
    name.replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
  );
}

const names = (notes: readonly { readonly name: string }[]) => notes.map(({ name }) => name);

function assertDescribed(declaration: ElementDeclaration): void {
  const { html } = pageAt(`elements/${declaration.tagName.replace('journey-', '')}`);
  const fields = declaration.members.filter(({ kind }) => kind === 'field');
  assert.deepEqual(
    {
      attributes: firstCells(html, 'attributes'),
      properties: firstCells(html, 'properties-without-an-attribute'),
      methods: firstCells(html, 'methods').map((text) => text.replace(/\(.*/, '')),
      events: firstCells(html, 'events'),
      parts: firstCells(html, 'parts'),
    },
    {
      attributes: names(declaration.attributes),
      properties: names(fields.filter(({ attribute }) => attribute === undefined)),
      methods: names(declaration.members.filter(({ kind }) => kind === 'method')),
      events: names(declaration.events),
      parts: names(declaration.cssParts),
    },
  );
  assert.match(html, /<div class="live">/, 'no example runs');
}

describe('the reference of elements', () => {
  test('has a page for each, and no other', () => {
    const paths = pages.filter(({ path }) => path.startsWith('elements/')).map(({ title }) => title);
    const tags = elements.map(({ tagName }) => `<${tagName}>`);
    assert.deepEqual(paths.toSorted(), tags.toSorted());
    const listed = firstCells(`<h2 id="all">${pageAt('elements').html}`, 'all');
    assert.deepEqual(listed.toSorted(), tags.toSorted());
  });

  for (const declaration of elements) {
    test(`describes <${declaration.tagName}> as it is`, () => assertDescribed(declaration));
  }

  test('lists every event with its detail', () => {
    const fired = new Set(elements.flatMap(({ events }) => names(events)));
    assert.deepEqual(firstCells(pageAt('elements').html, 'events').toSorted(), [...fired].toSorted());
  });

  test('lists every custom property', async () => {
    const source = readFileSync(join(root, 'widgets/styles/tokens.styles.ts'), 'utf8');
    const listed = firstCells(pageAt('theming').html, 'custom-properties');
    assert.deepEqual(
      listed,
      (await customProperties()).map(({ name }) => name),
    );
    const inSource = [
      ...source.matchAll(/^ {2}'?([a-z0-9-]+)'?: (?:\[|["']|\n)/gm),
      ...source.matchAll(/^ {2}'?(shadow-2)'?:$/gm),
    ].map(([, name = '']) => `--journey-${name}`);
    assert.deepEqual(listed.toSorted(), [...new Set(inSource)].toSorted());
  });
});

describe('the reference of the API', () => {
  test('has every route, and no other', () => {
    const routes = Object.entries(openApi().paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const { headings } = pageAt('api');
    const shown = headings.filter(({ depth }) => depth === 3).map(({ text }) => text);
    assert.deepEqual(shown.toSorted(), routes.toSorted());
  });

  test('has every parameter and every refusal of a route', () => {
    const { html } = pageAt('api');
    for (const [path, methods] of Object.entries(openApi().paths)) {
      for (const [method, { parameters, responses }] of Object.entries(methods)) {
        const label = `${method.toUpperCase()} ${path}`;
        const section = html.split(`<code>${label}</code>`)[1]?.split(/<h[23] /)[0] ?? '';
        for (const { name } of parameters)
          assert.ok(section.includes(`<code>${name}</code>`), `${label}: ${name}`);
        for (const [status, { description }] of Object.entries(responses)) {
          assert.ok(section.includes(status), `${label}: ${status}`);
          for (const [, code = ''] of description.matchAll(/\(([a-z_]+)\)/g)) {
            assert.ok(section.includes(`${status} ${code}`), `${label}: ${code}`);
          }
        }
      }
    }
  });

  test('has every problem code, and no other', () => {
    assert.deepEqual(firstCells(pageAt('api').html, 'problems'), Object.keys(problems));
  });
});

test('every metric of the catalogue is explained', () => {
  const { html } = pageAt('numbers');
  for (const { id } of [...journeyMetrics, ...stepMetrics]) {
    assert.ok(html.includes(`<code>${id}</code>`), id);
  }
});

test('every link between the pages leads somewhere', () => {
  for (const page of pages) {
    for (const [, path = '', , id] of page.html.matchAll(/href="\/docs\/([^"#]*)(#([^"]*))?"/g)) {
      const target = pageAt(path);
      const found = id === undefined || target.headings.some((heading) => heading.id === id);
      assert.ok(found, `${page.path} links to #${id} of ${path}`);
    }
    for (const [, id] of page.html.matchAll(/href="#([^"]*)"/g)) {
      assert.ok(
        page.headings.some((heading) => heading.id === id),
        `${page.path}#${id}`,
      );
    }
    const ids = Array.from(page.html.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, `an id stands twice in ${page.path}`);
  }
});

/** Whether a file has a test of this title, written as one. */
function hasTest(file: string, title: string): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  const quoted = ["'", '`', '"'].map((quote) => `${quote}${title}${quote}`);
  return Array.from(source.matchAll(/\b(?:test|it)\(\s*(?=['`"])/g)).some(({ 0: { length }, index }) =>
    quoted.some((text) => source.startsWith(text, index + length)),
  );
}

describe('tests that the documentation names', () => {
  test('there are 40 points of embedding, each proved by a test that exists', () => {
    assert.equal(embeddingPoints.length, 40);
    assert.equal(new Set(embeddingPoints.map(({ point }) => point)).size, 40);
    const named = embeddingPoints.flatMap(({ point, tests }) => {
      assert.ok(tests.length > 0, `nothing proves: ${point}`);
      return tests;
    });
    assert.deepEqual(
      named.filter(([file, title]) => !hasTest(file, title)),
      [],
    );
  });

  test('exist, where texts name them', () => {
    const named = pages.flatMap(({ markdown }) =>
      Array.from(markdown.matchAll(/`(test\/[\w./-]+)`\s+“([^”]+)”/g), ([, file = '', title = '']) => [
        file,
        title,
      ]),
    );
    assert.ok(named.length > 100, 'the threat model and the checklist name their tests');
    assert.deepEqual(
      named.filter(([file = '', title = '']) => !hasTest(file, title)),
      [],
    );
  });

  test('a test that does not exist would be found', () => {
    assert.equal(hasTest('test/demo/docs-content.test.ts', 'nobody has written this'), false);
    assert.equal(hasTest('test/demo/no-such.test.ts', 'lists every custom property'), false);
  });
});
