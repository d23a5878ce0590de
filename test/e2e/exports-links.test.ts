// Links, the audit trail, who may export what, and what is refused.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import {
  audienceAnswerSchema,
  embedTokenAnswerSchema,
  exportLinkSchema,
  exportListSchema,
  exportStateSchema,
} from '../../bff/contract/index.ts';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import { contentDisposition } from '../../bff/exports/file-name.ts';
import { cellText, readCsv, readXlsx } from '../support/export-file.ts';
import type { HttpClient } from '../support/http-client.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { definition, event, journeyId, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
let b: Workspace;
const path = `/v1/journeys/${journeyId}`;
const csv = { format: 'csv' };
const unknownId = '00000000-0000-4000-8000-000000000000';

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
  await a.api.put(path, definition);
  await b.api.put(path, definition);
  // The same ids of events and users in both; in B one user fewer, later.
  const events = [...visitOf('ann', 2, true), ...visitOf('bob', 3), ...visitOf('cem', 4)];
  await a.api.post('/v1/events', events);
  const ofB = events
    .slice(0, 15)
    .map((each) => ({ ...each, at: String(each['at']).replace('-03-', '-05-') }));
  await b.api.post('/v1/events', ofB);
  await Promise.all([settled(a.api, journeyId), settled(b.api, journeyId)]);
});
after(() => service.stop());

async function tokenOf(
  api: HttpClient,
  scopes: readonly string[],
  { subject = 'ann', journeyIds = ['*'] }: { subject?: string; journeyIds?: readonly string[] } = {},
): Promise<HttpClient> {
  const answer = await api.post('/v1/embed-tokens', { subject, journeyIds, scopes });
  return api.as(answer.as(embedTokenAnswerSchema).token);
}

async function linkTo(api: HttpClient, metric = 'entryUsers', query: Record<string, string> = csv) {
  const answer = await api.post(`${path}/exports/${metric}/link`, undefined, query);
  assert.equal(answer.status, 201, answer.text);
  return answer.as(exportLinkSchema);
}

const stateOf = async (api: HttpClient, exportId: string) =>
  (await api.get(`/v1/exports/${exportId}`)).as(exportStateSchema);
const idsOf = (bytes: Buffer) => readCsv(bytes).rows.map(([id]) => cellText(id ?? null));

