// Adds Turkish, German and Arabic to the texts of all elements on the page.
import { ar } from '../locales/ar.ts';
import { de } from '../locales/de.ts';
import { addTable } from '../locales/tables.ts';
import { tr } from '../locales/tr.ts';

addTable('ar', ar);
addTable('de', de);
addTable('tr', tr);
