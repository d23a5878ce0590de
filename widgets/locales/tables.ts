// Which languages there are texts in. A language without a table reads English.
import { en, type MessageTable } from './en.ts';

const tables: Readonly<Record<string, MessageTable>> = { en };

/** The texts for a BCP 47 tag. */
export function tableFor(locale: string): MessageTable {
  const base = locale.split('-')[0]?.toLowerCase() ?? 'en';
  return Object.hasOwn(tables, base) ? (tables[base] ?? en) : en;
}
