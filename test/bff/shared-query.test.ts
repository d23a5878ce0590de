// One query for all who wait: it begins after each of them came, and a crowd costs as much as one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { SharedQuery } from '../../bff/shared-query.ts';

/** A query that ends when it is told to, and counts how often it was begun. */
function slowQuery() {
  const open: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  return {
    run() {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      open.push({ resolve, reject });
      return promise;
    },
    get begun() {
      return open.length;
    },
    /** Waits until so many have begun; one begins within two turns of whatever it waits for. */
    async untilBegun(count: number) {
      for (let turns = 0; turns < 2 && open.length < count; turns += 1) await turn(); // oxlint-disable-line no-await-in-loop
      assert.equal(open.length, count);
    },
    end: (index: number) => open[index]?.resolve(index),
    fail: (index: number) => open[index]?.reject(new Error(`query ${index}`)),
  };
}

test('who comes before a query begins shares it; who comes while it runs gets the next, never its answer', async () => {
  const shared = new SharedQuery<number>();
  const query = slowQuery();
  const ask = () => shared.ask('key', () => query.run());
  const first = [ask(), ask(), ask()];
  await query.untilBegun(1);
  const later = [ask(), ask()];
  await turn();
  assert.equal(query.begun, 1, 'the next one waits for the one before it');
  query.end(0);
  assert.deepEqual(await Promise.all(first), [0, 0, 0]);
  const inTheSameTurn = ask();
  await query.untilBegun(2);
  const last = ask();
  query.end(1);
  assert.deepEqual(await Promise.all([...later, inTheSameTurn]), [1, 1, 1]);
  await query.untilBegun(3);
  query.end(2);
  assert.equal(await last, 2);
});

test('a failure is that of those who shared it, and of nobody after them', async () => {
  const shared = new SharedQuery<number>();
  const query = slowQuery();
  const ask = () => shared.ask('key', () => query.run());
  const failing = [ask(), ask()];
  await query.untilBegun(1);
  const next = ask();
  query.fail(0);
  for (const each of await Promise.allSettled(failing)) assert.equal(each.status, 'rejected');
  await query.untilBegun(2);
  query.end(1);
  assert.equal(await next, 1);
});

test('keys do not wait for each other', async () => {
  const shared = new SharedQuery<number>();
  const query = slowQuery();
  const [one, other] = [shared.ask('one', () => query.run()), shared.ask('other', () => query.run())];
  await query.untilBegun(2);
  query.end(1);
  assert.equal(await other, 1);
  query.end(0);
  assert.equal(await one, 0);
});
