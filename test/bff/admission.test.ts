// How many requests work at once: never more than allowed, in their turn, refused past the bound.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../bff/failure.ts';
import { Admission } from '../../bff/middleware/admission.ts';

/** Work that ends when it is told to, and tells how much of it goes on. */
function workplace() {
  const ends: (() => void)[] = [];
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    await promise;
    working -= 1;
  };
  return {
    work,
    get working() {
      return working;
    },
    get most() {
      return most;
    },
    async endAll(admitted: readonly Promise<unknown>[]) {
      const state = { isDone: false };
      const all = Promise.allSettled(admitted).finally(() => (state.isDone = true));
      while (!state.isDone) {
        for (const end of ends.splice(0)) end();
        await turn();
      }
      return all;
    },
  };
}

test('a credential works a few requests at once, and what waits follows', async () => {
  const admission = new Admission({
    ofCredential: { working: 2, waiting: 100 },
    ofProcess: { working: 10, waiting: 100 },
  });
  const place = workplace();
  const admitted = Array.from({ length: 20 }, () => admission.run('a', place.work));
  await turn();
  assert.equal(place.working, 2);
  const results = await place.endAll(admitted);
  assert.ok(results.every(({ status }) => status === 'fulfilled'));
  assert.equal(place.most, 2);
});

test('a credential that waits keeps no other waiting', async () => {
  const admission = new Admission({
    ofCredential: { working: 2, waiting: 100 },
    ofProcess: { working: 10, waiting: 100 },
  });
  const [greedy, modest] = [workplace(), workplace()];
  const admitted = Array.from({ length: 20 }, () => admission.run('greedy', greedy.work));
  const other = admission.run('modest', modest.work);
  await turn();
  assert.deepEqual([greedy.working, modest.working], [2, 1]);
  await Promise.all([greedy.endAll(admitted), modest.endAll([other])]);
});

test('the process works a few at once, whoever calls', async () => {
  const admission = new Admission({
    ofCredential: { working: 2, waiting: 100 },
    ofProcess: { working: 3, waiting: 100 },
  });
  const place = workplace();
  const admitted = Array.from({ length: 20 }, (_, index) => admission.run(String(index), place.work));
  await turn();
  await place.endAll(admitted);
  assert.equal(place.most, 3);
});

test('past the bound a credential is told that it asks too much, and everyone that there is no room', async () => {
  const admission = new Admission({
    ofCredential: { working: 1, waiting: 2 },
    ofProcess: { working: 2, waiting: 1 },
  });
  const place = workplace();
  const own = Array.from({ length: 3 }, () => admission.run('a', place.work));
  const isFailure = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;
  await assert.rejects(admission.run('a', place.work), isFailure('too_many_requests'));
  const others = ['b', 'c'].map((credential) => admission.run(credential, place.work));
  await turn();
  await assert.rejects(admission.run('d', place.work), isFailure('unavailable'));
  const results = await place.endAll([...own, ...others]);
  assert.ok(results.every(({ status }) => status === 'fulfilled'));
  // There is room again.
  const late = admission.run('a', place.work);
  await turn();
  await place.endAll([late]);
});

test('work that fails gives its place back', async () => {
  const admission = new Admission({
    ofCredential: { working: 1, waiting: 2 },
    ofProcess: { working: 1, waiting: 2 },
  });
  const fail = () => {
    throw new TypeError('no');
  };
  await assert.rejects(admission.run('a', fail), TypeError);
  assert.equal(await admission.run('a', () => 7), 7);
});
