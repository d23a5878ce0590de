// Arrays as the text that PostgreSQL reads them from: several times as fast as the library's own way, which escapes each
// value with regular expressions, and what an import and the rollup send is mostly long arrays.
import { sql, type SQL } from 'drizzle-orm';

/** Values that need no quotes: numbers, hashes in hex. */
export function plainArray(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}

function quoted(value: string): string {
  if (value.includes('"') || value.includes('\\')) return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return `"${value}"`;
}

/** Texts, or null. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (const value of values) {
    if (text.length > 1) text += ',';
    text += value === null ? 'NULL' : quoted(value);
  }
  return `${text}}`;
}

/**
 * The values of such an array, to compare a column with: `column = ${anyOf(…)}`. They stand in a sub-select, so that PostgreSQL
 * plans for a list that it does not see. Of one that it sees it estimates every value in every partition, which takes longer
 * than to find the rows; and of a column without statistics it takes a long one for most of the table, and reads all of that.
 */
export function anyOf(array: string, type: 'bigint' | 'integer' | 'text'): SQL {
  const ofType = sql.raw(`::${type}[]`);
  return sql`ANY((SELECT ${array}${ofType})${ofType})`;
}

/** Bytes as an element of an array, in hex, since an array of buffers is escaped byte by byte. */
export function hexElement(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}"`; // an empty text needs the quotes
}
