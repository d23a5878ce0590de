// What a person exports from the screen: the number that is shown, the rows that the menu states, and the rows of the file
// that the browser has saved are one number; and a download that breaks is shown as broken and leaves no file.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import {
  embedTokenAnswerSchema,
  exportListSchema,
  flowSchema,
  type ExportFormat,
  type Scope,
} from '../../bff/contract/index.ts';
import { startEmbedding, type Embedding } from '../support/embedding.ts';
import {
  active,
  box,
  button,
  closeScreen,
  exportOf,
  openScreen,
  press,
  shownBeside,
  type Screen,
} from '../support/export-screen.ts';
import { startOtherReader, type OtherReader } from '../support/other-reader.ts';
import { seedUsers } from '../support/seed-exports.ts';
import { settled, type Workspace } from '../support/test-service.ts';
import { deepCount } from '../support/watched-page.ts';

const manyUsers = 30_000;

let site: Embedding;
let reader: OtherReader;
let many: Workspace;
let folder: string;

before(async () => {
  site = await startEmbedding();
  reader = startOtherReader();
  folder = await mkdtemp(join(tmpdir(), 'exports-screen-'));
  many = await site.service.workspace('many');
  const names = sql`SELECT one, lpad(one::text, 6, '0') || ' ' || repeat(md5(one::text), 6) FROM generate_series(1, ${manyUsers}) AS one`;
  await seedUsers(site.service.database, many.workspaceId, names);
  await settled(many.api, 'welcome', 60_000);
  const usual = site.host.tokens;
  const mint = async ({ api }: Workspace, scopes: readonly Scope[]) =>
    (await api.post('/v1/embed-tokens', { subject: 'ann', journeyIds: ['*'], scopes })).as(
      embedTokenAnswerSchema,
    );
  site.host.tokens = async (name) => {
    if (name === 'many') return mint(many, ['metrics:read', 'users:export']);
    return name === 'readers' ? mint(site.workspace('north'), ['metrics:read']) : usual(name);
  };
});
after(async () => {
  await site?.stop();
  await reader?.stop();
  await rm(folder, { recursive: true, force: true });
});

const embed = (workspace: string, content: string) =>
  `<journey-connection endpoint="${site.service.url}" journey="welcome" locale="en" data-workspace="${workspace}">
    ${content}</journey-connection>`;

const open = async (content: string) => openScreen(await site.show(content), folder);

const firstPurchase = (range = '') =>
  `<journey-step-metrics step="first-purchase" ${range}></journey-step-metrics>`;
const cards = ['convertedUsers', 'conversionEvents']
  .map((metric) => `<journey-metric-card metric="${metric}"></journey-metric-card>`)
  .join('');

/** @returns the number that was shown, stated and saved */
async function assertOneNumber(screen: Screen, name: string, format: ExportFormat): Promise<number> {
  // While an audience is counted, the number is the earlier one.
  await screen.page.waitForSelector(active(name), { timeout: 10_000 });
  const number = await shownBeside(screen, name);
  const { stated, rows } = await exportOf(screen, name, format, reader);
  assert.ok(number > 0, `${name}: nothing to tell by`);
  assert.deepEqual([stated, rows.length], [number, number], `${name} ${format}`);
  return number;
}

