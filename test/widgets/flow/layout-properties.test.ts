// Any graph at all is laid out in finite numbers, without a step on another, the same each time, and no link that runs with the
// flow passes through a step.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { FlowTransition } from '../../../bff/contract/reading.ts';
import { linksOf, type LayoutStep } from '../../../widgets/flow/geometry.ts';
import { layoutFlow, type FlowLayout } from '../../../widgets/flow/layout.ts';
import { step, transition } from './graphs.ts';

interface Graph {
  readonly steps: readonly LayoutStep[];
  readonly transitions: readonly FlowTransition[];
}

/** Ids that careless code trips over are among them. */
const idOf = (index: number) => ['__proto__', 'constructor', 'a b', ''][index] ?? `step ${index}`;

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 30 }).chain((count) => {
  const place = fc.integer({ min: 0, max: count - 1 });
  return fc.record({
    steps: fc
      .array(fc.record({ high: fc.boolean(), isEntry: fc.boolean() }), { minLength: count, maxLength: count })
      .map((all) =>
        all.map(({ high, isEntry }, index) => step(idOf(index), { height: high ? 78 : 50, isEntry })),
      ),
    transitions: fc
      .array(fc.tuple(place, place, fc.integer({ min: 0, max: 5_000 }), fc.boolean()), { maxLength: 60 })
      .map((all) => all.map(([from, to, many, defined]) => transition(idOf(from), idOf(to), many, defined))),
  });
});

const directions = fc.constantFrom('down' as const, 'right' as const);

function lay({ steps, transitions }: Graph, direction: 'down' | 'right') {
  const links = linksOf(
    steps.map(({ id }) => id),
    transitions,
  );
  return { links, layout: layoutFlow(steps, links, { direction }) };
}

const boxesOf = (layout: FlowLayout) => [...layout.boxes].toSorted(([a], [b]) => (a < b ? -1 : 1));

test('every step has a finite place, and none lies on another', () => {
  fc.assert(
    fc.property(graphs, directions, (graph, direction) => {
      const { layout } = lay(graph, direction);
      const boxes = [...layout.boxes.values()];
      assert.equal(boxes.length, graph.steps.length);
      for (const [index, a] of boxes.entries()) {
        for (const number of [a.x, a.y, a.width, a.height]) assert.ok(Number.isFinite(number));
        for (const b of boxes.slice(index + 1)) {
          assert.ok(
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
          );
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('the same graph is laid out the same, in whatever order its transitions come', () => {
  fc.assert(
    fc.property(graphs, directions, fc.integer(), (graph, direction, seed) => {
      const order = graph.transitions.map((_, index) => ((index + 1) * 7_919 + seed) % 104_729);
      const others = graph.transitions
        .map((each, index) => ({ each, place: order[index] ?? 0 }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ each }) => each);
      // Two transitions of one pair are one; which of them comes first may not matter to a graph without such pairs.
      const pairs = new Set(others.map(({ from, to }) => `${from}\0${to}`));
      fc.pre(pairs.size === others.length);
      const shuffled = lay({ steps: graph.steps, transitions: others }, direction);
      assert.deepEqual(boxesOf(shuffled.layout), boxesOf(lay(graph, direction).layout));
    }),
    { numRuns: 200 },
  );
});

test('no forward link passes through a step', () => {
  fc.assert(
    fc.property(graphs, directions, (graph, direction) => {
      const { layout, links } = lay(graph, direction);
      for (const { key } of links) {
        for (const way of layout.waypoints.get(key) ?? []) {
          for (const place of layout.places.values()) {
            const isBeside = Math.abs(way.centre - place.centre) >= place.half;
            assert.ok(isBeside || place.start >= way.rowEnd || place.end <= way.rowStart);
          }
        }
      }
    }),
    { numRuns: 200 },
  );
});
