import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow, FlowTransition, Overview } from '../../../bff/contract/index.ts';
import { flowSignals, journeySignals, type StepSignal } from '../../../widgets/flow/signals.ts';
import { flowStep, type StepInput } from '../../fixtures/flow-steps.ts';
import { welcomeFlow } from '../../fixtures/flow-welcome.ts';

type Link = readonly [from: string | null, to: string, count: number, defined?: boolean];

interface Input {
  readonly steps: readonly StepInput[];
  readonly links?: readonly Link[];
  readonly previous?: readonly StepInput[];
  readonly totalEntries?: number;
}

function flowOf({ steps, links = [], previous, totalEntries = 0 }: Input): Flow {
  const range = { from: null, to: null, timeZone: 'UTC' };
  return {
    steps: steps.map((step) => flowStep(step)),
    transitions: links.map(([from, to, count, defined = true]): FlowTransition => ({
      from,
      to,
      count,
      users: count,
      defined,
      label: null,
    })),
    totals: { totalEntries, entryUsers: totalEntries, activeEntries: 0, totalExits: 0 },
    range,
    previous: previous ? { range, steps: previous.map((step) => flowStep(step)), transitions: [] } : null,
    asOf: '2026-11-23T14:32:00.000Z',
    pendingEvents: 0,
  };
}

const found = (input: Input) => flowSignals(flowOf(input)).map(({ kind, stepId }) => `${kind} ${stepId}`);

const push = (stepId: string, sentCount: number, failedCount: number, clickedCount = 0): StepInput => ({
  stepId,
  type: 'push',
  metrics: { sentCount, failedCount, clickedCount },
});

const step = (
  stepId: string,
  entryCount: number,
  droppedOff: number,
  type: StepInput['type'] = 'custom',
): StepInput => ({ stepId, type, metrics: { entryCount, droppedOff, movedOn: entryCount - droppedOff } });

const waits = (entryCount: number, waiting: number, type: StepInput['type']): StepInput => ({
  stepId: 'a',
  type,
  metrics: { entryCount, waiting, movedOn: entryCount - waiting },
});

