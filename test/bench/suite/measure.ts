// Times, medians with their spread, and what a benchmark finds.

/** Several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
  return { median, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN, runs: sorted.length };
}

/** What the product promises of a figure: at least or at most so much. */
export interface Promised {
  readonly at: 'least' | 'most';
  readonly limit: number;
}

export type Unit = 'ratio' | 'ms' | 's' | 'MB' | 'events/s' | 'requests/s' | 'rows/s';

/** One line of the report. */
export interface Figure {
  readonly theme: string;
  readonly users: number;
  /** What was asked or done. */
  readonly name: string;
  /** What it is held against; absent for a figure that stands alone. */
  readonly peer?: string;
  /** Ours and the peer's, in the unit in which they were measured. */
  readonly ours?: Spread;
  readonly theirs?: Spread;
  readonly measuredIn: Unit;
  /** The figure itself: the ratio of the two of each run, or what stands alone. */
  readonly value: Spread;
  readonly unit: Unit;
  readonly promised?: Promised;
}

export function isKept({ value, promised }: Figure): boolean {
  if (!promised) return true;
  return promised.at === 'least' ? value.median >= promised.limit : value.median <= promised.limit;
}

/** A figure that is ours of each run by the peer's of the same run. */
export function ratioOf(
  what: Pick<Figure, 'theme' | 'users' | 'name' | 'measuredIn'> & { peer: string; promised?: Promised },
  ours: readonly number[],
  theirs: readonly number[],
): Figure {
  const ratios = ours.map((value, run) => value / (theirs[run] ?? NaN));
  return { ...what, ours: spreadOf(ours), theirs: spreadOf(theirs), value: spreadOf(ratios), unit: 'ratio' };
}

/** A figure that stands alone. */
export function alone(
  what: Pick<Figure, 'theme' | 'users' | 'name'> & { promised?: Promised },
  values: readonly number[],
  unit: Unit,
): Figure {
  return { ...what, value: spreadOf(values), measuredIn: unit, unit };
}

/** Runs something and says how long it took, in milliseconds, and what came of it. */
export async function timed<Result>(run: () => Promise<Result>): Promise<readonly [number, Result]> {
  const started = performance.now();
  const result = await run();
  return [performance.now() - started, result];
}

/** Keys whose numbers differ between two answers, with both; empty when they say the same. */
export function differencesOf(
  ours: ReadonlyMap<string, number>,
  theirs: ReadonlyMap<string, number>,
): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const [one, other] = [ours.get(key) ?? 0, theirs.get(key) ?? 0];
    return one === other ? [] : [`${key}: ${one} here, ${other} there`];
  });
}