describe('a link', () => {
  test('works once, for somebody without a credential, and is not used up by HEAD', async () => {
    const link = await linkTo(a.api);
    assert.equal(link.rows, 3);
    const left = Date.parse(link.expiresAt) - Date.now();
    assert.ok(left > 50_000 && left <= 61_000, `${left} ms`);
    const ticket = link.url.split('/').at(-1) ?? '';
    assert.match(link.url, /^\/v1\/downloads\/[A-Za-z0-9_-]+$/);
    assert.ok(Buffer.from(ticket, 'base64url').length >= 16);
    assert.deepEqual(await stateOf(a.api, link.exportId), { state: 'waiting', rows: 3, rowsSent: 0 });
    for (let time = 0; time < 2; time += 1) {
      const head = await service.nobody.call('HEAD', link.url);
      assert.deepEqual([head.status, head.body.length], [200, 0]);
    }
    const file = await service.nobody.get(link.url);
    assert.equal(file.status, 200);
    assert.deepEqual(idsOf(file.body), ['ann', 'bob', 'cem']);
    assert.deepEqual(await stateOf(a.api, link.exportId), { state: 'complete', rows: 3, rowsSent: 3 });
    assertProblem(await service.nobody.get(link.url), 'link_used');
    const head = await service.nobody.call('HEAD', link.url);
    assert.equal(head.status, 410);
  });

  test('taken by many at once goes to exactly one', async () => {
    for (let time = 0; time < 3; time += 1) {
      const { url } = await linkTo(a.api);
      const answers = await Promise.all(Array.from({ length: 5 }, () => service.nobody.get(url)));
      const statuses = answers.map(({ status }) => status).toSorted((x, y) => x - y);
      assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join());
      assert.ok(
        statuses.every((status) => [200, 410, 429].includes(status)),
        statuses.join(),
      );
    }
  });

  test('late is 410, unknown is 404', async () => {
    const link = await linkTo(a.api);
    await service.database.owner.execute(sql`
      UPDATE journey_analytics.exports SET ticket_expires_at = clock_timestamp() - interval '1 millisecond'
      WHERE export_id = ${link.exportId}`);
    assertProblem(await service.nobody.get(link.url), 'link_used');
    assert.equal((await stateOf(a.api, link.exportId)).state, 'expired');
    for (const ticket of [
      'x',
      `${link.url.split('/').at(-1)}x`,
      '%00',
      "'",
      'a'.repeat(2_000),
      link.exportId,
    ]) {
      assertProblem(await service.nobody.get(`/v1/downloads/${ticket}`), 'not_found');
    }
    assertProblem(await service.nobody.get(link.url, { format: 'csv' }), 'unknown_parameter');
  });

  test('of a revoked key works no more, nor one whose journey is gone, which the trail tells', async () => {
    const { key, apiKeyId } = await createApiKey(service.database, a.workspaceId);
    const { url } = await linkTo(service.nobody.as(key));
    await service.database.owner.execute(sql`
      UPDATE journey_analytics.api_keys SET revoked_at = now() WHERE api_key_id = ${apiKeyId}`);
    assertProblem(await service.nobody.get(url), 'link_used');
    const c = await service.workspace('workspace-c');
    await c.api.put(path, definition);
    await c.api.post('/v1/events', visitOf('cem', 2));
    await settled(c.api, journeyId);
    const gone = await linkTo(c.api);
    await c.api.delete(path);
    assertProblem(await service.nobody.get(gone.url), 'not_found');
    assert.equal((await stateOf(c.api, gone.exportId)).state, 'broken');
    assertProblem(await service.nobody.get(gone.url), 'link_used');
  });

  test('is kept as a hash only, and stands in no line of the log', async () => {
    const links = [await linkTo(a.api), await linkTo(a.api, 'entryUsers', { format: 'xlsx' })];
    for (const { url } of links) {
      const ticket = url.split('/').at(-1) ?? '';
      await service.nobody.get(url);
      await service.nobody.get(url);
      const rows = await service.database.owner.execute<{ text: string; hash: string }>(sql`
        SELECT one::text AS text, encode(ticket_hash, 'hex') AS hash FROM journey_analytics.exports AS one`);
      assert.ok(rows.every(({ text }) => !text.includes(ticket)));
      const hash = createHash('sha256').update(ticket).digest('hex');
      assert.equal(rows.filter((row) => row.hash === hash).length, 1);
      assert.ok(service.log.every((line) => !line.includes(ticket) && !line.includes(hash)));
    }
  });

  test('to an audience, as XLSX', async () => {
    const where = { not: { metric: 'convertedUsers' } };
    const answer = await a.api.post(`${path}/audience/link`, { where }, { format: 'xlsx' });
    const { url, rows } = answer.as(exportLinkSchema);
    assert.equal(rows, 2);
    const file = readXlsx((await service.nobody.get(url)).body);
    assert.deepEqual(file.columns, ['External ID']);
    assert.deepEqual(
      file.rows.map((row) => row.map(cellText)),
      [['bob'], ['cem']],
    );
  });

  test('to nothing is 409 and leaves no trace', async () => {
    const earlier = (await a.api.get('/v1/exports')).text;
    const answer = await a.api.post(`${path}/exports/bouncedCount/link`, undefined, {
      ...csv,
      stepId: 'hello',
    });
    assertProblem(answer, 'nothing_to_export');
    assertProblem(
      await a.api.get(`${path}/exports/bouncedCount`, { ...csv, stepId: 'hello' }),
      'nothing_to_export',
    );
    assert.equal((await a.api.get('/v1/exports')).text, earlier);
  });
});

