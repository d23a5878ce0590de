// Which languages there are texts in: English always, others once they are added. The rest of the world reads English.
import { en, type MessageTable } from './en.ts';

const tables = new Map<string, MessageTable>([['en', en]]);

/** Adds a language, so that an element embedded alone need not carry them all. */
export function addTable(language: string, table: MessageTable): void {
  tables.set(language, table);
}

/** The texts for a BCP 47 tag, and the language they are in: plurals follow the texts, not the tag. */
export function tableFor(locale: string): { readonly language: string; readonly table: MessageTable } {
  const language = locale.split('-', 1)[0]?.toLowerCase() ?? 'en';
  const table = tables.get(language);
  return table ? { language, table } : { language: 'en', table: en };
}
