import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowTransition } from '../../../bff/contract/reading.ts';
import { sideBySide } from '../../../widgets/flow/band-ends.ts';
import { bandScale, bandWidth } from '../../../widgets/flow/bands.ts';
import { linkKey, linksOf, type LayoutStep } from '../../../widgets/flow/geometry.ts';
import { layoutFlow, type LayoutOptions } from '../../../widgets/flow/layout.ts';
import { labelWidth, placeLabels } from '../../../widgets/flow/label-spots.ts';
import { drawLinks, drawStub, type DrawnLink } from '../../../widgets/flow/links.ts';
import { moveOf, stepAfter } from '../../../widgets/flow/navigation.ts';
import { wholeShares } from '../../../widgets/flow/shares.ts';
import { traceStep } from '../../../widgets/flow/trace.ts';
import { chooseLinks } from '../../../widgets/flow/visible-links.ts';
import { journeyGraph, minedGraph, step, transition } from './graphs.ts';

function draw(
  steps: readonly LayoutStep[],
  transitions: readonly FlowTransition[],
  totalEntries: number,
  options: LayoutOptions = {},
) {
  const stepIds = steps.map(({ id }) => id);
  const links = linksOf(stepIds, transitions);
  const layout = layoutFlow(steps, links, options);
  const scale = bandScale(
    totalEntries,
    links.map(({ count }) => count),
  );
  const drawn = drawLinks(layout, links, links, scale);
  const of = (from: string, to: string): DrawnLink => {
    const found = drawn.find(({ link }) => link.key === linkKey(from, to));
    assert.ok(found);
    return found;
  };
  return { stepIds, links, layout, drawn, scale, of };
}

const named = (...ids: string[]) => ids.map((id) => step(id));

test('twice the entries is twice the width', () => {
  const { of } = draw(named('a', 'b', 'c'), [transition('a', 'b', 1_000), transition('a', 'c', 500)], 1_500);
  assert.equal(of('a', 'b').width, (28 * 1_000) / 1_500);
  assert.equal(of('a', 'b').width, 2 * of('a', 'c').width);
});

test('few are still seen, nobody is no band, and no entries are no error', () => {
  const scale = bandScale(100_000, [1, 0]);
  assert.deepEqual([bandWidth(1, scale), bandWidth(0, scale)], [1.5, 0]);
  const { of } = draw(named('a', 'b'), [transition('a', 'b', 0)], 0);
  assert.equal(of('a', 'b').width, 0);
  assert.doesNotMatch(of('a', 'b').path, /NaN|Infinity/);
});

test('steps visited again and again shrink all bands alike', () => {
  const scale = bandScale(10, [100_000, 50_000]);
  assert.equal(bandWidth(100_000, scale), 64);
  assert.equal(bandWidth(50_000, scale), 32);
});

test('bands on one side lie next to each other, 3 px apart, around the middle', () => {
  const [first = 0, second = 0, third = 0] = sideBySide([10, 4, 2], 240);
  assert.equal(second - first, 5 + 3 + 2);
  assert.equal(third - second, 2 + 3 + 1);
  assert.equal(first - 5, -(third + 1));
  const squeezed = sideBySide(
    Array.from({ length: 40 }, () => 20),
    240,
  );
  assert.ok(Math.max(...squeezed) < 120 && Math.min(...squeezed) > -120);
});

test('bands leave in the order of where they lead, so that two of one fork never cross', () => {
  const { layout, drawn } = draw(
    named('a', 'x', 'y', 'z'),
    [transition('a', 'x', 5), transition('a', 'y', 900), transition('a', 'z', 95)],
    1_000,
  );
  const startOf = ({ path }: DrawnLink) => Number(/^M([\d.]+),/.exec(path)?.[1]);
  const byTarget = drawn.toSorted(
    (a, b) => (layout.places.get(a.link.to)?.centre ?? 0) - (layout.places.get(b.link.to)?.centre ?? 0),
  );
  const starts = byTarget.map(startOf);
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => a - b),
  );
});

