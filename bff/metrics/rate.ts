/** A share in percent, unrounded; null when there is nothing to take it of. */
export function rateOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
