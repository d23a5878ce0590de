// Texts and values that break things elsewhere. Each text carries the marker, so that an echo of it is seen.
import { marker } from './hostile-workspaces.ts';

/** Well-formed texts, and some that are not. */
export const hostileTexts: readonly string[] = [
  marker,
  `${marker}' OR '1'='1`,
  `'; DROP SCHEMA journey_analytics CASCADE; -- ${marker}`,
  `${marker}") UNION SELECT * FROM journey_analytics.api_keys --`,
  `$1 $$${marker}$$ %s :name ?`,
  `\\${marker}\\`,
  `../../../etc/passwd ${marker}`,
  `..\\..\\${marker}`,
  `${marker}\0`,
  `\0${marker}`,
  `${marker}\r\nSet-Cookie: polluted=1`,
  `${marker}\u001b[2J\u0007`,
  `<script>${marker}</script>`,
  `\${jndi:ldap://${marker}}`,
  `{{${marker}}}`,
  `=cmd|'/c ${marker}'!A1`,
  `${marker}\ud800`,
  `\udc00${marker}`,
  `${marker}\ufeff\u2028\u2029\u200b\u00ad`,
  `\u202e${marker}\u2066\u2069`,
  `${marker} é e\u0301 ﬁ İ ı ß ſ K`,
  `${marker} ${'👨‍👩‍👧‍👦'.repeat(20)}`,
  `${marker} ${'\u0301'.repeat(150)}`,
  `\u{10ffff}${marker}\u{1f4a9}`,
  `${marker}${'x'.repeat(187)}`,
  `${marker}${'x'.repeat(188)}`,
  `${marker}${'x'.repeat(5_000)}`,
  `__proto__ ${marker}`,
  ` ${marker} `,
];

/** Names that every object has, or that make one into another. */
export const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '0',
  '',
  '$where',
  'a.b[0]',
] as const;

/** What `JSON.stringify` would not write: put into the text in the place of a string that names it. */
export const rawNumbers = [
  '1e999',
  '-1e999',
  '1e-999',
  '-0',
  '-0.0',
  '9007199254740993',
  '-9223372036854775809',
  '123456789012345678901234567890',
  '5e-324',
  '1.7976931348623157e308',
  '0.1',
  '1e21',
] as const;
const rawStart = 'raw number ';

/** Stands for a number in a value until `hostileJson` writes it. */
export const rawNumber = (text: string): string => `${rawStart}${text}`;

/** Writes JSON, with the numbers that no value of this language holds. */
export function hostileJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(new RegExp(`"${rawStart}([^"]+)"`, 'g'), '$1');
}