describe('the number on the screen is the rows of the file', () => {
  test('of the conversion cards', async () => {
    const screen = await open(embed('north', cards));
    for (const name of ['Export Total Converted Users', 'Export Total Conversion Events']) {
      assert.equal(await assertOneNumber(screen, name, 'csv'), await assertOneNumber(screen, name, 'xlsx'));
    }
    await site.assertNoComplaint(screen);
    await closeScreen(screen);
  });

  test('of metrics of a step, over all time and over a range', async () => {
    const whole = await open(embed('north', firstPurchase()));
    const users = await assertOneNumber(whole, 'Export Entry User Count', 'xlsx');
    // The step is in a loop: there are more entries than users, and the file accounts for each of them.
    const entries = await shownBeside(whole, 'Export Entry Count');
    const { stated, rows } = await exportOf(whole, 'Export Entry Count', 'csv', reader);
    assert.ok(entries > users, `${entries} entries of ${users} users`);
    assert.deepEqual([stated, rows.length], [users, users]);
    assert.equal(
      rows.reduce((sum, [, count]) => sum + Number(count), 0),
      entries,
    );
    await site.assertNoComplaint(whole);
    await closeScreen(whole);
    const part = await open(embed('north', firstPurchase('from="2026-10-14" to="2026-10-22"')));
    const fewer = await assertOneNumber(part, 'Export Entry User Count', 'csv');
    assert.ok(fewer < users, `${fewer} in the range, ${users} in all`);
    assert.equal(await assertOneNumber(part, 'Export Entry User Count', 'xlsx'), fewer);
    await closeScreen(part);
  });

  test('of an audience: a message failed, and not converted', async () => {
    const { api } = site.workspace('north');
    const { steps } = (await api.get('/v1/journeys/welcome/flow')).as(flowSchema);
    const [failing] = steps.toSorted((a, b) => b.metrics.failedUsers - a.metrics.failedUsers);
    assert.ok(failing);
    const screen = await open(embed('north', '<journey-audience></journey-audience>'));
    const add = '>>> .conditions > .actions button:first-of-type';
    const choose = async (label: string, value: string) => {
      const select = await screen.page.waitForSelector(`>>> select[aria-label="${label}"]`);
      await select?.select(value);
    };
    await press(screen, add);
    await choose('Step', `s${failing.stepId}`);
    await choose('Metric', 'failedCount');
    const failed = `Export Failed at ${failing.name}`;
    const everybody = await assertOneNumber(screen, failed, 'xlsx');
    assert.equal(everybody, failing.metrics.failedUsers);
    await press(screen, add);
    await press(screen, '>>> .condition:nth-of-type(2) input[type=checkbox]');
    const some = await assertOneNumber(screen, `${failed}, and not converted`, 'csv');
    assert.ok(some <= everybody);
    assert.equal(await assertOneNumber(screen, `${failed}, and not converted`, 'xlsx'), some);
    await site.assertNoComplaint(screen);
    await closeScreen(screen);
  });
});

test('at 0 the button is inactive and says why', async () => {
  const screen = await open(embed('north', firstPurchase('from="2020-01-01" to="2020-01-02"')));
  const name = 'Export Entry User Count';
  assert.equal(await shownBeside(screen, name), 0);
  await press(screen, button(name));
  const inactive = await screen.page.$(button(name));
  assert.deepEqual(
    await inactive?.evaluate((one) => [
      one.getAttribute('aria-disabled'),
      one.parentElement?.querySelector(`#${one.getAttribute('aria-describedby')}`)?.textContent?.trim(),
    ]),
    ['true', 'Nothing to export: the value is 0.'],
  );
  assert.equal(await screen.ask(box), '');
  assert.deepEqual(await screen.saved(), []);
  await closeScreen(screen);
});

test('without the scope there is no button, and the numbers are there', async () => {
  const screen = await open(embed('readers', `${cards}${firstPurchase()}`));
  await screen.until(`${deepCount('body', '[part=value], .details')} === 3`);
  await delay(300);
  assert.equal(await screen.ask(deepCount('body', '#button')), 0);
  await closeScreen(screen);
});

test('a download that breaks on the way is shown as broken and leaves no file; tried again it is whole', async () => {
  const { owner } = site.service.database;
  const screen = await open(
    embed('many', '<journey-export-button metric="totalEntries"></journey-export-button>'),
  );
  await press(screen, active('Export Total Entries'));
  await screen.until(`${box}.startsWith('Export 30,000 rows')`);
  await press(screen, '>>> .box:popover-open [role=menuitem]');
  let held: { pid: number }[] = [];
  for (const end = Date.now() + 10_000; held.length === 0 || screen.downloads.length === 0;) {
    assert.ok(Date.now() < end, 'the download was over before it could be cut, or did not begin');
    held = await owner.execute<{ pid: number }>(sql`
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IN ('active', 'idle in transaction')
        AND (query LIKE '%listed_users%' OR query LIKE '%FROM journey_analytics.events AS event%')`);
  }
  await owner.execute(sql`SELECT pg_terminate_backend(${held[0]?.pid})`);
  await screen.until(`${box}.startsWith('Export stopped after')`);
  assert.match(await screen.ask(box), /of 30,000 rows\. No partial file was saved\./);
  const { exports } = (await many.api.get('/v1/exports', { limit: '1' })).as(exportListSchema);
  assert.equal(exports[0]?.state, 'broken');
  assert.equal(screen.downloads.at(-1)?.state, 'canceled');
  assert.deepEqual(await screen.saved(), []);
  await press(screen, '>>> .box:popover-open .solid');
  await screen.until(`${box}.startsWith('30,000 rows saved')`, 20_000);
  const [file = ''] = await screen.saved();
  assert.equal(parse(await readFile(join(screen.folder, file)), { bom: true }).length, 30_001);
  await closeScreen(screen);
});
