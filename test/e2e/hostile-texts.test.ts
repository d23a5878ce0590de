// Texts that mean something elsewhere, or that look like others: here they are texts, told apart and kept as they are, or rejected
// by their place.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  ingestAnswerSchema,
  overviewSchema,
  problemSchema,
  stepAnswerSchema,
} from '../../bff/contract/index.ts';
import { hostileKeys } from '../support/hostile-values.ts';
import { assertUnharmed } from '../support/hostile-workspaces.ts';
import type { Answer } from '../support/http-client.ts';
import { assertProblem } from '../support/problem-document.ts';
import { definition, event } from '../support/sample-journey.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let alpha: Workspace;

before(async () => {
  service = await startTestService();
  alpha = await service.workspace('alpha');
  await alpha.api.put('/v1/journeys/fuzzed', definition);
});
after(() => service.stop());

function send(bytes: string | Uint8Array, type = 'application/json'): Promise<Answer> {
  return alpha.api.call('POST', '/v1/events', { bytes, headers: { 'content-type': type } });
}
const ndjson = (text: string | Uint8Array) => send(text, 'application/x-ndjson');

test('names that every object has are names like others', async () => {
  const journeyId = 'of-names';
  const names = hostileKeys.filter((key) => key !== '');
  const at = (second: number) => `2026-03-02T08:00:${String(second).padStart(2, '0')}Z`;
  for (const property of names) {
    const filters = [{ property, operator: 'exists' }];
    const conversion = { event: property, filters, stopCountingAfterExit: { value: 1, unit: 'days' } };
    const put = await alpha.api.put(
      `/v1/journeys/${journeyId}`,
      { name: property, conversion },
      { rebuild: 'true' },
    );
    assert.ok(put.status < 300, put.text);
    const of = (userId: string) => ({ journeyId, stepId: property, userId: `${property} ${userId}` });
    const lines = ['has', 'has not'].flatMap((userId) => [
      { ...event('journey.entered', userId, at(0)), ...of(userId) },
      { ...event('step.entered', userId, at(1)), ...of(userId) },
      { ...event('message.failed', userId, at(2), { reason: property, platform: property }), ...of(userId) },
      { ...event('step.outcome', userId, at(3), { outcome: property }), ...of(userId) },
      { ...event('track', userId, at(4), { name: property }), userId: `${property} ${userId}` },
    ]);
    // Written by hand, since `{ __proto__: 1 }` of this language is no such object.
    const text = JSON.stringify(lines.slice(0, -1));
    const bought = JSON.stringify(lines.slice(4, 5)).replace(/\}\]$/, `,"properties":{"${property}":1}}]`);
    for (const bytes of [text, JSON.stringify(lines.slice(-1)).replace(/\}\]$/, ',"properties":{}}]')]) {
      const fresh = bytes.replaceAll('"event-', '"again-');
      assert.equal((await send(fresh)).as(ingestAnswerSchema).rejected.length, 0);
    }
    assert.equal((await send(bought)).status, 202);
    await settled(alpha.api, journeyId);
    const { metrics } = (await alpha.api.get(`/v1/journeys/${journeyId}/overview`)).as(overviewSchema);
    assert.equal(metrics.convertedUsers, 1, `only who has a property ${property} of their own`);
    const answer = await alpha.api.get(`/v1/journeys/${journeyId}/steps/${encodeURIComponent(property)}`);
    const step = answer.as(stepAnswerSchema);
    assert.ok(answer.text.includes(`"outcomes":{${JSON.stringify(property)}:{"count":2,`), answer.text);
    assert.equal(step.metrics.failedUsers, 2);
    assert.equal(step.platforms.other.failedCount, 2);
  }
});

