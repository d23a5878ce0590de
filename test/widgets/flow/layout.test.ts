import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  linkKey,
  linksOf,
  type Box,
  type FlowLink,
  type LayoutStep,
} from '../../../widgets/flow/geometry.ts';
import { layoutFlow, type FlowLayout, type LayoutOptions } from '../../../widgets/flow/layout.ts';
import { chooseLinks } from '../../../widgets/flow/visible-links.ts';
import type { FlowTransition } from '../../../bff/contract/reading.ts';
import { journeyGraph, minedGraph, shuffled, step, transition } from './graphs.ts';

function lay(
  { steps, transitions }: { steps: readonly LayoutStep[]; transitions: readonly FlowTransition[] },
  options: LayoutOptions = {},
): { layout: FlowLayout; links: readonly FlowLink[] } {
  const links = linksOf(
    steps.map(({ id }) => id),
    transitions,
  );
  return { layout: layoutFlow(steps, links, options), links };
}

function assertNoOverlap(layout: FlowLayout): void {
  const boxes = [...layout.boxes];
  boxes.forEach(([id, a], index) => {
    for (const [other, b] of boxes.slice(index + 1)) {
      assert.ok(apart(a, b), `${id} lies on ${other}: ${JSON.stringify([a, b])}`);
    }
    assert.ok(a.x >= 0 && a.y >= 0, `${id} begins inside the picture`);
    assert.ok(
      a.x + a.width <= layout.frame.width && a.y + a.height <= layout.frame.height,
      `${id} ends inside it`,
    );
  });
}

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

const graphs = {
  'one step': { steps: [step('a')], transitions: [] },
  'a step that leads to itself': { steps: [step('a')], transitions: [transition('a', 'a')] },
  'two steps in a ring': {
    steps: [step('a'), step('b')],
    transitions: [transition('a', 'b'), transition('b', 'a')],
  },
  'steps without links': {
    steps: Array.from({ length: 30 }, (_, index) => step(`${index}`)),
    transitions: [],
  },
  'a fan of 60': {
    steps: [step('a'), ...Array.from({ length: 60 }, (_, index) => step(`${index}`))],
    transitions: Array.from({ length: 60 }, (_, index) => transition('a', `${index}`)),
  },
  'a journey of 60 steps': journeyGraph(60),
  'a mined log': minedGraph(),
  'a journey with orphans': {
    ...journeyGraph(20),
    steps: [...journeyGraph(20).steps, step('lost'), step('alone')],
  },
  'every step given the same place': {
    steps: Array.from({ length: 12 }, (_, index) => step(`${index}`, { position: { x: 5, y: 5 } })),
    transitions: [transition('0', '1'), transition('1', '0')],
  },
};

for (const [name, graph] of Object.entries(graphs)) {
  for (const options of [
    {},
    { direction: 'right' },
    { mirrored: true },
    { direction: 'right', mirrored: true },
  ] as const) {
    test(`${name}, ${JSON.stringify(options)}: no step lies on another or outside`, () => {
      const { layout } = lay(graph, options);
      assert.equal(layout.boxes.size, graph.steps.length);
      assertNoOverlap(layout);
    });
  }
}

test('no steps: an empty picture', () => {
  const { layout } = lay({ steps: [], transitions: [] });
  assert.equal(layout.boxes.size, 0);
  assert.ok(Number.isFinite(layout.frame.width) && Number.isFinite(layout.frame.height));
});

test('a step stands as many rows down as its longest way from the entry', () => {
  const { layout } = lay({
    steps: ['a', 'b', 'c', 'd'].map((id) => step(id)),
    transitions: [transition('a', 'b'), transition('b', 'c'), transition('a', 'c'), transition('c', 'd')],
  });
  const tops = ['a', 'b', 'c', 'd'].map((id) => layout.boxes.get(id)?.y ?? 0);
  assert.deepEqual(
    tops,
    tops.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(tops).size, 4);
  const ways = layout.waypoints.get(linkKey('a', 'c')) ?? [];
  assert.equal(ways.length, 1, 'the link that skips b passes beside it');
  assert.ok(Math.abs((ways[0]?.centre ?? 0) - (layout.places.get('b')?.centre ?? 0)) > 120);
});

test('a fork stands over the mean of what follows', () => {
  const { layout } = lay({
    steps: ['a', 'left', 'right'].map((id) => step(id)),
    transitions: [transition('a', 'left'), transition('a', 'right')],
  });
  const centre = (id: string) => layout.places.get(id)?.centre ?? 0;
  assert.equal(centre('a'), (centre('left') + centre('right')) / 2);
  assert.equal(centre('right') - centre('left'), 332);
});

test('no forward link passes through a step', () => {
  const { layout, links } = lay(journeyGraph(80));
  for (const { key } of links) {
    for (const way of layout.waypoints.get(key) ?? []) {
      for (const [id, place] of layout.places) {
        const beside = Math.abs(way.centre - place.centre) >= place.half + 20;
        assert.ok(
          beside || place.start >= way.rowEnd || place.end <= way.rowStart,
          `${key} passes through ${id}`,
        );
      }
    }
  }
});

test('loops run in lanes outside all steps, the shortest nearest', () => {
  const chain = ['a', 'b', 'c', 'd', 'e'];
  const { layout } = lay({
    steps: chain.map((id) => step(id)),
    transitions: [
      ...chain.slice(1).map((id, index) => transition(chain[index] ?? '', id)),
      transition('e', 'a'),
      transition('c', 'b'),
      transition('d', 'd'),
    ],
  });
  const edge = layout.boxes.get('a')?.x ?? 0;
  assert.deepEqual(
    [...layout.lanes],
    [
      [linkKey('c', 'b'), edge - 44],
      [linkKey('e', 'a'), edge - 64],
    ],
  );
});

