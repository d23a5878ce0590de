// Tokens with the right signature that say what no token of ours says: each claim is checked, and none is lent by a prototype.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { claimsOf, header, signed, type Json } from '../support/hostile-tokens.ts';
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
const sent: string[] = [];

before(async () => {
  service = await startTestService();
  alpha = await markedWorkspace(service, 'alpha-5c1e');
  bravo = await markedWorkspace(service, 'bravo-9d2f');
});
after(() => service.stop());

const sign = (head: string, payload: string) => signed(head, payload, service.secrets[0]);
const claims = (changes: Json = {}) => claimsOf(alpha, changes);
const withHeader = (more: Json) => sign(header(more), JSON.stringify(claims()));
const withClaims = (changes: Json) => sign(header(), JSON.stringify(claims(changes)));
/** Claims whose text ends with more of them, which a JSON object of this language could not hold. */
const withText = (more: string) => sign(header(), JSON.stringify(claims()).replace(/\}$/, `,${more}}`));

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

describe('with the secret', () => {
  test('a header that asks for what is not done is refused', async () => {
    for (const more of [
      { crit: ['exp'] },
      { crit: ['nothing'], nothing: 1 },
      { crit: [] },
      { crit: 'b64', b64: true },
      { crit: ['b64'], b64: false },
    ]) {
      await assertRefused(withHeader(more), JSON.stringify(more));
    }
  });

  test('claims that are none of ours are refused', async () => {
    const far = Number.MAX_SAFE_INTEGER;
    const wrong: readonly Json[] = [
      { workspace: bravo.name },
      { workspace: [alpha.name] },
      { workspace: { name: alpha.name } },
      { workspace: '__proto__' },
      { key: bravo.apiKeyId },
      { key: [alpha.apiKeyId] },
      { key: `${alpha.apiKeyId}\0` },
      { key: `${alpha.apiKeyId}' OR '1'='1` },
      { key: { id: alpha.apiKeyId } },
      { workspace: bravo.name, key: alpha.apiKeyId },
      { scopes: { 0: 'metrics:read', length: 1 } },
      { scopes: ['metrics:read', '__proto__'] },
      { scopes: ['metrics:read', ['users:export']] },
      { scopes: 'metrics:read users:export' },
      { scopes: ['constructor'] },
      { journeys: { 0: '*', length: 1 } },
      { journeys: [['*']] },
      { journeys: null },
      { sub: null },
      { sub: ['viewer'] },
      { sub: 'view\0er' },
      { aud: ['journey-analytics', 'journey-analytics'] },
      { aud: [] },
      { iss: ['journey-analytics'] },
      { exp: String(far) },
      { exp: null },
      { exp: [far] },
      { exp: -1 },
      { nbf: far },
      { iat: 'now' },
    ];
    for (const changes of wrong) await assertRefused(withClaims(changes), JSON.stringify(changes));
  });

  test('of a claim given twice only the last is there, and it is checked', async () => {
    await assertRefused(withText(`"workspace":"${bravo.name}"`), 'the workspace twice');
    await assertRefused(withText(`"key":"${bravo.apiKeyId}"`), 'the key twice');
    await assertRefused(withText('"exp":1'), 'the end twice');
    await assertRefused(withText('"scopes":[]').replace(/\w{4}$/, 'AAAA'), 'another signature');
  });

  test('a prototype lends no claim', async () => {
    const { scopes: _, ...without } = claims();
    for (const text of [
      `{"__proto__":{"scopes":["metrics:read"]},${JSON.stringify(without).slice(1)}`,
      `{"constructor":{"prototype":{"scopes":["metrics:read"]}},${JSON.stringify(without).slice(1)}`,
      `{"__proto__":${JSON.stringify(claims())}}`,
    ]) {
      await assertRefused(sign(header(), text), text.slice(0, 40));
    }
    // What else a token says is not read: its own scopes hold.
    const token = withText('"__proto__":{"polluted":1,"kind":"key","journeyIds":null}');
    const [credential] = [token];
    assert.equal((await service.nobody.call('GET', '/v1/journeys', { credential })).status, 200);
    const denied = await service.nobody.call('POST', '/v1/embed-tokens', { credential, json: {} });
    assertProblem(denied, 'forbidden');
  });
});

test('afterwards a real token is read, and no token is in the log', async () => {
  const token = await mint(alpha);
  assert.equal((await service.nobody.as(token).get('/v1/journeys')).status, 200);
  await assertUnharmed(service, [...sent, ...service.secrets, alpha.mark, bravo.mark]);
});
