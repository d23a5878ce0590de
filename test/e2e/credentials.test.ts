// Who may call: API keys, embed tokens, and everything that looks like one and is none.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { decodeJwt, SignJWT } from 'jose';
import * as v from 'valibot';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import { hashOfIssuer } from '../../bff/auth/identity-providers.ts';
import { embedTokenAnswerSchema, journeyListSchema } from '../../bff/contract/index.ts';
import { revokeApiKey, writeIdentityProvider } from '../../db/queries/credentials.ts';
import type { Answer } from '../support/http-client.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';
import { assertProblem, assertSilentAbout } from '../support/problem-document.ts';
import { definition, journeyId, visitOf } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let a: Workspace;
let b: Workspace;
const overview = `/v1/journeys/${journeyId}/overview`;

before(async () => {
  service = await startTestService();
  a = await service.workspace('workspace-a');
  b = await service.workspace('workspace-b');
  for (const { api } of [a, b]) await api.put(`/v1/journeys/${journeyId}`, definition);
});
after(() => service.stop());

const asked = { subject: 'viewer', journeyIds: ['*'], scopes: ['metrics:read'] };

async function mint(request: Readonly<Record<string, unknown>> = {}, key = a.key): Promise<string> {
  const answer = await service.nobody.as(key).post('/v1/embed-tokens', { ...asked, ...request });
  assert.equal(answer.status, 201, answer.text);
  return answer.as(embedTokenAnswerSchema).token;
}

/** Every operation that needs a credential, with something in the place of its parameters. */
async function securedOperations(): Promise<{ method: string; path: string; isOfKeysOnly: boolean }[]> {
  const security = v.array(v.record(v.string(), v.unknown()));
  const document = (await service.nobody.get('/v1/openapi.json')).as(
    v.object({ paths: v.record(v.string(), v.record(v.string(), v.object({ security }))) }),
  );
  return Object.entries(document.paths).flatMap(([route, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.security.length > 0)
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: route.replaceAll('{journeyId}', journeyId).replaceAll(/\{\w+\}/g, 'start'),
        isOfKeysOnly: operation.security.every((scheme) => !('embedToken' in scheme)),
      })),
  );
}

