// Plots as SVG, without any library: bars on a logarithmic scale, and lines that show how cost grows.
import type { Figure, Spread } from './measure.ts';
import { numberText } from './report.ts';

export const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const width = 960;
const labelWidth = 300;
const plotWidth = width - labelWidth - 90;
const rowHeight = 15;

export interface Bar {
  readonly label: string;
  /** Which of the kinds that are told apart by colour. */
  readonly kind: string;
  readonly value: Spread;
}

/** A logarithmic scale from a power of ten to a power of ten. */
function scaleOf(values: readonly number[]) {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive))));
  const powers = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const place = (value: number) => (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low);
  return { powers, place };
}

const classOf = (kind: string) => `kind-${kind.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

/** Bars in groups, each with a line from its least to its most. */
export function barPlot(title: string, unit: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const { powers, place } = scaleOf(bars.flatMap(({ value }) => [value.least, value.most]));
  const x = (value: number) => labelWidth + place(value) * plotWidth;
  const height = bars.length * rowHeight + 40;
  const grid = powers.map(
    (power) =>
      `<line class="grid" x1="${x(power)}" x2="${x(power)}" y1="0" y2="${height - 32}"/>` +
      `<text class="tick" x="${x(power)}" y="${height - 18}">${numberText(power)}</text>`,
  );
  const rows = bars.map(({ label, kind, value }, index) => {
    const y = index * rowHeight;
    const middle = y + rowHeight / 2;
    const isFirst = bars[index - 1]?.label !== label;
    return (
      (isFirst
        ? `<text class="label" x="${labelWidth - 8}" y="${middle + 4}">${escapeText(label)}</text>`
        : '') +
      `<rect class="${classOf(kind)}" x="${labelWidth}" y="${y + 2}" height="${rowHeight - 4}" width="${Math.max(1, x(value.median) - labelWidth)}">` +
      `<title>${escapeText(`${label}, ${kind}: ${numberText(value.median)} ${unit}`)}</title></rect>` +
      `<line class="spread" x1="${x(value.least)}" x2="${x(value.most)}" y1="${middle}" y2="${middle}"/>` +
      `<text class="value" x="${x(value.most) + 5}" y="${middle + 4}">${numberText(value.median)}</text>`
    );
  });
  const kinds = [...new Set(bars.map(({ kind }) => kind))];
  return figureOf(title, unit, kinds, height, [...grid, ...rows]);
}

function figureOf(
  title: string,
  unit: string,
  kinds: readonly string[],
  height: number,
  parts: readonly string[],
) {
  const legend = kinds.map((kind) => `<span class="${classOf(kind)}">${escapeText(kind)}</span>`).join(' ');
  return (
    `<figure><figcaption>${escapeText(title)}, ${escapeText(unit)} <small>${legend}</small></figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">${parts.join('')}</svg></figure>`
  );
}

export interface Line {
  readonly kind: string;
  readonly points: readonly (readonly [users: number, value: number])[];
}

/** How something grows with the number of users, both on logarithmic scales. */
export function growthPlot(title: string, unit: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const sizes = new Set(points.map(([users]) => users));
  if (sizes.size < 2) return '';
  const height = 260;
  const horizontal = scaleOf([...sizes]);
  const vertical = scaleOf(points.map(([, value]) => value));
  const x = (users: number) => 90 + horizontal.place(users) * (width - 320);
  const y = (value: number) => height - 40 - vertical.place(value) * (height - 60);
  const grid = [
    ...horizontal.powers.map(
      (power) => `<text class="tick" x="${x(power)}" y="${height - 20}">${numberText(power)} users</text>`,
    ),
    ...vertical.powers.map(
      (power) =>
        `<line class="grid" x1="90" x2="${width - 230}" y1="${y(power)}" y2="${y(power)}"/>` +
        `<text class="label" x="82" y="${y(power) + 4}">${numberText(power)}</text>`,
    ),
  ];
  const drawn = lines.map(({ kind, points: own }) => {
    const path = own.map(([users, value]) => `${x(users)},${y(value)}`).join(' ');
    const [lastUsers = 0, lastValue = 0] = own.at(-1) ?? [];
    return (
      `<polyline class="${classOf(kind)}" points="${path}"/>` +
      own
        .map(([users, value]) => `<circle class="${classOf(kind)}" cx="${x(users)}" cy="${y(value)}" r="3"/>`)
        .join('') +
      `<text class="value" x="${x(lastUsers) + 8}" y="${y(lastValue) + 4}">${escapeText(kind)} ${numberText(lastValue)}</text>`
    );
  });
  return figureOf(
    title,
    unit,
    lines.map(({ kind }) => kind),
    height,
    [...grid, ...drawn],
  );
}

/** The figures of one theme and size as bars: ours, and each peer's. */
export function barsOf(figures: readonly Figure[]): Bar[] {
  const bars: Bar[] = [];
  for (const [label, same] of Map.groupBy(figures, ({ name }) => name)) {
    const [first] = same;
    if (first?.ours) bars.push({ label, kind: 'ours', value: first.ours });
    for (const { peer, theirs } of same)
      if (peer !== undefined && theirs) bars.push({ label, kind: peer, value: theirs });
  }
  return bars;
}
