// Reads the rows of a CSV file.
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ImportError } from './import-error.ts';

/** Longer than any row of events can be; a quote that is not closed shows by it. */
const longestRow = 1_000_000;
const rowsAtOnce = 500;

export interface Row {
  /** The line on which it ends, from 1. */
  readonly line: number;
  /** Its number without the header, from 1. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly problem?: string;
}

export interface Table {
  readonly header: readonly string[];
  /** Groups of rows; to be read once. */
  readonly rows: AsyncIterable<Row[]>;
}

/** The separator that the first line has most of. */
function delimiterOf(beginning: string): string {
  const [line = ''] = beginning.replaceAll(/"[^"]*"/g, '').split(/\r?\n/, 1);
  const counts = [',', ';', '\t', '|'].map((text) => ({ text, count: line.split(text).length }));
  return counts.reduce((most, each) => (each.count > most.count ? each : most)).text;
}

/**
 * Reads a table's header, and its rows as they are asked for.
 * @throws ImportError when there is no header, and in reading rows when quotes do not match
 */
export async function readTable(
  chunks: AsyncIterable<Buffer>,
  delimiter: string | undefined,
): Promise<Table> {
  const bytes = chunks[Symbol.asyncIterator]();
  const first = await bytes.next();
  if (first.done) throw new ImportError('The file is empty.');
  const parser = parse({
    bom: true,
    delimiter: delimiter ?? delimiterOf(first.value.toString('utf8')),
    info: true,
    max_record_size: longestRow,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const whole = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => bytes };
  })();
  const source = Readable.from(whole, { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  // With `info`, and without `columns`, records are of this form.
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<{
    record: string[];
    info: { lines: number };
  }>;
  const next = async () => {
    try {
      return await records.next();
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const where = typeof error['lines'] === 'number' ? ` by line ${error['lines']}` : '';
      const what =
        error.code === 'CSV_MAX_RECORD_SIZE'
          ? `a row is longer than ${longestRow} characters`
          : 'a quote is not closed';
      throw new ImportError(
        `The CSV cannot be read any further: ${what}${where}. Correct the file and import it again.`,
        { cause: error },
      );
    }
  };
  const head = await next();
  if (head.done === true) throw new ImportError('The file has no header.');
  const header = head.value.record.map((name) => name.trim());
  const rows = (async function* () {
    let number = 0;
    let group: Row[] = [];
    for (let result = await next(); result.done !== true; result = await next()) {
      const { record: cells, info } = result.value;
      number += 1;
      const problem = `has ${cells.length} columns where the header has ${header.length}`;
      const row = { line: info.lines, number, cells };
      group.push(cells.length === header.length ? row : { ...row, problem });
      if (group.length < rowsAtOnce) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  })();
  return { header, rows };
}