describe('how an export is going', () => {
  test('only the same key, or the same subject, is told', async () => {
    const viewer = await tokenOf(a.api, ['users:export']);
    const own = await linkTo(a.api);
    const ofSubject = await linkTo(viewer);
    const again = await tokenOf(a.api, ['users:export']);
    const otherSubject = await tokenOf(a.api, ['users:export'], { subject: 'bob' });
    const otherKey = service.nobody.as((await createApiKey(service.database, a.workspaceId)).key);
    const subjectOfOtherKey = await tokenOf(otherKey, ['users:export']);
    const sameSubjectInB = await tokenOf(b.api, ['users:export']);
    const known: [HttpClient, string][] = [
      [a.api, own.exportId],
      [viewer, ofSubject.exportId],
      [again, ofSubject.exportId],
      [subjectOfOtherKey, ofSubject.exportId],
    ];
    for (const [api, exportId] of known) assert.equal((await stateOf(api, exportId)).state, 'waiting');
    const hidden: [HttpClient, string][] = [
      [a.api, ofSubject.exportId],
      [viewer, own.exportId],
      [otherSubject, ofSubject.exportId],
      [otherKey, own.exportId],
      [b.api, own.exportId],
      [sameSubjectInB, ofSubject.exportId],
      [a.api, unknownId],
      [a.api, 'nonsense'],
      [a.api, "'%3B--"],
    ];
    for (const [api, exportId] of hidden) {
      assertProblem(await api.get(`/v1/exports/${exportId}`), 'not_found');
    }
    assertProblem(await service.nobody.get(`/v1/exports/${own.exportId}`), 'unauthorized');
    const reader = await tokenOf(a.api, ['metrics:read']);
    assertProblem(await reader.get(`/v1/exports/${ofSubject.exportId}`), 'missing_scope');
  });
});

