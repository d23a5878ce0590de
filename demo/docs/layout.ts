// The frame of a page of the documentation: head, navigation, and what the page says.
import { eventNamesAttribute } from './element-reference.ts';
import { escapeHtml } from './markdown.ts';
import type { BuiltPage, Page } from './site.ts';

const link = ({ path, title }: Page, current: Page) =>
  `<li><a href="/docs/${path}"${path === current.path ? ' aria-current="page"' : ''}>${escapeHtml(title)}</a></li>`;

function navigation(page: Page, all: readonly Page[]): string {
  return Array.from(
    Map.groupBy(all, ({ group }) => group),
    ([group, some]) =>
      `<p class="group" id="group-${group}">${group}</p><ul aria-labelledby="group-${group}">${some.map((each) => link(each, page)).join('')}</ul>`,
  ).join('');
}

function contents({ headings }: BuiltPage): string {
  const shown = headings.filter(({ depth }) => depth === 2);
  if (shown.length < 2) return '';
  return `<nav class="contents" aria-label="On this page"><p class="group">On this page</p><ul>${shown
    .map(({ id, text }) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`)
    .join('')}</ul></nav>`;
}

/** The pages before and after, for readers who go through. */
function neighbours(page: Page, all: readonly Page[]): string {
  const place = all.findIndex(({ path }) => path === page.path);
  const [before, after] = [all[place - 1], all[place + 1]];
  const step = (to: Page | undefined, word: string) =>
    to ? `<a href="/docs/${to.path}"><span>${word}</span> ${escapeHtml(to.title)}</a>` : '<span></span>';
  return `<nav class="neighbours" aria-label="Previous and next page">${step(before, 'Previous')}${step(after, 'Next')}</nav>`;
}

/** How many folders up the root of the pages is, for the files that the bundler takes. */
const up = ({ path }: Page) => '../'.repeat(path.split('/').length);

export function pageHtml(page: BuiltPage, all: readonly Page[]): string {
  const client = `${up(page)}../docs/client`;
  const hasTheming = page.path === 'theming';
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeHtml(page.title)} · Journey Analytics</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${client}/docs.css" />
    <script type="module" src="${client}/docs.ts"></script>
    ${hasTheming ? `<script type="module" src="${client}/theming.ts"></script>` : ''}
    <script type="module" src="/widgets/journey-analytics.js" vite-ignore></script>
  </head>
  <body data-events="${eventNamesAttribute()}">
    <a class="skip" href="#content">Skip to the text</a>
    <header class="top">
      <a class="product" href="/docs/">Journey Analytics</a>
      <a class="to-demo" href="/">Demo</a>
      <button id="theme" type="button" aria-pressed="false">Dark</button>
      <button id="menu" type="button" aria-expanded="false" aria-controls="pages">Pages</button>
    </header>
    <div class="columns">
      <nav id="pages" class="pages" aria-label="Documentation">${navigation(page, all)}</nav>
      <main id="content" tabindex="-1">
        ${page.html}
        ${neighbours(page, all)}
      </main>
      ${contents(page)}
    </div>
  </body>
</html>
`;
}
