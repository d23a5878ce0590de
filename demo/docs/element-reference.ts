// The reference of the elements, written from the custom elements manifest.
import { readFileSync } from 'node:fs';
import { escapeHtml, table } from './markdown.ts';

interface Note {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
  readonly fieldName?: string;
}

interface Member extends Note {
  readonly kind: 'field' | 'method';
  readonly attribute?: string;
  readonly parameters?: readonly Note[];
  readonly return?: { readonly type: { readonly text: string } };
}

export interface ElementNote {
  readonly tagName: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Note[];
  readonly members: readonly Member[];
  readonly events: readonly Note[];
  readonly cssParts: readonly Note[];
  readonly slots: readonly Note[];
}

interface Manifest {
  readonly modules: readonly { readonly declarations: readonly ElementNote[] }[];
}

const manifestFile = new URL('../../widgets/custom-elements.json', import.meta.url);

/** The elements, as the manifest that hosts get describes them. */
export function elementNotes(): readonly ElementNote[] {
  // The file is written by this repository, and its own test holds it to this shape.
  const { modules } = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  return modules.flatMap(({ declarations }) => declarations);
}

/** The place of an element's page: `journey-flow` is at `/docs/elements/flow`. */
export function elementPath(tagName: string): string {
  return `elements/${tagName.replace('journey-', '')}`;
}

const code = (text: string) => `\`${text.replaceAll(/\s+/g, ' ')}\``;
const words = ({ description = '' }: Note) => description.replaceAll(/\s+/g, ' ');
/** A default of none says nothing. */
const preset = (note: Note) =>
  note.default === undefined || note.default === 'null' ? '' : code(note.default);

function attributes({ attributes: all }: ElementNote): string {
  return table(
    ['attribute', 'property', 'type', 'default', 'what it says'],
    all.map((note) => [
      code(note.name),
      code(note.fieldName ?? note.name),
      code(note.type?.text ?? 'string'),
      preset(note),
      words(note),
    ]),
  );
}

function properties({ members }: ElementNote): string {
  const own = members.filter(({ kind, attribute }) => kind === 'field' && attribute === undefined);
  return table(
    ['property', 'type', 'what it says'],
    own.map((note) => [code(note.name), code(note.type?.text ?? 'unknown'), words(note)]),
  );
}

function methods({ members }: ElementNote): string {
  const own = members.filter(({ kind }) => kind === 'method');
  return table(
    ['method', 'what it does'],
    own.map((note) => [
      code(
        `${note.name}(${(note.parameters ?? []).map(({ name, type }) => `${name}: ${type?.text ?? 'unknown'}`).join(', ')})`,
      ),
      words(note),
    ]),
  );
}

/** A table of an element's notes, or a sentence where there are none. */
function notes(title: string, isEmpty: boolean, text: string, without: string): string {
  return `## ${title}\n\n${isEmpty ? without : text}`;
}

/** @returns Markdown: attributes, properties, methods, events and parts */
export function elementReference(note: ElementNote): string {
  const { tagName, members, events, cssParts, slots } = note;
  const fields = members.some(({ kind, attribute }) => kind === 'field' && attribute === undefined);
  return [
    notes('Attributes', note.attributes.length === 0, attributes(note), 'None.'),
    notes('Properties without an attribute', !fields, properties(note), 'None.'),
    notes('Methods', !members.some(({ kind }) => kind === 'method'), methods(note), 'None.'),
    notes(
      'Events',
      events.length === 0,
      table(
        ['event', 'class', 'when'],
        events.map((event) => [code(event.name), code(event.type?.text ?? 'Event'), words(event)]),
      ),
      `\`<${tagName}>\` fires none of its own. Those of the elements inside it bubble through it.`,
    ),
    notes(
      'Parts',
      cssParts.length === 0,
      table(
        ['part', 'what it is'],
        cssParts.map((part) => [code(part.name), words(part)]),
      ),
      'None: it draws nothing.',
    ),
    slots.length === 0
      ? ''
      : notes(
          'Slots',
          false,
          table(
            ['slot', 'what it takes'],
            slots.map((slot) => [code(slot.name === '' ? '(default)' : slot.name), words(slot)]),
          ),
          '',
        ),
    'Its colours, sizes and font are set by the [custom properties](/docs/theming#custom-properties) that all elements share.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** @returns Markdown: what all elements are */
export function elementList(): string {
  return table(
    ['element', 'class', 'what it is'],
    elementNotes().map((note) => [
      `[${code(`<${note.tagName}>`)}](/docs/${elementPath(note.tagName)})`,
      code(note.name),
      words(note),
    ]),
  );
}

/** The names of all events of the elements, for the page to listen to. */
export function eventNames(): readonly string[] {
  return [...new Set(elementNotes().flatMap(({ events }) => events.map(({ name }) => name)))];
}

export const eventNamesAttribute = (): string => escapeHtml(eventNames().join(' '));
