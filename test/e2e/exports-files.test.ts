// Exported files: for every metric, step and range the rows are the users that the screen shows, in both formats, as
// another program reads them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import {
  compareCodePoints,
  findMetric,
  flowSchema,
  journeyMetrics,
  overviewSchema,
  platforms,
  stepMetrics,
} from '../../bff/contract/index.ts';
import { compareEvents, fold, occurrences, type HistoryEvent, type Rules } from '../../bff/fold/index.ts';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import type { Table } from '../../bff/exports/table.ts';
import { writeXlsx } from '../../bff/exports/xlsx.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { welcomeJourney, welcomeJourneyId } from '../../demo/journeys.ts';
import { simulate } from '../../demo/simulate.ts';
import {
  cellText,
  guarded,
  readCsv,
  readXlsx,
  type ReadCell,
  type ReadFile,
} from '../support/export-file.ts';
import type { HttpClient } from '../support/http-client.ts';
import { importFile } from '../support/import-command.ts';
import { hasOtherReader, startOtherReader, type OtherReader } from '../support/other-reader.ts';
import { definition, event, journeyId, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService } from '../support/test-service.ts';

const logs = process.env['REAL_LOGS_DIR'];
const whole = {};

let service: TestService;
let other: OtherReader | undefined;

before(async () => {
  service = await startTestService();
  if (hasOtherReader) other = startOtherReader();
  else console.log('python3 is missing: files are read by JavaScript alone');
});
after(async () => {
  await other?.stop();
  await service.stop();
});

type Query = Readonly<Record<string, string>>;

interface Asked {
  readonly metric: string;
  readonly query: Query;
  /** What the screen shows; a count is missing where there is only one of users. */
  readonly shown: { readonly count: number | undefined; readonly users: number };
}

async function fileOf(
  api: HttpClient,
  of: string,
  { metric, query }: Pick<Asked, 'metric' | 'query'>,
  format: string,
) {
  return api.get(`/v1/journeys/${of}/exports/${metric}`, { ...query, format });
}

/** What can be exported of a journey and of some steps in a range, with what overview and flow show for it. */
async function everything(
  api: HttpClient,
  of: string,
  range: Query,
  isChosen: (step: number) => boolean,
): Promise<Asked[]> {
  const overview = (await api.get(`/v1/journeys/${of}/overview`, range)).as(overviewSchema);
  const flow = (await api.get(`/v1/journeys/${of}/flow`, range)).as(flowSchema);
  const asked: Asked[] = [];
  const add = (
    metrics: Readonly<Record<string, number | null>>,
    ids: readonly string[],
    query: Query,
    ofStep: boolean,
  ) => {
    for (const id of ids) {
      const metric = findMetric(id, ofStep);
      assert.ok(metric, id);
      const twins = (ofStep ? stepMetrics : journeyMetrics).filter(({ fact }) => fact === metric.fact);
      const side = (name: 'count' | 'users') => {
        const twin = twins.find((each) => each.side === name);
        const value = twin ? metrics[twin.id] : undefined;
        return typeof value === 'number' ? value : undefined;
      };
      asked.push({ metric: id, query, shown: { count: side('count'), users: side('users') ?? NaN } });
    }
  };
  add(
    overview.metrics,
    journeyMetrics.map(({ id }) => id),
    range,
    false,
  );
  for (const [index, step] of flow.steps.entries()) {
    if (!isChosen(index)) continue;
    const query = { ...range, stepId: step.stepId };
    const ids = stepMetrics.filter(({ side, fact }) => side === 'count' || fact === 'convertedUsers');
    add(
      step.metrics,
      ids.map(({ id }) => id),
      query,
      true,
    );
    const messages = ids.filter(({ id, byPlatform }) => byPlatform && step.metrics[id] > 0);
    for (const platform of platforms) {
      add(
        step.platforms[platform],
        messages.map(({ id }) => id),
        { ...query, platform },
        true,
      );
    }
    for (const [outcome, { count, users }] of Object.entries(step.outcomes)) {
      asked.push({ metric: 'outcome', query: { ...query, outcome }, shown: { count, users } });
    }
  }
  return asked;
}

