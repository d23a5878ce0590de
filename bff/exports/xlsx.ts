// XLSX: the sheets are written as they stream by, the package is zipped by yazl. Text is inline, instants are true dates.
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Cell, Column, Row, Table } from './table.ts';

/** How many rows a sheet has below its header. */
export const rowsInSheet = 1_048_575;

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageTypes = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Bytes must not depend on when or where they are made. */
const entryOptions = {
  mtime: new Date(2000, 0, 1),
  mode: 0o100_644,
  forceDosTimestamp: true,
  compressionLevel: 1,
};

/** Style 1 shows an instant with milliseconds. */
const styles = `${xml}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/></cellXfs></styleSheet>`;

// What XML cannot hold as it is (and a CR, which its readers would turn into LF) is written _xHHHH_, and so is an
// underscore that would begin such an escape by chance.
// oxlint-disable-next-line no-control-regex -- control characters are what this finds
const needsEscape = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const needsEntity = /[&<>]/g;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function xmlText(text: string): string {
  return text
    .replaceAll(
      needsEscape,
      (found) => `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replaceAll(needsEntity, (found) => entities[found] ?? found);
}

function cellXml(cell: Cell, kind: Column['kind']): string {
  if (cell === null) return '<c/>';
  if (typeof cell === 'string') {
    return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`;
  }
  return kind === 'instant' ? `<c s="1"><v>${cell / 86_400_000 + 25_569}</v></c>` : `<c><v>${cell}</v></c>`;
}

const widths: Readonly<Record<Column['kind'], number>> = { text: 32, number: 12, instant: 26 };

function sheetStart(columns: readonly Column[]): string {
  const cols = columns.map(
    ({ kind }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widths[kind]}" customWidth="1"/>`,
  );
  const header = columns.map(({ name }) => cellXml(name, 'text')).join('');
  return `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData><row>${header}</row>`;
}
const sheetEnd = '</sheetData></worksheet>';

/** Hands out rows of one table to one sheet after the other. */
class RowSource {
  readonly #portions: AsyncIterator<readonly Row[]>;
  #rest: readonly Row[] = [];

  constructor(table: Table) {
    this.#portions = table.rows()[Symbol.asyncIterator]();
  }

  /** The next rows, at most so many; none when there are no more. */
  async next(most: number): Promise<readonly Row[]> {
    if (this.#rest.length === 0) {
      const portion = await this.#portions.next();
      if (portion.done === true) return [];
      this.#rest = portion.value;
    }
    const rows = this.#rest.slice(0, most);
    this.#rest = this.#rest.slice(rows.length);
    return rows;
  }

  /** Hears from the table that there are no more rows. */
  async end(): Promise<void> {
    const portion = this.#rest.length === 0 ? await this.#portions.next() : undefined;
    if (portion?.done !== true) throw new Error('A table has more rows than its number says');
  }

  async close(): Promise<void> {
    await this.#portions.return?.();
  }
}

async function* writeSheet(
  source: RowSource,
  columns: readonly Column[],
  isLast: boolean,
  rowsPerSheet: number,
): AsyncGenerator<string> {
  try {
    yield sheetStart(columns);
    for (let left = rowsPerSheet; left > 0;) {
      const rows = await source.next(left);
      if (rows.length === 0) break;
      left -= rows.length;
      let text = '';
      for (const row of rows) {
        text += '<row>';
        for (let index = 0; index < columns.length; index += 1)
          text += cellXml(row[index] ?? null, columns[index]?.kind ?? 'text');
        text += '</row>';
      }
      yield text;
    }
    if (isLast) await source.end();
    yield sheetEnd;
  } finally {
    if (isLast) await source.close();
  }
}

/** The parts of the package that are not sheets. */
function parts(sheets: number): Record<string, string> {
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const sheetTypes = numbers.map(
    (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${packageTypes}.worksheet+xml"/>`,
  );
  const sheetNames = numbers.map(
    (n) => `<sheet name="${n === 1 ? 'Export' : `Export ${n}`}" sheetId="${n}" r:id="rId${n}"/>`,
  );
  const sheetRelations = numbers.map(
    (n) => `<Relationship Id="rId${n}" Type="${relations}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  return {
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${packageTypes}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${packageTypes}.styles+xml"/>${sheetTypes.join('')}</Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheetNames.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${packageRelations}">${sheetRelations.join('')}<Relationship Id="rId${sheets + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': styles,
  };
}

/**
 * Writes a table as XLSX. Sheets are made one after the other as the file is read, so memory stays flat.
 * @param rowsPerSheet how many rows a sheet has at most, below its header
 */
export function writeXlsx(table: Table, rowsPerSheet = rowsInSheet): Readable {
  const zip = new ZipFile();
  const sheets = Math.max(1, Math.ceil(table.rowCount / rowsPerSheet));
  for (const [path, text] of Object.entries(parts(sheets)))
    zip.addBuffer(Buffer.from(text), path, entryOptions);
  const source = new RowSource(table);
  const output = zip.outputStream;
  if (!(output instanceof Readable)) throw new Error('The zip library gives no stream of this Node');
  zip.on('error', (error) =>
    output.destroy(error instanceof Error ? error : new Error('The file could not be zipped')),
  );
  for (let sheet = 1; sheet <= sheets; sheet += 1) {
    zip.addReadStreamLazy(`xl/worksheets/sheet${sheet}.xml`, entryOptions, (give) => {
      const text = Readable.from(writeSheet(source, table.columns, sheet === sheets, rowsPerSheet));
      // Who stops reading the file stops the rows too; an error of the rows breaks the file off.
      output.once('close', () => text.destroy());
      text.once('error', (error) => output.destroy(error));
      give(null, text);
    });
  }
  zip.end();
  return output;
}
