// The custom properties by which hosts theme the elements, read from the style sheet that all elements share.
import { table } from './markdown.ts';

export interface CustomProperty {
  readonly name: string;
  readonly value: string;
}

/** What each family is for, by how its names begin; the first that fits. */
const uses: readonly (readonly [start: string, use: string])[] = [
  ['surface', 'cards, panels, menus and what lies under them'],
  ['track', 'ground of bars, segmented controls and skeletons'],
  ['border', 'hairlines and outlines'],
  ['text-on-solid', 'text on the main button and in tooltips'],
  ['text-xs', 'size of text'],
  ['text-sm', 'size of text'],
  ['text-md', 'size of text'],
  ['text-lg', 'size of text'],
  ['text-xl', 'size of text'],
  ['text-value', 'size of the value on a card'],
  ['text', 'colour of text'],
  ['solid', 'the main button, tooltips'],
  ['accent', 'links, selection, sparklines'],
  ['focus', 'ring around what has the focus'],
  ['positive', 'better, converted, live'],
  ['negative', 'worse, failed, largest drop-off'],
  ['warning', 'late, unusual'],
  ['channel', 'a step’s icon, by its channel'],
  ['flow', 'the diagram'],
  ['balance', 'the bar of what became of a step’s entries'],
  ['font', 'typeface'],
  ['radius', 'roundness of corners'],
  ['shadow', 'depth of steps, menus and popovers'],
  ['ring', 'edge of raised things'],
];

export async function customProperties(): Promise<readonly CustomProperty[]> {
  const file = new URL('../../widgets/styles/tokens.styles.ts', import.meta.url);
  const { tokens } = (await import(file.href)) as { readonly tokens: { readonly cssText: string } }; // Lit's CSSResult
  return Array.from(
    tokens.cssText.matchAll(/^\s*--j-[\w-]+: var\((?<name>--journey-[\w-]+), (?<value>.*)\);$/gm),
    ({ groups }) => ({ name: groups?.['name'] ?? '', value: groups?.['value'] ?? '' }),
  );
}

/** @returns Markdown: name, preset and use of each */
export async function customPropertyTable(): Promise<string> {
  const rows = (await customProperties()).map(({ name, value }) => {
    const use = uses.find(([start]) => name.startsWith(`--journey-${start}`));
    if (!use) throw new Error(`custom-properties.ts says nothing of ${name}`);
    return [`\`${name}\``, `\`${value}\``, use[1]];
  });
  return table(['custom property', 'preset', 'use'], rows);
}
