// CSV: RFC 4180, CRLF, UTF-8 with BOM, and a guard against cells that a spreadsheet would take for formulas.
import type { Cell, Column, Table } from './table.ts';

const formulaStart = /^[=+\-@\t\r\n]/;
const plainNumber = /^[+-]?[0-9]+(\.[0-9]+)?$/;
const needsQuotes = /[",\r\n]/;

function textCell(text: string): string {
  const guarded = formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return needsQuotes.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function cellText(cell: Cell, kind: Column['kind']): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return textCell(cell);
  return kind === 'instant' ? new Date(cell).toISOString() : String(cell);
}

/** Writes a table as CSV, a portion of rows at a time. */
export async function* writeCsv(table: Table, options: { bom: boolean }): AsyncGenerator<string> {
  const { columns } = table;
  yield `${options.bom ? '\u{FEFF}' : ''}${columns.map(({ name }) => textCell(name)).join(',')}\r\n`;
  for await (const rows of table.rows()) {
    let text = '';
    for (const row of rows) {
      for (let index = 0; index < columns.length; index += 1) {
        if (index > 0) text += ',';
        text += cellText(row[index] ?? null, columns[index]?.kind ?? 'text');
      }
      text += '\r\n';
    }
    yield text;
  }
}
