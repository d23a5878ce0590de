// What editors complete in HTML: VS Code's custom data, and web-types for JetBrains and Vue's tools. Both say of each element
// what the manifest says; the generators that there are for it bring a formatter and a worker for these few lines.
import type { ElementDeclaration, Manifest } from '../../../test/support/manifest/manifest.ts';

interface Note {
  readonly name: string;
  readonly description?: string;
}

const described = ({ name, description = '' }: Note) => ({ name, description });

/** Attributes whose values the description lists. */
const values: Readonly<Record<string, readonly string[]>> = {
  compare: ['previous'],
  direction: ['down', 'right'],
  theme: ['light', 'dark', 'auto'],
};

const elementsOf = ({ modules }: Manifest): readonly ElementDeclaration[] =>
  modules.flatMap(({ declarations }) => declarations);

/** https://github.com/microsoft/vscode-custom-data */
export function vsCodeData(manifest: Manifest): unknown {
  return {
    version: 1.1,
    tags: elementsOf(manifest).map(({ tagName, description, attributes }) => ({
      name: tagName,
      description,
      attributes: attributes.map((attribute) => ({
        ...described(attribute),
        ...(values[attribute.name] && { values: values[attribute.name]?.map((name) => ({ name })) }),
      })),
    })),
  };
}

/** https://github.com/JetBrains/web-types */
export function webTypes(manifest: Manifest, version: string): unknown {
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: 'journey-analytics',
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: elementsOf(manifest).map((element) => ({
          name: element.tagName,
          description: element.description,
          attributes: element.attributes.map((attribute) => ({
            ...described(attribute),
            ...(values[attribute.name] && {
              value: { type: values[attribute.name]?.map((value) => `'${value}'`).join(' | ') },
            }),
          })),
          js: {
            properties: element.members.filter(({ kind }) => kind === 'field').map(described),
            events: element.events.map(described),
          },
        })),
      },
      css: { parts: [] },
    },
  };
}