/** The bytes of what was asked, read by everybody: all agree on the rows. */
async function exported(api: HttpClient, of: string, asked: Pick<Asked, 'metric' | 'query'>) {
  const [csv, xlsx] = await Promise.all([fileOf(api, of, asked, 'csv'), fileOf(api, of, asked, 'xlsx')]);
  const label = `${asked.metric} ${JSON.stringify(asked.query)}`;
  assert.deepEqual([csv.status, xlsx.status], [200, 200], `${label}: ${csv.text.slice(0, 200)}`);
  const fromCsv = readCsv(csv.body);
  const fromXlsx = readXlsx(xlsx.body);
  assert.equal(csv.headers['x-row-count'], String(fromCsv.rows.length), label);
  assert.equal(xlsx.headers['x-row-count'], String(fromXlsx.rows.length), label);
  assert.deepEqual(fromCsv.columns, fromXlsx.columns);
  assert.deepEqual(asCsv(fromXlsx), fromCsv.rows.map(texts), label);
  if (other) {
    const header = fromCsv.columns.map((name): ReadCell => ({ text: name }));
    assert.deepEqual(await other.read('csv', csv.body), [header, ...fromCsv.rows], label);
    assert.deepEqual(await other.read('xlsx', xlsx.body), [header, ...fromXlsx.rows], label);
  }
  return fromXlsx;
}

const texts = (row: readonly ReadCell[]) => row.map(cellText);
/** The rows as CSV has them, its guard included. */
const asCsv = ({ rows }: ReadFile) =>
  rows.map((row) => row.map((cell) => (cell && 'text' in cell ? guarded(cell.text) : cellText(cell))));

const numberOf = (cell: ReadCell | undefined) => (cell && 'number' in cell ? cell.number : NaN);

/** Exports everything of a journey in a range, and holds it against what is shown. @returns how many files it was */
async function compareAll(
  api: HttpClient,
  of: string,
  range: Query,
  isChosen: (step: number) => boolean = () => true,
): Promise<number> {
  let files = 0;
  for (const asked of await everything(api, of, range, isChosen)) {
    const { metric, query, shown } = asked;
    const label = `${metric} ${JSON.stringify(query)}`;
    if (shown.users === 0) {
      const answer = await fileOf(api, of, asked, 'csv');
      assert.equal(answer.status, 409, `${label}: ${answer.text.slice(0, 100)}`);
      continue;
    }
    files += 2;
    const file = await exported(api, of, asked);
    const isPerEvent = metric === 'conversionEvents';
    assert.equal(file.rows.length, isPerEvent ? shown.count : shown.users, label);
    const ids = file.rows.map((row) => cellText(row[0] ?? null));
    assert.deepEqual(ids, ids.toSorted(compareCodePoints), label);
    assert.equal(new Set(ids).size, shown.users, label);
    const { fact } = findMetric(metric, 'stepId' in query) ?? { fact: '' };
    if (isPerEvent) {
      assert.deepEqual(file.columns, ['External ID', 'Event Timestamp']);
      continue;
    }
    const hasReason = ['failedCount', 'bouncedCount', 'skippedCount', 'heldCount'].includes(fact);
    assert.deepEqual(
      file.columns,
      ['External ID', 'Count', 'First At', 'Last At', ...(hasReason ? ['Reason'] : [])],
      label,
    );
    if (shown.count !== undefined) {
      assert.equal(
        file.rows.reduce((sum, row) => sum + numberOf(row[1]), 0),
        shown.count,
        label,
      );
    }
    for (const [, count, first, last] of file.rows) {
      assert.ok(numberOf(count) >= 1, label);
      assert.ok(cellText(first ?? null) <= cellText(last ?? null), label);
      if (numberOf(count) === 1) assert.deepEqual(first, last, label);
    }
  }
  return files;
}

/** Each user's occurrences by the fold of their whole history, as the product need not do it. */
function foldedRows(rules: Rules, events: readonly HistoryEvent[], fact: string, stepId: string): unknown[] {
  const rows: { at: number; event: HistoryEvent }[] = [];
  occurrences(fold(rules, events), (of, step, detail, _day, at, what) => {
    if (of === fact && step === stepId && detail === '') rows.push({ at, event: what });
  });
  rows.sort((a, b) => compareEvents(a.event, b.event));
  const times = rows.map(({ at }) => at);
  return rows.length === 0
    ? []
    : [rows.length, new Date(Math.min(...times)).toISOString(), new Date(Math.max(...times)).toISOString()];
}

