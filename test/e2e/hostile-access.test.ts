// Every route, by every kind of credential, for a journey of each workspace and for one that nobody has: exactly the status
// that the contract has for it, nothing of the other workspace, and no difference between what is foreign and what is not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { createApiKey } from '../../bff/auth/api-keys.ts';
import type { Route } from '../../bff/routes/route.ts';
import { revokeApiKey } from '../../db/queries/credentials.ts';
import { callOnce } from '../support/hostile-connection.ts';
import { nameOf, pathOf, routeCases, routes, type RouteCase } from '../support/hostile-routes.ts';
import {
  assertRefusal,
  assertUnharmed,
  makeLink,
  markedWorkspace,
  mint,
  type MarkedWorkspace,
} from '../support/hostile-workspaces.ts';
import type { Answer } from '../support/http-client.ts';
import { assertSilentAbout } from '../support/problem-document.ts';
import { settled, startTestService, type TestService } from '../support/test-service.ts';

type Owner = 'alpha' | 'bravo';
/** Whose the thing is that a request names. */
type Place = Owner | 'nobody';

interface Credential {
  readonly name: string;
  readonly authorization: string | null;
  /** Null: it is none. */
  readonly of: Owner | null;
  readonly kind: 'key' | 'token';
  readonly scopes: readonly string[];
  /** Null: all of its workspace. */
  readonly journeys: readonly string[] | null;
  /** It counts only where Basic authentication is taken. */
  readonly isBasic?: boolean;
}

let service: TestService;
let owners: Record<Owner, MarkedWorkspace>;
let exportIds: Record<Place, string>;
let credentials: readonly Credential[];

const all = ['metrics:read', 'users:export'];

