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

/** How often durations fell into each bucket, by its number; where a bucket is missing, never. */
export type Histogram = readonly (number | undefined)[];

/**
 * A quantile of a histogram by nearest rank: the smallest value that at least ⌈q·n⌉ values do not exceed.
 * @returns seconds, or null when the histogram is empty
 */
export function quantile(histogram: Histogram, q: number): number | null {
  let total = 0;
  for (const count of histogram) total += count ?? 0;
  if (total === 0) return null;
  const rank = Math.max(1, ceilingProduct(q, total));
  let bucket = -1;
  for (let seen = 0; seen < rank;) {
    bucket += 1;
    seen += histogram[bucket] ?? 0;
  }
  return bucketValue(bucket) / 1_000;
}