describe('a made-up journey', () => {
  let api: HttpClient;
  const endsAt = Date.parse('2026-11-01T00:00:00Z') - 1;
  const events = [...simulate({ seed: 7, users: 200, days: 12, endsAt })];

  before(async () => {
    ({ api } = await service.workspace('made up'));
    await api.put(`/v1/journeys/${welcomeJourneyId}`, welcomeJourney);
    for (let start = 0; start < events.length; start += 1_000) {
      const answer = await api.post('/v1/events', events.slice(start, start + 1_000));
      assert.equal(answer.status, 202);
    }
    await settled(api, welcomeJourneyId);
  });

  const ranges: readonly [string, Query][] = [
    ['all time', whole],
    ['three days', { from: '2026-10-24', to: '2026-10-26' }],
    ['an open beginning', { to: '2026-10-25' }],
    ['an open end', { from: '2026-10-28' }],
  ];
  for (const [part, [name, range]] of ranges.entries()) {
    // Each step in one of the ranges, each number of the journey in all of them.
    test(`every number's file, ${name}`, async () => {
      const files = await compareAll(api, welcomeJourneyId, range, (step) => step % ranges.length === part);
      assert.ok(files > 40, `${files} files`);
    });
  }

  test('a metric and its twin export the same file', async () => {
    const pairs: readonly [string, string, Query][] = [
      ['totalEntries', 'entryUsers', {}],
      ['totalExits', 'exitUsers', {}],
      ['messagesSent', 'messagesSentUsers', {}],
      ['activeEntries', 'activeUsers', {}],
      ...stepMetrics.flatMap(({ id, fact, side }): [string, string, Query][] => {
        const twin = stepMetrics.find((each) => each.fact === fact && each.side === 'users');
        return side === 'count' && twin ? [[id, twin.id, { stepId: 'last-reminder' }]] : [];
      }),
    ];
    for (const [metric, twin, query] of pairs) {
      const [one, two] = await Promise.all([
        fileOf(api, welcomeJourneyId, { metric, query }, 'csv'),
        fileOf(api, welcomeJourneyId, { metric: twin, query }, 'csv'),
      ]);
      assert.equal(one.status, two.status);
      if (one.status === 200) assert.ok(one.body.equals(two.body), metric);
    }
  });

  test('each row is what the fold of the whole history says', async () => {
    const rules: Rules = {
      conversion: { filters: [], ...welcomeJourney.conversion },
      timeZone: welcomeJourney.timeZone,
    };
    const missing = {
      entryId: null,
      stepId: null,
      outcome: null,
      platform: null,
      reason: null,
      name: null,
      sequence: 0,
    };
    const byUser = Map.groupBy(events, (each) => each.userId);
    const asked: [string, string][] = [
      ...journeyMetrics.map(({ id }): [string, string] => [id, '']),
      ...stepMetrics.flatMap(({ id, side, fact }) =>
        side === 'count' || fact === 'convertedUsers'
          ? ['last-reminder', 'first-purchase', 'finish-order'].map((step): [string, string] => [id, step])
          : [],
      ),
      ['outcome', 'tried-twice'],
    ];
    let compared = 0;
    for (const [metric, stepId] of asked) {
      if (metric === 'conversionEvents') continue;
      const fact = findMetric(metric, stepId !== '')?.fact ?? '';
      const expected = Array.from(byUser, ([userId, told]) => {
        const history = told.map((each): HistoryEvent => {
          const { properties = null, ...rest } = { ...missing, ...each } as Record<string, unknown>;
          return {
            ...rest,
            at: Date.parse(each.at),
            properties: properties === null ? null : JSON.stringify(properties),
          } as HistoryEvent; // the fields of an event, the missing ones as null
        });
        return [userId, ...foldedRows(rules, history, fact, stepId)].map(String);
      })
        .filter((row) => row.length > 1)
        .toSorted(([a = ''], [b = '']) => compareCodePoints(a, b));
      const query: Query = stepId === '' ? {} : { stepId };
      const answer = await fileOf(api, welcomeJourneyId, { metric, query }, 'csv');
      if (expected.length === 0) {
        assert.equal(answer.status, 409, metric);
        continue;
      }
      compared += 1;
      const rows = readCsv(answer.body).rows.map((row) => texts(row).slice(0, 4));
      assert.deepEqual(rows, expected, `${metric} ${stepId}`);
    }
    assert.ok(compared > 18, `${compared} compared`);
  });
});

