// The examples in the documentation name elements, attributes, events, parts, routes, commands and packages that there are.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { Marked, type Tokens } from 'marked';
import { customProperties } from '../../demo/docs/custom-properties.ts';
import { openApi } from '../../demo/docs/open-api.ts';
import { pages, type Page } from '../../demo/docs/site.ts';
import { makeManifest } from '../support/manifest/manifest.ts';

const root = resolve(import.meta.dirname, '../..');
const elements = new Map(
  makeManifest().modules.flatMap(({ declarations }) =>
    declarations.map((declaration) => [declaration.tagName, declaration] as const),
  ),
);
const all = [...elements.values()];
const names = (notes: readonly { readonly name: string }[]) => notes.map(({ name }) => name);
const events = new Set(all.flatMap((element) => names(element.events)));
const parts = new Set(all.flatMap(({ cssParts }) => names(cssParts)));
const members = new Set(all.flatMap((element) => names(element.members)));

interface Example {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

let texts: readonly Page[];
let examples: readonly Example[];
let spans: readonly Example[];
before(async () => {
  texts = await pages();
  const found: Example[] = [];
  const inline: Example[] = [];
  for (const { path, markdown } of texts) {
    const marked = new Marked({ gfm: true });
    marked.walkTokens(marked.lexer(markdown), (token) => {
      // The kinds of the lexer's own tokens.
      const { text, lang = '' } = token as Tokens.Code;
      if (token.type === 'code') found.push({ page: path, language: lang.split(' ')[0] ?? '', text });
      if (token.type === 'codespan') inline.push({ page: path, language: 'inline', text });
    });
  }
  examples = found;
  spans = inline;
});

const of = (...languages: readonly string[]) =>
  examples.filter(({ language }) => languages.includes(language));

/** Journey elements in a piece of HTML, with the names of their attributes. */
function tagsIn(text: string) {
  return Array.from(
    text.matchAll(/<(journey-[a-z-]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/g),
    ([, tag = '', rest = '']) => ({
      tag,
      attributes: Array.from(rest.matchAll(/([\w-]+)(?:="[^"]*")?/g), ([, name = '']) => name),
    }),
  );
}

const ofAllElements = new Set(['class', 'id', 'slot', 'lang', 'dir', 'hidden']);

describe('examples of HTML', () => {
  test('name elements and attributes that there are', () => {
    let seen = 0;
    for (const { page, text } of of('html')) {
      for (const { tag, attributes } of tagsIn(text)) {
        seen += 1;
        const element = elements.get(tag);
        assert.ok(element, `${page}: <${tag}>`);
        const known = new Set(names(element.attributes));
        for (const name of attributes) {
          assert.ok(known.has(name) || ofAllElements.has(name), `${page}: ${name} of <${tag}>`);
        }
      }
    }
    assert.ok(seen > 20, `only ${seen} elements were looked at`);
  });

  test('of which some run, at least one on each element’s page', () => {
    const running = texts.filter(({ markdown }) => markdown.includes('```html live'));
    assert.ok(running.length > elements.size);
  });
});

describe('examples of scripts', () => {
  test('listen to events, and use properties and methods, that there are', () => {
    for (const { page, text } of of('js', 'ts')) {
      for (const [, name = ''] of text.matchAll(/addEventListener\('([a-z]+-[a-z-]+)'/g)) {
        assert.ok(events.has(name), `${page}: ${name}`);
      }
      for (const [, tag = '', member = ''] of text.matchAll(
        /querySelector\('(journey-[a-z-]+)'\)(?:\.(\w+))?/g,
      )) {
        const element = elements.get(tag);
        assert.ok(element, `${page}: ${tag}`);
        if (member === '' || member === 'addEventListener') continue;
        assert.ok(names(element.members).includes(member), `${page}: ${member} of ${tag}`);
      }
      for (const [, member = ''] of text.matchAll(/\bflow\.(\w+)/g)) {
        assert.ok(members.has(member) || member === 'addEventListener', `${page}: ${member}`);
      }
    }
  });

  test('import entries that the package has', () => {
    const defined = globSync('widgets/define/*.ts', { cwd: root }).map((file) =>
      file.replace(/^widgets\/|\.ts$/g, ''),
    );
    const entries = new Set([
      '',
      ...['define', 'client', 'server', 'react', 'vue', 'svelte', ...defined].map((name) => `/${name}`),
    ]);
    for (const { page, text } of of('js', 'ts')) {
      for (const [, entry = ''] of text.matchAll(/'journey-analytics(\/[\w/-]+)?'/g)) {
        assert.ok(entries.has(entry), `${page}: journey-analytics${entry}`);
      }
    }
  });
});

test('examples of CSS name custom properties and parts that there are', async () => {
  const properties = new Set((await customProperties()).map(({ name }) => name));
  for (const { page, text } of [...of('css'), ...spans]) {
    for (const [, name = ''] of text.matchAll(/(--journey-[\w-]+)/g))
      assert.ok(properties.has(name), `${page}: ${name}`);
    for (const [, part = ''] of text.matchAll(/::part\(([\w-]+)\)/g))
      assert.ok(parts.has(part), `${page}: ${part}`);
  }
});

/** Whether the API has this, or the service serves it beside the API. */
function isRoute(method: string, path: string): boolean {
  const known = Object.entries(openApi().paths).some(
    ([pattern, methods]) =>
      (method === '' || method in methods) &&
      new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return known || /^\/widgets\/(manifest\.json|journey-analytics(\.[0-9a-f]{16})?\.js)$/.test(path);
}

describe('routes', () => {
  test('of examples are those of the API, with their methods', () => {
    let seen = 0;
    for (const { page, text } of of('sh', 'js', 'html', 'ts')) {
      for (const { 0: address, 1: path = '', index } of text.matchAll(
        /https:\/\/analytics\.example(\/[\w./{}-]+)/g,
      )) {
        const command = text.slice(text.lastIndexOf('curl', index), index);
        const method = text.includes('curl') ? (/-X (\w+)/.exec(command)?.[1] ?? 'GET') : '';
        assert.ok(isRoute(method.toLowerCase(), path), `${page}: ${method} ${address}`);
        seen += 1;
      }
    }
    assert.ok(seen > 8, `only ${seen} addresses were looked at`);
  });

  test('that the texts name are those of the API', () => {
    for (const { page, text } of spans) {
      const found = /^(?:(GET|POST|PUT|DELETE) )?(\/(?:v1|health|metrics|widgets)\b[\w./{}-]*)$/.exec(text);
      if (found) assert.ok(isRoute((found[1] ?? '').toLowerCase(), found[2] ?? ''), `${page}: ${text}`);
    }
  });

  test('have the parameters that examples give them', () => {
    for (const { page, text } of of('sh')) {
      for (const [, path = '', query = ''] of text.matchAll(
        /https:\/\/analytics\.example(\/[\w./{}-]+)\?([\w=&-]+)/g,
      )) {
        const entry = Object.entries(openApi().paths).find(([pattern]) =>
          new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
        );
        const known = Object.values(entry?.[1] ?? {}).flatMap(({ parameters }) => names(parameters));
        for (const name of new URLSearchParams(query).keys())
          assert.ok(known.includes(name), `${page}: ${name}`);
      }
    }
  });
});

test('commands are scripts of the repository', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  for (const { page, text } of [...of('sh'), ...spans]) {
    for (const [, name = ''] of text.matchAll(/npm run ([\w:-]+)/g))
      assert.ok(name in scripts, `${page}: ${name}`);
  }
});

test('elements and events that the texts name exist', () => {
  for (const { page, text } of spans) {
    for (const [, tag = ''] of text.matchAll(/<(journey-[a-z-]+)/g))
      assert.ok(elements.has(tag), `${page}: <${tag}>`);
  }
});