test('the shares of a fork add up to 100, hidden links and loops included', () => {
  for (const counts of [
    [1, 1, 1],
    [6_230, 16_180],
    [1, 2, 3, 5, 7, 11],
    [0, 4],
  ]) {
    assert.equal(
      wholeShares(counts).reduce((sum, share) => sum + share, 0),
      1_000,
    );
  }
  assert.deepEqual(wholeShares([6_230, 16_180]), [278, 722]);
  assert.deepEqual(wholeShares([0, 0]), [0, 0]);
  const { drawn } = draw(
    named('a', 'b', 'c'),
    [transition('a', 'a', 1), transition('a', 'b', 1), transition('a', 'c', 1), transition('c', 'a', 7)],
    3,
  );
  const ofA = drawn.filter(({ link }) => link.from === 'a').map(({ share }) => share);
  assert.equal(
    ofA.reduce((sum, share) => sum + share, 0),
    1_000,
  );
});

test('only forks of the definition are labelled at all times', () => {
  const { of } = draw(
    named('a', 'b', 'c', 'd'),
    [transition('a', 'b'), transition('a', 'c'), transition('b', 'd'), transition('b', 'c', 1, false)],
    10,
  );
  assert.deepEqual(
    [of('a', 'b'), of('a', 'c'), of('b', 'd'), of('b', 'c')].map(({ labelled }) => labelled),
    [true, true, false, false],
  );
});

test('a link back has no band and its arrow points into the side', () => {
  const { of, layout } = draw(
    named('a', 'b', 'c'),
    [transition('a', 'b'), transition('b', 'c'), transition('c', 'a', 4)],
    10,
  );
  const back = of('c', 'a');
  const box = layout.boxes.get('a');
  assert.equal(back.kind, 'back');
  assert.equal(back.width, 0);
  assert.ok(box && back.path.endsWith(`L${box.x},${box.y + box.height / 2}`), back.path);
});

test('a link from a step to itself stays beside it', () => {
  const { of, layout } = draw(named('a', 'b'), [transition('a', 'a', 3), transition('a', 'b')], 10);
  const loop = of('a', 'a');
  const box = layout.boxes.get('a');
  assert.equal(loop.kind, 'back');
  assert.ok(box && loop.path.includes(`${box.x - 20},`), loop.path);
  assert.equal(layout.lanes.size, 0);
});

test('a stub is as wide as its drop-off, at least 2, and absent at zero', () => {
  const { layout, scale } = draw(named('a', 'b'), [transition('a', 'b', 90)], 100);
  const box = layout.boxes.get('a');
  assert.ok(box);
  assert.equal(drawStub(layout, 'a', 50, scale)?.box.height, 14);
  assert.equal(drawStub(layout, 'a', 1, scale)?.box.height, 2);
  assert.equal(drawStub(layout, 'a', 1, scale)?.box.x, box.x + box.width);
  assert.equal(drawStub(layout, 'a', 0, scale), null);
  const mirrored = draw(named('a', 'b'), [transition('a', 'b', 90)], 100, { mirrored: true }).layout;
  const stub = drawStub(mirrored, 'a', 50, scale);
  assert.equal((stub?.box.x ?? 0) + (stub?.box.width ?? 0), mirrored.boxes.get('a')?.x);
});

test('links drawn for a while, which the layout does not know, are drawn too', () => {
  const { steps, transitions } = minedGraph();
  const links = linksOf(
    steps.map(({ id }) => id),
    transitions,
  );
  const layout = layoutFlow(steps, chooseLinks(steps.length, links).drawn);
  const drawn = drawLinks(layout, links, links, 1_000);
  assert.equal(drawn.length, links.length);
  for (const { path, tip, label } of drawn) {
    assert.doesNotMatch(path + tip, /NaN|Infinity|undefined/);
    assert.ok(Number.isFinite(label.x) && Number.isFinite(label.y));
  }
});

