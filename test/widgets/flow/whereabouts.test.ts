// Where all entries are now: each of them once, or nothing is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Flow } from '../../../bff/contract/index.ts';
import { whereaboutsOf, type Whereabouts } from '../../../widgets/flow/whereabouts.ts';
import { flowStep, type StepInput } from '../../fixtures/flow-steps.ts';
import { welcomeFlow } from '../../fixtures/flow-welcome.ts';

function sum(where: Whereabouts): number {
  const exits = where.exits.reduce((total, { count }) => total + count, 0);
  const { otherExits, convertedOnTheWay, leftOnTheWay, failed, waiting, held, notOnStep } = where;
  return exits + otherExits + convertedOnTheWay + leftOnTheWay + failed + waiting + held + notOnStep;
}

function flowOf(steps: readonly StepInput[], totalEntries: number, activeEntries: number): Flow {
  const totals = { totalEntries, entryUsers: totalEntries, activeEntries, totalExits: 0 };
  return { ...welcomeFlow, steps: steps.map(flowStep), transitions: [], totals };
}

test('the welcome journey adds up', () => {
  const where = whereaboutsOf(welcomeFlow);
  assert.ok(where);
  assert.equal(sum(where), 24_816);
  assert.deepEqual(
    where.exits.map(({ name, count, converted }) => [name, count, converted]),
    [
      ['No purchase', 9_883, false],
      ['Purchased', 6_040, true],
    ],
  );
  assert.equal(where.failed, 1_521);
  assert.equal(where.waiting + where.held, 4_440);
});

test('entries without a visit are on no step, active or not', () => {
  const where = whereaboutsOf(
    flowOf(
      [
        { stepId: 'a', type: 'push', metrics: { entryCount: 5, waiting: 2, droppedOff: 2, completed: 1 } },
        { stepId: 'b', type: 'exit', metrics: { entryCount: 1, droppedOff: 1, stoppedByFailure: 1 } },
      ],
      10,
      4,
    ),
  );
  assert.ok(where);
  assert.equal(where.notOnStep, 4);
  assert.equal(where.convertedOnTheWay, 1);
  assert.equal(where.leftOnTheWay, 2);
  assert.equal(where.failed, 1);
  assert.deepEqual(where.exits, []);
  assert.equal(sum(where), 10);
});

test('many exits: the largest by name, the others as one', () => {
  const steps = [5, 9, 7, 1, 2].map((droppedOff, index): StepInput => ({
    stepId: `e${index}`,
    type: 'exit',
    metrics: { entryCount: droppedOff, droppedOff },
  }));
  const where = whereaboutsOf(flowOf(steps, 24, 0));
  assert.deepEqual(
    where?.exits.map(({ count }) => count),
    [9, 7],
  );
  assert.equal(where?.otherExits, 8);
});

test('numbers that contradict each other say nothing', () => {
  const steps: StepInput[] = [{ stepId: 'a', type: 'wait', metrics: { entryCount: 5, waiting: 5 } }];
  assert.equal(whereaboutsOf(flowOf(steps, 4, 4)), null);
  assert.equal(whereaboutsOf(flowOf(steps, 9, 4)), null);
});

test('whatever the steps, the parts make the whole', () => {
  const counts = fc.record({
    type: fc.constantFrom('push', 'wait', 'exit', 'custom'),
    completed: fc.nat(50),
    left: fc.nat(50),
    failed: fc.nat(50),
    waiting: fc.nat(50),
    held: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 12 }), fc.nat(30), (given, nowhere) => {
      const steps = given.map(({ type, completed, left, failed, waiting, held }, index): StepInput => ({
        stepId: `s${index}`,
        type,
        metrics: {
          completed,
          droppedOff: left + failed,
          stoppedByFailure: failed,
          waiting: waiting + held,
          waitingHeld: held,
        },
      }));
      const waiting = given.reduce((total, one) => total + one.waiting + one.held, 0);
      const exited = given.reduce((total, one) => total + one.completed + one.left + one.failed, 0);
      const total = waiting + exited + nowhere;
      const where = whereaboutsOf(flowOf(steps, total, waiting + nowhere));
      assert.ok(where);
      assert.equal(sum(where), total);
      assert.equal(where.notOnStep, nowhere);
    }),
  );
});