describe('without a credential', () => {
  test('every route that is not open refuses', async () => {
    const operations = await securedOperations();
    assert.ok(operations.length >= 12);
    for (const { method, path } of operations) {
      assertProblem(await service.nobody.call(method, path), 'unauthorized');
    }
  });

  test('malformed headers and unknown keys are refused', async () => {
    const wrong = [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${Buffer.from(`user:${a.key}`).toString('base64')}`,
      a.key,
      `Token ${a.key}`,
      `Bearer ${a.key} extra`,
      `Bearer ${a.key},${b.key}`,
      `Bearer "${a.key}"`,
      `Bearer ${a.key.slice(0, -1)}`,
      `Bearer ${a.key}x`,
      `Bearer ${a.key.toUpperCase()}`,
      `Bearer jk_`,
      `Bearer jk_${'x'.repeat(40)}`,
      `Bearer ${a.apiKeyId}`,
      `Bearer jk_${'x'.repeat(12_000)}`,
      'Bearer ..',
      'Bearer a.b.c',
      'Bearer null',
    ];
    for (const authorization of wrong) {
      const answer = await service.nobody.get(overview, {}, { authorization });
      assertProblem(answer, 'unauthorized');
      assertSilentAbout(answer, [a.key.slice(3), 'xxxx', a.apiKeyId]);
    }
  });

  test('the scheme is read in any case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const answer = await service.nobody.get(overview, {}, { authorization: `${scheme} ${a.key}` });
      assert.equal(answer.status, 200, scheme);
    }
  });

  test('a credential in the URL or a cookie is none', async () => {
    assertProblem(await service.nobody.get(overview, { access_token: a.key }), 'unauthorized');
    assertProblem(await service.nobody.get(overview, {}, { cookie: `token=${a.key}` }), 'unauthorized');
  });

  test('what is open is open', async () => {
    for (const path of ['/health/live', '/health/ready', '/v1/openapi.json']) {
      assert.equal((await service.nobody.get(path)).status, 200, path);
    }
  });
});

describe('API keys', () => {
  test('of two keys of a workspace both work, and one is revoked alone', async () => {
    const other = await createApiKey(service.database, a.workspaceId);
    const token = await mint({}, other.key);
    assert.equal((await service.nobody.as(token).get(overview)).status, 200);
    assert.equal((await service.nobody.as(other.key).get(overview)).status, 200);
    assert.equal(await revokeApiKey(service.database.owner, other.apiKeyId), true);
    const refused = await service.nobody.as(other.key).get(overview);
    assertProblem(refused, 'unauthorized');
    // The reading was begun with headers of its own; the refusal has those that all answers have.
    assert.equal(refused.headers['x-content-type-options'], 'nosniff');
    assert.ok(refused.headers['x-request-id']);
    assert.equal(refused.headers['etag'], undefined);
    assertProblem(await service.nobody.as(token).get(overview), 'unauthorized');
    assert.equal((await a.api.get(overview)).status, 200);
  });

  test('only its hash is in the database', async () => {
    const rows = await service.database.owner.execute<{ row: string }>(
      'SELECT api_keys::text AS row FROM journey_analytics.api_keys',
    );
    assert.ok(rows.length >= 2);
    for (const { row } of rows) {
      for (const { key } of [a, b]) {
        assert.ok(!row.includes(key.slice(10)));
        assert.ok(!row.includes(Buffer.from(key).toString('hex')));
      }
    }
  });

  test('their last use is noted soon, once for many uses', async () => {
    const { key, apiKeyId } = await createApiKey(service.database, a.workspaceId);
    const state = async () => {
      const [row] = await service.database.owner.execute<{ at: string | null; version: string }>(sql`
        SELECT last_used_at AS at, xmin::text AS version FROM journey_analytics.api_keys
        WHERE api_key_id = ${apiKeyId}`);
      return row;
    };
    assert.equal((await state())?.at, null);
    // An embed token is used by a browser, and says nothing of the key itself; minting it does.
    const client = service.nobody.as(key);
    await client.get('/v1/journeys');
    while ((await state())?.at === null) await delay(10);
    const noted = await state();
    assert.ok(Math.abs(Date.parse(String(noted?.at)) - Date.now()) < 30_000);
    await Promise.all(Array.from({ length: 30 }, () => client.get('/v1/journeys')));
    await delay(100);
    assert.deepEqual(await state(), noted);
  });

  test('a use that cannot be noted is in the log, and in nobody’s way', async () => {
    const right = 'UPDATE (last_used_at) ON journey_analytics.api_keys';
    const { key } = await createApiKey(service.database, a.workspaceId);
    const failures = () => service.log.filter((line) => line.includes('could not be noted')).length;
    const earlier = failures();
    await service.database.owner.execute(sql.raw(`REVOKE ${right} FROM journey_analytics_service`));
    try {
      assert.equal((await service.nobody.as(key).get('/v1/journeys')).status, 200);
      while (failures() === earlier) await delay(10);
    } finally {
      await service.database.owner.execute(sql.raw(`GRANT ${right} TO journey_analytics_service`));
    }
    assert.ok(!service.log.some((line) => line.includes(key)));
  });
});

describe('whatever is called', () => {
  test('no credential is in the log, in an answer or in a URL', async () => {
    const [provider, failing] = [
      await startIdentityProvider('idp-silent'),
      await startIdentityProvider('idp-fails'),
    ];
    for (const { issuer, jwksUrl } of [provider, failing]) {
      await writeIdentityProvider(service.database.owner, {
        workspaceId: a.workspaceId,
        identityProviderId: randomUUID(),
        issuer,
        issuerHash: hashOfIssuer(issuer),
        jwksUrl,
      });
    }
    failing.answer = (response) => response.writeHead(500).end(provider.jwksUrl);
    try {
      await a.api.post('/v1/events', visitOf('ann', 2));
      await settled(a.api, journeyId);
      const scopes = ['metrics:read', 'users:export'];
      const used = [
        a.key,
        b.key,
        (await createApiKey(service.database, b.workspaceId)).key,
        `jk_${'wrong'.repeat(8)}`,
        await mint({ scopes }),
        await mint({ scopes: ['metrics:read'], journeyIds: ['other'] }),
        await provider.sign({ scopes }),
        await provider.sign({ exp: 1 }),
        await failing.sign(),
        await provider.sign({ scopes: ['nothing-of-ours'] }),
        await signed({}, 'a secret that is not the service’s own one'),
        await signed({ workspace: 'workspace-b' }),
        `${await signed({})}altered`,
      ];
      const answers: Answer[] = [];
      const tickets: string[] = [];
      const operations = await securedOperations();
      for (const credential of used) {
        const client = service.nobody.as(credential);
        for (const { method, path } of operations) {
          // The workspace's own journey is still needed, and a stream would not end.
          if (method === 'DELETE' || path.endsWith('/changes')) continue;
          for (const json of [undefined, { where: { metric: credential } }, [credential]]) {
            answers.push(await client.call(method, path, method === 'GET' ? {} : { json }));
          }
          answers.push(await client.call(method, `${path}?unknown=1`));
        }
        answers.push(await client.get('/v1/journeys', {}, { 'if-none-match': credential }));
        answers.push(await client.get('/no/such/path', {}, { 'x-api-key': credential }));
        answers.push(await service.nobody.get('/v1/journeys', { token: credential }));
        answers.push(await service.nobody.get('/v1/journeys', {}, { cookie: `token=${credential}` }));
        answers.push(await service.nobody.get('/v1/journeys', {}, { authorization: `Basic ${credential}` }));
        const link = await client.post(`/v1/journeys/${journeyId}/exports/totalEntries/link`, undefined, {
          format: 'csv',
        });
        if (link.status !== 201) continue;
        const { url } = link.json() as { url: string }; // the contract's shape
        tickets.push(url.slice(url.lastIndexOf('/') + 1));
        answers.push(await service.nobody.get(url), await service.nobody.get(url));
      }
      const statuses = new Set(answers.map(({ status }) => status));
      for (const status of [200, 400, 401, 403, 404, 410, 422, 503])
        assert.ok(statuses.has(status), `${status}`);
      assert.ok(tickets.length >= 3);
      // A signature is enough to find a token; its other parts say nothing that is secret.
      const secret = [...used, ...tickets, ...service.secrets].map((text) =>
        text.slice(text.lastIndexOf('.') + 1),
      );
      for (const answer of answers) assertSilentAbout(answer, secret);
      assert.ok(service.log.length > answers.length / 2, 'there is a line for each request');
      for (const line of service.log) {
        for (const text of secret) assert.ok(!line.includes(text.slice(0, 30)), line);
      }
    } finally {
      await Promise.all([provider.stop(), failing.stop()]);
    }
  });
});

describe('minting', () => {
  test('answers a token with the claims that were asked for, and when it ends', async () => {
    const earliest = Math.floor(Date.now() / 1_000);
    const answer = await a.api.post('/v1/embed-tokens', {
      subject: 'Ayşe 😀',
      journeyIds: ['a', 'b.c~d_e-f'],
      scopes: ['metrics:read', 'users:export', 'metrics:read'],
      expiresInSeconds: 3_600,
    });
    assert.equal(answer.status, 201);
    const { token, expiresAt } = answer.as(embedTokenAnswerSchema);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(token);
    assert.deepEqual(claims, {
      iss: 'journey-analytics',
      aud: 'journey-analytics',
      sub: 'Ayşe 😀',
      workspace: 'workspace-a',
      journeys: ['a', 'b.c~d_e-f'],
      scopes: ['metrics:read', 'users:export'],
      key: a.apiKeyId,
    });
    assert.equal(exp - iat, 3_600);
    assert.ok(iat >= earliest && iat <= Date.now() / 1_000);
    assert.equal(new Date(exp * 1_000).toISOString(), expiresAt);
  });

  test('lasts 600 seconds when nothing is said', async () => {
    const { iat = 0, exp = 0 } = decodeJwt(await mint());
    assert.equal(exp - iat, 600);
  });

  test('refuses what is not in its form, naming the part', async () => {
    const wrong: readonly (readonly [part: string, request: unknown])[] = [
      ['journeyIds', { ...asked, journeyIds: [] }],
      ['journeyIds', { ...asked, journeyIds: '*' }],
      ['journeyIds[0]', { ...asked, journeyIds: ['*', 'welcome'] }],
      ['journeyIds[1]', { ...asked, journeyIds: ['welcome', 'wel come'] }],
      ['journeyIds[0]', { ...asked, journeyIds: ['..'] }],
      ['journeyIds', { ...asked, journeyIds: [7] }],
      ['journeyIds', { subject: 'viewer', scopes: ['metrics:read'] }],
      ['scopes', { ...asked, scopes: [] }],
      ['scopes[0]', { ...asked, scopes: ['metrics:write'] }],
      ['scopes[1]', { ...asked, scopes: ['metrics:read', '*'] }],
      ['scopes', { ...asked, scopes: 'metrics:read' }],
      ['subject', { ...asked, subject: '' }],
      ['subject', { ...asked, subject: 7 }],
      ['subject', { ...asked, subject: 'x'.repeat(201) }],
      ['subject', { ...asked, subject: '\uD800' }],
      ['expiresInSeconds', { ...asked, expiresInSeconds: 0 }],
      ['expiresInSeconds', { ...asked, expiresInSeconds: -1 }],
      ['expiresInSeconds', { ...asked, expiresInSeconds: 3_601 }],
      ['expiresInSeconds', { ...asked, expiresInSeconds: 1.5 }],
      ['expiresInSeconds', { ...asked, expiresInSeconds: '600' }],
      ['expiresInSeconds', { ...asked, expiresInSeconds: null }],
      ['workspace', { ...asked, workspace: 'workspace-b' }],
      ['', null],
    ];
    for (const [part, request] of wrong) {
      const answer = await a.api.post('/v1/embed-tokens', request);
      const { errors } = assertProblem(answer, 'validation_failed');
      assert.deepEqual([...new Set(errors.map((error) => error.path))], [part], answer.text);
    }
  });

  test('never hands out a token that it would refuse for its length', async () => {
    for (const count of [10, 60, 100, 1_000]) {
      const journeyIds = Array.from({ length: count }, (_, index) => `${index}-`.padEnd(100, 'x'));
      const answer = await a.api.post('/v1/embed-tokens', { ...asked, journeyIds });
      if (answer.status === 201) {
        const { token } = answer.as(embedTokenAnswerSchema);
        assert.equal((await service.nobody.as(token).get('/v1/journeys')).status, 200, `${count} journeys`);
      } else {
        const { errors } = assertProblem(answer, 'validation_failed');
        assert.deepEqual(
          errors.map((error) => error.path),
          ['journeyIds'],
        );
      }
    }
  });
});

describe('embed tokens', () => {
  test('write nothing, whatever their scopes', async () => {
    const token = service.nobody.as(await mint({ scopes: ['metrics:read', 'users:export'] }));
    const operations = (await securedOperations()).filter((operation) => operation.isOfKeysOnly);
    assert.ok(operations.length >= 6);
    for (const { method, path } of operations) assertProblem(await token.call(method, path), 'forbidden');
    assert.equal((await a.api.get(overview)).status, 200);
  });

  test('without metrics:read read no metrics', async () => {
    const token = service.nobody.as(await mint({ scopes: ['users:export'] }));
    for (const part of ['', '/overview', '/flow', '/steps/start', '/trend?metric=totalEntries']) {
      assertProblem(await token.get(`/v1/journeys/${journeyId}${part}`), 'missing_scope');
    }
    assertProblem(await token.get('/v1/journeys'), 'missing_scope');
  });

  test('end when they say', async () => {
    // Tokens count whole seconds: one that is minted early in a second lasts nearly a whole one.
    await delay(1_010 - (Date.now() % 1_000));
    const answer = await a.api.post('/v1/embed-tokens', { ...asked, expiresInSeconds: 1 });
    const { token, expiresAt } = answer.as(embedTokenAnswerSchema);
    const viewer = service.nobody.as(token);
    const { etag, status } = await viewer.get(overview);
    assert.equal(status, 200);
    await delay(Date.parse(expiresAt) - Date.now() + 20);
    assertProblem(await viewer.get(overview), 'unauthorized');
    // Also for what the caller has seen already.
    assertProblem(await viewer.get(overview, {}, { 'if-none-match': etag }), 'unauthorized');
  });

  test('of a second secret are read while secrets rotate', async () => {
    const token = await signed({}, service.secrets[1]);
    assert.equal((await service.nobody.as(token).get(overview)).status, 200);
  });

  test('signed by another secret are refused', async () => {
    const now = Math.floor(Date.now() / 1_000);
    assertProblem(await service.nobody.as(await signed({}, 'x'.repeat(40))).get(overview), 'unauthorized');
    assert.equal((await service.nobody.as(await signed({ exp: now + 60 })).get(overview)).status, 200);
  });

  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('with another algorithm, or none, are refused', async () => {
    const good = await signed({});
    const [, payload = '', signature = ''] = good.split('.');
    const forged = [
      `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.`,
      `${base64({ alg: 'none' })}.${payload}.${signature}`,
      `${base64({ alg: 'None' })}.${payload}.${signature}`,
      `${base64({ typ: 'JWT' })}.${payload}.${signature}`,
      `${base64({ alg: 'HS256', crit: ['exp'] })}.${payload}.${signature}`,
      await signed({}, service.secrets[0], 'HS384'),
      await signed({}, service.secrets[0], 'HS512'),
    ];
    for (const token of forged) assertProblem(await service.nobody.as(token).get(overview), 'unauthorized');
  });

  test('that were altered are refused', async () => {
    const good = await signed({ journeys: ['other'] });
    const [header = '', , signature = ''] = good.split('.');
    const altered = base64({ ...decodeJwt(good), journeys: ['*'] });
    for (const token of [
      `${header}.${altered}.${signature}`,
      `${header}.${altered}.`,
      `${header}.${altered}`,
      good.slice(0, -2),
      `${good}.${signature}`,
      good.toLowerCase(),
    ]) {
      assertProblem(await service.nobody.as(token).get(overview), 'unauthorized');
    }
  });

  test('with claims that are not those of an embed token are refused', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const wrong: readonly Claims[] = [
      { exp: now - 1 },
      { exp: undefined },
      { exp: 'soon' },
      { nbf: now + 60 },
      { iat: now + 60, exp: now + 120 },
      { iat: now - 3_700, exp: now + 60 },
      { iat: now, exp: now + 3_601 },
      { iat: now, exp: 2 ** 40 },
      { iat: now + 4, exp: now + 3 },
      { iss: 'somebody else' },
      { aud: 'somebody else' },
      { aud: undefined },
      { sub: undefined },
      { iat: undefined },
      { workspace: 'workspace-b' },
      { workspace: undefined },
      { workspace: b.workspaceId },
      { key: b.apiKeyId },
      { key: randomUUID() },
      { key: 'no id' },
      { key: "' OR true --" },
      { key: undefined },
      { journeys: [] },
      { journeys: undefined },
      { journeys: '*' },
      { scopes: 'metrics:read' },
      { scopes: ['everything'] },
      { scopes: undefined },
    ];
    for (const claims of wrong) {
      const answer = await service.nobody.as(await signed(claims)).get(overview);
      assert.equal(answer.status, 401, `accepted ${JSON.stringify(claims)}`);
      assertProblem(answer, 'unauthorized');
    }
    // Another process of the service may have a clock that is a little ahead.
    const ahead = { iat: now + 3, nbf: now + 3, exp: now + 3_603 };
    assert.equal((await service.nobody.as(await signed(ahead)).get(overview)).status, 200);
  });

  test('carry names of any writing', async () => {
    for (const subject of [
      'Ayşe Öztürk',
      '山田太郎',
      '👩‍👩‍👧 family',
      'נועה',
      'e\u0301',
      '{"sub":"x"}',
      "'; --",
    ]) {
      const token = await mint({ subject, scopes: ['users:export'] });
      assert.equal(decodeJwt(token).sub, subject);
      assertProblem(await service.nobody.as(token).get(overview), 'missing_scope');
    }
  });

  test('that name a journey twice, or none that exists, list what there is', async () => {
    const list = async (journeyIds: readonly string[]): Promise<Answer> =>
      service.nobody.as(await mint({ journeyIds })).get('/v1/journeys');
    assert.equal((await list([journeyId, journeyId])).as(journeyListSchema).journeys.length, 1);
    assert.deepEqual((await list(['of-nobody'])).as(journeyListSchema).journeys, []);
  });
});

type Claims = Readonly<Record<string, unknown>>;

/** Signs a token as the service does, but for some claims. */
async function signed(claims: Claims, secret: string = service.secrets[0], alg = 'HS256'): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    iss: 'journey-analytics',
    aud: 'journey-analytics',
    sub: 'viewer',
    workspace: 'workspace-a',
    journeys: ['*'],
    scopes: ['metrics:read'],
    key: a.apiKeyId,
    iat: now,
    exp: now + 600,
    ...claims,
  })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}
