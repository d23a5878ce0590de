// What has no meaning is refused, always in the same form, and nothing of the request is repeated.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import type { ProblemCode } from '../../bff/contract/index.ts';
import { Answer } from '../support/http-client.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { definition, journeyId } from '../support/sample-journey.ts';
import {
  allowedOrigin,
  startTestService,
  type TestService,
  type Workspace,
} from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
const path = `/v1/journeys/${journeyId}`;

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
  await a.api.put(path, definition);
});
after(() => service.stop());

/** Every path of the service with its methods. */
async function operations(): Promise<{ path: string; methods: string[]; parameters: Set<string> }[]> {
  const operation = v.object({
    parameters: v.optional(v.array(v.object({ name: v.string(), in: v.string() })), []),
  });
  const document = (await service.nobody.get('/v1/openapi.json')).as(
    v.object({ paths: v.record(v.string(), v.record(v.string(), operation)) }),
  );
  return Object.entries(document.paths).map(([route, methods]) => ({
    path: route.replaceAll('{journeyId}', journeyId).replaceAll(/\{\w+\}/g, 'start'),
    methods: Object.keys(methods),
    parameters: new Set(
      Object.values(methods).flatMap(({ parameters }) =>
        parameters.filter((each) => each.in === 'query').map(({ name }) => name),
      ),
    ),
  }));
}

describe('paths and methods', () => {
  test('an unknown path is not found, with or without a credential', async () => {
    for (const unknown of [
      '/v1',
      '/v1/',
      '/v1/nothing',
      '/v1/journeys/',
      `${path}/`,
      `${path}/nothing`,
      `${path}/overview/`,
      `${path}/Overview`,
      '/V1/journeys',
      '//v1/journeys',
      '/v1/users',
      '/v1/users/',
      '/v1/users/a/b',
      `${path}/steps`,
      `${path}/steps/`,
      '/etc/passwd',
      '/..%2f..%2fetc/passwd',
      '/widgets/..%2f..%2fpackage.json',
      '/.git/config',
    ]) {
      for (const client of [service.nobody, a.api]) {
        const answer = await client.get(unknown);
        assertProblem(answer, 'not_found');
        assertSilentAbout(answer, [unknown.length > 4 ? unknown : 'nothing to look for']);
      }
    }
  });

  test('a wrong method is 405 and names the right ones', async () => {
    for (const { path: known, methods } of await operations()) {
      const allowed = methods.flatMap((method) =>
        method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      );
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
        if (allowed.includes(method)) continue;
        const answer = await a.api.call(method, known);
        assertProblem(answer, 'method_not_allowed');
        const named = String(answer.headers['allow']).split(', ');
        assert.deepEqual(named.toSorted(), allowed.toSorted(), `${method} ${known}`);
      }
    }
  });

  test('HEAD answers as GET does, without a body', async () => {
    for (const part of ['', '/overview', '/flow', '/steps/start', '/trend?metric=totalEntries']) {
      const head = await a.api.call('HEAD', `${path}${part}`);
      const get = await a.api.get(`${path}${part}`);
      assert.deepEqual([head.status, head.body.length, head.etag], [200, 0, get.etag], part);
    }
    const refused = await service.nobody.call('HEAD', `${path}/overview`);
    assert.deepEqual([refused.status, refused.body.length], [401, 0]);
  });
});

