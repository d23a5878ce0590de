// How sure a share is, and whether shares differ by more than chance. Shares are of 0 to 1.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The bound of a standard normal value that 95 of 100 stay within. */
export const z95 = 1.959_963_984_540_054;

/** Wilson's score interval of `count` in `whole`, without correction for continuity. All of 0 to 1 when nothing was counted. */
export function wilsonInterval(count: number, whole: number, z: number = z95): Interval {
  if (whole <= 0) return { low: 0, high: 1 };
  const share = Math.min(1, Math.max(0, count / whole));
  const squared = z * z;
  const middle = 2 * whole * share + squared;
  const spread = z * Math.sqrt(squared + 4 * whole * share * (1 - share));
  const divisor = 2 * (whole + squared);
  // At the ends the formula is exact, and rounding must not leave a residue.
  return {
    low: share === 0 ? 0 : (middle - spread) / divisor,
    high: share === 1 ? 1 : (middle + spread) / divisor,
  };
}

/** A count within a whole. */
export interface Proportion {
  readonly count: number;
  readonly whole: number;
}

/**
 * The interval of the first share less the second: R. G. Newcombe, Interval estimation for the difference between
 * independent proportions, Statistics in Medicine 17 (1998), method 10, which joins two Wilson intervals.
 */
export function newcombeInterval(first: Proportion, second: Proportion, z: number = z95): Interval {
  const [a, b] = [first, second].map(({ count, whole }) => ({
    share: whole > 0 ? count / whole : 0,
    ...wilsonInterval(count, whole, z),
  })) as [Interval & { share: number }, Interval & { share: number }]; // made of two
  const difference = a.share - b.share;
  return {
    low: difference - Math.hypot(a.share - a.low, b.high - b.share),
    high: difference + Math.hypot(a.high - a.share, b.share - b.low),
  };
}

/** ln Γ(n / 2) for a whole n > 0, by Γ(x + 1) = x Γ(x). */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let m = n % 2 === 0 ? 2 : 1; m < n; m += 2) sum += Math.log(m / 2);
  return sum;
}

/**
 * How likely a chi-square value of at least `value` is by chance: the regularized upper incomplete gamma function
 * Q(freedom / 2, value / 2), by its series for small values and by Lentz's continued fraction for others.
 */
export function chiSquareTail(value: number, freedom: number): number {
  if (value <= 0) return 1;
  if (!Number.isFinite(value)) return 0;
  const a = freedom / 2;
  const x = value / 2;
  const scale = Math.exp(a * Math.log(x) - x - logGammaOfHalf(freedom));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 1_000 && term > sum * 1e-16; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.min(1, Math.max(0, 1 - scale * sum));
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1_000; n += 1) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b || tiny);
    c = b + factor / c || tiny;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return Math.min(1, Math.max(0, scale * fraction));
}

/** The z that a standard normal value exceeds, up or down, with this likelihood. */
export function twoSidedBound(likelihood: number): number {
  let low = 0;
  let high = 40;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle * middle, 1) > likelihood) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
