// Of how many users histories are in memory at once, by what users are like.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortionSize } from '../../bff/rollup/histories.ts';

/** How many users each portion has, and how many events the largest after the first. */
function portionsOf(users: number, eventsOfUser: (user: number) => number): [number[], number] {
  const size = new PortionSize();
  const portions: number[] = [];
  let largest = 0;
  for (let from = 0; from < users;) {
    const portion = Math.min(size.users, users - from);
    let events = 0;
    for (let user = from; user < from + portion; user += 1) events += eventsOfUser(user);
    if (from > 0) largest = Math.max(largest, events);
    portions.push(portion);
    size.learn(portion, events);
    from += portion;
  }
  return [portions, largest];
}

test('of short histories a thousand are loaded at once', () => {
  assert.deepEqual(
    portionsOf(3_050, () => 6),
    [[50, 200, 800, 1_000, 1_000], 6_000],
  );
  assert.deepEqual(portionsOf(1_060, () => 0)[0], [50, 200, 800, 10]);
});

test('of long ones so many as have some ten thousand events, one at the least', () => {
  assert.deepEqual(
    portionsOf(54, () => 8_000),
    [[50, 2, 2], 16_000],
  );
  assert.deepEqual(
    portionsOf(52, () => 100_000),
    [[50, 1, 1], 100_000],
  );
  const [portions, largest] = portionsOf(5_000, (user) => 1 + (user % 200));
  assert.ok(largest < 30_000 && portions.length < 40, `${portions.length} portions, ${largest} events`);
});
