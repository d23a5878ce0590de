// Reads exported files strictly, by other code than wrote them: CSV by csv-parse, XLSX by taking its ZIP and XML apart.
import { crc32, inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** A cell: text, a number, an instant in ISO 8601, or nothing. In CSV every cell is text. */
export type ReadCell =
  | { readonly text: string }
  | { readonly number: number }
  | { readonly instant: string }
  | null;

export interface ReadFile {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReadCell[])[];
  /** The number of rows of each sheet below its header; of CSV one. */
  readonly sheets: readonly number[];
}

/** What a cell holds as a text, as both formats write it but for the guard. */
export function cellText(cell: ReadCell): string {
  if (cell === null) return '';
  if ('text' in cell) return cell.text;
  return 'number' in cell ? String(cell.number) : cell.instant;
}

/** What CSV holds for a text: an apostrophe before what a spreadsheet would take for a formula. */
export function guarded(text: string): string {
  const isRisky = ['=', '+', '-', '@', '\t', '\r', '\n'].includes(text.charAt(0));
  return isRisky && !/^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(text) ? `'${text}` : text;
}

/** Reads CSV. @throws Error when it is not RFC 4180 with CRLF after every row, or its BOM is not as told */
export function readCsv(bytes: Buffer, options: { readonly bom?: boolean } = {}): ReadFile {
  const hasBom = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  if (hasBom !== (options.bom ?? true)) throw new Error(`CSV ${hasBom ? 'with' : 'without'} a BOM`);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    bytes.subarray(hasBom ? 3 : 0),
  );
  if (!text.endsWith('\r\n')) throw new Error('The last line of CSV does not end in CRLF');
  const outsideQuotes = text.replaceAll(/"[^"]*"/g, '');
  if (/"|\r(?!\n)|(?<!\r)\n/.test(outsideQuotes)) throw new Error('CSV with a stray quote, CR or LF');
  const records = parse(text, { record_delimiter: '\r\n', relax_column_count: false });
  const [columns, ...rows] = records;
  if (!columns) throw new Error('CSV without a header');
  return { columns, rows: rows.map((row) => row.map((cell) => ({ text: cell }))), sheets: [rows.length] };
}

/** The files in a ZIP, by path. @throws Error when a length or a checksum is wrong */
export function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  if (end < 0) throw new Error('The ZIP has no end');
  if (end + 22 !== bytes.length) throw new Error('Bytes follow the end of the ZIP');
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) !== 0x02_01_4b_50) throw new Error('The directory of the ZIP is broken');
    const [checksum, packed, whole] = [16, 20, 24].map((offset) => bytes.readUInt32LE(at + offset));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    );
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const part = inflateRawSync(bytes.subarray(start, start + (packed ?? 0)));
    if (part.length !== whole || crc32(part) !== checksum) throw new Error(`${name} in the ZIP is broken`);
    if (files.has(name)) throw new Error(`${name} stands twice in the ZIP`);
    files.set(name, part);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text of XML as a spreadsheet shows it. */
function shownText(xml: string): string {
  return xml
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/&(\w+);/g, (_, name: string) => entities[name] ?? '?')
    .replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Reads a cell. @throws Error when it is a formula or a text that is not inline */
function readCell(cell: string, dateStyles: ReadonlySet<string>): ReadCell {
  if (cell === '<c/>') return null;
  const text = /^<c t="inlineStr"><is><t xml:space="preserve">([^<]*)<\/t><\/is><\/c>$/.exec(cell);
  if (text) return { text: shownText(text[1] ?? '') };
  const number = /^<c(?: s="(\d+)")?><v>(-?[0-9.]+(?:e[+-]?\d+)?)<\/v><\/c>$/.exec(cell);
  if (!number) throw new Error(`A cell of XLSX is neither text, number nor date: ${cell.slice(0, 100)}`);
  const value = Number(number[2]);
  if (number[1] === undefined || !dateStyles.has(number[1])) return { number: value };
  return { instant: new Date(Math.round((value - 25_569) * 86_400_000)).toISOString() };
}

/** The styles of cells that show a date with milliseconds. */
function dateStylesOf(styles: string): Set<string> {
  const formats = new Set(
    Array.from(styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"\/>/g))
      .filter(([, , code]) => code?.includes('yyyy') && code.endsWith('ss.000'))
      .map(([, id]) => id),
  );
  const cells = /<cellXfs[^>]*>(.*)<\/cellXfs>/s.exec(styles)?.[1] ?? '';
  const found = Array.from(cells.matchAll(/<xf\b[^>]*>/g), ([xf]) => /numFmtId="(\d+)"/.exec(xf)?.[1]);
  return new Set(found.flatMap((format, index) => (formats.has(format) ? [String(index)] : [])));
}

/** Reads the sheets of XLSX one after the other. @throws Error when anything is not as the product writes it */
export function readXlsx(bytes: Buffer): ReadFile {
  const files = unzip(bytes);
  const textOf = (name: string) => {
    const part = files.get(name);
    if (!part) throw new Error(`The XLSX has no ${name}`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(part);
    // oxlint-disable-next-line no-control-regex -- what XML cannot hold
    if (/[\0-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) throw new Error(`${name} is no XML`);
    return text;
  };
  const dateStyles = dateStylesOf(textOf('xl/styles.xml'));
  const relations = new Map(
    Array.from(
      textOf('xl/_rels/workbook.xml.rels').matchAll(
        /<Relationship Id="([^"]+)" Type="[^"]+" Target="([^"]+)"/g,
      ),
    ).map(([, id, target]) => [id, `xl/${target}`]),
  );
  const names = Array.from(
    textOf('xl/workbook.xml').matchAll(/<sheet name="[^"]+" sheetId="\d+" r:id="([^"]+)"\/>/g),
  ).map(([, id]) => relations.get(id) ?? '');
  const parts = files.size;
  if (names.length === 0 || parts !== names.length + 5)
    throw new Error(`${parts} parts for ${names.length} sheets`);
  let columns: readonly string[] | undefined;
  const rows: ReadCell[][] = [];
  const sheets: number[] = [];
  for (const name of names) {
    const [header, ...others] = Array.from(textOf(name).matchAll(/<row>(.*?)<\/row>/gs), ([, row = '']) =>
      Array.from(row.matchAll(/<c\/>|<c[ >].*?<\/c>/gs), ([cell]) => readCell(cell, dateStyles)),
    );
    const titles = (header ?? []).map(cellText);
    if (columns && columns.join('|') !== titles.join('|')) throw new Error('Sheets with different headers');
    columns = titles;
    sheets.push(others.length);
    for (const row of others) rows.push(row);
  }
  return { columns: columns ?? [], rows, sheets };
}
