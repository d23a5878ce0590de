// Bytes on a connection of their own: headers that no client writes, requests with two lengths, bodies that end too early.
// One request has one answer, and what is in a body is never read as a request.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { converse } from '../support/hostile-connection.ts';
import {
  assertUnharmed,
  marker,
  markedWorkspace,
  type MarkedWorkspace,
} from '../support/hostile-workspaces.ts';
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

const host = 'Host: 127.0.0.1';
const bearer = () => `Authorization: Bearer ${alpha.key}`;
/** The lines of a head. */
const head = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;
/** What must never be read as a request. */
const smuggled = () =>
  head(`DELETE /v1/journeys/${alpha.journeyId} HTTP/1.1`, host, bearer(), `X-Marker: ${marker}`);

/** Sends bytes, and holds that they have at most one answer, of these statuses, that says nothing of what was sent. */
async function assertOneAnswer(what: string, bytes: string, statuses: readonly number[]): Promise<string> {
  const conversation = await converse(service.url, bytes);
  const { text, statuses: given } = conversation;
  assert.ok(given.length <= 1, `${what}: ${given.join(' and ')}`);
  const [status] = given;
  assert.ok(status === undefined ? conversation.isClosed : statuses.includes(status), `${what}: ${text}`);
  for (const secret of [marker, alpha.key, ...bravo.secrets]) assert.ok(!text.includes(secret), what);
  return text;
}

describe('a request with two lengths', () => {
  const post = (...lines: readonly string[]) => head('POST /v1/events HTTP/1.1', host, bearer(), ...lines);
  const chunked = 'Transfer-Encoding: chunked';

  test('is none, and what follows is none either', async () => {
    const lengths: readonly (readonly string[])[] = [
      ['Content-Length: 4', chunked],
      [chunked, 'Content-Length: 4'],
      ['Content-Length: 0', 'Content-Length: 40'],
      ['Content-Length: 5, 6'],
      ['Content-Length: +5'],
      ['Content-Length: -1'],
      ['Content-Length: 0x5'],
      ['Content-Length: 5 '.repeat(2)],
      ['Content-Length: 1e1'],
      ['Content-Length: 99999999999999999999999'],
      ['Content-Length : 5'],
      [' Content-Length: 5'],
      ['Transfer-Encoding: xchunked'],
      ['Transfer-Encoding: chunked, identity'],
      ['Transfer-Encoding: identity', 'Content-Length: 2'],
      ['Transfer-Encoding\t: chunked'],
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: x'],
      ['Transfer-Encoding:\x0bchunked'],
      ['Content-Length: 2\nTransfer-Encoding: chunked'],
    ];
    for (const lines of lengths) {
      // 408 and 501 are how a server says that it will not find the end of such a body.
      await assertOneAnswer(lines.join(' + '), `${post(...lines)}0\r\n\r\n${smuggled()}`, [400, 413, 501]);
    }
  });

  test('or with chunks that are none', async () => {
    for (const body of [
      `xyz\r\n[]\r\n0\r\n\r\n`,
      `-2\r\n[]\r\n0\r\n\r\n`,
      `2;${'x'.repeat(20_000)}\r\n[]\r\n0\r\n\r\n`,
      `fffffffffffffffff\r\n[]\r\n0\r\n\r\n`,
      `2\r\n[]X0\r\n\r\n`,
      `2\n[]\n0\n\n`,
      `0x2\r\n[]\r\n0\r\n\r\n`,
    ]) {
      await assertOneAnswer(body.slice(0, 20), `${post(chunked)}${body}${smuggled()}`, [400, 413]);
    }
  });

  test('and a body is a body, whatever is in it and whether it is read or not', async () => {
    const inside = smuggled();
    const length = `Content-Length: ${inside.length}`;
    for (const [what, first, status] of [
      ['unread, of GET', head('GET /health/live HTTP/1.1', host, length), 200],
      ['unread, refused', head('POST /v1/events HTTP/1.1', host, length), 401],
      ['unread, no route', head('POST /v1/nothing HTTP/1.1', host, length), 404],
      ['unread, no method', head('PATCH /v1/events HTTP/1.1', host, length), 405],
      ['read', post(length), 400],
    ] as const) {
      await assertOneAnswer(what, `${first}${inside}`, [status]);
    }
  });
});

