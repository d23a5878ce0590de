// Shares of one whole that add up, as the labels of a fork must.

/**
 * The shares of `counts` in thousandths by largest remainder: they add up to 1,000, unless all counts are 0. Of equal
 * remainders the earlier takes the thousandth that is left.
 */
export function wholeShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const exact = counts.map((count) => (count * 1_000) / total);
  const shares = exact.map(Math.floor);
  const left = 1_000 - shares.reduce((sum, share) => sum + share, 0);
  const remainder = (index: number) => (exact[index] ?? 0) - (shares[index] ?? 0);
  const byRemainder = [...shares.keys()].toSorted((a, b) => remainder(b) - remainder(a) || a - b);
  const raised = new Set(byRemainder.slice(0, left));
  return shares.map((share, index) => (raised.has(index) ? share + 1 : share));
}
