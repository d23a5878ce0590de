// Tokens that a host's own identity provider signs, with real servers that answer its keys: what they open, what they do not,
// and how often keys are fetched.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { exportSPKI } from 'jose';
import { hashOfIssuer } from '../../bff/auth/identity-providers.ts';
import { exportListSchema, journeyListSchema, journeySchema } from '../../bff/contract/index.ts';
import { removeIdentityProvider, writeIdentityProvider } from '../../db/queries/credentials.ts';
import { makeKey, startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, journeyId, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
let b: Workspace;
let ofA: IdentityProvider;
let ofB: IdentityProvider;
let idOfA: string;
const path = `/v1/journeys/${journeyId}`;
const fetching = { cacheMaxAge: 600_000, cooldownDuration: 300, timeoutDuration: 500, retryDuration: 400 };

async function trust(
  { workspaceId }: Workspace,
  { issuer, jwksUrl }: Pick<IdentityProvider, 'issuer' | 'jwksUrl'>,
): Promise<string | undefined> {
  return writeIdentityProvider(service.database.owner, {
    workspaceId,
    identityProviderId: randomUUID(),
    issuer,
    issuerHash: hashOfIssuer(issuer),
    jwksUrl,
  });
}

before(async () => {
  service = await startTestService({ keyFetching: fetching });
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
  [ofA, ofB] = [await startIdentityProvider('idp-a'), await startIdentityProvider('idp-b')];
  for (const { api, name } of [a, b]) {
    await api.put(path, { ...definition, name: `Welcome of ${name}` });
    await api.post('/v1/events', visitOf('ann', 2));
    await settled(api, journeyId);
  }
  idOfA = (await trust(a, ofA)) ?? '';
  assert.notEqual(idOfA, '');
  assert.ok(await trust(b, ofB));
});
beforeEach(() => {
  for (const provider of [ofA, ofB]) provider.answer = undefined;
});
after(async () => {
  await Promise.all([ofA.stop(), ofB.stop()]);
  await service.stop();
});

const read = (token: string) => service.nobody.as(token).get(`${path}/overview`);

async function nameSeen(token: string): Promise<string> {
  const answer = await service.nobody.as(token).get(path);
  assert.equal(answer.status, 200, answer.text);
  return answer.as(journeySchema).name;
}

describe('a token of the host’s provider', () => {
  test('reads the workspace that trusts its issuer', async () => {
    assert.equal(await nameSeen(await ofA.sign()), 'Welcome of workspace-a');
    assert.equal(await nameSeen(await ofB.sign()), 'Welcome of workspace-b');
    assert.equal(await nameSeen(await ofA.sign({ aud: ['journey-analytics'] })), 'Welcome of workspace-a');
  });

  test('reads no other, whatever it says', async () => {
    const token = await ofA.sign({ workspace: b.name, workspaceId: b.workspaceId, key: b.apiKeyId });
    assert.equal(await nameSeen(token), 'Welcome of workspace-a');
    await b.api.put('/v1/journeys/only-b', definition);
    assertProblem(await service.nobody.as(token).get('/v1/journeys/only-b'), 'not_found');
  });

  test('signed by the other’s keys is refused', async () => {
    const [key] = ofB.keys;
    assertProblem(await read(await ofA.sign({}, key)), 'unauthorized');
    assertProblem(await read(await ofA.sign({}, key && { ...key, kid: 'first' })), 'unauthorized');
    assertProblem(await read(await ofB.sign({ iss: ofA.issuer })), 'unauthorized');
  });

  test('may do what its scopes and journeys say, and never write', async () => {
    const one = service.nobody.as(await ofA.sign({ journeys: ['another'] }));
    assertProblem(await one.get(path), 'not_found');
    assert.deepEqual((await one.get('/v1/journeys')).as(journeyListSchema).journeys, []);
    const exporting = service.nobody.as(await ofA.sign({ scopes: ['users:export'] }));
    assertProblem(await exporting.get(`${path}/overview`), 'missing_scope');
    assertProblem(await exporting.post('/v1/events', []), 'forbidden');
    assertProblem(await exporting.post('/v1/embed-tokens', {}), 'forbidden');
  });

  test('is named in the audit trail of exports, and fetches its link', async () => {
    const token = service.nobody.as(await ofA.sign({ scopes: ['users:export'], sub: 'Ayşe 😀' }));
    const link = await token.post(`${path}/exports/totalEntries/link`, undefined, { format: 'csv' });
    assert.equal(link.status, 201, link.text);
    const { url, exportId } = link.json() as { url: string; exportId: string }; // the contract's shape
    assert.equal((await service.nobody.get(url)).status, 200);
    assert.equal((await token.get(`/v1/exports/${exportId}`)).status, 200);
    const [newest] = (await a.api.get('/v1/exports')).as(exportListSchema).exports;
    assert.deepEqual([newest?.credentialId, newest?.subject], [idOfA, 'Ayşe 😀']);
  });

  test('may be signed by RS256, PS256, ES256 and EdDSA', async () => {
    const keys = await Promise.all(
      ['RS256', 'PS256', 'ES256', 'EdDSA'].map((alg) => makeKey(`by-${alg}`, alg)),
    );
    ofB.keys.push(...keys);
    await delay(fetching.cooldownDuration);
    for (const key of keys) assert.equal((await read(await ofB.sign({}, key))).status, 200, key.alg);
  });

  test('signed any other way is refused', async () => {
    const others = await Promise.all(['RS512', 'PS384', 'ES384'].map((alg) => makeKey(`by-${alg}`, alg)));
    ofB.keys.push(...others);
    await delay(fetching.cooldownDuration);
    for (const key of others) assertProblem(await read(await ofB.sign({}, key)), 'unauthorized');
    const [key] = ofA.keys;
    assert.ok(key);
    const [header = '', payload = ''] = (await ofA.sign()).split('.');
    const head = (more: object) => Buffer.from(JSON.stringify(more)).toString('base64url');
    const secrets = [
      await exportSPKI(key.publicKey),
      JSON.stringify(key.jwk),
      Buffer.from(String(key.jwk.x), 'base64url'),
      service.secrets[0],
    ];
    for (const secret of secrets) {
      for (const [kid, alg] of [
        ['first', 'HS256'],
        [undefined, 'HS256'],
        ['first', 'ES256'],
      ]) {
        const content = `${head({ alg, kid })}.${payload}`;
        const signature = createHmac('sha256', secret).update(content).digest('base64url');
        assertProblem(await read(`${content}.${signature}`), 'unauthorized');
      }
    }
    for (const token of [
      `${head({ alg: 'none' })}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
    ]) {
      assertProblem(await read(token), 'unauthorized');
    }
  });

  test('with other claims than those of its form is refused', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const wrong: readonly Record<string, unknown>[] = [
      { iss: undefined },
      { iss: 'https://idp-a.example' },
      { iss: 'https://IDP-A.example/' },
      { iss: [ofA.issuer] },
      { iss: 'journey-analytics' },
      { aud: undefined },
      { aud: 'somebody-else' },
      { aud: ['journey-analytics', 'somebody-else'] },
      { aud: 'journey-analytics ' },
      { sub: undefined },
      { sub: '' },
      { sub: 'x'.repeat(201) },
      { sub: 'with\0' },
      { sub: 7 },
      { journeys: undefined },
      { journeys: [] },
      { journeys: '*' },
      { journeys: ['*', 'welcome'] },
      { journeys: ['wel come'] },
      { scopes: undefined },
      { scopes: [] },
      { scopes: ['metrics:read', 'admin'] },
      { scopes: 'metrics:read' },
      { iat: undefined },
      { iat: now + 60, exp: now + 120 },
      { iat: now - 3_700 },
      { exp: undefined },
      { exp: now },
      { exp: now - 1 },
      { iat: now, exp: now + 3_601 },
      { exp: 2 ** 40 },
      { exp: now - 100, iat: now - 50 },
      { nbf: now + 60 },
    ];
    for (const claims of wrong) {
      const answer = await read(await ofA.sign(claims));
      assert.equal(answer.status, 401, `accepted ${JSON.stringify(claims)}`);
      assertProblem(answer, 'unauthorized');
    }
    // A clock that is a little ahead, and the longest life.
    assert.equal((await read(await ofA.sign({ iat: now + 3, nbf: now + 3, exp: now + 3_603 }))).status, 200);
  });

  test('has no say in where its key comes from', async () => {
    const stranger = await startIdentityProvider('idp-a');
    const { alg, privateKey, jwk } = await makeKey('strange');
    const strange = { kid: 'first', alg, privateKey, publicKey: privateKey, jwk };
    try {
      for (const header of [
        { jku: stranger.jwksUrl },
        { x5u: stranger.jwksUrl },
        { jwk },
        { x5c: [Buffer.from(JSON.stringify(jwk)).toString('base64')] },
        { kid: stranger.jwksUrl },
        { kid: '../keys.json' },
        { crit: ['x5u'], x5u: stranger.jwksUrl },
      ]) {
        assertProblem(await read(await ofA.sign({}, strange, header).catch(() => 'a.b.c')), 'unauthorized');
      }
      // Of an issuer that nobody registered nothing is fetched either.
      assertProblem(
        await read(await stranger.sign({ iss: 'https://idp-of-nobody.example/' })),
        'unauthorized',
      );
      assertProblem(await read(await stranger.sign({ iss: stranger.jwksUrl })), 'unauthorized');
      assert.equal(stranger.fetches, 0);
    } finally {
      await stranger.stop();
    }
  });
});

describe('keys', () => {
  test('are fetched once, and again when there is a new one', async () => {
    await delay(fetching.cooldownDuration);
    await read(await ofA.sign());
    const { fetches } = ofA;
    await Promise.all(Array.from({ length: 20 }, async () => read(await ofA.sign())));
    assert.equal(ofA.fetches, fetches);
    const next = await makeKey('second');
    ofA.keys = [next];
    await delay(fetching.cooldownDuration);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => read(await ofA.sign())));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(ofA.fetches, fetches + 1);
    const [old] = [await makeKey('first')];
    assertProblem(await read(await ofA.sign({}, old)), 'unauthorized');
  });

  test('that nobody has are not asked for again and again', async () => {
    await delay(fetching.cooldownDuration);
    await read(await ofA.sign());
    const { fetches } = ofA;
    const begun = Date.now();
    for (let count = 0; count < 100; count += 1) {
      assertProblem(
        await read(await ofA.sign({}, { ...(await makeKey(`unknown-${count}`)) })),
        'unauthorized',
      );
    }
    const most = Math.ceil((Date.now() - begun) / fetching.cooldownDuration) + 1;
    assert.ok(ofA.fetches - fetches <= most, `${ofA.fetches - fetches} fetches, at most ${most}`);
  });

  test('that cannot be had are no verdict: 503, and asked for again after a pause', async () => {
    const down = await startIdentityProvider('idp-down');
    await trust(a, down);
    const token = await down.sign();
    const failures: readonly NonNullable<IdentityProvider['answer']>[] = [
      (response) => response.destroy(),
      (response) => response.writeHead(500).end(),
      (response) => response.writeHead(302, { Location: ofA.jwksUrl }).end(),
      (response) => response.end('no JSON'),
      (response) => response.end('{"keys":7}'),
      (response) => response.end(`{"keys":[],"more":"${'x'.repeat(1_100_000)}"}`),
      () => {}, // never answers
    ];
    for (const failure of failures) {
      down.answer = failure;
      const { fetches } = down;
      const answer = await read(token);
      assertProblem(answer, 'unavailable');
      const wait = Number(answer.headers['retry-after']);
      assert.ok(wait >= 1 && wait <= 5, String(wait));
      assert.equal(down.fetches, fetches + 1);
      await delay(fetching.retryDuration + 50);
    }
    down.answer = (response) => response.writeHead(500).end();
    await read(token);
    const { fetches } = down;
    for (let count = 0; count < 20; count += 1) assertProblem(await read(token), 'unavailable');
    assert.ok(down.fetches - fetches <= 1, 'is left alone for a while');
    await down.stop();
    await delay(fetching.retryDuration + 50);
    assertProblem(await read(token), 'unavailable');
    assert.ok(service.log.some((line) => line.includes('the keys of an identity provider cannot be had')));
    // What needs no keys to be refused is refused.
    assertProblem(
      await read(`${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${token.split('.')[1]}.AA`),
      'unauthorized',
    );
  });
});

describe('trust', () => {
  test('an issuer is that of one workspace', async () => {
    assert.equal(await trust(b, ofA), undefined);
    assert.equal(await nameSeen(await ofA.sign()), 'Welcome of workspace-a');
    // Its own workspace may give it another URL.
    assert.equal(await trust(a, ofA), idOfA);
  });

  test('ends within 5 seconds of its removal, also for streams and links', async (t) => {
    const leaving = await startIdentityProvider('idp-leaving');
    const id = (await trust(a, leaving)) ?? '';
    const token = await leaving.sign({ scopes: ['metrics:read', 'users:export'] });
    assert.equal(await nameSeen(token), 'Welcome of workspace-a');
    const link = await service.nobody
      .as(token)
      .post(`${path}/exports/totalEntries/link`, undefined, { format: 'csv' });
    const { url } = link.json() as { url: string }; // the contract's shape
    const abort = new AbortController();
    t.after(async () => {
      abort.abort();
      await leaving.stop();
    });
    const stream = await fetch(`${service.url}${path}/changes`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(30_000)]),
    });
    assert.equal(stream.status, 200);
    const ended = (async () => {
      for await (const part of stream.body ?? []) assert.ok(part.length > 0);
      return Date.now();
    })();
    // It is awaited below, unless something fails before.
    ended.catch(() => undefined);
    const removed = Date.now();
    assert.equal(await removeIdentityProvider(service.database.owner, id), true);
    assert.equal(await removeIdentityProvider(service.database.owner, id), false);
    assertProblem(await service.nobody.get(url), 'link_used');
    await delay(removed + 5_100 - Date.now());
    assertProblem(await read(token), 'unauthorized');
    // The heartbeat, every 15 s, ends the stream.
    assert.ok((await ended) - removed < 16_000);
  });

  test('that is given to another workspace opens nothing of the first any more', async (t) => {
    const moving = await startIdentityProvider('idp-moving');
    t.after(() => moving.stop());
    const id = (await trust(a, moving)) ?? '';
    const token = await moving.sign();
    assert.equal(await nameSeen(token), 'Welcome of workspace-a');
    await removeIdentityProvider(service.database.owner, id);
    assert.ok(await trust(b, moving));
    await delay(5_100);
    // What was remembered of the token is refused once, and then forgotten.
    assertProblem(await service.nobody.as(token).get(path), 'unauthorized');
    assert.equal(await nameSeen(token), 'Welcome of workspace-b');
  });
});
