// Gives the bundler the pages of the documentation, which are written at build time and are in no file.
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

/**
 * The pages stand, for the bundler, in `docs/` below its root.
 * @param root the folder of the demo's pages
 */
export async function documentation(
  root: string,
): Promise<{ plugin: Plugin; input: Record<string, string> }> {
  // By its address, so that the service's own modules are not made a part of the configuration.
  const { site } = (await import(new URL('site.ts', import.meta.url).href)) as typeof import('./site.ts');
  const pages = new Map(
    Array.from(await site(), ([file, html]): [string, string] => [join(root, 'docs', file), html]),
  );
  return {
    plugin: {
      name: 'documentation',
      enforce: 'pre',
      resolveId: { handler: (id) => (pages.has(id) ? id : undefined) },
      load: { handler: (id) => pages.get(id) },
    },
    input: Object.fromEntries(
      Array.from(pages.keys(), (file) => [relative(root, file).slice(0, -'.html'.length), file]),
    ),
  };
}
