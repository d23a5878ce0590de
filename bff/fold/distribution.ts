// Distributions of durations as logarithmic histograms: counts by bucket, which add and subtract like all others.
import { ceilingProduct } from './whole-number.ts';

/**
 * A bucket's upper end is this many times its lower end. The value served for it lies within (1.02 − 1) / (1.02 + 1),
 * less than 1 %, of every value in it.
 */
const growth = 1.02;
const logarithmOfGrowth = Math.log(growth);

/**
 * The bucket of a duration. 0 has bucket 0 to itself; bucket 1 holds 1 ms, bucket i what is above growth^(i − 2) and
 * up to growth^(i − 1).
 * @param milliseconds a whole number, not negative
 */
export function bucketOf(milliseconds: number): number {
  return milliseconds === 0 ? 0 : 1 + Math.ceil(Math.log(milliseconds) / logarithmOfGrowth);
}

/** The duration in milliseconds that is served for a bucket. */
export function bucketValue(bucket: number): number {
  return bucket === 0 ? 0 : (2 * growth ** (bucket - 1)) / (growth + 1);
}

/**
 * A quantile of a histogram by nearest rank: the smallest value that at least ⌈q·n⌉ values do not exceed.
 * @param histogram pairs of bucket and count, in any order
 * @returns seconds, or null when the histogram is empty
 */
export function quantile(
  histogram: Iterable<readonly [bucket: number, count: number]>,
  q: number,
): number | null {
  const pairs = [...histogram].toSorted(([left], [right]) => left - right);
  let total = 0;
  for (const [, count] of pairs) total += count;
  if (total === 0) return null;
  const rank = Math.max(1, ceilingProduct(q, total));
  let seen = 0;
  for (const [bucket, count] of pairs) {
    seen += count;
    if (seen >= rank) return bucketValue(bucket) / 1_000;
  }
  return null;
}