describe('the audit trail', () => {
  test('tells who, what, when and how many, newest first, in pages', async () => {
    const c = await service.workspace('trail');
    await c.api.put(path, definition);
    await c.api.post('/v1/events', [...visitOf('ann', 2), ...visitOf('bob', 3)]);
    await settled(c.api, journeyId);
    const viewer = await tokenOf(c.api, ['users:export'], { subject: 'the viewer' });
    const query = { format: 'xlsx', stepId: 'hello', platform: 'ios', from: '2026-03-01', to: '2026-03-02' };
    assert.equal((await viewer.get(`${path}/exports/sentCount`, query)).status, 200);
    const where = { all: [{ metric: 'entryUsers' }] };
    assert.equal((await c.api.post(`${path}/audience/export`, { where }, csv)).status, 200);
    for (let time = 0; time < 5; time += 1) await linkTo(c.api);
    const all = (await c.api.get('/v1/exports')).as(exportListSchema);
    assert.equal(all.nextCursor, null);
    assert.equal(all.exports.length, 7);
    assert.deepEqual(
      all.exports.map(({ createdAt }) => createdAt),
      all.exports
        .map(({ createdAt }) => createdAt)
        .toSorted()
        .toReversed(),
    );
    const [audience, first] = all.exports.slice(-2);
    const { exportId: _, createdAt, ...told } = first ?? assert.fail();
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
    assert.deepEqual(told, {
      journeyId,
      credentialId: c.apiKeyId,
      subject: 'the viewer',
      request: { journeyId, metric: 'sentCount', bom: true, ...query },
      format: 'xlsx',
      state: 'complete',
      rows: 1,
      rowsSent: 1,
    });
    assert.deepEqual(audience?.request, { journeyId, bom: true, audience: where, ...csv });
    const paged: unknown[] = [];
    let cursor: string | null | undefined;
    do {
      const answer = await c.api.get('/v1/exports', { limit: '3', cursor: cursor ?? undefined });
      const page = answer.as(exportListSchema);
      assert.ok(page.exports.length <= 3);
      paged.push(...page.exports);
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(paged, all.exports);
    assertProblem(await viewer.get('/v1/exports'), 'forbidden');
  });

  test('refuses a cursor that is none', async () => {
    const forged = (text: string) => Buffer.from(text).toString('base64url');
    const cursors = [
      '',
      'x',
      forged('2026-02-31T00:00:00.000Z 00000000-0000-4000-8000-000000000000'),
      forged('0000-01-01T00:00:00.000Z 00000000-0000-4000-8000-000000000000'),
      forged('2026-02-01T24:61:00.000Z 00000000-0000-4000-8000-000000000000'),
      forged('2026-02-01T00:00:00.000+99:99 00000000-0000-4000-8000-000000000000'),
      forged('2026-02-01T00:00:00.000Z nonsense'),
      forged("2026-02-01T00:00:00.000Z' OR true -- 00000000-0000-4000-8000-000000000000"),
    ];
    for (const cursor of cursors) {
      const answer = await a.api.get('/v1/exports', { cursor });
      assert.ok([200, 400].includes(answer.status), `${cursor}: ${answer.text}`);
    }
    assertProblem(await a.api.get('/v1/exports', { limit: '0' }), 'invalid_parameter');
  });
});

describe('what is refused', () => {
  test('scopes: readings alone export nothing, exports alone read nothing', async () => {
    const reader = await tokenOf(a.api, ['metrics:read']);
    const exporter = await tokenOf(a.api, ['users:export']);
    const where = { metric: 'entryUsers' };
    const exporting = (api: HttpClient) =>
      Promise.all([
        api.post(`${path}/exports/entryUsers/link`, undefined, csv),
        api.post(`${path}/audience/link`, { where }, csv),
        api.get(`${path}/exports/entryUsers`, csv),
        api.post(`${path}/audience/export`, { where }, csv),
      ]);
    for (const answer of await exporting(reader)) assertProblem(answer, 'missing_scope');
    for (const answer of await exporting(exporter)) assert.ok(answer.status < 300, answer.text);
    for (const answer of await exporting(service.nobody)) assertProblem(answer, 'unauthorized');
    for (const reading of ['overview', 'flow', 'steps/hello', 'trend?metric=totalEntries']) {
      assertProblem(await exporter.get(`${path}/${reading}`), 'missing_scope');
    }
    assertProblem(await exporter.post(`${path}/audience`, { where }), 'missing_scope');
    assert.equal((await reader.post(`${path}/audience`, { where })).as(audienceAnswerSchema).users, 3);
    const elsewhere = await tokenOf(a.api, ['users:export', 'metrics:read'], { journeyIds: ['other'] });
    for (const answer of await exporting(elsewhere)) assertProblem(answer, 'not_found');
  });

  test('two workspaces with the same ids never meet', async () => {
    const files = await Promise.all([a.api, b.api].map((api) => api.get(`${path}/exports/entryUsers`, csv)));
    assert.deepEqual(
      files.map(({ body }) => idsOf(body)),
      [
        ['ann', 'bob', 'cem'],
        ['ann', 'bob'],
      ],
    );
    assert.ok(files[1]?.text.includes('2026-05-02') && !files[1].text.includes('2026-03'));
    const link = await linkTo(b.api);
    const trail = (await a.api.get('/v1/exports')).as(exportListSchema);
    assert.ok(trail.exports.every(({ exportId }) => exportId !== link.exportId));
    assert.deepEqual(idsOf((await service.nobody.get(link.url)).body), ['ann', 'bob']);
  });

  test('parameters and metrics', async () => {
    const refused: [
      string,
      Record<string, string>,
      'invalid_parameter' | 'unknown_parameter' | 'not_found',
    ][] = [
      ['entryUsers', {}, 'invalid_parameter'],
      ['entryUsers', { format: 'xls' }, 'invalid_parameter'],
      ['entryUsers', { ...csv, bom: 'no' }, 'invalid_parameter'],
      ['entryUsers', { ...csv, form: '2026-01-01' }, 'unknown_parameter'],
      ['entryUsers', { ...csv, compare: 'previous' }, 'unknown_parameter'],
      ['entryUsers', { ...csv, from: '2026-02-30' }, 'invalid_parameter'],
      ['entryUsers', { ...csv, from: '2026-03-02', to: '2026-03-01' }, 'invalid_parameter'],
      ['conversionRate', csv, 'invalid_parameter'],
      ['dropOffRate', { ...csv, stepId: 'hello' }, 'invalid_parameter'],
      ['exitsWindowOpen', csv, 'invalid_parameter'],
      ['unattachedEvents', csv, 'invalid_parameter'],
      ['exitReasons', { ...csv, stepId: 'hello' }, 'invalid_parameter'],
      ['transition', { ...csv, stepId: 'hello' }, 'invalid_parameter'],
      ['outcomeConverted', { ...csv, stepId: 'ask' }, 'invalid_parameter'],
      ['constructor', csv, 'invalid_parameter'],
      ['__proto__', csv, 'invalid_parameter'],
      ['sentCount', csv, 'invalid_parameter'],
      ['messagesSent', { ...csv, stepId: 'hello' }, 'invalid_parameter'],
      ['entryCount', { ...csv, stepId: 'hello', platform: 'ios' }, 'invalid_parameter'],
      ['entryUsers', { ...csv, platform: 'ios' }, 'invalid_parameter'],
      ['sentCount', { ...csv, stepId: 'hello', platform: 'symbian' }, 'invalid_parameter'],
      ['sentCount', { ...csv, stepId: 'hello', outcome: 'yes' }, 'invalid_parameter'],
      ['entryCount', { ...csv, stepId: 'none' }, 'not_found'],
      ['entryCount', { ...csv, stepId: '__proto__' }, 'not_found'],
    ];
    for (const [metric, query, code] of refused) {
      const answer = await a.api.get(`${path}/exports/${metric}`, query);
      assertSilentAbout(answer, ['symbian', '2026-02-30']);
      assertProblem(answer, code);
      assertProblem(await a.api.post(`${path}/exports/${metric}/link`, undefined, query), code);
    }
    assertProblem(await a.api.get('/v1/journeys/none/exports/entryUsers', csv), 'not_found');
    assertProblem(await a.api.post(`${path}/exports/entryUsers`, undefined, csv), 'method_not_allowed');
    const twice = await a.api.get(`${path}/exports/entryUsers`, [
      ['format', 'csv'],
      ['format', 'xlsx'],
    ]);
    assertProblem(twice, 'invalid_parameter');
    assert.equal((await a.api.get(`${path}/exports/outcome`, { ...csv, stepId: 'ask' })).status, 200);
    assertProblem(
      await a.api.get(`${path}/exports/outcome`, { ...csv, stepId: 'ask', outcome: 'no' }),
      'nothing_to_export',
    );
  });

  const leaf = { metric: 'entryUsers' };
  const nested = (depth: number): unknown => (depth === 0 ? leaf : { not: nested(depth - 1) });
  const wide = (leaves: number) => ({ any: Array.from({ length: leaves }, () => leaf) });
  const audiences = ['', '/export', '/link'];
  const post = (end: string, body: unknown) =>
    a.api.post(`${path}/audience${end}`, body, end === '' ? {} : csv);

  test('audiences that are too deep, too wide, empty or wrong', async () => {
    const wrong: unknown[] = [
      nested(9),
      wide(33),
      { all: [wide(17), wide(16)] },
      { all: [] },
      { any: [] },
      { not: [] },
      {},
      [],
      null,
      'entryUsers',
      { metric: 'nonsense' },
      { metric: 'conversionRate' },
      { metric: 'constructor' },
      { metric: 'entryUsers', stepId: 'none' },
      { metric: 'entryUsers', platform: 'ios' },
      { metric: 'sentCount' },
      { metric: 'sentCount', stepId: 'hello', outcome: 'yes' },
      { metric: 'entryUsers', from: '2026-01-01' },
      { all: [leaf], any: [leaf] },
      { all: leaf },
    ];
    for (const end of audiences) {
      for (const where of wrong) {
        const answer = await post(end, { where });
        assertProblem(answer, 'validation_failed');
      }
      for (const body of [{}, [], null, 5, { where: leaf, more: 1 }]) {
        assertProblem(await post(end, body), 'validation_failed');
      }
    }
    const problem = assertProblem(
      await post('', { where: { all: [leaf, { not: { metric: 'entryCount', stepId: 'none' } }] } }),
      'validation_failed',
    );
    assert.equal(problem.errors[0]?.path, 'where.all[1].not.stepId');
  });

  test('audiences that would exhaust the stack', async () => {
    const deep = (depth: number) => `${'{"not":'.repeat(depth)}{"metric":"entryUsers"}${'}'.repeat(depth)}`;
    const many = '{"any":[]},'.repeat(1_000);
    for (const where of [
      deep(10_000),
      `{"all":[${many}${deep(9_000)}]}`,
      '['.repeat(40_000) + ']'.repeat(40_000),
    ]) {
      const answer = await a.api.call('POST', `${path}/audience`, {
        bytes: `{"where":${where}}`,
        headers: { 'content-type': 'application/json' },
      });
      assertProblem(answer, 'validation_failed');
    }
  });

  test('audiences by their bytes', async () => {
    const send = (bytes: string, type = 'application/json') =>
      a.api.call('POST', `${path}/audience`, { bytes, headers: { 'content-type': type } });
    assertProblem(await send(`{"where":{"metric":"${'x'.repeat(5_000_000)}"}}`), 'payload_too_large');
    assertProblem(await send('{"where":'), 'invalid_body');
    assertProblem(await send('{"where":{"metric":"entryUsers"}}', 'text/plain'), 'unsupported_media_type');
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      for (const body of [
        `{"where":{"metric":"entryUsers","${key}":{"metric":"x"}}}`,
        `{"where":{"all":[{"metric":"entryUsers"}],"${key}":{"all":[]}}}`,
        `{"where":{"metric":"entryUsers"},"${key}":{"where":{}}}`,
      ]) {
        assertProblem(await send(body), 'validation_failed');
      }
      assertProblem(await send(`{"where":{"${key}":[{"metric":"entryUsers"}]}}`), 'validation_failed');
    }
  });

  test('audiences at the limits are answered', async () => {
    const count = async (where: unknown, query = {}) =>
      (await a.api.post(`${path}/audience`, { where }, query)).as(audienceAnswerSchema).users;
    assert.equal(await count(nested(8)), 3);
    assert.equal(await count(nested(7)), 0);
    assert.equal(await count(wide(32)), 3);
    assert.equal(await count({ all: [wide(16), wide(16)] }), 3);
    assert.equal(await count({ not: { metric: 'convertedUsers' } }, { from: '2026-03-03' }), 2);
    assert.equal(
      await count({ metric: 'sentUsers', stepId: 'hello', platform: 'ios' }, { to: '2026-03-02' }),
      1,
    );
    assert.equal(await count({ metric: 'outcome', stepId: 'ask', outcome: 'yes' }), 3);
    assert.equal(await count({ metric: 'entryUsers' }, { from: '2030-01-01' }), 0);
  });
});

