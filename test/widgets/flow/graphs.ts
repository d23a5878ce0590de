// Graphs to lay out: made up, with a seed, so that each run sees the same.
import type { FlowTransition } from '../../../bff/contract/reading.ts';
import type { LayoutStep } from '../../../widgets/flow/geometry.ts';

/** Numbers from 0 to below 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

export function step(id: string, more: Partial<LayoutStep> = {}): LayoutStep {
  return { id, height: 50, isEntry: false, position: null, ...more };
}

export function transition(from: string | null, to: string, count = 10, defined = true): FlowTransition {
  return { from, to, count, users: count, defined, label: null };
}

/** A journey as hosts build them: forks, joins and links that skip rows, `count` steps. */
export function journeyGraph(
  count: number,
  seed = 7,
): { steps: LayoutStep[]; transitions: FlowTransition[] } {
  const random = randomFrom(seed);
  const steps = Array.from({ length: count }, (_, index) =>
    step(`step ${index}`, { height: index % 3 === 1 ? 78 : 50, isEntry: index === 0 }),
  );
  const transitions: FlowTransition[] = [];
  const name = (index: number) => `step ${Math.max(0, Math.min(count - 1, index))}`;
  for (let index = 1; index < count; index += 1) {
    transitions.push(
      transition(name(index - 1 - Math.floor(random() * 6)), name(index), 1 + Math.floor(random() * 900)),
    );
    if (random() < 0.3)
      transitions.push(transition(name(index), name(index + 1 + Math.floor(random() * 15))));
    if (random() < 0.05) transitions.push(transition(name(index), name(index - Math.floor(random() * 20))));
  }
  return { steps, transitions };
}

/** A mined log: a few steps that lead almost anywhere, none of it defined, counts from thousands to one. */
export function minedGraph(
  count = 16,
  links = 115,
  seed = 3,
): { steps: LayoutStep[]; transitions: FlowTransition[] } {
  const random = randomFrom(seed);
  const steps = Array.from({ length: count }, (_, index) => step(`activity ${index}`, { height: 78 }));
  const transitions = new Map<string, FlowTransition>();
  while (transitions.size < links) {
    const from = `activity ${Math.floor(random() * random() * count)}`;
    const to = `activity ${Math.floor(random() * count)}`;
    const strength = Math.floor(1_800 * random() ** 6) + 1;
    transitions.set(`${from} ${to}`, transition(from, to, strength, false));
  }
  return { steps, transitions: [transition(null, 'activity 0', 995, false), ...transitions.values()] };
}

export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomFrom(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