describe('headers', () => {
  const get = (path: string, ...lines: readonly string[]) => head(`GET ${path} HTTP/1.1`, ...lines);

  test('that are none end the request', async () => {
    for (const line of [
      'X: a\0b',
      `X: a\rb`,
      'X\0: 1',
      ': 1',
      'no colon',
      ' folded: 1',
      `X ${marker}: 1`,
      `X: 1\r\n\tfolded ${marker}`,
      `${'X'.repeat(20_000)}: 1`,
      `X: ${'x'.repeat(20_000)}`,
      Array.from({ length: 3_000 }, (_, index) => `X${index}: 1`).join('\r\n'),
      `Cookie: ${'a=b; '.repeat(5_000)}`,
    ]) {
      await assertOneAnswer(line.slice(0, 40), get('/v1/nothing', host, line), [400, 404, 431]);
    }
  });

  test('that name a credential twice name none', async () => {
    const path = '/v1/journeys';
    const other = `Authorization: Bearer ${bravo.key}`;
    for (const lines of [
      [bearer(), bearer()],
      [bearer(), other],
      [other, bearer()],
      [bearer(), 'Authorization: '],
      [`${bearer()}, Bearer ${bravo.key}`],
      [`${bearer()}\r\n ${bravo.key}`],
      ['Authorization: Bearer', bearer()],
    ]) {
      await assertOneAnswer('two credentials', get(path, host, ...lines), [400, 401]);
    }
  });

  test('that name another host change nothing', async () => {
    for (const line of [
      'Host: ',
      'Host: a b',
      'Host: evil.example@127.0.0.1',
      'Host: evil.example/v1/journeys?',
      'Host: evil.example#',
      'Host: evil.example\\',
      'Host: [::1',
      'Host: 127.0.0.1:99999999',
      `Host: ${marker}<script>`,
      'Host: a\r\nHost: b',
      'X-No-Host: 1',
      'Host: %00',
      `Host: ${marker}.example`,
      'Host: xn--n3h.example',
      'Host: 127.0.0.1:1',
    ]) {
      const sent = get('/health/live', line, `X-Forwarded-Host: ${marker}`);
      const text = await assertOneAnswer(line, sent, [200, 400]);
      assert.ok(text.startsWith('HTTP/1.1 400 ') || text.endsWith('{"status":"live"}'), line);
    }
  });

  test('and first lines that are none end the request', async () => {
    for (const line of [
      `GET ${marker} HTTP/1.1`,
      'GET /v1/journeys HTTP/9.9',
      'GET /v1/journeys HTTP/1.1 HTTP/1.1',
      'GET /v1/journeys\\overview HTTP/1.1',
      'GET /v1/jour neys HTTP/1.1',
      'GET /v1/journeys/\xfc HTTP/1.1',
      'GET /v1/journeys/\0 HTTP/1.1',
      'GET',
      '',
      'PRI * HTTP/2.0',
      'OPTIONS * HTTP/1.1',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      `GET /${'x'.repeat(20_000)} HTTP/1.1`,
    ]) {
      await assertOneAnswer(line.slice(0, 40), head(line, host, bearer()), [400, 404, 431, 505]);
    }
  });

  test('that ask for another protocol or a sign to go on get neither', async () => {
    const path = '/health/live';
    for (const upgrade of ['websocket', 'h2c', 'TLS/1.0']) {
      await assertOneAnswer(upgrade, get(path, host, 'Connection: Upgrade', `Upgrade: ${upgrade}`), [200]);
    }
    const expect = head('POST /v1/events HTTP/1.1', host, bearer(), 'Expect: a-miracle', 'Content-Length: 2');
    await assertOneAnswer('Expect', `${expect}[]`, [417]);
  });
});

test('an upload that is broken off is nobody’s failure but the sender’s', async () => {
  const start = head('POST /v1/events HTTP/1.1', host, bearer(), 'Content-Length: 100000');
  for (const body of ['', '[', `[{"id":"${marker}`]) {
    await converse(service.url, `${start}${body}`, { breaksOff: true });
  }
  const chunked = head('PUT /v1/journeys/x HTTP/1.1', host, bearer(), 'Transfer-Encoding: chunked');
  await converse(service.url, `${chunked}5\r\n{"nam`, { breaksOff: true });
  for (let left = 100; service.log.filter((line) => line.includes('"status":400')).length < 4; left -= 1) {
    assert.ok(left > 0, 'each is a refused request in the log');
    await delay(20);
  }
});

test('afterwards nothing is harmed, and nothing of it is in the log', async () => {
  assert.equal((await alpha.api.get(`/v1/journeys/${alpha.journeyId}`)).status, 200);
  await assertUnharmed(service, [alpha.mark, alpha.key, bravo.mark, bravo.key]);
});