test('defined loops are told by the definition: numbers that arrive move nothing', () => {
  const steps = ['a', 'b', 'c'].map((id) => step(id));
  const numbers = [
    [10, 10, 0],
    [10, 2, 900],
  ] as const;
  const [before, after] = numbers.map(([ab, bc, ca]) =>
    lay({
      steps,
      transitions: [transition('a', 'b', ab), transition('b', 'c', bc), transition('c', 'a', ca)],
    }),
  );
  assert.deepEqual(after?.layout.boxes, before?.layout.boxes);
});

test('of two links that contradict each other in a mined log, the stronger goes forward', () => {
  const { layout } = lay({
    steps: [step('a'), step('b')],
    transitions: [transition('a', 'b', 3, false), transition('b', 'a', 8, false)],
  });
  assert.ok((layout.places.get('b')?.end ?? 0) < (layout.places.get('a')?.start ?? 0));
});

test('the order of the answer does not matter', () => {
  for (const graph of [journeyGraph(60), minedGraph()]) {
    const expected = lay(graph).layout;
    for (const seed of [1, 2, 3]) {
      assert.deepEqual(lay({ ...graph, transitions: shuffled(graph.transitions, seed) }).layout, expected);
    }
  }
});

test('hostile ids are ids like others', () => {
  const ids = ['__proto__', 'constructor', 'toString', '', '1>2', '<img src=x onerror=alert(1)>'];
  const { layout, links } = lay({
    steps: ids.map((id) => step(id)),
    transitions: ids.slice(1).map((id, index) => transition(ids[index] ?? '', id)),
  });
  assert.deepEqual([...layout.boxes.keys()], ids);
  assert.equal(links.length, ids.length - 1);
  assertNoOverlap(layout);
});

test('places of the definition are used when all steps have one, spread until none overlap', () => {
  const given = [
    step('a', { position: { x: -100, y: 0 } }),
    step('b', { position: { x: 20, y: 0 } }),
    step('c', { position: { x: -40, y: 90 } }),
  ];
  const transitions = [transition('a', 'c'), transition('b', 'c')];
  const { layout } = lay({ steps: given, transitions });
  assertNoOverlap(layout);
  const boxOf = (id: string): Box => {
    const box = layout.boxes.get(id);
    assert.ok(box);
    return box;
  };
  const [a, b, c] = [boxOf('a'), boxOf('b'), boxOf('c')];
  assert.equal(a.y, b.y, 'what stood in a row still does');
  assert.ok(Math.abs((c.x - a.x) / (b.x - a.x) - 0.5) < 1e-9, 'what stood half way still does');
  assert.equal(layout.lanes.size, 0);
  const turned = lay({ steps: given, transitions }, { mirrored: true }).layout;
  assert.ok(
    (turned.boxes.get('a')?.x ?? 0) < (turned.boxes.get('b')?.x ?? 0),
    'right to left does not turn them round',
  );
  const partly = lay({ steps: [...given, step('d')], transitions }).layout;
  assert.equal(partly.boxes.get('a')?.y, partly.boxes.get('b')?.y);
  assert.ok((partly.boxes.get('c')?.y ?? 0) > (partly.boxes.get('a')?.y ?? 0));
});

test('1,000 steps are laid out within a second, and 200 within the time of a first paint', () => {
  for (const [count, limit] of [
    [200, 200],
    [1_000, 1_000],
  ] as const) {
    const graph = journeyGraph(count);
    const began = performance.now();
    const { layout } = lay(graph);
    const took = performance.now() - began;
    assert.equal(layout.boxes.size, count);
    assert.ok(took < limit, `${count} steps took ${Math.round(took)} ms`);
  }
});

test('a chain of 1,000 steps that can all leave at once stays bounded', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `${index}`);
  const began = performance.now();
  const { layout, links } = lay({
    steps: ids.map((id) => step(id)),
    transitions: ids
      .slice(1)
      .flatMap((id, index) => [transition(`${index}`, id), transition(`${index}`, '999')]),
  });
  assert.ok(performance.now() - began < 1_500);
  assert.equal(
    layout.waypoints.size + layout.lanes.size,
    links.length,
    'each link passes between steps or outside',
  );
  assert.ok(layout.lanes.size > 0);
});

test('a mined log: a picture that can be read, and all that is left out is counted', () => {
  const { steps, transitions } = minedGraph();
  const links = linksOf(
    steps.map(({ id }) => id),
    transitions,
  );
  const { drawn, hidden } = chooseLinks(steps.length, links);
  assert.equal(drawn.length + hidden.length, links.length);
  assert.ok(drawn.length <= 3 * steps.length && hidden.length > 0);
  const strongest = links.toSorted((a, b) => b.count - a.count)[0];
  assert.ok(strongest && drawn.includes(strongest));
  for (const { id } of steps) {
    const has = (list: readonly FlowLink[], end: 'from' | 'to') =>
      list.some((link) => link[end] === id && link.from !== link.to);
    for (const end of ['from', 'to'] as const) {
      assert.equal(has(drawn, end), has(links, end), `${id} keeps a link that has it as its ${end}`);
    }
  }
});

test('every defined link is drawn, also one that nobody took', () => {
  const links = linksOf(
    ['a', 'b', 'c'],
    [
      transition('a', 'b', 0),
      transition('b', 'c', 5),
      transition('c', 'a', 1, false),
      transition('a', 'c', 1, false),
    ],
  );
  const { drawn } = chooseLinks(3, links);
  assert.ok(links.filter(({ defined }) => defined).every((link) => drawn.includes(link)));
});
