// The types that hosts get with the elements, made from the manifest: tags, events, and what JSX of React 19 takes.
import { resolve } from 'node:path';
import type { ElementModule, Manifest } from './manifest.ts';

const widgets = resolve(import.meta.dirname, '../../../widgets');
const made = 'made by `npm run manifest` from custom-elements.json; do not change it by hand.';

const fromWidgets = (path: string) => path.replace(/^widgets\//, './');
const elementsOf = ({ modules }: Manifest) => modules.flatMap(({ declarations }) => declarations);

function importClass({ path, declarations }: ElementModule): string {
  return `import type { ${declarations.map(({ name }) => name).join(', ')} } from '${fromWidgets(path)}';`;
}

function events(manifest: Manifest): [name: string, className: string][] {
  const known = elementsOf(manifest).flatMap((element) =>
    element.events.map(({ name, type }): [string, string] => [name, type.text]),
  );
  return [...new Map(known)].toSorted(([one], [other]) => one.localeCompare(other, 'en'));
}

/** widgets/element-types.ts: needs no framework. */
function plainTypes(manifest: Manifest): string {
  const known = events(manifest);
  const lines = [
    `// What TypeScript knows of the elements: ${made}`,
    ...manifest.modules.map(importClass),
    ...known.map(([name, type]) => `import type { ${type} } from './events/${name}.ts';`),
    '',
    '/** What each element dispatches. */',
    'export interface JourneyElementEvents {',
    ...elementsOf(manifest).flatMap((element) => [
      `  readonly '${element.tagName}': {`,
      ...element.events.flatMap(({ name, description, type }) => [
        `    /** ${description} */`,
        `    readonly '${name}': ${type.text};`,
      ]),
      '  };',
    ]),
    '}',
    '',
    'declare global {',
    '  interface HTMLElementTagNameMap {',
    ...elementsOf(manifest).map(({ tagName, name }) => `    '${tagName}': ${name};`),
    '  }',
    '',
    '  /** They bubble out of shadow roots, so that every element may hear them. */',
    '  interface HTMLElementEventMap {',
    ...known.map(([name, type]) => `    '${name}': ${type};`),
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** widgets/react.d.ts: for React 19, and harmless without it. */
function reactTypes(manifest: Manifest): string {
  const elements = elementsOf(manifest);
  const lines = [
    `// The elements in JSX of React 19: ${made}`,
    '// oxlint-disable typescript/no-redundant-type-constituents -- without React its types are none',
    '// React sets properties by their names and listens by `on` before the name of the event.',
    ...manifest.modules.map(importClass),
    "import type { JourneyElementEvents } from './element-types.ts';",
    '// @ts-ignore -- a host without React has no such module',
    "import type { DetailedHTMLProps, HTMLAttributes } from 'react';",
    '',
    'type Listeners<Events> = {',
    '  [Name in keyof Events & string as `on${Name}`]?: (event: Events[Name]) => void;',
    '};',
    '',
    'type Properties<E extends HTMLElement, Names extends keyof E, Events> = DetailedHTMLProps<HTMLAttributes<E>, E> &',
    '  Partial<Pick<E, Names>> &',
    '  Listeners<Events>;',
    '',
    'interface JourneyElements {',
    ...elements.map((element) => {
      const names = element.members.filter(({ kind }) => kind === 'field').map(({ name }) => `'${name}'`);
      return `  '${element.tagName}': Properties<${element.name}, ${names.join(' | ')}, JourneyElementEvents['${element.tagName}']>;`;
    }),
    '}',
    '',
    '// @ts-ignore -- a host without React has no such module',
    "declare module 'react' {",
    '  namespace JSX {',
    '    interface IntrinsicElements extends JourneyElements {}',
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** Files and what is to stand in them, before formatting. */
export function elementTypes(
  manifest: Manifest,
): readonly { readonly file: string; readonly text: string }[] {
  return [
    { file: resolve(widgets, 'element-types.ts'), text: plainTypes(manifest) },
    { file: resolve(widgets, 'react.d.ts'), text: reactTypes(manifest) },
  ];
}
