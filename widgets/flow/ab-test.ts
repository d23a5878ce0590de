// Whether the variants of a split convert differently, by more than chance explains, and whether the split went as planned.
import type { FlowStep } from '../../bff/contract/index.ts';
import {
  chiSquareTail,
  newcombeInterval,
  twoSidedBound,
  wilsonInterval,
  z95,
  type Interval,
  type Proportion,
} from './proportions.ts';

/** A split that differs from its plan more than once in a hundred by chance is not trusted. */
const unplannedBelow = 0.01;
/** Chance may name a winner once in twenty, over all pairs of a test together. */
const falseWinners = 0.05;

export interface Variant {
  readonly outcome: string;
  readonly users: number;
  readonly convertedUsers: number;
  /** 0 to 1; null when nobody had it. */
  readonly rate: number | null;
  /** Of the rate, 95 %. */
  readonly interval: Interval;
}

/** A variant beside another one; `difference` and `interval` are of its rate less the other's. */
export interface Comparison {
  readonly outcome: string;
  readonly with: string;
  readonly difference: number;
  readonly interval: Interval;
}

export interface AbTest {
  readonly variants: readonly Variant[];
  /** Each variant that somebody had beside the first of them. */
  readonly comparisons: readonly Comparison[];
  /** The variant that converts better than each other one, beside the next best. */
  readonly winner: Comparison | null;
  /** Undefined without a plan, or when nobody came. */
  readonly split: { readonly asPlanned: boolean; readonly likelihood: number } | undefined;
}

type Outcomes = FlowStep['outcomes'];

const proportionOf = ({ convertedUsers, users }: Variant): Proportion => ({
  count: convertedUsers,
  whole: users,
});

function variantsOf(names: readonly string[], outcomes: Outcomes): Variant[] {
  return names.map((outcome) => {
    const counted = Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : undefined;
    const users = counted?.users ?? 0;
    const convertedUsers = Math.min(users, counted?.convertedUsers ?? 0);
    return {
      outcome,
      users,
      convertedUsers,
      rate: users > 0 ? convertedUsers / users : null,
      interval: wilsonInterval(convertedUsers, users),
    };
  });
}

function compare(one: Variant, other: Variant, z: number): Comparison {
  return {
    outcome: one.outcome,
    with: other.outcome,
    difference: (one.rate ?? 0) - (other.rate ?? 0),
    interval: newcombeInterval(proportionOf(one), proportionOf(other), z),
  };
}

/**
 * How likely counts as far from their weights are by chance; null when there is nothing to compare. Counts where the plan
 * gives nothing are never by chance.
 */
export function splitLikelihood(
  counts: readonly { readonly count: number; readonly weight: number }[],
): number | null {
  const planned = counts.filter(({ weight }) => weight > 0);
  const total = planned.reduce((sum, { count }) => sum + count, 0);
  if (counts.some(({ count, weight }) => weight <= 0 && count > 0)) return 0;
  if (planned.length < 2 || total === 0) return null;
  const weights = planned.reduce((sum, { weight }) => sum + weight, 0);
  let chiSquare = 0;
  for (const { count, weight } of planned) {
    const expected = (total * weight) / weights;
    chiSquare += (count - expected) ** 2 / expected;
  }
  return chiSquareTail(chiSquare, planned.length - 1);
}

/**
 * By entries and by users, and the likelier of the two counts: a test that draws for each entry bends the users' shares
 * towards equal ones, and one that keeps a user's variant makes entries differ by more than chance. Neither is an error.
 */
function splitOf({ variants, outcomes }: FlowStep): AbTest['split'] {
  if (!variants || variants.length < 2) return undefined;
  const likelihoods = (['count', 'users'] as const).map((counted) =>
    splitLikelihood(
      variants.map(({ outcome, weight }) => ({
        count: Object.hasOwn(outcomes, outcome) ? (outcomes[outcome]?.[counted] ?? 0) : 0,
        weight,
      })),
    ),
  );
  const known = likelihoods.filter((likelihood) => likelihood !== null);
  if (known.length === 0) return undefined;
  const likelihood = Math.max(...known);
  return { asPlanned: likelihood >= unplannedBelow, likelihood };
}

/** Undefined for a step that compares nothing: no split, or one whose variants nobody had. */
export function abTest(step: FlowStep): AbTest | undefined {
  if (step.type !== 'split') return undefined;
  const names = step.variants?.map(({ outcome }) => outcome) ?? Object.keys(step.outcomes).toSorted();
  const variants = variantsOf([...new Set(names)], step.outcomes);
  const measured = variants.filter(({ rate }) => rate !== null);
  const [first, ...others] = measured;
  const split = splitOf(step);
  if (!first || (others.length === 0 && !split)) return undefined;
  const pairs = Math.max(1, (measured.length * (measured.length - 1)) / 2);
  const z = pairs === 1 ? z95 : twoSidedBound(falseWinners / pairs);
  const [best, ...rest] = measured.toSorted((a, b) => (b.rate ?? 0) - (a.rate ?? 0));
  const beaten = best ? rest.map((other) => compare(best, other, z)) : [];
  const wins = split?.asPlanned !== false && beaten.every(({ interval }) => interval.low > 0);
  return {
    variants,
    comparisons: others.map((other) => compare(other, first, z)),
    winner: (wins ? beaten[0] : undefined) ?? null,
    split,
  };
}