async function makeCredentials(): Promise<Credential[]> {
  const { alpha, bravo } = owners;
  const { key, apiKeyId } = await createApiKey(service.database, alpha.workspaceId);
  const ofRevoked = await mint({ ...alpha, api: service.nobody.as(key) });
  // Both were good a moment ago, and may be remembered as that.
  for (const credential of [key, ofRevoked]) {
    assert.equal((await service.nobody.as(credential).get('/v1/journeys')).status, 200);
  }
  await revokeApiKey(service.database.owner, apiKeyId);
  const now = Math.floor(Date.now() / 1_000);
  const signed = (secret: string, age: number) =>
    new SignJWT({ workspace: alpha.name, journeys: ['*'], scopes: all, key: alpha.apiKeyId, sub: 'viewer' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('journey-analytics')
      .setAudience('journey-analytics')
      .setIssuedAt(now - age)
      .setExpirationTime(now - age + 600)
      .sign(new TextEncoder().encode(secret));
  const none = (name: string, authorization: string | null): Credential => {
    return { name, authorization, of: null, kind: 'key', scopes: [], journeys: null };
  };
  const ofKey = (of: Owner, authorization: string): Credential => {
    return { name: `the key of ${of}`, authorization, of, kind: 'key', scopes: all, journeys: null };
  };
  const token = async (
    of: Owner,
    scopes: readonly string[],
    journeys: readonly string[] | null,
  ): Promise<Credential> => {
    const name = `a token of ${of} with ${scopes.join(' and ')} for ${journeys?.join(' and ') ?? 'all journeys'}`;
    const authorization = `Bearer ${await mint(owners[of], { scopes, journeyIds: journeys ?? ['*'] })}`;
    return { name, authorization, of, kind: 'token', scopes, journeys };
  };
  return [
    none('no credential', null),
    none('an empty one', ''),
    none('garbage', 'Bearer ~~garbage~~'),
    none('a key without its scheme', alpha.key),
    none('a key as a password', `Basic ${Buffer.from(`:${alpha.key}`).toString('base64')}`),
    none('a key by Token', `Token ${alpha.key}`),
    none('a key that nobody has', `Bearer jk_${'x'.repeat(40)}`),
    none('a revoked key', `Bearer ${key}`),
    none('a token of a revoked key', `Bearer ${ofRevoked}`),
    none('an expired token', `Bearer ${await signed(service.secrets[0], 601)}`),
    none('a token of another secret', `Bearer ${await signed('x'.repeat(48), 0)}`),
    ofKey('alpha', `Bearer ${alpha.key}`),
    ofKey('bravo', `Bearer ${bravo.key}`),
    { ...ofKey('alpha', `Basic ${Buffer.from(`${alpha.key}:`).toString('base64')}`), isBasic: true },
    await token('alpha', all, null),
    await token('alpha', ['metrics:read'], [alpha.journeyId]),
    await token('alpha', ['users:export'], [alpha.journeyId]),
    await token('alpha', all, ['also-alpha']),
    await token('alpha', all, [bravo.journeyId, 'of-nobody']),
    await token('bravo', all, null),
    await token('bravo', all, [alpha.journeyId]),
  ];
}

before(async () => {
  service = await startTestService();
  owners = {
    alpha: await markedWorkspace(service, 'alpha-5c1e'),
    bravo: await markedWorkspace(service, 'bravo-9d2f'),
  };
  const [alpha, bravo] = [await makeLink(owners.alpha), await makeLink(owners.bravo)];
  exportIds = { alpha: alpha.exportId, bravo: bravo.exportId, nobody: crypto.randomUUID() };
  credentials = await makeCredentials();
});
after(() => service.stop());

/** Whose credential it is, at this route. */
const ownerAt = (route: Route, { of, isBasic }: Credential) => (isBasic && !route.acceptsBasic ? null : of);

/** What a route must answer. */
function expected(route: Route, { success, names }: RouteCase, credential: Credential, place: Place): number {
  if (route.access === 'open') return names === 'ticket' && place === 'nobody' ? 404 : success;
  const { kind, scopes, journeys } = credential;
  const of = ownerAt(route, credential);
  if (of === null) return 401;
  if (route.access === 'write' && kind !== 'key') return 403;
  if (route.access === 'read' && !scopes.includes('metrics:read')) return 403;
  if (route.access === 'export' && !scopes.includes('users:export')) return 403;
  // Erasing a person whom nobody knows is done at once.
  if (names === null || names === 'userId') return success;
  // What a key exports is the key's.
  if (names === 'exportId') return of === place && kind === 'key' ? success : 404;
  if (of === place && (journeys === null || journeys.includes(owners[of].journeyId))) return success;
  return route.method === 'put' ? 201 : 404;
}

async function idsOf(place: Place, { names }: RouteCase): Promise<Record<string, string>> {
  const exportId = exportIds[place];
  if (place === 'nobody') {
    return { journeyId: 'of-nobody', userId: 'nobody', exportId, ticket: 'x'.repeat(32) };
  }
  const { journeyId, spareUserId } = owners[place];
  const ticket = names === 'ticket' ? ((await makeLink(owners[place])).url.split('/').at(-1) ?? '') : '';
  return { journeyId, userId: spareUserId, exportId, ticket };
}

/** An answer without what is of the moment. */
function timeless({ status, headers, text }: Answer) {
  const { date: _, 'x-request-id': __, ratelimit, ...others } = headers;
  return {
    status,
    headers: { ...others, ratelimit: String(ratelimit).replaceAll(/\d+/g, '0') },
    text: text.replace(/"requestId":"[^"]+"/, '"requestId":""'),
  };
}

/** Puts back what a request has made or taken away. */
async function restore(route: Route, { status }: Answer, { of }: Credential, journeyId: string) {
  if (of === null || status >= 400 || route.path !== '/v1/journeys/:journeyId') return;
  const { api, definition, journeyId: own } = owners[of];
  if (route.method === 'put' && journeyId !== own) {
    assert.equal((await api.delete(`/v1/journeys/${journeyId}`)).status, 204);
  } else if (route.method === 'put' || route.method === 'delete') {
    await api.put(`/v1/journeys/${own}`, definition, { rebuild: 'true' });
    await settled(api, own);
  }
}

async function call(route: Route, method: string, credential: Credential, place: Place): Promise<Answer> {
  const routeCase = routeCases[nameOf(route)];
  assert.ok(routeCase, `${nameOf(route)} has no case`);
  const ids = await idsOf(place, routeCase);
  const path = pathOf(route, ids, routeCase.query);
  const headers = credential.authorization === null ? {} : { authorization: credential.authorization };
  const answer = path.endsWith('/changes')
    ? await callOnce(service.url, method, path, headers)
    : await service.nobody.call(method, path, {
        headers,
        ...(routeCase.body === undefined ? {} : { json: routeCase.body }),
      });
  const what = `${method} ${path} by ${credential.name}, of ${place}`;
  assert.equal(answer.status, expected(route, routeCase, credential, place), `${what}: ${answer.text}`);
  assert.equal(answer.headers['www-authenticate'] !== undefined, answer.status === 401, what);
  if (answer.status >= 400 && method !== 'HEAD') assertRefusal(answer);
  if (method === 'HEAD') assert.equal(answer.body.length, 0, what);
  // A link is good for whoever has it; everything else is seen by its own workspace alone.
  const seen = routeCase.names === 'ticket' ? place : ownerAt(route, credential);
  for (const owner of ['alpha', 'bravo'] as const) {
    if (owner !== seen || answer.status >= 400) assertSilentAbout(answer, owners[owner].secrets);
  }
  await restore(route, answer, credential, ids['journeyId'] ?? '');
  return answer;
}

test('every route has a case, and the document has every route', async () => {
  assert.deepEqual(routes.map(nameOf).toSorted(), Object.keys(routeCases).toSorted());
  const document = (await service.nobody.get('/v1/openapi.json')).as(
    v.object({ paths: v.record(v.string(), v.record(v.string(), v.unknown())) }),
  );
  const served = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  assert.deepEqual(served.toSorted(), Object.keys(routeCases).toSorted());
});

describe('each credential gets of each route', () => {
  for (const route of routes) {
    test(nameOf(route), async () => {
      const methods = route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()];
      for (const method of methods) {
        for (const credential of credentials) {
          const unknown = timeless(await call(route, method, credential, 'nobody'));
          for (const place of ['alpha', 'bravo'] as const) {
            const answer = await call(route, method, credential, place);
            if (answer.status >= 400)
              assert.deepEqual(timeless(answer), unknown, `${credential.name} ${place}`);
          }
        }
      }
    });
  }
});

test('afterwards both workspaces have what they had', async () => {
  for (const { api, journeyId, mark } of Object.values(owners)) {
    await settled(api, journeyId);
    const file = await api.get(`/v1/journeys/${journeyId}/exports/totalEntries`, { format: 'csv' });
    assert.deepEqual(
      file.text.match(/^\S+?(?=,1,)/gm),
      [`${mark}-ann`, `${mark}-bob`],
      'all but the one who was erased',
    );
    const audit = await api.post(`/v1/journeys/${journeyId}/audit`);
    assert.deepEqual(audit.json(), { differences: [] });
  }
  assert.match((await service.nobody.get('/metrics')).text, /^journey_analytics_listeners 0$/m);
  const sent = credentials.flatMap(({ authorization }) => authorization?.split(' ').at(-1) || []);
  const marks = Object.values(owners).flatMap(({ mark, key }) => [mark, key]);
  await assertUnharmed(service, [...marks, ...sent]);
});