describe('the name of a file', () => {
  const range = { first: null, last: null };
  const at = Date.parse('2026-03-02T22:30:00Z');
  const name = (parts: readonly string[], id = 'welcome') =>
    contentDisposition({ journeyId: id, parts, range, timeZone: 'Europe/Istanbul', format: 'csv' }, at);

  test('says journey, step, metric and range, else the day in the zone of the journey', async () => {
    assert.equal(
      name(['hello', 'sentCount']),
      'attachment; filename="welcome_hello_sentCount_2026-03-03.csv"',
    );
    const answer = await a.api.get(`${path}/exports/sentCount`, {
      format: 'xlsx',
      stepId: 'hello',
      from: '2026-03-01',
      to: '2026-03-09',
    });
    assert.equal(
      answer.headers['content-disposition'],
      'attachment; filename="welcome_hello_sentCount_2026-03-01-to-2026-03-09.xlsx"',
    );
  });

  test('is safe whatever a step is called', () => {
    const hostile = [
      '"; filename="evil.exe',
      '../../etc/passwd',
      'a\\b/c:d*e?f|g<h>i',
      'naïve 漢字 😀',
      "it's (100%)*",
      '\u202egnp.exe',
      '😀'.repeat(200),
      'x'.repeat(200),
      '...',
      '%22%0d%0a',
    ];
    for (const text of hostile) {
      const header = name([text, 'sentCount']);
      assert.match(
        header,
        /^attachment; filename="[A-Za-z0-9._-]+\.csv"(?:; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+\.csv)?$/,
      );
      const encoded = /UTF-8''(.+)$/.exec(header)?.[1];
      const full = decodeURIComponent(encoded ?? /"(.+)"/.exec(header)?.[1] ?? '');
      assert.doesNotMatch(full, /[/\\:*?"<>|\p{Cc}\u202e\ufffd]/u);
      assert.doesNotMatch(full, /^\./);
    }
    assert.ok(name(['漢字']).includes(encodeURIComponent('漢字')));
    assert.doesNotMatch(decodeURIComponent(name(['x'], '.hidden')), /(?:"|'')\./);
  });

  test('of a step with such a name, over HTTP', async () => {
    const c = await service.workspace('named');
    const stepId = '"; filename="evil.exe" 漢字 😀';
    await c.api.put(path, definition);
    await c.api.post('/v1/events', [
      event('journey.entered', 'ann', '2026-03-02T00:00:00Z'),
      event('step.entered', 'ann', '2026-03-02T00:00:01Z', { stepId }),
    ]);
    await settled(c.api, journeyId);
    const answer = await c.api.get(`${path}/exports/entryCount`, { ...csv, stepId });
    assert.equal(answer.status, 200, answer.text);
    const header = v.parse(v.string(), answer.headers['content-disposition']);
    assert.match(
      header,
      /^attachment; filename="welcome_filename-evil\.exe_entryCount_[0-9-]+\.csv"; filename\*=UTF-8''/,
    );
    assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'no-store');
  });
});
