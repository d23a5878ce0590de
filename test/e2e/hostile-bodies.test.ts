// Bodies that nobody sends by accident: keys of prototypes, bombs, depths, numbers, texts and lines. Each has exactly the answer
// that the contract has for it, and none leaves a trace in the process.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { hostileJson, rawNumber, rawNumbers } from '../support/hostile-values.ts';
import { nameOf, pathOf, routeCases, routes } from '../support/hostile-routes.ts';
import { assertRefusal, assertUnharmed, markedWorkspace } from '../support/hostile-workspaces.ts';
import type { MarkedWorkspace } from '../support/hostile-workspaces.ts';
import type { Answer } from '../support/http-client.ts';
import { assertProblem } from '../support/problem-document.ts';
import { event } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService } from '../support/test-service.ts';

let service: TestService;
let alpha: MarkedWorkspace;

before(async () => {
  service = await startTestService();
  alpha = await markedWorkspace(service, 'alpha-5c1e');
});
after(() => service.stop());

/** The routes that read a body, each with one that it takes. */
const withBody = routes.flatMap((route) => {
  const { body, query, success } = routeCases[nameOf(route)] ?? {};
  return body === undefined ? [] : [{ route, body, query, success }];
});
type WithBody = (typeof withBody)[number];

function send(
  { route, query }: Pick<WithBody, 'route' | 'query'>,
  bytes: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  // Definitions go to a journey of their own, all else is asked of the one that has people.
  const journeyId = route.method === 'put' ? 'fuzzed' : alpha.journeyId;
  const path = pathOf(route, { journeyId }, query);
  const sending = { bytes, headers: { 'content-type': 'application/json', ...headers } };
  return alpha.api.call(route.method.toUpperCase(), path, sending);
}

const gzip = { 'content-encoding': 'gzip' };
const post = (path: string) => ({ route: { method: 'post', path } as WithBody['route'], query: undefined });
const events = post('/v1/events');

describe('every route with a body', () => {
  for (const each of withBody) {
    const name = nameOf(each.route);
    const whole = JSON.stringify(each.body);

    test(`${name} takes what the tests begin with`, async () => {
      const answer = await send(each, whole);
      assert.ok([each.success, 201].includes(answer.status), answer.text);
      assert.ok([each.success, 200].includes((await send(each, gzipSync(whole), gzip)).status));
    });

    test(`${name} gains nothing from a prototype`, async () => {
      for (const key of [
        '__proto__',
        'constructor',
        'prototype',
        'constructor":{"prototype":{"polluted":1}},"x',
      ]) {
        const inner = `"${key}":{"polluted":1,"isAdmin":true,"toString":"x"}`;
        // In every object of the body in turn.
        for (const { index } of whole.matchAll(/\{/g)) {
          const rest = whole.slice(index + 1);
          const text = `${whole.slice(0, index + 1)}${inner}${rest.startsWith('}') ? '' : ','}${rest}`;
          const answer = await send(each, text);
          assert.ok(answer.status < 500, answer.text);
          if (answer.status >= 400) assertRefusal(answer);
          assert.equal(Reflect.get({}, 'polluted'), undefined);
        }
      }
    });

    test(`${name} is not moved by depth`, async () => {
      const deep = 100_000;
      const nested = [
        `${'['.repeat(deep)}${']'.repeat(deep)}`,
        `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
        '['.repeat(deep),
        `{"where":${'{"not":'.repeat(10_000)}{"metric":"entryUsers"}${'}'.repeat(10_000)}}`,
        `{"where":${'{"all":['.repeat(10_000)}{"metric":"entryUsers"}${']}'.repeat(10_000)}}`,
        // In the place of every value of the body's first objects.
        ...Array.from(whole.matchAll(/"[^"]+":(?=")/g), ({ index, 0: key }) => {
          const end = whole.indexOf('"', index + key.length + 1) + 1;
          return `${whole.slice(0, index)}${key}${'['.repeat(30_000)}${']'.repeat(30_000)}${whole.slice(end)}`;
        }).slice(0, 6),
      ];
      for (const text of nested) {
        const answer = await send(each, text);
        // Fields that are nobody's are ignored in events, however deep.
        if (answer.status !== each.success) assertRefusal(answer);
      }
    });

    test(`${name} reads no bomb to its end`, async () => {
      const part = gzipSync(Buffer.alloc(10_000_000), { level: 9 });
      const bomb = Buffer.concat(Array.from({ length: 100 }, () => part));
      assertProblem(await send(each, bomb, gzip), 'payload_too_large');
      assertProblem(
        await send(each, gzipSync(Buffer.alloc(64_000_000, '['), { level: 9 }), gzip),
        'payload_too_large',
      );
      // In itself it is small, and no text.
      assertProblem(await send(each, gzipSync(part), gzip), 'invalid_body');
      assertProblem(await send(each, gzipSync(whole).subarray(0, -5), gzip), 'invalid_body');
      assertProblem(await send(each, whole, gzip), 'invalid_body');
    });
  }
});

test('numbers beyond all bounds are refused or kept as they are', async () => {
  const [of] = withBody.filter(({ route }) => route.method === 'put');
  assert.ok(of);
  const at = '2026-03-02T08:00:00Z';
  for (const raw of rawNumbers) {
    const value = rawNumber(raw);
    const number = Number(raw);
    const withWeight = {
      name: 'Numbers',
      steps: [
        {
          stepId: 'a',
          type: 'split',
          variants: [{ outcome: 'A', weight: value }],
          position: { x: value, y: 0 },
        },
      ],
    };
    const put = await send(of, hostileJson(withWeight));
    const isTaken = Number.isFinite(number) && number >= 0;
    assert.equal(put.status, isTaken ? 200 : 422, `${raw}: ${put.text}`);
    if (isTaken) {
      // A negative zero is a zero everywhere, or two definitions that are the same would differ.
      const kept = (await alpha.api.get('/v1/journeys/fuzzed')).text;
      assert.ok(kept.includes(`"weight":${JSON.stringify(number)}`), `${raw}: ${kept}`);
    }
    const fields = { stepId: 'a', journeyId: 'fuzzed', sequence: value };
    const ordered = await send(events, hostileJson([event('step.entered', 'ann', at, fields)]));
    assert.equal(ordered.status, Number.isSafeInteger(number) ? 202 : 422, `${raw}: ${ordered.text}`);
    const properties = { total: value, deep: [{ total: value }] };
    const tracked = await send(events, hostileJson([event('track', 'ann', at, { name: 'x', properties })]));
    assert.equal(tracked.status, Number.isFinite(number) ? 202 : 422, `${raw}: ${tracked.text}`);
    const token = { subject: 'x', journeyIds: ['*'], scopes: ['metrics:read'], expiresInSeconds: value };
    assertProblem(await send(post('/v1/embed-tokens'), hostileJson(token)), 'validation_failed');
  }
  await settled(alpha.api, 'fuzzed');
});

test('afterwards the numbers are right, and nothing is harmed', async () => {
  for (const journeyId of ['fuzzed', alpha.journeyId]) {
    await settled(alpha.api, journeyId);
    const audit = await alpha.api.post(`/v1/journeys/${journeyId}/audit`);
    assert.deepEqual(audit.json(), { differences: [] });
  }
  await assertUnharmed(service, [alpha.mark, alpha.key]);
});