describe('query parameters', () => {
  const overview = `${path}/overview`;
  const trend = `${path}/trend`;
  const wrong: readonly (readonly [code: ProblemCode, path: string, query: string, part?: string])[] = [
    ['unknown_parameter', overview, 'form=2026-03-01'],
    ['unknown_parameter', overview, 'From=2026-03-01'],
    ['unknown_parameter', overview, 'from%20=2026-03-01'],
    ['unknown_parameter', overview, 'from[]=2026-03-01'],
    ['unknown_parameter', overview, '__proto__=1'],
    ['unknown_parameter', overview, 'constructor=1'],
    ['unknown_parameter', overview, 'toString=1'],
    ['unknown_parameter', overview, 'hasOwnProperty=1'],
    ['unknown_parameter', overview, '=1'],
    ['unknown_parameter', overview, 'metric=totalEntries'],
    ['unknown_parameter', `${path}/flow`, 'trend=day'],
    ['unknown_parameter', `${path}/steps/start`, 'compare=previous'],
    ['unknown_parameter', trend, 'metric=totalEntries&compare=previous'],
    ['unknown_parameter', path, 'from=2026-03-01'],
    ['unknown_parameter', '/v1/journeys', 'offset=10'],
    ['invalid_parameter', overview, 'from=2026-03-01&from=2026-03-01'],
    ['invalid_parameter', overview, 'from=2026-03-01&from=2026-03-02'],
    ['invalid_parameter', overview, 'from=2026-03-05&to=2026-03-04', 'from'],
    ['invalid_parameter', overview, 'from=2026-02-30', 'from'],
    ['invalid_parameter', overview, 'from=2025-02-29', 'from'],
    ['invalid_parameter', overview, 'from=2026-13-01', 'from'],
    ['invalid_parameter', overview, 'from=2026-00-01', 'from'],
    ['invalid_parameter', overview, 'from=0000-01-01', 'from'],
    ['invalid_parameter', overview, 'from=2026-3-1', 'from'],
    ['invalid_parameter', overview, 'from=20260301', 'from'],
    ['invalid_parameter', overview, 'from=+2026-03-01', 'from'],
    ['invalid_parameter', overview, 'from=2026-03-01T00:00:00Z', 'from'],
    ['invalid_parameter', overview, 'from=2026-03-01%0A', 'from'],
    ['invalid_parameter', overview, 'from=%D9%A2%D9%A0%D9%A2%D9%A6-03-01', 'from'],
    ['invalid_parameter', overview, 'from=', 'from'],
    ['invalid_parameter', overview, 'to', 'to'],
    ['invalid_parameter', overview, 'compare=next', 'compare'],
    ['invalid_parameter', overview, 'compare=', 'compare'],
    ['invalid_parameter', overview, 'trend=week', 'trend'],
    ['invalid_parameter', `${path}/flow`, 'from=2026-03-05&to=2026-03-04', 'from'],
    ['invalid_parameter', `${path}/steps/start`, 'to=today', 'to'],
    ['invalid_parameter', trend, '', 'metric'],
    ['invalid_parameter', trend, 'metric=', 'metric'],
    ['invalid_parameter', trend, 'metric=nothing', 'metric'],
    ['invalid_parameter', trend, 'metric=constructor', 'metric'],
    ['invalid_parameter', trend, 'metric=conversionRate', 'metric'],
    ['invalid_parameter', trend, 'metric=exitsWindowOpen', 'metric'],
    ['invalid_parameter', trend, 'metric=unattachedEvents', 'metric'],
    ['invalid_parameter', trend, 'metric=entryCount', 'metric'],
    ['invalid_parameter', trend, 'metric=dropOffRate&stepId=hello', 'metric'],
    ['invalid_parameter', trend, 'metric=exitReasons&stepId=hello', 'metric'],
    ['invalid_parameter', trend, 'metric=exitReason&stepId=hello', 'metric'],
    ['invalid_parameter', trend, 'metric=transition&stepId=hello', 'metric'],
    ['invalid_parameter', trend, 'metric=totalEntries&stepId=hello', 'metric'],
    ['invalid_parameter', trend, 'metric=outcome', 'metric'],
    ['invalid_parameter', trend, 'metric=messagesSent&platform=ios', 'platform'],
    ['invalid_parameter', trend, 'metric=entryCount&stepId=hello&platform=ios', 'platform'],
    ['invalid_parameter', trend, 'metric=sentCount&stepId=hello&platform=iOS', 'platform'],
    ['invalid_parameter', trend, 'metric=sentCount&stepId=hello&platform=', 'platform'],
    ['invalid_parameter', trend, 'metric=sentCount&stepId=hello&outcome=yes', 'outcome'],
    ['invalid_parameter', trend, 'metric=outcome&stepId=ask&outcome=', 'outcome'],
    ['invalid_parameter', trend, 'metric=entryCount&stepId=', 'stepId'],
    ['invalid_parameter', '/v1/journeys', 'limit=0', 'limit'],
    ['invalid_parameter', '/v1/journeys', 'limit=501', 'limit'],
    ['invalid_parameter', '/v1/journeys', 'limit=-1', 'limit'],
    ['invalid_parameter', '/v1/journeys', 'limit=1e2', 'limit'],
    ['invalid_parameter', '/v1/journeys', 'limit=010', 'limit'],
    ['invalid_parameter', '/v1/journeys', 'cursor=', 'cursor'],
    ['invalid_parameter', '/v1/journeys', 'cursor=a%20b', 'cursor'],
    ['not_found', trend, 'metric=entryCount&stepId=nowhere'],
  ];
  for (const [code, route, query, part] of wrong) {
    test(`${code}: ${route.slice(path.length)}?${query}`, async () => {
      const answer = await a.api.get(`${route}?${query}`);
      const problem = assertProblem(answer, code);
      if (part !== undefined) {
        assert.deepEqual(
          problem.errors.map((error) => error.path),
          [part],
        );
      }
    });
  }

  test('every route refuses what it does not know, also those that take none', async () => {
    for (const { path: route, methods, parameters } of await operations()) {
      if (!route.startsWith('/v1/') || route === '/v1/openapi.json') continue;
      for (const method of methods) {
        const answer = await a.api.call(method, route, { query: { 'a-secret-name': 'a-secret-value' } });
        assertProblem(answer, 'unknown_parameter');
        assertSilentAbout(answer, ['a-secret']);
        assert.ok(!parameters.has('a-secret-name'));
      }
    }
  });

  test('rebuild is true or false', async () => {
    for (const rebuild of ['yes', '1', '', 'TRUE']) {
      assertProblem(await a.api.put(path, definition, { rebuild }), 'invalid_parameter');
    }
    assert.equal((await a.api.put(path, definition, { rebuild: 'false' })).status, 200);
  });

  test('the credential is looked at first', async () => {
    assertProblem(await service.nobody.get(`${overview}?form=1`), 'unauthorized');
  });
});