const cases: readonly (readonly [string, Input, readonly string[]])[] = [
  ['99 attempts are too few', { steps: [push('a', 0, 99)] }, []],
  ['5 % failed is delivery trouble', { steps: [push('a', 95, 5)] }, ['deliveryTrouble a']],
  ['4 % failed is none, with nothing usual', { steps: [push('a', 96, 4)] }, []],
  [
    'twice what is usual in the channel, beyond chance',
    { steps: [push('a', 960, 40), push('b', 990, 10)] },
    ['deliveryTrouble a'],
  ],
  ['less than twice is not', { steps: [push('a', 970, 30), push('b', 980, 20)] }, []],
  ['twice by chance is not', { steps: [push('a', 97, 3), push('b', 985, 15)] }, []],
  ['below 2 % is not, however rare the usual', { steps: [push('a', 9_810, 190), push('b', 9_999, 1)] }, []],
  [
    'other channels are not its usual',
    {
      steps: [
        push('a', 960, 40),
        { stepId: 'b', type: 'email', metrics: { sentCount: 9_990, failedCount: 10 } },
      ],
    },
    [],
  ],
  [
    'compared, its own earlier share is the usual one',
    { steps: [push('a', 970, 30), push('b', 990, 10)], previous: [push('a', 972, 28)] },
    [],
  ],

  ['friction needs three steps', { steps: [step('a', 1_000, 0), step('b', 1_000, 900)] }, []],
  [
    'five times the median and 5 points above',
    { steps: [step('a', 1_000, 20), step('b', 1_000, 20), step('c', 1_000, 100)] },
    ['friction c'],
  ],
  [
    'less than five times is none',
    { steps: [step('a', 1_000, 20), step('b', 1_000, 20), step('c', 1_000, 99)] },
    [],
  ],
  [
    'less than 5 points above is none',
    { steps: [step('a', 1_000, 0), step('b', 1_000, 0), step('c', 1_000, 49)] },
    [],
  ],
  [
    '5 points above nothing is',
    { steps: [step('a', 1_000, 0), step('b', 1_000, 0), step('c', 1_000, 50)] },
    ['friction c'],
  ],
  [
    '20 points above are enough',
    { steps: [step('a', 1_000, 300), step('b', 1_000, 300), step('c', 1_000, 500)] },
    ['friction c'],
  ],
  [
    'an exit is where entries end',
    { steps: [step('a', 1_000, 0), step('b', 1_000, 0), step('d', 1_000, 0), step('c', 1_000, 900, 'exit')] },
    [],
  ],
  [
    '99 entries are too few',
    { steps: [step('a', 1_000, 0), step('b', 1_000, 0), step('d', 1_000, 0), step('c', 99, 99)] },
    [],
  ],

  [
    'half the usual clicks are low engagement',
    { steps: [push('a', 1_000, 0, 100), push('b', 1_000, 0, 200)] },
    ['lowEngagement a'],
  ],
  ['more than half are not', { steps: [push('a', 1_000, 0, 101), push('b', 1_000, 0, 200)] }, []],
  ['half by chance is not', { steps: [push('a', 100, 0, 2), push('b', 1_000, 0, 40)] }, []],
  ['one message step of its kind has no usual', { steps: [push('a', 1_000, 0, 0)] }, []],
  ['where clicks are not measured none are missed', { steps: [push('a', 1_000, 0), push('b', 900, 0)] }, []],
  [
    'an SMS has no clicks',
    {
      steps: [
        { stepId: 'a', type: 'sms', metrics: { sentCount: 1_000 } },
        { stepId: 'b', type: 'sms', metrics: { sentCount: 1_000, clickedCount: 500 } },
      ],
    },
    [],
  ],
  [
    'compared, its own earlier clicks are the usual ones',
    { steps: [push('a', 1_000, 0, 50)], previous: [push('a', 1_000, 0, 100)] },
    ['lowEngagement a'],
  ],

  ['20 % waiting is a pile-up', { steps: [waits(1_000, 200, 'email')] }, ['pileUp a']],
  ['19.9 % are none', { steps: [waits(1_000, 199, 'email')] }, []],
  ['a wait step holds half', { steps: [waits(1_000, 499, 'wait')] }, []],
  ['more than half are a pile-up there too', { steps: [waits(1_000, 500, 'wait')] }, ['pileUp a']],
  ['99 entries that wait are too few', { steps: [waits(99, 99, 'email')] }, []],

  [
    'a defined transition nobody took',
    {
      steps: [step('a', 100, 0), step('b', 50, 0), step('c', 50, 0)],
      links: [
        ['a', 'b', 100],
        ['a', 'c', 0],
        ['b', 'c', 0],
      ],
    },
    ['unusedTransition a'],
  ],
  [
    'a step nobody reached, and not again the transition to it',
    { steps: [step('a', 100, 0), step('b', 0, 0)], links: [['a', 'b', 0]], totalEntries: 100 },
    ['unreachedStep b'],
  ],
  ['99 entries reach no step for sure', { steps: [step('b', 0, 0)], totalEntries: 99 }, []],
  [
    'an undefined step of another range is not unreached',
    { steps: [{ ...step('b', 0, 0), undefinedStep: true }], totalEntries: 1_000 },
    [],
  ],

  [
    'a transition the definition does not have',
    {
      steps: [step('a', 1_000, 0), step('b', 1_000, 0)],
      links: [
        ['a', 'b', 990],
        ['a', 'c', 10, false],
      ],
    },
    ['undefinedTransition a'],
  ],
  [
    'less than 1 % of those that moved on is none',
    {
      steps: [step('a', 1_000, 0)],
      links: [
        ['a', 'b', 991],
        ['a', 'c', 9, false],
      ],
    },
    [],
  ],
  [
    'without a defined transition nothing is undefined',
    {
      steps: [step('a', 1_000, 0)],
      links: [
        [null, 'a', 1_000],
        ['a', 'c', 1_000, false],
      ],
    },
    [],
  ],
  [
    'a definition that explains less than half is not the plan',
    {
      steps: [step('a', 1_000, 0)],
      links: [
        ['a', 'b', 499],
        ['a', 'c', 501, false],
      ],
    },
    [],
  ],
  [
    'half is enough',
    {
      steps: [step('a', 1_000, 0)],
      links: [
        ['a', 'b', 500],
        ['a', 'c', 500, false],
      ],
    },
    ['undefinedTransition a'],
  ],
  ['no steps, no signals', { steps: [], totalEntries: 1_000 }, []],
];

