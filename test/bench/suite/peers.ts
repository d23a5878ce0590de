// What the product is held against: plain SQL over a table of its own in the same PostgreSQL, and DuckDB over the same rows.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance, version as duckVersion, type DuckDBConnection } from '@duckdb/node-api';
import type postgres from 'postgres';
import { eventTypes } from '../../../bff/contract/index.ts';
import type { BenchEvent } from './generate.ts';
import { steps } from './journey.ts';
import { answerOf, journeyOfPeers, plainColumns, type Answer, type PeerRow } from './questions.ts';

export interface Peer {
  readonly name: string;
  ask(query: string): Promise<Answer>;
  close(): Promise<void>;
}

const schema = 'plain';
const rowsAtOnce = 5_000;
/** As many as the product's import uses. */
const connections = 2;

const plainRow = ({ user, at, index, type, sequence, entry, entryDay, step, detail }: BenchEvent) =>
  [
    user,
    new Date(at).toISOString(),
    `${user}-${index}`,
    eventTypes[type] ?? '',
    sequence,
    entry,
    entryDay,
    step < 0 ? null : (steps[step]?.stepId ?? ''),
    detail,
  ] as const;

/** One line of CSV for DuckDB. Nothing in it needs quotes. */
export function toCsv(event: BenchEvent): string {
  return `${journeyOfPeers},${plainRow(event)
    .map((value) => value ?? '')
    .join(',')}`;
}

async function insertRows(client: postgres.Sql, into: string, events: readonly BenchEvent[]): Promise<void> {
  const columns: unknown[][] = Array.from({ length: 9 }, () => []);
  for (const event of events) plainRow(event).forEach((value, column) => columns[column]?.push(value));
  // An array for each column: of the ways to insert many rows without COPY the fastest.
  await client.unsafe(
    `INSERT INTO ${into}.plain_events SELECT '${journeyOfPeers}', * FROM unnest($1::integer[], $2::timestamptz[],
      $3::text[], $4::text[], $5::smallint[], $6::smallint[], $7::integer[], $8::text[], $9::text[])`,
    columns as postgres.ParameterOrJSON<never>[], // arrays of what the statement names
    { prepare: true },
  );
}

/**
 * A plain indexed insert of many rows a statement into the same PostgreSQL, with the same durability: the events of the
 * same days in the same order, each once, into a table with a primary key that leads with journey, user and time.
 * @returns how many events, and in how many seconds
 */
export async function insertPlain(
  client: postgres.Sql,
  days: Iterable<readonly BenchEvent[]>,
  into = schema,
): Promise<{ events: number; seconds: number }> {
  await client.unsafe(`DROP SCHEMA IF EXISTS ${into} CASCADE; CREATE SCHEMA ${into};
    CREATE TABLE ${into}.plain_events (${plainColumns.replaceAll(' text', ' text COLLATE "C"')},
      PRIMARY KEY (journey, user_id, occurred_at, event_id))`);
  const started = performance.now();
  const underWay = new Set<Promise<void>>();
  let events = 0;
  let batch: BenchEvent[] = [];
  const send = async () => {
    const inserting = insertRows(client, into, batch);
    events += batch.length;
    batch = [];
    underWay.add(inserting);
    void inserting.then(() => underWay.delete(inserting));
    if (underWay.size >= connections) await Promise.race(underWay);
  };
  for (const arriving of days) {
    for (const event of arriving) {
      if (!event.isRepeated) batch.push(event);
      // oxlint-disable-next-line no-await-in-loop -- no more at once than there are connections
      if (batch.length >= rowsAtOnce) await send();
    }
  }
  if (batch.length > 0) await send();
  await Promise.all(underWay);
  return { events, seconds: (performance.now() - started) / 1_000 };
}

/** Gives the plain table the index that a person would give it for these questions: each is answered from it alone. */
export async function indexPlain(client: postgres.Sql): Promise<void> {
  await client.unsafe(`SET maintenance_work_mem = '512MB';
    CREATE INDEX plain_by_entry_day ON ${schema}.plain_events (journey, type, entry_day)
      INCLUDE (step, user_id, entry, occurred_at, sequence)`);
  await client.unsafe(`VACUUM ANALYZE ${schema}.plain_events`);
}

export async function openPlain(client: postgres.Sql): Promise<Peer> {
  const connection = await client.reserve();
  // More than the default of 4 MB, which favours it.
  await connection.unsafe(`SET search_path = ${schema}; SET work_mem = '256MB'`);
  return {
    name: 'plain SQL',
    // As the caller's own query.
    ask: async (query) => answerOf(await connection.unsafe<PeerRow[]>(query)),
    async close() {
      connection.release();
    },
  };
}

const duckFile = (folder: string) => path.join(folder, 'events.duckdb');

interface Duck {
  readonly connection: DuckDBConnection;
  readonly close: () => Promise<void>;
}

async function openDuck(folder: string): Promise<Duck> {
  const instance = await DuckDBInstance.create(duckFile(folder));
  const connection = await instance.connect();
  return {
    connection,
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Makes DuckDB's own table of the rows, as they come: by time, which its zone maps like. @returns how many rows */
export async function loadDuck(folder: string, csv: string): Promise<number> {
  rmSync(duckFile(folder), { force: true });
  const { connection, close } = await openDuck(folder);
  await connection.run(`CREATE TABLE plain_events (${plainColumns})`);
  await connection.run(`COPY plain_events FROM '${csv}' (FORMAT csv, HEADER false)`);
  const reader = await connection.runAndReadAll('SELECT count(*) FROM plain_events');
  const rows = Number(reader.getRows()[0]?.[0]);
  await close();
  return rows;
}

export async function openDuckPeer(folder: string): Promise<Peer> {
  const { connection, close } = await openDuck(folder);
  return {
    name: 'DuckDB',
    async ask(query) {
      const reader = await connection.runAndReadAll(query);
      return answerOf(reader.getRowObjectsJS() as unknown as PeerRow[]); // its columns are those of every question
    },
    close,
  };
}

export { duckVersion };
