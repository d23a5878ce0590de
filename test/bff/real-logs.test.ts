// Imports two real logs and checks every figure that was counted of them elsewhere. REAL_LOGS_DIR names their folder.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase, type Database } from '../../db/client.ts';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { importFile, readNumbers } from '../support/import-command.ts';

const logs = process.env['REAL_LOGS_DIR'];
const skip = logs === undefined ? 'REAL_LOGS_DIR does not name the folder of the real logs' : false;

/** What is known of a log: by step, and of every two consecutive steps of a person. */
interface Expected {
  readonly events: number;
  readonly cases: number;
  readonly entry_count: Record<string, number>;
  readonly entry_users: Record<string, number>;
  readonly start: Record<string, number>;
  readonly end: Record<string, number>;
  /** From, to, times, users. */
  readonly df: [string, string, number, number][];
}

const realLogs = [
  {
    journeyId: 'ecom',
    file: 'ecom_sessions.csv.gz',
    expected: 'ecom_sessions.expected.json',
    conversion: 'purchase',
    entries: 600,
    convertedUsers: 328,
    conversionEvents: 470,
  },
  {
    journeyId: 'sepsis',
    file: 'sepsis.csv.gz',
    expected: 'sepsis.expected.json',
    conversion: 'Release A',
    entries: 1_050,
    convertedUsers: 671,
    conversionEvents: 671,
  },
];

describe('real logs', { skip }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'journey-analytics-real-logs-'));
  let fresh: FreshDatabase;
  let database: Database;

  before(async () => {
    fresh = await freshDatabase();
    database = openDatabase(fresh.url, { max: 2 });
  });

  after(async () => {
    await database.close();
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const log of realLogs) {
    test(log.journeyId, async (t) => {
      const text = readFileSync(path.join(logs ?? '', log.expected), 'utf8');
      const expected = JSON.parse(text) as Expected; // as the folder's README describes it
      const summary = await importFile({ databaseUrl: fresh.url, dataDirectory: folder }, [
        path.join(logs ?? '', log.file),
        `--journey=${log.journeyId}`,
        `--conversion=${log.conversion}`,
      ]);
      assert.equal(summary.rejected, 0);
      assert.equal(summary.accepted, expected.events + 2 * expected.cases + log.conversionEvents);
      const { overview, flow } = await readNumbers(database, log.journeyId);
      const numbersOf = (number: (step: (typeof flow.steps)[number]) => number) =>
        Object.fromEntries(
          flow.steps.map((step) => [step.stepId, number(step)]).filter(([, count]) => count),
        );
      const transitions = flow.transitions.filter(({ count }) => count > 0);

      await t.test('entries and conversions', () => {
        assert.equal(overview.metrics.totalEntries, log.entries);
        assert.equal(overview.metrics.entryUsers, expected.cases);
        assert.equal(overview.metrics.activeEntries, 0);
        assert.equal(overview.metrics.convertedUsers, log.convertedUsers);
        assert.equal(overview.metrics.conversionEvents, log.conversionEvents);
        assert.equal(overview.metrics.conversionRate, (100 * log.convertedUsers) / expected.cases);
        assert.equal(overview.diagnostics.unattachedEvents, 0);
      });

      await t.test('how often each step was entered, and by how many', () => {
        assert.deepEqual(
          numbersOf((step) => step.metrics.entryCount),
          expected.entry_count,
        );
        assert.deepEqual(
          numbersOf((step) => step.metrics.entryUsers),
          expected.entry_users,
        );
      });

      await t.test('where people began and ended', () => {
        const starts = transitions.filter(({ from }) => from === null).map(({ to, count }) => [to, count]);
        assert.deepEqual(Object.fromEntries(starts), expected.start);
        assert.deepEqual(
          numbersOf((step) => step.metrics.exited),
          expected.end,
        );
      });

      await t.test('every transition, and by how many it was taken', () => {
        const taken = transitions
          .filter(({ from }) => from !== null)
          .map(({ from, to, count, users }) => [`${from}\0${to}`, { count, users }]);
        assert.deepEqual(
          Object.fromEntries(taken),
          Object.fromEntries(
            expected.df.map(([from, to, count, users]) => [`${from}\0${to}`, { count, users }]),
          ),
        );
      });

      await t.test('movement', () => {
        for (const { stepId, metrics } of flow.steps) {
          const left = expected.df.filter(([from]) => from === stepId);
          const movedOn = left.reduce((sum, [, , count]) => sum + count, 0);
          assert.equal(metrics.movedOn, movedOn, stepId);
          assert.equal(metrics.waiting, 0, stepId);
          assert.equal(metrics.completed + metrics.droppedOff, metrics.exited, stepId);
        }
      });
    });
  }
});