for (const [name, input, expected] of cases) {
  test(name, () => {
    assert.deepEqual(found(input), expected);
  });
}

test('a platform in trouble is named where the step as a whole is not', () => {
  const steps = [
    {
      ...push('a', 960, 40),
      platforms: { android: { sentCount: 460, failedCount: 38 }, ios: { sentCount: 500, failedCount: 2 } },
    },
  ];
  const [signal] = flowSignals(flowOf({ steps }));
  assert.ok(signal?.kind === 'deliveryTrouble');
  assert.deepEqual([signal.platform, signal.count, signal.whole], ['android', 38, 498]);
});

test('tells the numbers behind it, and what they are held against', () => {
  const { steps } = welcomeFlow;
  const previous = {
    range: welcomeFlow.range,
    steps: steps.map((one) =>
      one.stepId === 'push'
        ? { ...one, platforms: { ...one.platforms, android: { ...one.platforms.android, failedCount: 325 } } }
        : one,
    ),
    transitions: [],
  };
  const [first] = flowSignals({ ...welcomeFlow, previous });
  assert.ok(first?.kind === 'deliveryTrouble');
  assert.deepEqual(
    [first.stepId, first.platform, first.count, first.whole],
    ['push', 'android', 918, 16_848],
  );
  assert.equal(first.rate.toFixed(1), '5.4');
  assert.deepEqual([first.usual?.source, first.usual?.rate.toFixed(1)], ['previous', '2.0']);
});

test('is worst first: losses, then weakness, then logic, then what is not final', () => {
  const overview = { metrics: { exitsWindowOpen: 1_106 } } as Overview; // all that is read of it
  const kinds = journeySignals(welcomeFlow, overview).map(({ kind, stepId }) => `${kind} ${stepId}`);
  assert.deepEqual(kinds, [
    'deliveryTrouble push',
    'friction mailB',
    'friction reminder',
    'deliveryTrouble reminder',
    'rateNotFinal null',
  ]);
  const steps = [
    step('a', 1_000, 0),
    step('b', 1_000, 0),
    step('c', 1_000, 0),
    waits(1_000, 300, 'email'),
    push('d', 800, 200),
    step('e', 0, 0),
  ].map((one, at) => (one.type === 'email' ? { ...one, stepId: `wait${at}` } : one));
  const mixed = flowSignals(
    flowOf({
      steps,
      links: [
        ['a', 'b', 0],
        ['a', 'c', 1_000],
      ],
      totalEntries: 1_000,
    }),
  );
  assert.deepEqual(
    mixed.map(({ kind }) => kind),
    ['deliveryTrouble', 'pileUp', 'unusedTransition', 'unreachedStep', 'unreachedStep'],
  );
});

test('a rate is final when no window is open, and without numbers there are no signals', () => {
  assert.deepEqual(journeySignals(undefined, { metrics: { exitsWindowOpen: 0 } } as Overview), []);
  assert.deepEqual(journeySignals(undefined, undefined), []);
});

test('every number is finite, whatever comes', () => {
  const odd: StepInput[] = [
    {
      stepId: 'a',
      type: 'push',
      metrics: { entryCount: 100, droppedOff: 400, clickedCount: 900, sentCount: 100 },
    },
    { stepId: 'b', type: 'push', metrics: { entryCount: 0, waiting: 50, failedCount: 100 } },
    step('c', 500, 0),
    step('d', 500, 0),
  ];
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  const numbersOf = (signal: StepSignal) => Object.values(signal).filter(isNumber);
  const signals = flowSignals(flowOf({ steps: odd, links: [['a', 'gone', 7, false]], totalEntries: 1e9 }));
  assert.ok(signals.length > 0);
  for (const signal of signals) for (const value of numbersOf(signal)) assert.ok(Number.isFinite(value));
});