test('all links of a large journey have a path in both directions', () => {
  const { steps, transitions } = journeyGraph(300);
  for (const options of [{}, { direction: 'right', mirrored: true }] as const) {
    const { drawn, links } = draw(steps, transitions, 900, options);
    assert.equal(drawn.length, links.length);
    assert.ok(drawn.every(({ path }) => /^M[-\d.,LCQ ]+$/.test(path)));
  }
});

test('a step traces what leads to it and where it leads, not what lies beside it', () => {
  const links = linksOf(
    ['a', 'b', 'c', 'd', 'e'],
    [
      transition('a', 'b'),
      transition('a', 'c'),
      transition('b', 'd'),
      transition('c', 'd'),
      transition('d', 'e'),
      transition('e', 'a'),
    ],
  );
  const trace = traceStep('b', links, ({ key }) => key === linkKey('e', 'a'));
  assert.deepEqual([...trace.steps].toSorted(), ['a', 'b', 'd', 'e']);
  assert.deepEqual(
    [...trace.links].toSorted(),
    [linkKey('a', 'b'), linkKey('b', 'd'), linkKey('d', 'e')].toSorted(),
  );
});

test('keys follow the links, widest first, and go along the row', () => {
  const { layout, links, stepIds } = draw(
    named('a', 'b', 'c', 'd'),
    [transition('a', 'b', 1), transition('a', 'c', 9), transition('b', 'd', 1), transition('c', 'd', 9)],
    10,
  );
  const press = (current: string, key: string) => {
    const move = moveOf(key, layout);
    return move && stepAfter(layout, links, stepIds, current, move);
  };
  assert.equal(press('a', 'ArrowDown'), 'c');
  assert.equal(press('d', 'ArrowUp'), 'c');
  assert.equal(press('c', 'ArrowLeft'), 'b');
  assert.equal(press('b', 'ArrowRight'), 'c');
  assert.equal(press('b', 'ArrowLeft'), undefined);
  assert.equal(press('c', 'Home'), 'a');
  assert.equal(press('a', 'End'), 'd');
  assert.equal(press('a', 'x'), undefined);
  assert.equal(press('a', 'constructor'), undefined);
});

test('keys are mirrored from right to left, and turn with the flow', () => {
  const transitions = [transition('a', 'b', 1), transition('a', 'c', 9)];
  const mirrored = draw(named('a', 'b', 'c'), transitions, 10, { mirrored: true }).layout;
  assert.equal(moveOf('ArrowLeft', mirrored), 'after');
  assert.equal(moveOf('ArrowDown', mirrored), 'onward');
  const right = draw(named('a', 'b', 'c'), transitions, 10, { direction: 'right' }).layout;
  assert.equal(moveOf('ArrowRight', right), 'onward');
  assert.equal(moveOf('ArrowDown', right), 'after');
  const both = draw(named('a', 'b', 'c'), transitions, 10, { direction: 'right', mirrored: true }).layout;
  assert.equal(moveOf('ArrowLeft', both), 'onward');
});

test('two labels of one gap that would touch stand at different heights of their links', () => {
  const wishes = [-200, 0, 200].map((cross, index) => ({
    key: `${index}`,
    from: { main: 0, cross: 0 },
    to: { main: 60, cross },
    characters: 25,
  }));
  const spots = [...placeLabels(wishes, 'down').values()];
  spots.forEach((a, index) => {
    for (const b of spots.slice(index + 1)) {
      const apart = Math.abs(a.cross - b.cross) >= labelWidth(25) || Math.abs(a.main - b.main) >= 20;
      assert.ok(apart, JSON.stringify([a, b]));
    }
  });
  const short = placeLabels(
    wishes.map((wish) => ({ ...wish, characters: 8 })),
    'down',
  );
  assert.deepEqual(
    [...short.values()].map(({ main }) => main),
    [30, 30, 30],
  );
});