describe('texts', () => {
  const at = '2026-03-02T08:00:00Z';
  const rejectedPaths = (answer: Answer) => {
    assert.equal(answer.as(problemSchema).code, 'validation_failed', answer.text);
    return answer.as(ingestAnswerSchema).rejected.map(({ errors }) => errors.map(({ path }) => path).join());
  };

  test('that no store can hold are rejected by their place', async () => {
    const escapes = ['\\u0000', '\\ud800', '\\udc00\\ud800', '\\u0085', '\\u001b'];
    const writings = escapes.flatMap((escape) => [
      `[{"id":"a${escape}","type":"track","at":"${at}","userId":"u","name":"n"}]`,
      `[{"id":"a","type":"track","at":"${at}","userId":"u${escape}","name":"n"}]`,
      `[{"id":"a","type":"track","at":"${at}","userId":"u","name":"n${escape}"}]`,
    ]);
    const paths: string[][] = [];
    for (const text of writings) paths.push(rejectedPaths(await send(text)));
    assert.deepEqual(
      paths,
      escapes.flatMap(() => [['id'], ['userId'], ['name']]),
    );
    for (const properties of ['{"a":"\\u0000"}', '{"\\u0000":1}', '{"a":["\\ud800"]}', '{"\\udfff":{}}']) {
      const text = `[{"id":"a","type":"track","at":"${at}","userId":"u","name":"n","properties":${properties}}]`;
      assert.deepEqual(rejectedPaths(await send(text)), ['properties']);
    }
  });

  test('that look alike are told apart', async () => {
    const people = [
      'é',
      'e\u0301',
      'É',
      'ｅ',
      '\u202eé',
      'é\u200b',
      'é ',
      ' é',
      '\u{1f469}',
      '\u{1f469}\u200d',
    ];
    const body = people.map((userId) => event('journey.entered', userId, at, { journeyId: 'fuzzed' }));
    assert.equal((await send(JSON.stringify(body))).status, 202);
    await settled(alpha.api, 'fuzzed');
    const file = await alpha.api.get('/v1/journeys/fuzzed/exports/totalEntries', {
      format: 'csv',
      bom: 'false',
    });
    const written = file.text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[0]);
    assert.deepEqual(new Set(written), new Set(people));
  });

  test('in lines end at line feeds alone', async () => {
    const line = (fields = {}) => JSON.stringify(event('track', 'u', at, { name: 'n', ...fields }));
    const told = async (text: string | Uint8Array) => {
      const { accepted, rejected } = (await ndjson(text)).as(ingestAnswerSchema);
      return [accepted, rejected.map(({ index }) => index)];
    };
    assert.deepEqual(
      await told(`\ufeff${line()}\n${line()}`),
      [2, []],
      'a BOM at the start of UTF-8 is none',
    );
    assert.deepEqual(await told(`${line()}\n\ufeff${line()}\n`), [1, [1]]);
    assert.deepEqual(await told(`${line()}\r\n\r\n \t\n${line()}\r\n`), [2, []]);
    assert.deepEqual(await told(`${line()}\r${line()}`), [0, [0]]);
    for (const separator of ['\u2028', '\u2029', '\u0085', '\v', '\f', ',', ' ', '\u001e']) {
      assert.deepEqual(await told(`${line()}${separator}${line()}`), [0, [0]], JSON.stringify(separator));
    }
    assert.deepEqual(await told(line({ properties: { a: '\u2028\u2029' } })), [1, []]);
    assert.deepEqual(await told(`${line()}\n]\n[\n"x"\nnull\n${line()}`), [2, [1, 2, 3, 4]]);
    assert.deepEqual(await told('\n'.repeat(1_000_000)), [0, []]);
    assertProblem(await ndjson(Buffer.from(`\ufeff${line()}`, 'utf16le')), 'invalid_body');
    assertProblem(
      await ndjson(Buffer.concat([Buffer.from(line()), Buffer.from([0x0a, 0xed, 0xa0, 0x80])])),
      'invalid_body',
    );
    assertProblem(await ndjson('1\n'.repeat(10_001)), 'payload_too_large');
  });
});

test('afterwards the numbers are right, and nothing is harmed', async () => {
  for (const journeyId of ['fuzzed', 'of-names']) {
    await settled(alpha.api, journeyId);
    const audit = await alpha.api.post(`/v1/journeys/${journeyId}/audit`);
    assert.deepEqual(audit.json(), { differences: [] });
  }
  await assertUnharmed(service, [alpha.key]);
});
