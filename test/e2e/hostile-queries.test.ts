// Queries and methods that nobody sends by accident: refused by every route, and repeated nowhere; and HEAD, which is no more
// than GET without a body.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import { callOnce, converse } from '../support/hostile-connection.ts';
import { nameOf, pathOf, routeCases, routes } from '../support/hostile-routes.ts';
import { hostileTexts } from '../support/hostile-values.ts';
import {
  assertRefusal,
  assertUnharmed,
  makeLink,
  marker,
  markedWorkspace,
  type MarkedWorkspace,
} from '../support/hostile-workspaces.ts';
import { assertSilentAbout } from '../support/problem-document.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

let service: TestService;
let alpha: MarkedWorkspace;
let bravo: MarkedWorkspace;

before(async () => {
  service = await startTestService();
  alpha = await markedWorkspace(service, 'alpha-5c1e');
  bravo = await markedWorkspace(service, 'bravo-9d2f');
});
after(() => service.stop());

/** What no answer to the first workspace holds. */
const unseen = () => [marker, ...bravo.secrets];

describe('queries', () => {
  test('of names that a route does not know are refused by every route', async () => {
    for (const route of routes) {
      const path = pathOf(route, { journeyId: alpha.journeyId });
      for (const query of [
        `__proto__[polluted]=${marker}`,
        `__proto__=${marker}`,
        `__proto__.polluted=${marker}`,
        `constructor[prototype][polluted]=${marker}`,
        `toString=${marker}`,
        `from[]=${marker}`,
        `from[0]=${marker}&from[1]=${marker}`,
        `${marker}=1&${marker}=2`,
        `${marker}=${'x'.repeat(7_000)}`,
        Array.from({ length: 400 }, (_, index) => `${marker}${index}=`).join('&'),
        `%00=${marker}`,
        `%ff%fe=${marker}`,
        `=${marker}`,
        `_method=DELETE`,
        `access_token=${marker}`,
        `?${marker}`,
      ]) {
        const answer = await alpha.api.call(route.method.toUpperCase(), `${path}?${query}`);
        const { code } = assertRefusal(answer);
        assert.ok(['unknown_parameter', 'invalid_parameter'].includes(code), `${path} ${query} ${code}`);
        assertSilentAbout(answer, unseen());
      }
    }
  });

  test('with any value are answered, and repeat nothing', async () => {
    const document = (await service.nobody.get('/v1/openapi.json')).as(documentSchema);
    for (const route of routes) {
      const { query, body } = routeCases[nameOf(route)] ?? {};
      const described = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method];
      const names = (described?.parameters ?? []).filter((each) => each.in === 'query');
      for (const { name } of names) {
        for (const text of hostileTexts) {
          const sent = new URLSearchParams(query);
          sent.set(name, text.toWellFormed());
          const path = pathOf(route, { journeyId: alpha.journeyId }, sent.toString());
          const sending = body === undefined ? {} : { json: body };
          const answer = await alpha.api.call(route.method.toUpperCase(), path, sending);
          // A place in a list or an outcome may be any text: there is nothing at it, which is an answer.
          if (answer.status !== 200 || !['cursor', 'outcome'].includes(name)) assertRefusal(answer);
          assertSilentAbout(answer, unseen());
        }
      }
    }
  });

  test('with a cursor that somebody made up are refused', async () => {
    const id = crypto.randomUUID();
    for (const text of [
      `2026-01-01T00:00:00+23:00 ${id}`,
      `2026-01-01T00:00:00-2359 ${id}`,
      `0000-01-01T00:00:00Z ${id}`,
      `2026-02-30T00:00:00Z ${id}`,
      `infinity ${id}`,
      `now ${id}`,
      `2026-01-01T00:00:00Z' OR true -- ${id}`,
      `2026-01-01T00:00:00Z ${id}' OR true --`,
      `\0 ${id}`,
      marker,
    ]) {
      const answer = await alpha.api.get('/v1/exports', { cursor: Buffer.from(text).toString('base64url') });
      assertRefusal(answer);
      assertSilentAbout(answer, unseen());
    }
  });
});

