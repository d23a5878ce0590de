// Markdown to HTML as the documentation shows it: headings that can be linked to, code and tables that scroll by themselves, and
// examples that also run.
import { Marked, type Tokens } from 'marked';

export interface Heading {
  readonly depth: number;
  readonly id: string;
  readonly text: string;
}

export interface RenderedPage {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** The address of the service in examples. In those that run it stands for the server that serves this page. */
export const exampleService = 'https://analytics.example';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A text that stands in one cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
}

/** The words of a language of code, as a reader is told them. */
const languages: Readonly<Record<string, string>> = {
  html: 'HTML',
  js: 'JavaScript',
  ts: 'TypeScript',
  css: 'CSS',
  sh: 'Commands',
  json: 'JSON',
};

function codeBlock(text: string, language: string): string {
  const label = languages[language] ?? 'Text';
  // What is no code has no lines of its own.
  const wraps = language === 'text' ? ' class="wraps"' : '';
  return `<pre tabindex="0" role="group" aria-label="${label}"${wraps}><code>${escapeHtml(text)}</code></pre>`;
}

/** An example that runs. Its outermost element gets endpoint and token by the page's script. */
function liveExample(text: string): string {
  const running = text.replaceAll(`endpoint="${exampleService}"`, 'data-live');
  if (running === text) throw new Error(`An example that runs has no endpoint="${exampleService}":\n${text}`);
  return `<div class="example"><div class="live">${running}</div>
    <p class="heard" role="status"></p>${codeBlock(text, 'html')}</div>`;
}

/** @param text Markdown, trusted: it is part of the repository */
export function renderMarkdown(text: string): RenderedPage {
  const headings: Heading[] = [];
  const used = new Map<string, number>();
  const idOf = (words: string) => {
    const wanted = slug(words);
    const times = used.get(wanted) ?? 0;
    used.set(wanted, times + 1);
    return times === 0 ? wanted : `${wanted}-${times + 1}`;
  };
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ depth, tokens, text: words }: Tokens.Heading): string {
        const plain = words.replaceAll(/[`*]/g, '');
        const id = idOf(plain);
        headings.push({ depth, id, text: plain });
        const inner = this.parser.parseInline(tokens);
        if (depth === 1) return `<h1 id="${id}">${inner}</h1>`;
        return `<h${depth} id="${id}"><a href="#${id}">${inner}</a></h${depth}>`;
      },
      code({ text: code, lang = '' }: Tokens.Code): string {
        const [language = '', ...words] = lang.split(' ');
        return words.includes('live') ? liveExample(code) : codeBlock(code, language);
      },
      table({ header, rows }: Tokens.Table): string {
        const row = (cells: readonly Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const label = headings.at(-1)?.text ?? 'Table';
        return `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(label)}"><table>
          <thead>${row(header, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`;
      },
    },
  });
  const html = marked.parse(text, { async: false });
  return { html, headings };
}
