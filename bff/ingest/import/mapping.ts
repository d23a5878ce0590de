// `--map FIELD=COLUMN,FIELD:=TEXT`: which columns of a table are which fields of an event.
import { hash } from 'node:crypto';
import { ImportError } from './import-error.ts';
import type { Item } from './item.ts';
import type { Row } from './rows.ts';

const fields: readonly string[] = [
  'id',
  'type',
  'at',
  'userId',
  'sequence',
  'journeyId',
  'entryId',
  'stepId',
  'outcome',
  'platform',
  'reason',
  'name',
  'properties',
];

/** Where a field of an event comes from. */
export interface FieldSource {
  /** A field of an event, or `properties.KEY`. */
  readonly field: string;
  readonly from: { readonly column: string } | { readonly text: string };
}

/** Reads mappings. @returns what they say, and what is wrong with them. */
export function parseMapping(texts: readonly string[]): { sources: FieldSource[]; problems: string[] } {
  const sources: FieldSource[] = [];
  const problems: string[] = [];
  for (const part of texts.flatMap((text) => text.split(',')).filter((text) => text !== '')) {
    const cut = part.indexOf('=');
    const isText = part[cut - 1] === ':';
    const field = part.slice(0, isText ? cut - 1 : Math.max(0, cut));
    const value = part.slice(cut + 1);
    if (cut < 1 || value === '') {
      problems.push(`--map "${part}" must be FIELD=COLUMN or FIELD:=TEXT.`);
    } else if (!fields.includes(field) && !/^properties\../.test(field)) {
      problems.push(`--map "${part}": an event has no field "${field}", but ${fields.join(', ')}.`);
    } else if (sources.some((source) => source.field === field)) {
      problems.push(`--map names the field ${field} twice.`);
    } else {
      sources.push({ field, from: isText ? { text: value } : { column: value } });
    }
  }
  if (
    sources.some(({ field }) => field === 'properties') &&
    sources.some(({ field }) => field.includes('.'))
  ) {
    problems.push('--map takes either properties, a column of JSON objects, or properties.KEY.');
  }
  return { sources, problems };
}

/** The mapping of a table whose columns are named like the fields of events, or undefined when it is none. */
export function mappingOfHeader(header: readonly string[]): FieldSource[] | undefined {
  if (!['type', 'at', 'userId'].every((field) => header.includes(field))) return undefined;
  const named = header.filter((column) => fields.includes(column) || column.startsWith('properties.'));
  return named.map((column) => ({ field: column, from: { column } }));
}

/** Finds a column by its name. @throws ImportError naming the columns that there are. */
export function columnIndex(header: readonly string[], name: string): number {
  const index = header.indexOf(name);
  if (index < 0) {
    const known = header.map((column) => `"${column}"`).join(', ');
    throw new ImportError(`The file has no column "${name}". Its columns are: ${known}.`);
  }
  if (header.includes(name, index + 1)) throw new ImportError(`The file has the column "${name}" twice.`);
  return index;
}

/** A cell as JSON would hold it: a number when it is written like one of JSON's, else text. */
export function propertyOf(text: string): unknown {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
}

/** What is no JSON is left as it is, for the contract to refuse. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Makes a function that turns a row into an event. Empty cells are absent fields. */
export function rowMapper(
  header: readonly string[],
  sources: readonly FieldSource[],
  readTime: (text: string) => string | undefined,
): (row: Row) => Item {
  const places = sources.map(({ field, from }) => ({
    field,
    index: 'column' in from ? columnIndex(header, from.column) : -1,
    text: 'text' in from ? from.text : '',
  }));
  const hasId = sources.some(({ field }) => field === 'id');
  return ({ line, number, cells, problem }) => {
    if (problem !== undefined) return { line, problem };
    const event: Record<string, unknown> = {};
    const properties: [string, unknown][] = [];
    for (const { field, index, text } of places) {
      const value = index < 0 ? text : (cells[index] ?? '');
      if (value === '') continue;
      if (field.startsWith('properties.'))
        properties.push([field.slice('properties.'.length), propertyOf(value)]);
      else if (field === 'at') event['at'] = readTime(value) ?? value;
      else if (field === 'sequence') event['sequence'] = propertyOf(value);
      else event[field] = field === 'properties' ? parseJson(value) : value;
    }
    if (!hasId) event['id'] = hash('sha256', JSON.stringify([number, cells]), 'base64url').slice(0, 24);
    if (properties.length > 0) event['properties'] = Object.fromEntries(properties);
    return { line, value: event };
  };
}
