// Imports files of every kind as people do, into a fresh database.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { readOptions } from '../../../bff/ingest/import/options.ts';
import { startEmbedded } from '../../../db/embedded.ts';
import { openDatabase, type Database } from '../../../db/client.ts';
import { welcomeJourney } from '../../../demo/journeys.ts';
import { simulate } from '../../../demo/simulate.ts';
import { freshDatabase, type FreshDatabase } from '../../support/fresh-database.ts';
import {
  importFile,
  readNumbers,
  runImport,
  startImport,
  type ImportEnvironment,
} from '../../support/import-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'journey-analytics-import-'));
let fresh: FreshDatabase;
let database: Database;
let environment: ImportEnvironment;

before(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { max: 2 });
  environment = { databaseUrl: fresh.url, dataDirectory: path.join(folder, 'data') };
});

after(async () => {
  await database.close();
  await fresh.drop();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const ndjson = (events: readonly unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

async function countEvents(): Promise<number> {
  const [row] = await database.owner.execute<{ count: string }>(
    sql`SELECT count(*) AS count FROM journey_analytics.events`,
  );
  return Number(row?.count);
}

describe('NDJSON', () => {
  const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`;
  const events = [
    { id: '1', type: 'journey.entered', at: at(0), userId: 'ada' },
    { id: '2', type: 'step.entered', at: at(1), userId: 'ada', stepId: 'Welcome SMS' },
    { id: '3', type: 'message.sent', at: at(2), userId: 'ada', stepId: 'Welcome SMS' },
    { id: '4', type: 'track', at: at(3), userId: 'ada', name: 'Purchase' },
    { id: '5', type: 'journey.exited', at: at(4), userId: 'ada' },
    { id: '6', type: 'journey.entered', at: at(5), userId: 'ben', journeyId: 'another' },
  ];

  test('is stored and counted, and the journey defined with the steps in it', async () => {
    const words = [file('events.ndjson', ndjson(events)), '--journey', 'first', '--conversion', 'Purchase'];
    const summary = await importFile(environment, words);
    assert.deepEqual([summary.accepted, summary.duplicates, summary.rejected], [6, 0, 0]);
    assert.equal(summary.definedJourney, true);
    const { definition, overview } = await readNumbers(database, 'first');
    assert.deepEqual(definition.steps, [{ stepId: 'Welcome SMS', type: 'sms' }]);
    assert.equal(overview.metrics.totalEntries, 1, 'the event of another journey stays with that');
    assert.equal(overview.metrics.conversionEvents, 1);
    assert.equal(overview.metrics.messagesSent, 1);

    const again = await importFile(environment, words);
    assert.deepEqual([again.accepted, again.duplicates, again.definedJourney], [0, 6, false]);
  });

  test('may be gzipped whatever its name, and come from standard input', async () => {
    const zipped = gzipSync(ndjson(events.map((event) => ({ ...event, id: `z${event.id}` }))));
    const fromFile = await importFile(environment, [file('zipped.jsonl', zipped), '--journey', 'zipped']);
    assert.equal(fromFile.accepted, 6);
    const fromInput = await importFile(environment, ['-', '--journey', 'zipped'], zipped);
    assert.deepEqual([fromInput.accepted, fromInput.duplicates], [0, 6]);
  });

  test('lines that are no events are rejected, by reason and line; the others are stored', async () => {
    const content = [
      '\uFEFF{"id":"r1","type":"journey.entered","at":"2026-03-01T10:00:00Z","userId":"cleo"}',
      '',
      'no JSON',
      '{"id":"r2","type":"step.entered","at":"2026-03-01T10:00:00Z","userId":"cleo"}',
      '{"id":"r3","type":"step.entered","at":"yesterday","userId":"cleo","stepId":"s"}\r',
      '7',
      `{"id":"r4","type":"track","at":"2026-03-01T10:00:00Z","userId":"cleo","name":"${'n'.repeat(1_100_000)}"}`,
      'no JSON either',
      '{"id":"r5","type":"journey.exited","at":"2026-03-01T11:00:00Z","userId":"cleo"}',
    ].join('\n');
    const name = file('bad.ndjson', content);
    const summary = await importFile(environment, [name, '--journey', 'bad']);
    assert.equal(summary.accepted, 2);
    assert.equal(summary.rejected, 6);
    const reasons = Object.fromEntries(summary.rejections.map(({ reason, lines }) => [reason, lines]));
    assert.deepEqual(reasons, {
      'must be a line of JSON': [3, 8],
      'stepId is required': [4],
      'at must be an RFC 3339 time with an offset, from 2000 to 2099': [5],
      'must be an object': [6],
      'must be at most 1000000 characters long': [7],
    });
    const strict = await runImport(environment, [name, '--journey', 'bad', '--strict']);
    assert.equal(strict.code, 1);
    assert.match(strict.output, /rejected {4}6\n {4}2 × must be a line of JSON \(line 3, 8\)/);
  });

  test('leaves a defined journey alone, and takes a definition for one that is not', async () => {
    const definition = file('welcome.json', JSON.stringify(welcomeJourney));
    const seed = [...simulate({ seed: 3, users: 30, days: 9, endsAt: Date.parse('2026-05-01T00:00:00Z') })];
    const name = file('welcome.ndjson', ndjson(seed));
    const first = await importFile(environment, [name, '--journey', 'welcome', '--definition', definition]);
    assert.equal(first.accepted, seed.length);
    const { flow } = await readNumbers(database, 'welcome');
    assert.equal(flow.steps.length, welcomeJourney.steps.length);
    const other = file('other.json', JSON.stringify({ name: 'Other', conversion: null }));
    const second = await importFile(environment, [name, '--journey', 'welcome', '--definition', other]);
    assert.equal(second.definedJourney, false);
    assert.equal((await readNumbers(database, 'welcome')).definition.name, welcomeJourney.name);

    const wrong = file(
      'wrong.json',
      JSON.stringify({ name: 'Wrong', steps: [{ stepId: 's', type: 'spell' }] }),
    );
    const third = await runImport(environment, [name, '--journey', 'new', '--definition', wrong]);
    assert.equal(third.code, 1);
    assert.match(third.errors, /steps\[0\]\.type must be a known type of step/);
  });
});

describe('an activity log', () => {
  const log = [
    'Case ID;Activity;Timestamp;Amount;No',
    'b;paid;2026-03-29 02:30:00;12.50;2',
    'a;asked;2026-03-28 10:00:00;;1',
    'b;asked;2026-03-29 02:30:00;;1',
    'a;paid;2026-03-28 12:00:00;007;2',
    'a;asked;2026-03-28 11:00:00;;3',
    'c;asked;the day before;;1',
  ].join('\n');

  test('has one entry a person, in order of time and then of the order column', async () => {
    const words = [
      file('log.csv', log),
      '--journey=orders',
      '--order=No',
      '--zone=Europe/Berlin',
      '--conversion=paid=Order paid',
      '--properties=Amount',
    ];
    const summary = await importFile(environment, words);
    // a: entered, 3 steps, 1 track, exited; b: entered, 2 steps, 1 track, exited
    assert.equal(summary.accepted, 11);
    assert.deepEqual(summary.rejections, [
      {
        reason: 'the time must be written like 2026-11-24 09:30:00, or with an offset',
        count: 1,
        lines: [7],
      },
    ]);
    const { definition, overview, flow } = await readNumbers(database, 'orders');
    assert.equal(definition.timeZone, 'Europe/Berlin');
    assert.equal(definition.conversion?.event, 'Order paid');
    assert.deepEqual(definition.steps, [
      { stepId: 'asked', type: 'custom' },
      { stepId: 'paid', type: 'custom' },
    ]);
    assert.equal(overview.metrics.totalEntries, 2);
    assert.equal(overview.metrics.convertedUsers, 2);
    const taken = flow.transitions.filter(({ count }) => count > 0);
    assert.deepEqual(
      new Set(taken.map(({ from, to, count }) => `${from} ${to} ${count}`)),
      new Set(['null asked 2', 'asked asked 1', 'asked paid 2']),
    );
    const rows = await database.owner.execute<{ at: string; properties: string }>(sql`
      SELECT to_char(at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS at, properties::text AS properties
      FROM journey_analytics.events WHERE name = 'Order paid' ORDER BY at`);
    // The half hour from 02:30 does not exist in Berlin on that day: it is 03:30 in summer time.
    assert.deepEqual(
      rows.map((row) => [row.at, row.properties]),
      [
        ['03-28 11:00', '{"Amount":"007"}'],
        ['03-29 01:30', '{"Amount":12.5}'],
      ],
    );
    assert.equal((await importFile(environment, words)).duplicates, 11);
  });

  test('whose columns have unusual names is asked about', async () => {
    const name = file('odd.csv', 'who,what,when\na,b,2026-01-01\n');
    const asked = await runImport(environment, [name, '--journey', 'odd']);
    assert.equal(asked.code, 1);
    assert.match(asked.errors, /--user COLUMN.*"who", "what", "when"/);
    const named = [name, '--journey', 'odd', '--user', 'who', '--step', 'what', '--at', 'when'];
    assert.equal((await importFile(environment, named)).accepted, 3);
    const wrong = await runImport(environment, [...named.slice(0, -1), 'then']);
    assert.match(wrong.errors, /no column "then"/);
  });
});

describe('a table of events', () => {
  test('is mapped column by column', async () => {
    const table = [
      'customer,paid_at,amount,note',
      '0042,2026-02-01T08:00:00+03:00,19.90,"first, and ""best"""',
      '0042,1769925600,5,',
      '0042,1769925600,5,',
      'short,2026-02-01T08:00:00Z',
    ].join('\r\n');
    const words = [
      file('sales.csv', table),
      '--map=userId=customer,at=paid_at,properties.total=amount,properties.note=note',
      '--map=type:=track,name:=Sale',
    ];
    const summary = await importFile(environment, words);
    assert.equal(summary.accepted, 3, 'two equal rows are two events');
    assert.deepEqual(summary.rejections, [
      { reason: 'has 2 columns where the header has 4', count: 1, lines: [5] },
    ]);
    const rows = await database.owner.execute<{ at: string; properties: string }>(sql`
      SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at, properties::text AS properties
      FROM journey_analytics.events WHERE name = 'Sale' ORDER BY at`);
    assert.deepEqual(
      rows.map((row) => [row.at, row.properties]),
      [
        ['2026-02-01 05:00', '{"total":19.9,"note":"first, and \\"best\\""}'],
        ['2026-02-01 06:00', '{"total":5}'],
        ['2026-02-01 06:00', '{"total":5}'],
      ],
    );
    assert.deepEqual((await importFile(environment, words)).duplicates, 3);
  });

  test('whose columns are named like the fields needs no mapping', async () => {
    const table =
      'id\ttype\tat\tuserId\tstepId\tsequence\n' +
      't1\tjourney.entered\t2026-02-01 08:00:00\tdan\t\t\nt2\tstep.entered\t2026-02-01 08:00:00\tdan\thello\t1\n';
    const summary = await importFile(environment, [file('events.tsv', table), '--journey', 'tabular']);
    assert.equal(summary.accepted, 2);
    assert.equal((await readNumbers(database, 'tabular')).flow.steps[0]?.metrics.waiting, 1);
  });
});

describe('what cannot be imported is said', () => {
  const wrongArguments: [string, string[], RegExp][] = [
    ['no file', ['--strict'], /Name a file to import/],
    ['two files', ['x.csv', 'y.csv'], /one file at a time/],
    ['an unknown option', ['x.csv', '--frmat', 'csv'], /Unknown option '--frmat'\.\nSee: npm run import/],
    ['a journey that is no id', ['x.csv', '--journey', 'a b'], /--journey must be 1 to 100/],
    ['an unknown zone', ['x.csv', '--zone', 'Mars'], /--zone must be an IANA time zone/],
    ['an unknown format', ['x.csv', '--format', 'xml'], /--format must be ndjson or csv/],
    ['an unknown field', ['x.csv', '--map', 'user=who'], /no field "user"/],
    ['a field twice', ['x.csv', '--map', 'at=a', '--map', 'at=b'], /the field at twice/],
    ['properties in two ways', ['x.csv', '--map', 'properties=a,properties.b=c'], /either properties/],
    ['two ways at once', ['x.csv', '--map', 'at=a', '--user', 'b'], /either --map/],
  ];
  for (const [what, words, message] of wrongArguments) {
    test(what, () => {
      assert.throws(() => readOptions(words), message);
    });
  }

  test('all of it at once', () => {
    const words = ['x.csv', 'y.csv', '--journey', '.', '--zone', 'Mars', '--map', 'at'];
    assert.throws(() => readOptions(words), /one file[^]*--journey[^]*--zone[^]*--map/);
  });

  const refusals: [string, () => string[], RegExp][] = [
    ['a missing file', () => [path.join(folder, 'missing.csv')], /cannot be opened/],
    ['a folder', () => [folder], /is a folder/],
    ['a JSON array', () => [file('array.json', '[{}]')], /one JSON array.*jq/],
    ['an empty CSV', () => [file('empty.csv', '')], /is empty/],
    ['an activity log of no journey', () => [file('none.csv', 'user,step,at\n')], /--journey ID/],
    [
      'a quote that is not closed',
      () => [file('quote.csv', 'user,step,at\na,"b,2026-01-01\n'), '--journey', 'q'],
      /a quote is not closed by line \d/,
    ],
    [
      'half a gzipped file',
      () => [file('half.ndjson.gz', gzipSync('{"id":"h"}\n'.repeat(1_000)).subarray(0, 50))],
      /damaged or incomplete/,
    ],
  ];
  for (const [what, words, message] of refusals) {
    test(what, async () => {
      const { code, errors, output } = await runImport(environment, words());
      assert.match(errors, message);
      assert.equal(code, 1);
      assert.equal(output, '');
      assert.doesNotMatch(errors, /\n\s+at /, 'no stack');
    });
  }

  test('help is help', async () => {
    const { code, output } = await runImport(environment, ['--help']);
    assert.equal(code, 0);
    assert.match(output, /npm run import -- FILE/);
  });
});

describe('an import that was stopped', () => {
  const events: unknown[] = [];
  for (const event of simulate({
    seed: 5,
    users: 4_400,
    days: 20,
    endsAt: Date.parse('2026-06-01T00:00:00Z'),
    prefix: 'stopped-',
  })) {
    events.push(event);
  }
  const definition = () => file('stopped.json', JSON.stringify(welcomeJourney));
  const start = (name: string) => {
    const words = [name, '--journey', 'stopped', '--definition', definition(), '--json'];
    return startImport(environment, words);
  };
  /** Waits until some of the events are stored, and not all. */
  const untilSome = async (already: number) => {
    for (let waited = 0; ; waited += 1) {
      if ((await countEvents()) > already) return;
      assert.ok(waited < 3_000, 'nothing was stored');
      await delay(10);
    }
  };

  test('goes on where it was, and leaves nothing out', async () => {
    const name = file('stopped.ndjson', ndjson(events));
    const already = await countEvents();
    const killed = start(name);
    await untilSome(already);
    killed.process.kill('SIGKILL');
    await killed.finished;
    const stored = (await countEvents()) - already;
    assert.ok(stored < events.length, 'it was killed too late');

    const second = await importFile(environment, [name, '--journey', 'stopped']);
    assert.equal(second.accepted, events.length - stored);
    assert.ok(second.duplicates <= 20_000, 'what was stored is skipped');
    assert.ok(second.continuedAfter > 0 || stored <= 10_000);
    assert.equal((await countEvents()) - already, events.length);
    assert.equal(
      (await readNumbers(database, 'stopped')).flow.steps.some((step) => step.undefinedStep),
      false,
    );
    assert.deepEqual(
      readdirSync(path.join(environment.dataDirectory, 'imports')),
      [],
      'the position is forgotten',
    );
  });

  test('ends after the batch under way on SIGTERM', async () => {
    const name = file(
      'term.ndjson',
      ndjson(events.map((event, index) => ({ ...(event as object), id: `term-${index}` }))),
    );
    const already = await countEvents();
    const told = start(name);
    await untilSome(already);
    told.process.kill('SIGTERM');
    const { code, output } = await told.finished;
    assert.equal(code, 130);
    const summary = JSON.parse(output) as { stopped: boolean; accepted: number };
    assert.equal(summary.stopped, true);
    assert.equal((await countEvents()) - already, summary.accepted);

    // A backup is restored that holds none of it: the position is worth nothing, and noticed to be.
    await database.owner.execute(sql`DELETE FROM journey_analytics.events WHERE event_id LIKE 'term-%'`);
    await database.owner.execute(sql`TRUNCATE journey_analytics.event_ids`);
    const second = await importFile(environment, [name, '--journey', 'stopped']);
    assert.equal(second.continuedAfter, 0);
    assert.equal(second.accepted, events.length);
    assert.equal((await countEvents()) - already, events.length);
  });
});

test('beside a service that runs the embedded database, it uses that one', async () => {
  const dataDirectory = path.join(folder, 'embedded');
  const embedded = await startEmbedded(dataDirectory, {
    binaries: process.env['PG_BIN_DIR'],
    settings: { fsync: 'off' },
  });
  try {
    const name = file('beside.csv', 'user,step,at\nada,hello,2026-01-01\n');
    const summary = await importFile({ dataDirectory }, [name, '--journey', 'beside']);
    assert.equal(summary.accepted, 3);
    const joined = openDatabase(embedded.options, { max: 1 });
    try {
      assert.equal((await readNumbers(joined, 'beside')).overview.metrics.totalEntries, 1);
    } finally {
      await joined.close();
    }
  } finally {
    await embedded.stop();
  }
});
