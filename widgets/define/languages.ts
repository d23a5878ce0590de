// Adds all languages, for hosts that register elements one by one.
import { addLanguages } from '../locales/add-languages.ts';

addLanguages();