const documentSchema = v.object({
  paths: v.record(
    v.string(),
    v.record(v.string(), v.object({ parameters: v.array(v.object({ name: v.string(), in: v.string() })) })),
  ),
});

describe('methods', () => {
  test('HEAD says of every route what GET says, and leaves nothing open', async () => {
    for (const route of routes.filter(({ method }) => method === 'get')) {
      const { exportId, url } = await makeLink(alpha);
      const ids = { journeyId: alpha.journeyId, exportId, ticket: url.split('/').at(-1) ?? '' };
      const path = pathOf(route, ids, routeCases[nameOf(route)]?.query);
      const headers = { authorization: `Bearer ${alpha.key}` };
      const head = await callOnce(service.url, 'HEAD', path, headers);
      const get = await callOnce(service.url, 'GET', path, headers);
      assert.deepEqual([head.status, head.body.length], [get.status, 0], path);
      // Whose file it is, a link says only to who takes it.
      if (route.path.includes(':ticket')) continue;
      for (const name of [
        'content-type',
        'etag',
        'cache-control',
        'vary',
        'x-row-count',
        'content-disposition',
      ]) {
        assert.equal(head.headers[name], get.headers[name], `${path} ${name}`);
      }
    }
    assert.match((await service.nobody.get('/metrics')).text, /^journey_analytics_listeners 0$/m);
  });

  test('that are none of a route do nothing and send nothing back', async () => {
    const path = `/v1/journeys/${alpha.journeyId}`;
    const rest = `Host: x\r\nAuthorization: Bearer ${alpha.key}\r\nX-Marker: ${marker}\r\nConnection: close\r\n\r\n`;
    for (const method of [
      'TRACE',
      'PROPFIND',
      'PATCH',
      'MKCOL',
      'SEARCH',
      'PURGE',
      'QUERY',
      'LINK',
      'REPORT',
    ]) {
      const { text, statuses } = await converse(service.url, `${method} ${path} HTTP/1.1\r\n${rest}`);
      assert.deepEqual(statuses, [405], method);
      for (const secret of [marker, ...alpha.secrets]) assert.ok(!text.includes(secret), method);
    }
    for (const method of ['get', 'Get', 'delete', 'FOO', 'TRACK', 'GETT', 'G\0ET', '__proto__', 'GET\t']) {
      const { text, statuses } = await converse(service.url, `${method} ${path} HTTP/1.1\r\n${rest}`);
      assert.ok(statuses.every((status) => status === 400 || status === 405) && statuses.length <= 1, method);
      assert.ok(!text.includes(marker), method);
    }
    const connect = await converse(service.url, `CONNECT evil.example:443 HTTP/1.1\r\n${rest}`);
    assert.deepEqual([connect.statuses.filter((status) => status < 400), connect.isClosed], [[], true]);
    assert.equal((await alpha.api.get(path)).status, 200);
  });

  test('are not overridden by anything that is sent beside them', async () => {
    const path = `/v1/journeys/${alpha.journeyId}`;
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      assert.equal((await alpha.api.call('GET', path, { headers: { [name]: 'DELETE' } })).status, 200);
      assertRefusal(await alpha.api.call('POST', path, { headers: { [name]: 'DELETE' } }));
    }
    for (const name of ['x-original-url', 'x-rewrite-url', 'x-forwarded-path', 'x-forwarded-prefix']) {
      const answer = await alpha.api.get('/health/live', {}, { [name]: `/v1/journeys/${bravo.journeyId}` });
      assert.deepEqual(answer.json(), { status: 'live' });
    }
    assert.equal((await alpha.api.get(path)).status, 200);
  });
});

test('afterwards nothing is harmed, and nothing of it is in the log', async () => {
  const audit = await alpha.api.post(`/v1/journeys/${alpha.journeyId}/audit`);
  assert.deepEqual(audit.json(), { differences: [] });
  await assertUnharmed(service, [alpha.mark, alpha.key, bravo.mark, 'etc/passwd', 'x'.repeat(100)]);
});
