// Every conformance case over real HTTP, in four ways: the numbers depend on the set of events alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { conformanceCases } from '../support/conformance-case.ts';
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

before(async () => {
  service = await startTestService();
});

after(() => service.stop());

test('there are 44 cases', () => {
  assert.equal(cases.length, 44);
});

for (const way of ways) {
  describe(way.name, { concurrency: 4 }, () => {
    for (const [index, each] of cases.entries()) {
      test(each.name, async () => {
        // A workspace of its own, since what is pending in one case would keep another waiting.
        const { api } = await service.workspace(`${way.name} ${index}`);
        const found = await playCase(api, each, way);
        assert.deepEqual(found, []);
      });
    }
  });
}
