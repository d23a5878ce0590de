// Products that are whole numbers on paper but not as IEEE doubles.

/** How far, relatively, a product of two doubles may lie from the number that was meant: two roundings of half a unit, doubled. */
const tolerance = 2 * Number.EPSILON;

/** @returns the whole number that the product misses only by rounding, or undefined when it is none. */
function nearlyWhole(product: number): number | undefined {
  const nearest = Math.round(product);
  return Math.abs(product - nearest) <= nearest * tolerance ? nearest : undefined;
}

/** Multiplies two numbers that are not negative, down to a whole number. */
export function floorProduct(left: number, right: number): number {
  const product = left * right;
  return nearlyWhole(product) ?? Math.floor(product);
}

/** Multiplies two numbers that are not negative, up to a whole number. */
export function ceilingProduct(left: number, right: number): number {
  const product = left * right;
  return nearlyWhole(product) ?? Math.ceil(product);
}
