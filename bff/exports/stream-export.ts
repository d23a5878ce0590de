// Streams an export: one snapshot from the count to the last row, back-pressure from the socket to the cursor, and a file
// that is whole or visibly broken off.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { inWorkspace, type Database } from '../../db/client.ts';
import {
  cancelQuery,
  insertExport,
  selectBackend,
  updateExport,
  type ExportRecord,
} from '../../db/queries/exports.ts';
import { Failure } from '../failure.ts';
import { openReading, type Reading } from '../metrics/read-journey.ts';
import type { ReadingCache } from '../metrics/reading-cache.ts';
import { writeCsv } from './csv.ts';
import { ExportBody } from './export-body.ts';
import { fileHeader, tableOf, type ExportRequest } from './exported.ts';
import type { Table } from './table.ts';
import { writeXlsx } from './xlsx.ts';

export interface ExportSource {
  readonly database: Database;
  readonly cache: ReadingCache;
  readonly workspaceId: number;
}

export interface OpenedExport {
  readonly rows: number;
  readonly contentDisposition: string;
  readonly body: ReadableStream<Uint8Array>;
}

/** How often the audit trail hears how far an export is. */
const progressMilliseconds = 1_000;

/** How long a query may go on for a reader who has left. */
const longestStopMilliseconds = 100;

/** @throws Failure `nothing_to_export` */
export function requireRows(table: Table): void {
  if (table.rowCount === 0) throw new Failure('nothing_to_export', 'Nothing to export: the value is 0.');
}

/** What is told of how rows are read. */
interface Watch {
  /** The reader wants more, and waits for the database from now on. */
  readonly asked: (rows: number) => Promise<void>;
  /** The reader has something to read. */
  readonly handed: () => void;
}

/**
 * The same table, watched while it is read.
 * @returns with `stop`, which resolves when no row is being read any more: a transaction must not end before, or what is
 * still asked would be asked in the next transaction of its connection.
 */
function watched(
  table: Table,
  { asked, handed }: Watch,
): { readonly table: Table; readonly stop: () => Promise<unknown> } {
  const rows = (async function* () {
    let total = 0;
    await asked(0);
    for await (const portion of table.rows()) {
      total += portion.length;
      handed();
      yield portion;
      await asked(portion.length);
    }
    if (total !== table.rowCount) throw new Error('An export has other rows than its number says');
    handed();
  })();
  return { table: { ...table, rows: () => rows }, stop: () => rows.return() };
}

/** Waits for rows to stop; a query that takes longer, such as one that sorts, is cancelled. */
async function stopSoon(stop: () => Promise<unknown>, cancel: () => Promise<void>): Promise<void> {
  const stopped = stop();
  const isSlow = await Promise.race([
    stopped.then(() => false),
    pause(longestStopMilliseconds, true, { ref: false }),
  ]);
  if (isSlow) await cancel();
  await stopped;
}

/** Writes into the audit trail, beside the snapshot that the rows are read in. */
class Trail {
  readonly #source: ExportSource;
  readonly #record: ExportRecord;
  #rowsSent = 0;
  #lastWritten = performance.now();

  constructor(source: ExportSource, record: ExportRecord) {
    this.#source = source;
    this.#record = record;
  }

  async advance(rows: number): Promise<void> {
    this.#rowsSent += rows;
    if (performance.now() - this.#lastWritten >= progressMilliseconds) await this.write('streaming');
  }

  async write(state: 'streaming' | 'complete' | 'broken'): Promise<void> {
    this.#lastWritten = performance.now();
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
    /** Called when the export has ended, however it did; `refused`: before it had any body. */
    readonly settled: (ending: 'complete' | 'broken' | 'refused') => void;
    /** Called when it failed or its reader left. */
    readonly broken: (error: unknown) => void;
    /** How long a client may read nothing before the export is broken off. */
    readonly stalledMilliseconds?: number;
  },
): Promise<OpenedExport> {
  const { database, workspaceId } = source;
  const { isTaken, settled, broken, stalledMilliseconds = 60_000 } = options;
  const opened = Promise.withResolvers<OpenedExport>();
  const ended = Promise.withResolvers<void>();
  let body: ExportBody | undefined;

  const run = async (reading: Reading) => {
    const found = await tableOf(reading, request);
    requireRows(found);
    const whole = { ...record, rows: found.rowCount };
    const trail = new Trail(source, whole);
    if (isTaken) await trail.write('streaming');
    else await inWorkspace(database, workspaceId, (tx) => insertExport(tx, workspaceId, whole, null));
    const backend = await selectBackend(reading.tx);
    let stalled: NodeJS.Timeout | undefined;
    // A client that takes nothing must not hold the database; how long the database takes is not the client's doing.
    const waitForReader = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => body?.breakOff(new Error('The reader has stalled')), stalledMilliseconds);
    };
    const { table, stop } = watched(found, {
      handed: waitForReader,
      async asked(rows) {
        clearTimeout(stalled);
        await trail.advance(rows);
      },
    });
    const made = new ExportBody(bytesOf(table, request), ended.promise);
    body = made;
    waitForReader();
    opened.resolve({
      rows: table.rowCount,
      contentDisposition: fileHeader(reading, request),
      body: made.stream,
    });
    try {
      await made.taken;
      await trail.write('complete');
    } catch (error) {
      await trail.write('broken');
      throw error;
    } finally {
      clearTimeout(stalled);
      await stopSoon(stop, () => cancelQuery(database, backend));
    }
  };

  const conclude = async () => {
    try {
      await inWorkspace(
        database,
        workspaceId,
        async (tx) => run(await openReading(tx, source, request.journeyId)),
        { snapshot: true, patient: true },
      );
    } catch (error) {
      settled(body ? 'broken' : 'refused');
      broken(error);
      // Its reader sees it break off, also when the connection has gone while nothing was being asked.
      if (body) body.breakOff(error);
      else await refuse(error);
      return;
    }
    // The slot is free before the reader hears of the end, who may ask for the next file at once.
    settled('complete');
    ended.resolve();
  };

  /** Before the body is handed out an error is the caller's. A link that was taken for it is used up. */
  const refuse = async (error: unknown) => {
    try {
      if (isTaken) await new Trail(source, { ...record, rows: 0 }).write('broken');
    } catch (failure) {
      broken(failure);
    }
    opened.reject(error);
  };

  void conclude();
  return opened.promise;
}