describe('bodies', () => {
  test('of another type are 415', async () => {
    const json = JSON.stringify(definition);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonp',
      'application/x-ndjson',
      '*/*',
    ]) {
      const sent = { bytes: json, headers: { 'content-type': type } };
      assertProblem(await a.api.call('PUT', path, sent), 'unsupported_media_type');
      assertProblem(await a.api.call('POST', '/v1/embed-tokens', sent), 'unsupported_media_type');
    }
    for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip', 'x', 'compress']) {
      const sent = {
        bytes: json,
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      };
      assertProblem(await a.api.call('PUT', path, sent), 'unsupported_media_type');
      assertProblem(await a.api.call('POST', '/v1/events', sent), 'unsupported_media_type');
    }
  });

  test('of JSON are read with any writing of its type, and without one', async () => {
    const bytes = JSON.stringify(definition);
    for (const type of [
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/json;x="y"',
      null,
    ]) {
      const answer = await a.api.call('PUT', path, { bytes, headers: { 'content-type': type } });
      assert.equal(answer.status, 200, String(type));
    }
    const identity = { bytes, headers: { 'content-type': null, 'content-encoding': 'identity' } };
    assert.equal((await a.api.call('PUT', path, identity)).status, 200);
  });

  test('that cannot be read are 400', async () => {
    const broken: readonly (string | Uint8Array)[] = [
      '',
      '{',
      '{"name":"a"}}',
      '{"name":a-secret}',
      "{'name':'x'}",
      'NaN',
      '[1,]',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      Buffer.from('﻿{"name":"x"}', 'utf16le'),
    ];
    for (const bytes of broken) {
      for (const [method, route] of [
        ['PUT', path],
        ['POST', '/v1/embed-tokens'],
        ['POST', '/v1/events'],
      ] as const) {
        const sent = { bytes, headers: { 'content-type': 'application/json' } };
        const answer = await a.api.call(method, route, sent);
        assertProblem(answer, 'invalid_body');
        assertSilentAbout(answer, ['a-secret', 'JSON.parse', 'position', 'Unexpected']);
      }
    }
  });

  test('that are too large are 413, however they are sent', async () => {
    const bytes = JSON.stringify({ ...definition, name: 'x'.repeat(6_000_000) });
    assertProblem(await a.api.call('PUT', path, { bytes }), 'payload_too_large');
    const chunked = await sendChunked(`${service.url}${path}`, a.key, bytes);
    assertProblem(chunked, 'payload_too_large');
    assert.equal((await a.api.get(path)).status, 200);
  });
});

/** Sends a body without saying how long it is. */
async function sendChunked(url: string, key: string, body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = httpRequest(url, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    agent: false,
  });
  sent.once('error', reject);
  sent.once('response', (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.once('end', () => {
      resolve(new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(parts)));
    });
  });
  for (let start = 0; start < body.length; start += 500_000) sent.write(body.slice(start, start + 500_000));
  sent.end();
  return promise;
}

