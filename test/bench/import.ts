// npm run bench:import -- [--events N] [--profile FOLDER] [--keep]: imports made-up events into a fresh embedded
// database with its durable defaults, through the command, and measures speed, memory, readings and size.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import type { Summary } from '../../bff/ingest/import/summary.ts';
import { readFlow } from '../../bff/metrics/flow.ts';
import { readOverview } from '../../bff/metrics/overview.ts';
import { readJourney, type Reading } from '../../bff/metrics/read-journey.ts';
import { ReadingCache } from '../../bff/metrics/reading-cache.ts';
import { auditJourney } from '../../bff/rollup/audit.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { startEmbedded } from '../../db/embedded.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { welcomeJourney, welcomeJourneyId } from '../../demo/journeys.ts';
import { simulate } from '../../demo/simulate.ts';

const program = path.join(import.meta.dirname, '../../bff/commands/import.ts');
const endsAt = Date.parse('2026-11-01T00:00:00Z') - 1;
const days = 60;
const eventsAPerson = 25;
/** What the product promises. */
const mostMemory = 600;
const longestReading = 20;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    profile: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const eventCount = Number(values.events);
if (!Number.isSafeInteger(eventCount) || eventCount < 1)
  throw new Error('--events must be a whole number above 0');

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const report = (what: string, value: string) => {
  console.log(`${what.padEnd(46)} ${value}`);
};

async function writeEvents(file: string): Promise<number> {
  const stream = createWriteStream(file);
  let count = 0;
  let part = '';
  const users = Math.ceil(eventCount / eventsAPerson);
  for (const event of simulate({ seed: 1, users, days, endsAt })) {
    part += `${JSON.stringify(event)}\n`;
    count += 1;
    if (part.length < 1_000_000 && count < eventCount) continue;
    // oxlint-disable-next-line no-await-in-loop -- so that the stream is not fed faster than it writes
    if (!stream.write(part)) await once(stream, 'drain');
    part = '';
    if (count >= eventCount) break;
  }
  stream.end(part);
  await once(stream, 'finish');
  return count;
}

/** The most memory that a process ever had, in MB; 0 where the system does not tell. */
function peakMemory(pid: number): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1_024;
  } catch {
    return 0; // it has ended, or this is no Linux
  }
}

async function runImport(file: string, folder: string): Promise<{ summary: Summary; peak: number }> {
  const definition = path.join(folder, 'welcome.json');
  writeFileSync(definition, JSON.stringify(welcomeJourney));
  const profiling = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const words = [file, `--journey=${welcomeJourneyId}`, `--definition=${definition}`, '--json'];
  const child = spawn(process.execPath, [...profiling, program, ...words], {
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: path.join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid ?? 0));
  }, 200);
  await once(child, 'close');
  clearInterval(watch);
  if (child.exitCode !== 0) throw new Error(`The import ended with ${child.exitCode}`);
  return { summary: JSON.parse(output) as Summary, peak }; // what --json prints
}

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

async function median(times: number, run: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
  for (let time = 0; time < times; time += 1) taken.push(await milliseconds(run));
  return taken.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? NaN;
}

async function measureReadings(database: Database, workspaceId: number): Promise<number> {
  const read = (cache: ReadingCache, body: (reading: Reading) => Promise<object>) =>
    readJourney({ database, cache, workspaceId, journeyId: welcomeJourneyId }, body);
  const month = { from: '2026-10-01', to: '2026-10-31' };
  let slowest = 0;
  const readings: [string, (reading: Reading) => Promise<object>, boolean][] = [
    ['overview of all time', (reading) => readOverview(reading, welcomeJourneyId, {}), true],
    ['flow of all time', (reading) => readFlow(reading, {}), true],
    ['overview of a month', (reading) => readOverview(reading, welcomeJourneyId, month), false],
    ['flow of a month', (reading) => readFlow(reading, month), false],
    ['flow of a month, compared', (reading) => readFlow(reading, { ...month, compare: 'previous' }), false],
  ];
  /* oxlint-disable no-await-in-loop -- one after the other is what is measured */
  for (const [what, body, isPromised] of readings) {
    const first = await milliseconds(() => read(new ReadingCache(), body));
    const cold = await median(15, () => read(new ReadingCache(), body));
    const cache = new ReadingCache();
    await read(cache, body);
    const warm = await median(15, () => read(cache, body));
    if (isPromised) slowest = Math.max(slowest, cold, warm);
    report(what, `first ${first.toFixed(1)} ms, cold ${cold.toFixed(1)} ms, warm ${warm.toFixed(1)} ms`);
  }
  /* oxlint-enable no-await-in-loop */
  return slowest;
}

async function reportSizes(database: Database): Promise<void> {
  const rows = await database.owner.execute<{ name: string; size: string; rows: string }>(sql`
    SELECT regexp_replace(class.relname, '^events_\\d.*', 'events') AS name,
      sum(pg_total_relation_size(class.oid)) AS size, sum(greatest(class.reltuples, 0)) AS rows
    FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
    WHERE space.nspname = 'journey_analytics' AND class.relkind = 'r'
    GROUP BY 1 ORDER BY 2 DESC LIMIT 8`);
  for (const { name, size, rows: count } of rows) {
    report(`  ${name}`, `${(Number(size) / 1e6).toFixed(1)} MB, ${whole.format(Number(count))} rows`);
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'journey-analytics-bench-'));
try {
  const file = path.join(folder, 'events.ndjson');
  const events = await writeEvents(file);
  report('events', whole.format(events));

  const { summary, peak } = await runImport(file, folder);
  const { accepted, rejected, storedSeconds, countedSeconds } = summary;
  if (accepted !== events || rejected > 0) throw new Error('Not all events were accepted');
  const total = storedSeconds + countedSeconds;
  report('stored', `${storedSeconds.toFixed(1)} s, ${whole.format(events / storedSeconds)} events/s`);
  report('visible', `${total.toFixed(1)} s, ${whole.format(events / total)} events/s`);
  report('peak memory of the importing process', `${peak.toFixed(0)} MB`);

  const embedded = await startEmbedded(path.join(folder, 'data'));
  const database = openDatabase(embedded.options, { max: 4 });
  let failures = 0;
  try {
    const workspaceId = await ensureWorkspace(database.owner, 'demo');
    const slowest = await measureReadings(database, workspaceId);
    await database.owner.execute(sql`VACUUM ANALYZE`);
    const [size] = await database.owner.execute<{ size: string }>(
      sql`SELECT pg_database_size(current_database()) AS size`,
    );
    report(
      'database',
      `${(Number(size?.size) / 1e6).toFixed(0)} MB, ${(Number(size?.size) / events).toFixed(0)} bytes an event`,
    );
    await reportSizes(database);
    const started = performance.now();
    const { differences } = await auditJourney(database, workspaceId, welcomeJourneyId);
    report(
      'audit',
      `${differences.length} differences, ${((performance.now() - started) / 1_000).toFixed(1)} s`,
    );
    if (differences.length > 0) failures += 1;
    if (slowest > longestReading) failures += 1;
    if (peak > mostMemory) failures += 1;
  } finally {
    await database.close();
    await embedded.stop();
  }
  if (failures > 0) {
    console.error(
      `Not as promised: readings of all time within ${longestReading} ms, memory within ${mostMemory} MB, no differences.`,
    );
    process.exitCode = 1;
  }
} finally {
  if (values.keep) report('kept', folder);
  else rmSync(folder, { recursive: true, force: true });
}
