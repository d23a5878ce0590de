// The documentation: which pages there are, and what each says. Texts are Markdown files; a line `{{ name }}` in one stands for
// what is written from the product itself.
import { readFileSync } from 'node:fs';
import { apiReference, problemReference } from './api-reference.ts';
import { customPropertyTable } from './custom-properties.ts';
import { elementList, elementNotes, elementPath, elementReference } from './element-reference.ts';
import { embeddingPointList } from './embedding-point-list.ts';
import { pageHtml } from './layout.ts';
import { renderMarkdown, type RenderedPage } from './markdown.ts';
import { journeyMetricTable, stepMetricTable } from './metric-reference.ts';

export interface Page {
  /** Its address below `/docs/`; the first page's is empty. */
  readonly path: string;
  readonly title: string;
  readonly group: 'Guide' | 'Elements' | 'Reference';
  readonly markdown: string;
}

export interface BuiltPage extends Page, RenderedPage {}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** A file of the repository's root, whose links lead to files beside it. */
const readRoot = (file: string) => read(`../../${file}`);

const written: Readonly<Record<string, () => string | Promise<string>>> = {
  elements: elementList,
  'custom properties': customPropertyTable,
  'journey metrics': journeyMetricTable,
  'step metrics': stepMetricTable,
  'embedding points': embeddingPointList,
  routes: apiReference,
  'problem codes': problemReference,
};

/** Puts what is written from the product into a text. @throws Error when a text asks for what there is not */
async function fill(text: string): Promise<string> {
  const asked = [...text.matchAll(/^\{\{ (.+) \}\}$/gm)];
  const parts = await Promise.all(
    asked.map(async ([line, name = '']) => {
      const write = written[name];
      if (!write) throw new Error(`Nothing is written for ${line}`);
      return write();
    }),
  );
  return asked.reduce((filled, [line], place) => filled.replace(line, () => parts[place] ?? ''), text);
}

function elementPages(): Page[] {
  return elementNotes().map((note) => ({
    path: elementPath(note.tagName),
    title: `<${note.tagName}>`,
    group: 'Elements',
    markdown: `${read(`pages/${elementPath(note.tagName)}.md`)}\n\n${elementReference(note)}\n`,
  }));
}

/** All pages, in the order of the navigation. */
export async function pages(): Promise<readonly Page[]> {
  const guide: readonly (readonly [path: string, title: string])[] = [
    ['', 'Start'],
    ['theming', 'Theming'],
    ['numbers', 'What the numbers mean'],
    ['exports', 'Exports and audiences'],
    ['senders', 'Senders'],
    ['security', 'Security'],
    ['embedding', 'Embedding checklist'],
  ];
  const all: Page[] = [
    ...guide.map(([path, title]): Page => ({
      path,
      title,
      group: 'Guide',
      markdown: read(`pages/${path === '' ? 'start' : path}.md`),
    })),
    { path: 'elements', title: 'All elements', group: 'Elements', markdown: read('pages/elements.md') },
    ...elementPages(),
    { path: 'api', title: 'HTTP API', group: 'Reference', markdown: read('pages/api.md') },
    { path: 'threat-model', title: 'Threat model', group: 'Reference', markdown: readRoot('SECURITY.md') },
    { path: 'changes', title: 'Changes', group: 'Reference', markdown: readRoot('CHANGELOG.md') },
  ];
  return Promise.all(all.map(async (page) => ({ ...page, markdown: await fill(page.markdown) })));
}

/** Titles of tests have what varies in them as an expression, which says nothing to a reader. */
function withReadableTitles(text: string): string {
  return text.replaceAll(/“[^”]*”/g, (title) => title.replaceAll(/\$\{[^}]*\}/g, '…'));
}

export async function builtPages(): Promise<readonly BuiltPage[]> {
  return (await pages()).map((page) => ({ ...page, ...renderMarkdown(withReadableTitles(page.markdown)) }));
}

/** @returns the HTML of every page by its file below `docs/` */
export async function site(): Promise<ReadonlyMap<string, string>> {
  const built = await builtPages();
  return new Map(
    built.map((page) => [`${page.path === '' ? 'index' : page.path}.html`, pageHtml(page, built)]),
  );
}
