// How wide things are drawn. Linear: twice the entries is twice the width.

/** The width of a band that carries all entries of the journey. */
const fullWidth = 28;
const narrowest = 1.5;
const narrowestStub = 2;
/** No band is wider than this: where steps are visited again and again, all bands shrink alike. */
const widest = 64;

/** The entries that a band of full width stands for. */
export function bandScale(totalEntries: number, counts: readonly number[]): number {
  const most = counts.reduce((highest, count) => Math.max(highest, count), 0);
  return Math.max(1, totalEntries, (most * fullWidth) / widest);
}

/** @returns 0 when nobody took the link: it is drawn without a band. */
export function bandWidth(count: number, scale: number): number {
  return count > 0 ? Math.max(narrowest, (fullWidth * count) / scale) : 0;
}

export function stubWidth(count: number, scale: number): number {
  return Math.max(narrowestStub, bandWidth(count, scale));
}
