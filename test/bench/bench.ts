// npm run bench -- [options]: the benchmark of the whole product. Prints one report, misses first, and writes it as a page
// with plots. Ends with 1 when a number is wrong, or when a promise is not kept at the size from which it is made.
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measureDrawing } from './suite/drawing.ts';
import { describeMachine, type Description } from './suite/machine.ts';
import type { Figure } from './suite/measure.ts';
import { measureSize } from './suite/measure-size.ts';
import { bytesOfUser, bytesOfWriteAheadLog, readOptions, usage, type BenchOptions } from './suite/options.ts';
import { reportPage } from './suite/page.ts';
import { isBroken, promisedAtLargest, reportText, usersText, type Report } from './suite/report.ts';

const notes = [
  'Ratios are of the same run: ours first, then each peer, one after the other on the same machine.',
  'Cold: no answer and no number is kept in the process; its code is compiled, by 25 readings before, and pages are in the memory of the database and the system, as they are for the peers. Warm: the same question again.',
  'Ours answers whole routes: an overview has all cards, "steps" and "flow" have every metric of every step by platform and outcome, and all transitions. The peers are asked for counts and distinct users of the question’s name alone.',
  'The peers’ table tells which entry an event belongs to, when that began, whether an order counts, and has no event twice: what the product works out. Plain SQL answers every question from one covering index, freshly vacuumed, with work_mem of 256 MB.',
  'A range takes in entries by the day on which they began. Each run lies elsewhere.',
  'Where both mean the same, every number of a peer is held against ours: entries, messages, orders, entries and users of steps, transitions, days. The audit folds the whole log afresh after all of it.',
  'A plain insert writes arrays of 5,000 rows on two connections into a table with a primary key, with the same durability.',
];

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** Says before anything begins what the disk must hold, and stops when it cannot. */
function checkDisk(folder: string, sizes: readonly number[], isKept: boolean): void {
  const needs = sizes.map((users) => users * bytesOfUser + bytesOfWriteAheadLog);
  const need = isKept ? needs.reduce((sum, bytes) => sum + bytes, 0) : Math.max(...needs);
  const { bavail, bsize } = statfsSync(folder);
  console.error(`This needs ${gigabytes(need)} of ${folder}, where ${gigabytes(bavail * bsize)} are free.`);
  if (need > bavail * bsize)
    throw new Error('There is not enough room: choose another TMPDIR or fewer users.');
}

function writeReport(report: Report, output: string): void {
  mkdirSync(output, { recursive: true });
  const text = reportText(report);
  console.log(text);
  writeFileSync(path.join(output, 'report.txt'), text);
  writeFileSync(path.join(output, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(path.join(output, 'report.html'), reportPage(report));
  console.log(`The page: ${path.resolve(output, 'report.html')}`);
}

async function run(options: BenchOptions): Promise<void> {
  const { sizes, parts, reuse, isKept, output } = options;
  const root = reuse ?? mkdtempSync(path.join(tmpdir(), 'journey-analytics-bench-'));
  mkdirSync(root, { recursive: true });
  checkDisk(root, sizes, isKept);
  const started = performance.now();
  const machine = describeMachine();
  let database: Description = [];
  const figures: Figure[] = [];
  try {
    for (const users of sizes) {
      const say = (text: string) => {
        const seconds = ((performance.now() - started) / 1_000).toFixed(0);
        console.error(`${seconds.padStart(5)} s  ${usersText(users)}: ${text}`);
      };
      const folder = path.join(root, `users-${users}`);
      // oxlint-disable-next-line no-await-in-loop -- one size after the other
      const measured = await measureSize(folder, users, options, say);
      database = measured.database;
      figures.push(...measured.figures);
      if (!isKept) rmSync(folder, { recursive: true, force: true });
    }
    const widgets = parts.has('widgets') ? await measureDrawing() : [];
    const minutes = ((performance.now() - started) / 60_000).toFixed(1);
    const taken = ['taken', `${minutes} minutes`] as const;
    const judged = promisedAtLargest(figures);
    writeReport({ machine: [...machine, ...database, taken], figures: judged, widgets, notes }, output);
    if (judged.some(isBroken)) process.exitCode = 1;
  } finally {
    if (isKept) console.log(`Kept: ${root}`);
    else rmSync(root, { recursive: true, force: true });
  }
}

const options = readOptions(process.argv.slice(2));
if (options) await run(options);
else console.log(usage);
