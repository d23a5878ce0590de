// Which languages there are texts in: English always, others once they are added. The rest of the world reads English.
import { en, type Message, type MessageKey, type MessageTable } from './en.ts';

/** English comes with the elements that need it, other languages whole. */
export type SomeTexts = Readonly<Partial<Record<MessageKey, Message>>>;

let english: SomeTexts = en;
const tables = new Map<string, MessageTable>();
const added = new WeakSet<SomeTexts>();

/** Adds the English texts of one element, so that others need not carry them. Adding them again does nothing. */
export function addEnglish(texts: SomeTexts): void {
  if (added.has(texts)) return;
  added.add(texts);
  english = { ...english, ...texts };
}

/** Adds a language, so that an element embedded alone need not carry them all. */
export function addTable(language: string, table: MessageTable): void {
  tables.set(language, table);
}

/** The texts for a BCP 47 tag, and the language they are in: plurals follow the texts, not the tag. */
export function tableFor(locale: string): { readonly language: string; readonly table: SomeTexts } {
  const language = locale.split('-', 1)[0]?.toLowerCase() ?? 'en';
  const table = tables.get(language);
  return table ? { language, table } : { language: 'en', table: english };
}
