// The custom elements manifest of the widgets, made from their sources: of each registered element what hosts may use.
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { create, ts } from '@custom-elements-manifest/analyzer/index.js';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

const root = resolve(import.meta.dirname, '../../..');
const text = (file: string) => readFileSync(resolve(root, file), 'utf8');

export interface EventNote {
  readonly name: string;
  readonly description: string;
  readonly type: { readonly text: string };
}

export interface ElementDeclaration {
  readonly kind: 'class';
  readonly customElement: true;
  readonly tagName: string;
  readonly name: string;
  readonly description: string;
  readonly superclass: { readonly name: string; readonly package: string };
  readonly attributes: readonly (AnalyzedNote & { readonly fieldName?: string })[];
  readonly members: readonly AnalyzedMember[];
  readonly events: readonly EventNote[];
  readonly slots: readonly AnalyzedNote[];
  readonly cssParts: readonly AnalyzedNote[];
}

export interface ElementModule {
  readonly kind: 'javascript-module';
  readonly path: string;
  readonly declarations: readonly ElementDeclaration[];
  readonly exports: readonly unknown[];
}

export interface Manifest {
  readonly schemaVersion: string;
  readonly readme: string;
  readonly modules: readonly ElementModule[];
}

/** Tags and their classes, as any entry registers them. */
export function registrations(): ReadonlyMap<string, string> {
  const files = globSync('widgets/{define,define/*}.ts', { cwd: root }).toSorted();
  const found = files.flatMap((file) => [
    ...text(file).matchAll(/defineElement\('(?<tag>journey-[a-z-]+)', (?<name>\w+)\)/g),
  ]);
  return new Map(found.map(({ groups }) => [groups?.['tag'] ?? '', groups?.['name'] ?? '']));
}

/** The class of an event's name: `step-select` is a StepSelectEvent. */
export function eventClass(name: string): string {
  const words = name.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Event`;
}

/** Fields and methods for hosts: those with a setter and a description, and methods that are not Lit's. */
function isPublic({ name, privacy, description = '', readonly, ...member }: AnalyzedMember): boolean {
  if (name.startsWith('#') || (privacy ?? 'public') !== 'public' || member.static === true) return false;
  if (readonly === true || /\bnot for hosts\b/i.test(description)) return false;
  return member.kind === 'field' || description !== '';
}

function declarationOf(tagName: string, analyzed: AnalyzedClass): ElementDeclaration {
  const members = (analyzed.members ?? []).filter(isPublic);
  const fields = new Set(members.map(({ name }) => name));
  return {
    kind: 'class',
    customElement: true,
    tagName,
    name: analyzed.name,
    description: analyzed.description ?? '',
    superclass: { name: 'LitElement', package: 'lit' },
    attributes: (analyzed.attributes ?? []).filter(({ name, fieldName }) => fields.has(fieldName ?? name)),
    members,
    // Those of the docblock: a dispatch found in the code says neither name nor when.
    events: (analyzed.events ?? [])
      .filter(({ description }) => description !== undefined)
      .map(({ name, description = '' }) => ({ name, description, type: { text: eventClass(name) } })),
    slots: analyzed.slots ?? [],
    cssParts: analyzed.cssParts ?? [],
  };
}

/** @throws Error when a registered class is in no module */
export function makeManifest(): Manifest {
  const files = globSync('widgets/{internal,elements}/**/*.ts', { cwd: root }).toSorted();
  const { modules } = create({
    modules: files.map((file) => ts.createSourceFile(file, text(file), ts.ScriptTarget.ES2022, true)),
    plugins: litPlugin(),
    context: { dev: false },
  });
  const elements = [...registrations()].toSorted(([one], [other]) => one.localeCompare(other, 'en'));
  return {
    schemaVersion: '1.0.0',
    readme: '',
    modules: elements.map(([tagName, name]) => {
      for (const { path, declarations = [] } of modules) {
        const analyzed = declarations.find((declaration) => declaration.name === name);
        if (!analyzed) continue;
        const declaration = { name, module: path };
        return {
          kind: 'javascript-module',
          path,
          declarations: [declarationOf(tagName, analyzed)],
          exports: [
            { kind: 'js', name, declaration },
            { kind: 'custom-element-definition', name: tagName, declaration },
          ],
        };
      }
      throw new Error(`no module has the class ${name} of <${tagName}>`);
    }),
  };
}

export const manifestFile = resolve(root, 'widgets/custom-elements.json');

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
