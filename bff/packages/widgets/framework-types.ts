// The elements in the templates of Vue and Svelte, made from the manifest as react.d.ts is. Without the framework they are
// types of nothing, and harmless.
import type { ElementDeclaration, Manifest } from '../../../test/support/manifest/manifest.ts';

const absent = (framework: string) => `// @ts-ignore -- a host without ${framework} has no such module`;

/** Imports of the classes, and for each element its properties by their names and its events. */
function shared({ modules }: Manifest): string[] {
  return [
    ...modules.map(
      ({ path, declarations }) =>
        `import type { ${declarations.map(({ name }) => name).join(', ')} } from '${path.replace(/^widgets\//, './')}';`,
    ),
    "import type { JourneyElementEvents } from './element-types.ts';",
  ];
}

function names(element: ElementDeclaration): string {
  return element.members
    .filter(({ kind }) => kind === 'field')
    .map(({ name }) => `'${name}'`)
    .join(' | ');
}

const elementsOf = ({ modules }: Manifest) => modules.flatMap(({ declarations }) => declarations);

export function vueTypes(manifest: Manifest): string {
  return `${[
    '// The elements in templates of Vue: `@report-click` hears an event, `:get-token.prop` sets a property.',
    ...shared(manifest),
    absent('Vue'),
    "import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';",
    '',
    'type Emits<Events> = { [Name in keyof Events]: (event: Events[Name]) => void };',
    'type Component<E extends HTMLElement, Names extends keyof E, Events> = new () => E & {',
    '  /** @deprecated Only for the checks of templates: elements have no such property. */',
    '  $props: HTMLAttributes & Partial<Pick<E, Names>> & PublicProps;',
    '  /** @deprecated Only for the checks of templates: elements have no such property. */',
    '  $emit: EmitFn<Emits<Events>>;',
    '};',
    '',
    absent('Vue'),
    "declare module 'vue' {",
    '  interface GlobalComponents {',
    ...elementsOf(manifest).map(
      (element) =>
        `    '${element.tagName}': Component<${element.name}, ${names(element)}, JourneyElementEvents['${element.tagName}']>;`,
    ),
    '  }',
    '}',
  ].join('\n')}\n`;
}

export function svelteTypes(manifest: Manifest): string {
  return `${[
    '// The elements in Svelte 5: properties by their names, events by `on` before theirs.',
    ...shared(manifest),
    absent('Svelte'),
    "import type { HTMLAttributes } from 'svelte/elements';",
    '',
    'type Listeners<Events> = {',
    '  [Name in keyof Events & string as `on${Name}`]?: (event: Events[Name]) => void;',
    '};',
    'type Properties<E extends HTMLElement, Names extends keyof E, Events> = HTMLAttributes<E> &',
    '  Partial<Pick<E, Names>> &',
    '  Listeners<Events>;',
    '',
    absent('Svelte'),
    "declare module 'svelte/elements' {",
    '  interface SvelteHTMLElements {',
    ...elementsOf(manifest).map(
      (element) =>
        `    '${element.tagName}': Properties<${element.name}, ${names(element)}, JourneyElementEvents['${element.tagName}']>;`,
    ),
    '  }',
    '}',
  ].join('\n')}\n`;
}