describe('real logs', { skip: logs === undefined ? 'REAL_LOGS_DIR is not set' : false }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'journey-analytics-exports-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [of, conversion] of [
    ['ecom_sessions', 'purchase'],
    ['sepsis', 'Release A'],
  ]) {
    test(`every number's file of ${of}`, async () => {
      await importFile({ databaseUrl: service.databaseUrl, dataDirectory: folder }, [
        path.join(logs ?? '', `${of}.csv.gz`),
        `--journey=${of}`,
        `--conversion=${conversion}`,
      ]);
      const workspaceId = await ensureWorkspace(service.database.owner, 'demo');
      const { key } = await createApiKey(service.database, workspaceId);
      const files = await compareAll(service.nobody.as(key), of ?? '', whole, (step) => step % 4 === 0);
      assert.ok(files > 20, `${files} files`);
    });
  }
});

describe('hostile ids and reasons', () => {
  const at = '2026-03-02T08:00:00.000Z';
  const journey = `/v1/journeys/${journeyId}`;
  // In order of code points, which differs from that of UTF-16 at the end.
  const ids = [
    ' leading space',
    '"',
    '"quoted", and more',
    "'=1+1",
    '+90',
    '+905551112233',
    '+SUM(1)',
    '-',
    '-1.5',
    '-1.5e3',
    '-5',
    '007',
    '12345678901234567890',
    '1E5',
    '=1+1',
    "=cmd|'/c calc'!A0",
    '@handle',
    'TRUE',
    '_X0041_',
    '__x0041_',
    '_x0041',
    '_x0041_',
    '_x005F_x0041_',
    '_x0_x0041_',
    'a&b<c>d]]>',
    'a,b',
    'e\u0301',
    'trailing space ',
    'x'.repeat(200),
    '\u00a0',
    '\u00e9',
    '\u05d0\u05d1 \u202eRTL\u202c',
    '\u0645\u0631\u062d\u0628\u0627',
    '\u2028',
    '\ud7ff',
    '\ufeffbom',
    '\ufffd',
    '\ufffe',
    '\uffff',
    '😀',
    '😀'.repeat(200),
    '\u{10ffff}',
  ];
  const reasons = [
    '=1+1',
    '+905551112233',
    '-5',
    '-x',
    '@x',
    '\tTAB',
    '\rCR',
    '\nLF',
    '\r\nCRLF',
    'a\rb',
    'a\nb',
    'a\r\nb',
    'say "no", now',
    '"',
    '""',
    ',',
    ' ',
    '\u0001\u0008\u000b\u000c\u001f',
    '\u007f\u0085',
    '\ufffe\uffff',
    '_x0041_',
    '_x000D_',
    '_x005F_x000D_',
    '😀',
    '\u202eRTL',
    '</t></is></c>',
    '&amp;',
    ']]>',
    'y'.repeat(500),
  ];
  let api: HttpClient;

  before(async () => {
    ({ api } = await service.workspace('hostile'));
    await api.put(journey, definition);
    const events = ids.flatMap((id, index) => [
      event('journey.entered', id, at),
      event('message.failed', id, at, { stepId: 'hello', reason: reasons[index % reasons.length] }),
    ]);
    const answer = await api.post('/v1/events', events.toReversed());
    assert.deepEqual(answer.json(), { accepted: events.length, duplicates: 0, rejected: [] });
    await settled(api, journeyId);
  });

  test('are the same in both formats, but for the guard of CSV, and in order of code points', async () => {
    assert.deepEqual(ids, ids.toSorted(compareCodePoints));
    assert.notDeepEqual(ids, ids.toSorted(), 'the order of UTF-16 must be another one');
    const file = await exported(api, journeyId, { metric: 'failedCount', query: { stepId: 'hello' } });
    assert.deepEqual(
      file.rows.map((row) => [cellText(row[0] ?? null), cellText(row[4] ?? null)]),
      ids.map((id, index) => [id, reasons[index % reasons.length]]),
    );
  });

  test('the guard is an apostrophe before what is not a plain number', async () => {
    const answer = await fileOf(api, journeyId, { metric: 'failedCount', query: { stepId: 'hello' } }, 'csv');
    const cells = new Set(readCsv(answer.body).rows.flatMap(texts));
    const marked = ["'=1+1", "'+SUM(1)", "'-", "'-1.5e3", "'@handle", "'\tTAB", "'\rCR", "'\nLF", "'-x"];
    for (const cell of [...marked, '+905551112233', '-5', '-1.5', '007']) assert.ok(cells.has(cell), cell);
    for (const cell of ['=1+1', '+SUM(1)', '\tTAB', "'-5", "'007"]) assert.ok(!cells.has(cell), cell);
  });

  test('an audience lists them too', async () => {
    const where = { metric: 'failedCount', stepId: 'hello' };
    const csv = await api.post(`${journey}/audience/export`, { where }, { format: 'csv', bom: 'false' });
    const xlsx = await api.post(`${journey}/audience/export`, { where }, { format: 'xlsx' });
    assert.deepEqual(readXlsx(xlsx.body).rows.flatMap(texts), ids);
    assert.deepEqual(readCsv(csv.body, { bom: false }).rows.flatMap(texts), ids.map(guarded));
    if (other) assert.deepEqual((await other.read('xlsx', xlsx.body)).slice(1).flatMap(texts), ids);
  });
});

