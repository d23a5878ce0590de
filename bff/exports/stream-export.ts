// Streams an export: one snapshot from the count to the last row, back-pressure from the socket to the cursor, and a file
// that is whole or visibly broken off.
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { inWorkspace, type Database } from '../../db/client.ts';
import { insertExport, updateExport, type ExportRecord } from '../../db/queries/exports.ts';
import { Failure } from '../failure.ts';
import { openReading, type NumbersCache, type Reading } from '../metrics/read-journey.ts';
import { writeCsv } from './csv.ts';
import { fileHeader, tableOf, type ExportRequest } from './exported.ts';
import type { Table } from './table.ts';
import { writeXlsx } from './xlsx.ts';

export interface ExportSource {
  readonly database: Database;
  readonly cache: NumbersCache;
  readonly workspaceId: number;
}

export interface OpenedExport {
  readonly rows: number;
  readonly contentDisposition: string;
  readonly body: ReadableStream<Uint8Array>;
}

/** How often the audit trail hears how far an export is. */
const progressMilliseconds = 1_000;
/** How long a client may read nothing before the export is broken off. */
const stalledMilliseconds = 60_000;

/** @throws Failure `nothing_to_export` */
export function requireRows(table: Table): void {
  if (table.rowCount === 0) throw new Failure('nothing_to_export', 'Nothing to export: the value is 0.');
}

/** The same table; `taken` is called whenever its reader has taken a portion of rows and wants more. */
function watched(table: Table, taken: (rows: number) => Promise<void>): Table {
  return {
    ...table,
    async *rows() {
      let total = 0;
      for await (const rows of table.rows()) {
        total += rows.length;
        yield rows;
        await taken(rows.length);
      }
      if (total !== table.rowCount) throw new Error('An export has other rows than its number says');
    },
  };
}

/** Writes into the audit trail, beside the snapshot that the rows are read in. */
class Trail {
  readonly #source: ExportSource;
  readonly #record: ExportRecord;
  #rowsSent = 0;
  #lastWritten = Date.now();

  constructor(source: ExportSource, record: ExportRecord) {
    this.#source = source;
    this.#record = record;
  }

  async advance(rows: number): Promise<void> {
    this.#rowsSent += rows;
    if (Date.now() - this.#lastWritten >= progressMilliseconds) await this.write('streaming');
  }

  async write(state: 'streaming' | 'complete' | 'broken'): Promise<void> {
    this.#lastWritten = Date.now();
    const { database, workspaceId } = this.#source;
    const { exportId, rows } = this.#record;
    await inWorkspace(database, workspaceId, (tx) =>
      updateExport(tx, workspaceId, exportId, { state, rows, rowsSent: this.#rowsSent }),
    );
  }
}

function bytesOf(table: Table, request: ExportRequest): Readable {
  if (request.format === 'xlsx') return writeXlsx(table);
  return Readable.from(writeCsv(table, { bom: request.bom }), { objectMode: false, highWaterMark: 65_536 });
}

/**
 * Opens an export: its number of rows is known when this returns, its rows come as the body is read. The audit trail has it
 * from then on, with how it ended.
 * @param record who exports what; a taken link is in the audit trail already
 * @throws Failure `not_found`, `nothing_to_export`, `invalid_parameter`, `validation_failed`
 */
export async function openExport(
  source: ExportSource,
  request: ExportRequest,
  record: Omit<ExportRecord, 'rows'>,
  options: {
    readonly isTaken: boolean;
    /** Called when the export has ended, however it did. */
    readonly settled: () => void;
    /** Called when it failed or its reader left. */
    readonly broken: (error: unknown) => void;
  },
): Promise<OpenedExport> {
  const { database, workspaceId } = source;
  const opened = Promise.withResolvers<OpenedExport>();

  const run = async (reading: Reading) => {
    const table = await tableOf(reading, request);
    const whole = { ...record, rows: table.rowCount };
    const trail = new Trail(source, whole);
    if (table.rowCount === 0 && options.isTaken) await trail.write('broken');
    requireRows(table);
    if (options.isTaken) await trail.write('streaming');
    else await inWorkspace(database, workspaceId, (tx) => insertExport(tx, workspaceId, whole, null));
    let stalled: NodeJS.Timeout | undefined;
    const stream: Readable = bytesOf(
      watched(table, async (rows) => {
        stalled?.refresh();
        await trail.advance(rows);
      }),
      request,
    );
    // A client that takes nothing must not hold the database.
    stalled = setTimeout(() => stream.destroy(new Error('The reader has stalled')), stalledMilliseconds);
    opened.resolve({
      rows: table.rowCount,
      contentDisposition: fileHeader(reading, request),
      // Node's stream of bytes and the web's are the same thing to both sides.
      body: Readable.toWeb(stream) as ReadableStream<Uint8Array>,
    });
    try {
      await finished(stream, { writable: false });
      await trail.write('complete');
    } catch (error) {
      await trail.write('broken');
      throw error;
    } finally {
      clearTimeout(stalled);
    }
  };

  const ran = inWorkspace(
    database,
    workspaceId,
    async (tx) => run(await openReading(tx, source, request.journeyId)),
    { snapshot: true },
  );
  // Before the body is handed out an error is the caller's; afterwards the reader sees the body break off.
  void ran.then(options.settled, (error: unknown) => {
    options.settled();
    options.broken(error);
    opened.reject(error);
  });
  return opened.promise;
}
