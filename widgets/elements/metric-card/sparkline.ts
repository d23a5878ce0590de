// The small line of a card: this range solid, the earlier one dashed. Decoration: the words stand beside it. No DOM.

export interface Sparkline {
  readonly now: string;
  readonly before: string;
  readonly end: { readonly x: number; readonly y: number };
}

const inset = 3;

/** Paths for two series on one scale, or undefined when there is no line to draw. */
export function sparkline(
  now: readonly number[],
  before: readonly number[],
  width: number,
  height: number,
): Sparkline | undefined {
  if (now.length < 2) return undefined;
  const all = [...now, ...before];
  const top = Math.max(...all);
  const low = Math.min(...all);
  const spread = top - low || 1;
  const place = (value: number, index: number, length: number) => ({
    x: inset + (index / Math.max(1, length - 1)) * (width - 2 * inset),
    y: height - inset - ((value - low) / spread) * (height - 2 * inset),
  });
  const path = (values: readonly number[]) =>
    values.length < 2
      ? ''
      : `M${values
          .map((value, index) => {
            const { x, y } = place(value, index, values.length);
            return `${x.toFixed(1)},${y.toFixed(1)}`;
          })
          .join('L')}`;
  return { now: path(now), before: path(before), end: place(now.at(-1) ?? low, now.length - 1, now.length) };
}
