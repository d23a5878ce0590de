// What the figures were measured on.
import { cpus, loadavg, release, totalmem, type as systemName } from 'node:os';
import type postgres from 'postgres';
import { duckVersion } from './peers.ts';

/** Settings that decide how durable and how fast the database is. */
const settings = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_compression',
  'max_wal_size',
  'shared_buffers',
  'work_mem',
  'jit',
  'max_parallel_workers_per_gather',
];

export type Description = readonly (readonly [what: string, text: string])[];

/** Describes the machine as it is before anything is measured. */
export function describeMachine(): Description {
  const [processor] = cpus();
  return [
    ['date', new Date().toISOString()],
    ['processor', `${processor?.model ?? 'unknown'}, ${cpus().length} cores`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(0)} GB`],
    ['system', `${systemName()} ${release()}`],
    ['load of the last minute', loadavg()[0]?.toFixed(2) ?? ''],
    ['Node', process.version],
    ['DuckDB', duckVersion()],
  ];
}

export async function describeDatabase(client: postgres.Sql): Promise<Description> {
  const [version] = await client<[{ server_version: string }]>`SHOW server_version`;
  const found = await client<{ name: string; value: string }[]>`
    SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY(${settings})`;
  const text = settings.map((name) => `${name} ${found.find((row) => row.name === name)?.value ?? '?'}`);
  return [
    ['PostgreSQL', version.server_version],
    ['its settings', text.join(', ')],
  ];
}
