// Which way a language is written.

/** ISO 15924 codes of the scripts written from right to left that are in use. */
const rightToLeft: ReadonlySet<string> = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa']);

/** @param locale a valid BCP 47 tag; a language without a script is taken in its usual one */
export function textDirection(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
}