describe('events that wait', () => {
  test('are in no row until they are in the number', async () => {
    const journey = `/v1/journeys/${journeyId}`;
    const { api } = await service.workspace('waiting');
    await api.put(journey, definition);
    await api.post('/v1/events', [...visitOf('ann', 2), ...visitOf('bob', 3, true)]);
    await settled(api, journeyId);
    const files = () =>
      Promise.all([
        fileOf(api, journeyId, { metric: 'sentCount', query: { stepId: 'hello' } }, 'csv'),
        fileOf(api, journeyId, { metric: 'conversionEvents', query: {} }, 'csv'),
      ]);
    const first = await files();
    await service.stopRollup();
    try {
      await api.post('/v1/events', [
        ...visitOf('ann', 5, true),
        ...visitOf('zoe', 5),
        event('track', 'bob', '2026-03-03T12:00:00Z', { name: 'Purchase' }),
      ]);
      const meanwhile = await files();
      assert.deepEqual(
        meanwhile.map(({ text }) => text),
        first.map(({ text }) => text),
      );
    } finally {
      service.startRollup();
    }
    await settled(api, journeyId);
    const last = await files();
    assert.deepEqual(
      last.map(({ headers }) => headers['x-row-count']),
      ['3', '3'],
    );
    const counts = readCsv(last[0].body).rows.map((row) => texts(row).slice(0, 2));
    assert.deepEqual(counts, [
      ['ann', '2'],
      ['bob', '1'],
      ['zoe', '1'],
    ]);
  });
});

describe('sheets', () => {
  const rowsPerSheet = 7;
  const tableOf = (rows: number, promised = rows): Table => ({
    columns: [
      { name: 'External ID', kind: 'text' },
      { name: 'Count', kind: 'number' },
      { name: 'First At', kind: 'instant' },
    ],
    rowCount: promised,
    async *rows() {
      for (let start = 0; start < rows; start += 5) {
        yield Array.from({ length: Math.min(5, rows - start) }, (_, index) => [
          `user ${start + index}`,
          start + index,
          Date.parse('2026-03-02T08:00:00.001Z') + start + index,
        ]);
      }
    },
  });

  for (const rows of [1, 6, 7, 8, 13, 14, 15, 21]) {
    test(`${rows} rows, seven a sheet`, async () => {
      const bytes = await buffer(writeXlsx(tableOf(rows), rowsPerSheet));
      const file = readXlsx(bytes);
      const full = Math.floor(rows / rowsPerSheet);
      const expected = Array.from({ length: full }, () => rowsPerSheet);
      if (rows % rowsPerSheet > 0) expected.push(rows % rowsPerSheet);
      assert.deepEqual(file.sheets, expected);
      const wanted = Array.from({ length: rows }, (_, index): ReadCell[] => [
        { text: `user ${index}` },
        { number: index },
        { instant: new Date(Date.parse('2026-03-02T08:00:00.001Z') + index).toISOString() },
      ]);
      assert.deepEqual(file.rows, wanted);
      if (other) assert.deepEqual((await other.read('xlsx', bytes)).slice(1), wanted);
      assert.ok((await buffer(writeXlsx(tableOf(rows), rowsPerSheet))).equals(bytes));
    });
  }

  test('more rows than promised break the file, also where they would begin a sheet', async () => {
    await assert.rejects(buffer(writeXlsx(tableOf(8, 7), rowsPerSheet)), /more rows/);
    await assert.rejects(buffer(writeXlsx(tableOf(14, 7), rowsPerSheet)), /more rows/);
  });

  test('every millisecond of a day survives the way through a date cell', () => {
    for (let at = Date.parse('2026-03-02T00:00:00Z'), end = at + 86_400_000; at < end; at += 997) {
      const serial = Number(String(at / 86_400_000 + 25_569));
      assert.equal(Math.round((serial - 25_569) * 86_400_000), at);
    }
  });
});
