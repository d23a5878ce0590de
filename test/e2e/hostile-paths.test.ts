// Paths that nobody sends by accident: they name nothing, reach no file beside the site's, and are repeated nowhere.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Hono } from 'hono';
import { EmbedTokens } from '../../bff/auth/embed-tokens.ts';
import { demoPages } from '../../bff/routes/demo-pages.ts';
import { widgetFiles } from '../../bff/routes/widget-files.ts';
import { nameOf, pathOf, routeCases, routes } from '../support/hostile-routes.ts';
import { hostileKeys, hostileTexts } from '../support/hostile-values.ts';
import {
  assertRefusal,
  assertRefusalOrBare,
  assertUnharmed,
  marker,
  markedWorkspace,
  type MarkedWorkspace,
} from '../support/hostile-workspaces.ts';
import { assertSilentAbout } from '../support/problem-document.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

let service: TestService;
let alpha: MarkedWorkspace;
let bravo: MarkedWorkspace;
let folder: string;
let site: Hono | undefined;
const secretOfDisk = 'a secret beside the site';

before(async () => {
  // A site with something beside it, under names that begin like its own.
  folder = await mkdtemp(join(tmpdir(), 'hostile-paths-'));
  for (const name of ['dist/demo', 'dist/widgets', 'dist/demo-private']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  for (const name of ['secret.html', 'dist/secret.json', 'dist/demo-private/secret.html', 'dist/demo/.env']) {
    await writeFile(join(folder, name), secretOfDisk);
  }
  await writeFile(join(folder, 'dist/demo/index.html'), 'the demo');
  await writeFile(join(folder, 'dist/widgets/journey-analytics.js'), '0');
  const distribution = join(folder, 'dist');
  const mountWidgets = await widgetFiles(distribution);
  const mount = (app: Hono) => {
    site = app;
    mountWidgets(app);
  };
  service = await startTestService({ app: { mount } });
  // Its own workspace is made without a request, after the first of which no route may be added.
  const { workspaceId, name, apiKeyId } = await service.workspace('demo');
  const { database, secrets } = service;
  const minter = { workspace: name, apiKeyId };
  const tokens = new EmbedTokens(secrets);
  assert.ok(site);
  demoPages({ distribution, database, tokens, minter, workspaceId, host: '127.0.0.1' })(site);
  alpha = await markedWorkspace(service, 'alpha-5c1e');
  bravo = await markedWorkspace(service, 'bravo-9d2f');
});
after(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

/** What no answer to the first workspace holds. */
const unseen = () => [marker, secretOfDisk, ...bravo.secrets];

describe('paths', () => {
  const climbs = [
    '..%2f',
    '%2e%2e%2f',
    '%2e%2e/',
    '..%5c',
    '..%255c',
    '%252e%252e%252f',
    '....//',
    '..;/',
    '%c0%ae%c0%ae%c0%af',
    '..%00/',
    '/',
    '.%2f',
  ];

  test('are looked up in one regular expression, those of the demo too', () => {
    assert.equal(site?.router.name, 'RegExpRouter');
  });

  test('climb out of no folder', async () => {
    const targets = ['secret.html', 'secret.json', 'demo-private/secret.html', 'demo/.env', 'etc/passwd'];
    for (const start of ['/demo/', '/widgets/', '/', '/demo/assets/']) {
      for (const climb of climbs) {
        for (const times of [1, 2, 8]) {
          for (const target of targets) {
            const path = `${start}${climb.repeat(times)}${target}`;
            const answer = await service.nobody.get(path);
            assertSilentAbout(answer, unseen());
            assertRefusalOrBare(answer);
          }
        }
      }
    }
    assert.equal((await service.nobody.get('/demo/index.html')).text, 'the demo');
    for (const path of ['/demo/.env', '/demo/%00.html', '/demo/index.html%00', '/demo/', '/demo/assets']) {
      assertRefusal(await service.nobody.get(path));
    }
  });

  test('that are no route lead nowhere, with or without a credential', async () => {
    const own = `/v1/journeys/${alpha.journeyId}`;
    for (const path of [
      `//v1/journeys`,
      `/v1//journeys`,
      `/v1/journeys//${alpha.journeyId}`,
      `${own}//overview`,
      `${own}%2foverview`,
      `${own}%252foverview`,
      `/v1/journeys/${bravo.journeyId}%2f..%2f${alpha.journeyId}`,
      `/v1/journeys/..%2f..%2fhealth%2flive`,
      `${own}\\overview`,
      `${own}%5coverview`,
      `${own}/overview%00`,
      `${own}%00/overview`,
      `${own}/overview;${marker}`,
      `${own}/overview/..;/flow`,
      `${own}/%6fverview%20`,
      `${own}/overview%0d%0aX-${marker}:1`,
      `/v1/journeys/${marker}${'x'.repeat(8_000)}`,
      `${own}/${'a/'.repeat(4_000)}${marker}`,
      `/${'%2e'.repeat(2_500)}${marker}`,
      `/v1/*`,
      `/v1/journeys/*/overview`,
      `/v1/journeys/:journeyId/overview`,
      `/v1/journeys/%/overview`,
      `/v1/journeys/%zz/overview`,
      `/v1/journeys/%u0041/overview`,
      `/v1/journeys/%ff%fe/overview`,
      `/v1/journeys/%ed%a0%80/overview`,
      `/v1/__proto__`,
      `/__proto__/constructor`,
      `/v1/journeys/__proto__/overview`,
      `/v1/journeys/constructor/flow`,
    ]) {
      for (const client of [service.nobody, alpha.api]) {
        const answer = await client.get(path);
        assertRefusalOrBare(answer);
        assertSilentAbout(answer, unseen());
      }
    }
  });

  test('with any text in the place of an id are answered, and repeat nothing', async () => {
    const written = hostileTexts.flatMap((text) => {
      const encoded = encodeURIComponent(text.toWellFormed());
      return encoded.length > 3_000 ? [] : [encoded, encoded.replaceAll('%', '%25')];
    });
    for (const route of routes) {
      const { query, body } = routeCases[nameOf(route)] ?? {};
      for (const [, parameter = ''] of route.path.matchAll(/:(\w+)/g)) {
        for (const text of [...written, ...hostileKeys.filter((key) => key !== '')]) {
          const path = pathOf(route, { journeyId: alpha.journeyId, [parameter]: 'HERE' }, query);
          const method = route.method.toUpperCase();
          const sending = body === undefined ? {} : { json: body };
          const answer = await alpha.api.call(method, path.replace('HERE', text), sending);
          if (route.method === 'put' && answer.status === 201) {
            // What can be a journey's id is one, whatever it means elsewhere.
            const [made = ''] = path.split('?');
            assert.equal((await alpha.api.delete(made.replace('HERE', text))).status, 204);
          } else if (parameter !== 'userId' || answer.status !== 204) assertRefusalOrBare(answer);
          assertSilentAbout(answer, route.method === 'put' ? bravo.secrets : unseen());
        }
      }
    }
  });
});

test('afterwards nothing is harmed, and nothing of it is in the log', async () => {
  const audit = await alpha.api.post(`/v1/journeys/${alpha.journeyId}/audit`);
  assert.deepEqual(audit.json(), { differences: [] });
  await assertUnharmed(service, [alpha.mark, alpha.key, bravo.mark, 'etc/passwd', 'x'.repeat(100)]);
});
