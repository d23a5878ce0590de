// Fills a site: the same events through the product's import, into the plain table and into DuckDB. The first two are timed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Summary } from '../../../bff/ingest/import/summary.ts';
import { firstDay, generate, seededDays, toJson } from './generate.ts';
import { journey, journeyId } from './journey.ts';
import { alone, ratioOf, type Figure } from './measure.ts';
import { indexPlain, insertPlain, loadDuck, toCsv } from './peers.ts';
import { memoryOf, workspace, type Site } from './site.ts';

const program = path.join(import.meta.dirname, '../../../bff/commands/import.ts');
const seed = 20_26;
const charactersAtOnce = 1_000_000;
const theme = 'Writing';

const generatorOf = (users: number) => generate({ seed, firstUser: 1, users, firstDay, days: seededDays });

/** What a filled folder says of itself, so that it can be used again. */
export interface Filled {
  readonly users: number;
  /** As sent, repeated ones with them, and as they are kept. */
  readonly sent: number;
  readonly kept: number;
  /** How many users came live in earlier runs: the peers do not have them. */
  readonly liveUsers: number;
}

const noteOf = (folder: string) => path.join(folder, 'filled.json');

export function readFilled(folder: string): Filled | undefined {
  const file = noteOf(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Filled) : undefined; // what writeFilled wrote
}

export function writeFilled(folder: string, filled: Filled): void {
  writeFileSync(noteOf(folder), JSON.stringify(filled));
}

/** Writes the events for the import, gzipped as large files are, and the rows for DuckDB. */
async function writeFiles(site: Site, events: string, rows: string) {
  const gzip = createGzip({ level: 1 });
  const json = createWriteStream(events);
  gzip.pipe(json);
  const csv = createWriteStream(rows);
  let [sent, kept, lines, records] = [0, 0, '', ''];
  const flush = async () => {
    if (!gzip.write(lines)) await once(gzip, 'drain');
    if (!csv.write(records)) await once(csv, 'drain');
    lines = '';
    records = '';
  };
  const started = performance.now();
  for (const arriving of generatorOf(site.users)) {
    for (const event of arriving) {
      sent += 1;
      lines += `${toJson(event)}\n`;
      if (!event.isRepeated) {
        kept += 1;
        records += `${toCsv(event)}\n`;
      }
      if (lines.length > charactersAtOnce) await flush(); // oxlint-disable-line no-await-in-loop -- not faster than the disk
    }
  }
  await flush();
  gzip.end();
  csv.end();
  await Promise.all([finished(json), finished(csv)]);
  const seconds = (performance.now() - started) / 1_000;
  return { sent, kept, seconds };
}

async function runImport(site: Site, events: string): Promise<{ summary: Summary; megabytes: number }> {
  const definition = path.join(site.folder, 'journey.json');
  writeFileSync(definition, JSON.stringify(journey));
  const words = [
    `--journey=${journeyId}`,
    `--definition=${definition}`,
    `--workspace=${workspace}`,
    '--json',
  ];
  // From standard input, so that the import writes no note of its place beside this checkout.
  const child = spawn(process.execPath, [program, '-', '--format=ndjson', ...words], {
    env: { ...process.env, DATABASE_URL: site.url, DATA_DIR: path.join(site.folder, 'import') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  createReadStream(events).pipe(child.stdin);
  let output = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (complaints += part));
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  let megabytes = NaN;
  const watch = setInterval(() => {
    const now = memoryOf(child.pid, 'VmHWM');
    if (!Number.isNaN(now)) megabytes = now;
  }, 200);
  await once(child, 'close');
  clearInterval(watch);
  if (child.exitCode !== 0) throw new Error(`The import ended with ${child.exitCode}: ${complaints}`);
  return { summary: JSON.parse(output) as Summary, megabytes }; // what --json prints
}

/** Fills an empty site. @param say told what is being done */
export async function fill(site: Site, say: (text: string) => void): Promise<Figure[]> {
  const { users, folder, client } = site;
  const events = path.join(folder, 'events.ndjson.gz');
  const rows = path.join(folder, 'rows.csv');
  say('generating');
  const { sent, kept, seconds } = await writeFiles(site, events, rows);
  say(`generated ${sent} events in ${seconds.toFixed(0)} s; loading DuckDB`);
  if ((await loadDuck(folder, rows)) !== kept) throw new Error('DuckDB has other rows than were generated');
  rmSync(rows);

  say('inserting into the plain table');
  const plain = await insertPlain(client, generatorOf(users));
  const plainRate = plain.events / plain.seconds;
  await client.unsafe('CHECKPOINT');
  say(`inserted at ${plainRate.toFixed(0)} events/s; importing`);
  const { summary, megabytes } = await runImport(site, events);
  rmSync(events);
  const { accepted, duplicates, rejected, storedSeconds, countedSeconds } = summary;
  if (accepted !== kept || duplicates !== sent - kept || rejected !== 0) {
    throw new Error(
      `The import took ${accepted}, ${duplicates} and ${rejected} of ${kept}, ${sent - kept} and 0`,
    );
  }
  const storedRate = sent / storedSeconds;
  const rate = sent / (storedSeconds + countedSeconds);
  say(`imported at ${rate.toFixed(0)} events/s, stored at ${storedRate.toFixed(0)}; indexing`);
  await indexPlain(client);
  await client.unsafe('VACUUM ANALYZE');
  writeFilled(folder, { users, sent, kept, liveUsers: 0 });

  const [sizes] = await client.unsafe<[{ ours: string; plain: string }]>(`
    SELECT sum(pg_total_relation_size(oid)) FILTER (WHERE relnamespace = 'journey_analytics'::regnamespace) AS ours,
      sum(pg_total_relation_size(oid)) FILTER (WHERE relnamespace = 'plain'::regnamespace) AS plain
    FROM pg_class WHERE relkind = 'r'`);
  const common = { theme, users, measuredIn: 'events/s', peer: 'plain insert' } as const;
  const disk = { theme, users, measuredIn: 'MB', peer: 'plain table with two indexes' } as const;
  return [
    ratioOf(
      { ...common, name: 'backfill to visible', promised: { at: 'least', limit: 0.4 } },
      [rate],
      [plainRate],
    ),
    ratioOf({ ...common, name: 'backfill, stored only' }, [storedRate], [plainRate]),
    ratioOf(
      { ...disk, name: 'disk, everything of ours' },
      [Number(sizes.ours) / 1e6],
      [Number(sizes.plain) / 1e6],
    ),
    alone({ theme, users, name: 'most memory of the import' }, [megabytes], 'MB'),
  ];
}
