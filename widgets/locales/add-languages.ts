// Every language there are texts in, for those who want them all.
import { ar } from './ar.ts';
import { de } from './de.ts';
import { addTable } from './tables.ts';
import { tr } from './tr.ts';

/** Adds Turkish, German and Arabic to the texts of all elements on the page. */
export function addLanguages(): void {
  addTable('ar', ar);
  addTable('de', de);
  addTable('tr', tr);
}
