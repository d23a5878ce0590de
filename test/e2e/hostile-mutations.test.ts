// Arbitrary damage to the bodies of all routes: whatever arrives, the answer is a success or a problem document, nothing of it
// is repeated, nothing of another workspace is in it, and the numbers are right afterwards.
//
// HOSTILE_RUNS says how many bodies are sent. A failure prints its counterexample with the seed and the path that repeat it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { auditSchema, ingestAnswerSchema } from '../../bff/contract/index.ts';
import { mutated, mutation, type Mutation } from '../support/hostile-mutations.ts';
import { nameOf, pathOf, routeCases, routes } from '../support/hostile-routes.ts';
import {
  assertRefusal,
  assertUnharmed,
  marker,
  markedWorkspace,
  type MarkedWorkspace,
} from '../support/hostile-workspaces.ts';
import { Answer } from '../support/http-client.ts';
import { assertSilentAbout } from '../support/problem-document.ts';
import { settled, startTestService, type TestService } from '../support/test-service.ts';

const numRuns = Number(process.env['HOSTILE_RUNS'] ?? 500);

let service: TestService;
let alpha: MarkedWorkspace;
let bravo: MarkedWorkspace;
const rejections: unknown[] = [];
const noteRejection = (reason: unknown) => rejections.push(reason);

before(async () => {
  process.on('unhandledRejection', noteRejection);
  service = await startTestService();
  alpha = await markedWorkspace(service, 'alpha-5c1e');
  bravo = await markedWorkspace(service, 'bravo-9d2f');
});
after(async () => {
  await service.stop();
  process.off('unhandledRejection', noteRejection);
});

const names = routes.map(nameOf).filter((name) => routeCases[name]?.body !== undefined);

/** The answer without the ids of rejected events, which alone are repeated. */
function withoutIds(answer: Answer): Answer {
  const { rejected } = answer.as(ingestAnswerSchema);
  const ids = rejected.map(({ id }) => JSON.stringify(id));
  const text = ids.reduce((left, id) => left.replace(`"id":${id}`, '"id":null'), answer.text);
  return new Answer(answer.status, answer.headers, Buffer.from(text));
}

let sent = 0;

/** The body with ids that no other has, so that its events count. */
function withFreshIds(body: unknown): unknown {
  sent += 1;
  return JSON.parse(JSON.stringify(body).replaceAll(/"(?=(?:event|call)-\d)/g, `"${sent}-`));
}

async function assertAnswered(name: string, made: Mutation): Promise<void> {
  const route = routes.find((each) => nameOf(each) === name);
  const { body, query } = routeCases[name] ?? {};
  assert.ok(route && body);
  const { bytes, isLines, isGzip } = mutated(withFreshIds(body), made);
  // Definitions and events go to a journey of their own; audiences are asked of one that has people.
  const journeyId = route.method === 'put' ? 'fuzzed' : alpha.journeyId;
  const headers = {
    'content-type': isLines ? 'application/x-ndjson' : 'application/json',
    'content-encoding': isGzip ? 'gzip' : null,
  };
  const path = pathOf(route, { journeyId }, query);
  const answer = await alpha.api.call(route.method.toUpperCase(), path, { bytes, headers });
  assertSilentAbout(answer, bravo.secrets);
  if (answer.status >= 400) {
    assertRefusal(answer);
    assertSilentAbout('rejected' in (answer.json() as object) ? withoutIds(answer) : answer, [marker]);
  } else if (route.method !== 'put') {
    // A definition is answered with what it has become.
    assertSilentAbout(answer, [marker]);
  }
}

test(`${numRuns} bodies, changed in their structure and in their bytes`, async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...names), mutation, assertAnswered), { numRuns });
});

test('afterwards the numbers are right and nothing is harmed', async () => {
  const journeyIds = ['fuzzed', alpha.journeyId];
  for (const journeyId of journeyIds) {
    await settled(alpha.api, journeyId, 60_000);
    const audit = await alpha.api.post(`/v1/journeys/${journeyId}/audit`);
    assert.deepEqual(audit.as(auditSchema), { differences: [] });
  }
  assert.deepEqual(rejections, []);
  await assertUnharmed(service, [alpha.mark, alpha.key, bravo.mark]);
});
