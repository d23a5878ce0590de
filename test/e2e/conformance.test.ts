// Every conformance case over real HTTP, in four ways: the numbers depend on the set of events alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import { conformanceCases, type CaseRequest } from '../support/conformance-case.ts';
import { playCase, type Way } from '../support/conformance-play.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

const ways: readonly Way[] = [
  { name: 'as given' },
  { name: 'shuffled', shuffle: 2_026, batch: 7 },
  { name: 'one event a request', batch: 1 },
  {
    name: 'with duplicates, compressed and side by side',
    shuffle: 11,
    batch: 3,
    duplicates: 0.5,
    parallel: 4,
    compressed: true,
  },
];

const cases = conformanceCases();
let service: TestService;
let paths: readonly string[] = [];
const leftOut = new Set<CaseRequest>();

before(async () => {
  service = await startTestService();
  const document = (await service.nobody.get('/v1/openapi.json')).as(
    v.object({ paths: v.record(v.string(), v.unknown()) }),
  );
  paths = Object.keys(document.paths);
});

after(async () => {
  if (leftOut.size > 0) console.log(`${leftOut.size} requests for exports and audiences not played yet`);
  await service.stop();
});

/** Whether the service has the request's route; only those of exports and audiences may be missing. */
function isPlayable({ path }: CaseRequest): boolean {
  const part = /^\/v1\/journeys\/[^/]+\/(exports|audience)\b/.exec(path)?.[1];
  return part === undefined || paths.some((known) => known.startsWith(`/v1/journeys/{journeyId}/${part}`));
}

test('there are 44 cases', () => {
  assert.equal(cases.length, 44);
});

for (const way of ways) {
  describe(way.name, { concurrency: 4 }, () => {
    for (const [index, each] of cases.entries()) {
      test(each.name, async () => {
        // A workspace of its own, since what is pending in one case would keep another waiting.
        const { api } = await service.workspace(`${way.name} ${index}`);
        const found = await playCase(api, each, way, {
          isPlayable,
          leftOut: (request) => leftOut.add(request),
        });
        assert.deepEqual(found, []);
      });
    }
  });
}
