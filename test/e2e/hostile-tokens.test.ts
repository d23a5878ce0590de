// Tokens that somebody made who has no secret: none of them opens anything, none is a fault, and nothing that a token's header
// names is ever fetched or read.
import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { claimsOf, encode, header, signed, type Json } from '../support/hostile-tokens.ts';
import {
  assertUnharmed,
  markedWorkspace,
  mint,
  type MarkedWorkspace,
} from '../support/hostile-workspaces.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

let service: TestService;
let alpha: MarkedWorkspace;
let bravo: MarkedWorkspace;
let fetched = 0;
/** What a token's header may point to, in the hope that it is asked for a key. */
const bait = createServer((_, response) => {
  fetched += 1;
  response.end('{"keys":[]}');
});
let baitUrl: string;
const sent: string[] = [];

before(async () => {
  service = await startTestService();
  alpha = await markedWorkspace(service, 'alpha-5c1e');
  bravo = await markedWorkspace(service, 'bravo-9d2f');
  await new Promise<void>((resolve) => bait.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has such an address.
  baitUrl = `http://127.0.0.1:${(bait.address() as AddressInfo).port}/keys.json`;
});
after(async () => {
  bait.close();
  await service.stop();
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const publicText = publicKey.export({ type: 'spki', format: 'pem' });
const publicJwk = publicKey.export({ format: 'jwk' });
const sign = (head: string, payload: string, secret: string | Uint8Array = service.secrets[0]) =>
  signed(head, payload, secret);
const claims = (changes: Json = {}) => claimsOf(alpha, changes);
const withHeader = (more: Json, secret?: string | Uint8Array) =>
  sign(header(more), JSON.stringify(claims()), secret);
const withClaims = (changes: Json) => sign(header(), JSON.stringify(claims(changes)));

async function assertRefused(token: string, what: string): Promise<void> {
  sent.push(...token.split('.').filter((part) => part.length > 20));
  for (const [method, path] of [
    ['GET', `/v1/journeys/${alpha.journeyId}/overview`],
    ['GET', `/v1/journeys/${alpha.journeyId}/exports/totalEntries?format=csv`],
    ['POST', '/v1/embed-tokens'],
    ['GET', '/v1/journeys'],
  ] as const) {
    const answer = await service.nobody.call(method, path, { credential: token });
    assert.equal(answer.status, 401, `${what}: ${method} ${path} ${answer.text.slice(0, 200)}`);
    const { detail, errors } = assertProblem(answer, 'unauthorized');
    assert.deepEqual(
      [detail, errors],
      ['Send a valid API key or embed token as Authorization: Bearer.', []],
      'why is nobody’s business',
    );
    assertSilentAbout(answer, [...alpha.secrets, ...bravo.secrets]);
  }
}

describe('without the secret', () => {
  test('no writing of "none" is an algorithm', async () => {
    for (const alg of [
      'none',
      'None',
      'NONE',
      'nOnE',
      'none ',
      ' none',
      'none\0',
      'nonе',
      '',
      'null',
      null,
      true,
    ]) {
      const [head = '', payload = '', signature = ''] = withHeader({ alg }).split('.');
      for (const end of ['', '.', `.${signature}`, '.AA']) {
        await assertRefused(`${head}.${payload}${end}`, `alg ${String(alg)}`);
      }
    }
  });

  test('another algorithm is none, whatever it is signed with', async () => {
    const content = `${encode(header({ alg: 'RS256' }))}.${encode(JSON.stringify(claims()))}`;
    const byRsa = createSign('RSA-SHA256').update(content).sign(privateKey).toString('base64url');
    await assertRefused(`${content}.${byRsa}`, 'RS256');
    await assertRefused(withHeader({ alg: 'RS256', jwk: publicJwk }, publicText), 'RS256 by HMAC');
    for (const alg of [
      'HS384',
      'HS512',
      'ES256',
      'EdDSA',
      'PS256',
      'dir',
      'A128KW',
      'hs256',
      'HS256 ',
      ['HS256'],
    ]) {
      await assertRefused(withHeader({ alg }), `alg ${String(alg)}`);
    }
  });

  test('nothing public is a secret', async () => {
    const guesses: readonly (readonly [what: string, secret: string | Uint8Array])[] = [
      ['a public key', publicText],
      ['a public key without its last line end', String(publicText).trim()],
      ['a public key in DER', publicKey.export({ type: 'spki', format: 'der' })],
      ['a public key as JWK', JSON.stringify(publicJwk)],
      ['nothing', ''],
      ['zeros', new Uint8Array(32)],
      ['the API key', alpha.key],
      ['the id of the API key', alpha.apiKeyId],
      ['the issuer', 'journey-analytics'],
      ['the secrets as they are configured', service.secrets.join(',')],
      ['the start of the secret', service.secrets[0].slice(0, 32)],
    ];
    for (const [what, secret] of guesses) await assertRefused(withHeader({}, secret), what);
  });

  test('a header names no key, no file and no address', async () => {
    const names: readonly Json[] = [
      { kid: '../../../../../../dev/null' },
      { kid: '/proc/sys/kernel/randomize_va_space' },
      { kid: "x' UNION SELECT '' --" },
      { kid: "'; DROP TABLE journey_analytics.api_keys; --" },
      { kid: '\0' },
      { kid: { toString: 'x' } },
      { kid: '__proto__' },
      { jku: baitUrl },
      { jku: baitUrl, kid: '1' },
      { x5u: baitUrl },
      { jwk: publicJwk },
      { jwk: { kty: 'oct', k: '' } },
      { x5c: [Buffer.from(String(publicText)).toString('base64')] },
      { typ: 'JWT', cty: 'JWT' },
    ];
    for (const more of names) await assertRefused(withHeader(more, ''), JSON.stringify(more));
    assert.equal(fetched, 0);
    // With the right signature they say nothing either.
    for (const more of names) {
      const answer = await service.nobody.call('GET', '/v1/journeys', { credential: withHeader(more) });
      assert.ok([200, 401].includes(answer.status), JSON.stringify(more));
    }
    assert.equal(fetched, 0);
  });

  test('no other form is a token', async () => {
    const good = withClaims({});
    const [head = '', payload = '', signature = ''] = good.split('.');
    assert.equal((await service.nobody.as(good).get('/v1/journeys')).status, 200, 'but this is one');
    const forms = [
      `${good}.`,
      `.${good}`,
      `${good}.${signature}`,
      `${head}..${signature}`,
      `${head}.${payload}`,
      `${head}.${payload}.`,
      `${head}..${payload}..${signature}`,
      '..',
      '....',
      `${good}%20`,
      `${good},${good}`,
      `"${good}"`,
      `${head}.${payload}. ${signature}`,
      `${head} .${payload}.${signature}`,
      `${head}.\t${payload}.${signature}`,
      `${good}\u00a0`,
      `${good} x`,
      good.toUpperCase(),
      good.split('').toReversed().join(''),
      'a'.repeat(8_193),
      `${head}.${'a'.repeat(8_000)}.${signature}`,
      encode('{}'.repeat(1_000)),
      sign('null', JSON.stringify(claims())),
      sign('[]', JSON.stringify(claims())),
      sign('"HS256"', JSON.stringify(claims())),
      sign('{', JSON.stringify(claims())),
      sign(header(), 'null'),
      sign(header(), '[]'),
      sign(header(), '{'),
      sign(header(), ''),
      sign(header(), '['.repeat(2_500)),
    ];
    for (const form of forms) await assertRefused(form, form.slice(0, 60));
  });
});

test('afterwards a real token is read, and no token is in the log', async () => {
  const token = await mint(alpha);
  assert.equal((await service.nobody.as(token).get('/v1/journeys')).status, 200);
  await assertUnharmed(service, [...sent, ...service.secrets, alpha.mark, bravo.mark]);
});