describe('problem documents', () => {
  test('never repeat what was sent', async () => {
    const secret = 'a-secret-value';
    const answers = [
      await a.api.get(`/v1/journeys/${secret}`),
      await a.api.get(`${path}/steps/${secret}`),
      await a.api.get(`${path}/overview`, { from: secret }),
      await a.api.get(`${path}/trend`, { metric: secret }),
      await a.api.get(`${path}/trend`, { metric: 'sentCount', stepId: secret }),
      await a.api.get(`${path}/trend`, { metric: 'sentCount', stepId: 'hello', platform: secret }),
      await a.api.put(`/v1/journeys/${secret}%20`, definition),
      await a.api.put(path, { ...definition, timeZone: secret }),
      await a.api.put(path, { ...definition, steps: [{ stepId: secret, type: secret }] }),
      await a.api.put(path, { ...definition, transitions: [{ from: secret, to: secret }] }),
      await a.api.put(path, {
        ...definition,
        conversion: {
          event: 'x',
          filters: [{ property: 'p', operator: secret, value: secret }],
          stopCountingAfterExit: { value: secret, unit: secret },
        },
      }),
      await a.api.post('/v1/embed-tokens', { subject: 7, journeyIds: [`${secret} `], scopes: [secret] }),
      await a.api.post('/v1/events', [
        { id: 'e', type: secret, at: secret, userId: 7, journeyId: `${secret} ` },
        { id: 'f', type: 'message.sent', at: secret, userId: `${secret}\u0000`, reason: `${secret}\u0000` },
        secret,
      ]),
    ];
    for (const answer of answers) {
      assert.ok(answer.status >= 400, answer.text);
      assertSilentAbout(answer, [secret]);
    }
  });

  test('say nothing of what went wrong inside, and the request id finds it in the log', async () => {
    const rename = (from: string, to: string) =>
      service.database.owner.execute(`ALTER TABLE journey_analytics.${from} RENAME TO ${to}`);
    await rename('window_closings', 'mislaid');
    const answer = await a.api.get(`${path}/overview`);
    await rename('mislaid', 'window_closings');
    const { requestId } = assertProblem(answer, 'internal');
    assertSilentAbout(answer, ['node_modules', 'bff/', 'SELECT', 'window_closings', '42P01']);
    const [logged, line, ...more] = service.log.filter((each) => each.includes(requestId));
    assert.deepEqual(more, []);
    assert.match(line ?? '', /"status":500,.*"msg":"request"/);
    assert.match(logged ?? '', /42P01.*generations\.ts/);
    assert.doesNotMatch(logged ?? '', /SELECT|welcome/);
    assert.equal((await a.api.get(`${path}/overview`)).status, 200);
  });
});

describe('CORS', () => {
  const request = {
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  };

  test('an allowed origin may read, also refusals', async () => {
    for (const [client, part] of [
      [a.api, `${path}/overview`],
      [a.api, `${path}/overview?form=1`],
      [service.nobody, `${path}/overview`],
      [a.api, '/v1/nothing'],
    ] as const) {
      const { headers } = await client.get(part, {}, { origin: allowedOrigin });
      assert.equal(headers['access-control-allow-origin'], allowedOrigin);
      assert.equal(headers['access-control-allow-credentials'], undefined);
      assert.equal(
        headers['access-control-expose-headers'],
        'ETag, X-Row-Count, Content-Disposition, Retry-After, RateLimit, X-Request-Id',
      );
      assert.match(headers.vary ?? '', /\bOrigin\b/);
    }
  });

  test('no other origin may', async () => {
    for (const origin of [
      'https://console.example.evil',
      'https://evil.example',
      'http://console.example',
      'https://console.example:8443',
      'https://CONSOLE.example',
      'https://console.example/',
      'null',
      '*',
      '',
    ]) {
      const { status, headers } = await a.api.get(`${path}/overview`, {}, { origin });
      assert.equal(status, 200);
      assert.equal(headers['access-control-allow-origin'], undefined, origin);
      assert.equal(headers['access-control-expose-headers'], undefined);
      assert.match(headers.vary ?? '', /\bOrigin\b/);
    }
  });

  test('a preflight of an allowed origin is told what it may send, without a credential', async () => {
    for (const { path: route } of await operations()) {
      if (!route.startsWith('/v1/')) continue;
      const headers = { ...request, origin: allowedOrigin };
      const answer = await service.nobody.call('OPTIONS', route, { headers });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], allowedOrigin);
      assert.equal(
        answer.headers['access-control-allow-headers'],
        'Authorization, Content-Type, If-None-Match',
      );
      const methods = String(answer.headers['access-control-allow-methods']).split(', ');
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) assert.ok(methods.includes(method));
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    }
  });

  test('a preflight of another origin is told nothing', async () => {
    const headers = { ...request, origin: 'https://evil.example' };
    const answer = await service.nobody.call('OPTIONS', `${path}/overview`, { headers });
    assert.deepEqual(
      Object.keys(answer.headers).filter((name) => name.startsWith('access-control-')),
      [],
    );
  });

  test('an answer is kept by nobody but the one who asked', async () => {
    const { headers } = await a.api.get(`${path}/overview`, {}, { origin: allowedOrigin });
    assert.equal(headers['cache-control'], 'private, no-cache');
    assert.deepEqual(String(headers.vary).split(', ').toSorted(), ['Authorization', 'Origin']);
    const unchanged = await a.api.get(
      `${path}/overview`,
      {},
      { origin: allowedOrigin, 'if-none-match': headers.etag ?? '' },
    );
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.headers['access-control-allow-origin'], allowedOrigin);
    assert.equal(unchanged.headers['cache-control'], 'private, no-cache');
    assert.equal(unchanged.headers.etag, headers.etag);
  });
});
