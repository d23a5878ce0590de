// The report as text.
import type { Description } from './machine.ts';
import { isKept, type Figure, type Spread, type Unit } from './measure.ts';

export interface Report {
  readonly machine: Description;
  readonly figures: readonly Figure[];
  /** What `npm run bench:widgets` prints, by line: what, and how much. */
  readonly widgets: readonly (readonly [what: string, text: string])[];
  /** How the peers are favoured, and what else one should know. */
  readonly notes: readonly string[];
}

/** From this number of users on the promises are made. */
const promisedFrom = 1_000_000;

/** The figures of the largest size alone are held against what is promised; the others show how cost grows. */
export function promisedAtLargest(figures: readonly Figure[]): Figure[] {
  const largest = Math.max(...figures.map(({ users }) => users));
  return figures.map(({ promised, ...figure }) =>
    promised && figure.users === largest ? { ...figure, promised } : figure,
  );
}

const digits = (value: number) =>
  value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.01 ? 3 : 4;

export function numberText(value: number): string {
  const most = digits(Math.abs(value));
  return value.toLocaleString('en', { maximumFractionDigits: most });
}

export const unitText = (unit: Unit) => (unit === 'ratio' ? '×' : ` ${unit}`);

export function spreadText({ median, least, most, runs }: Spread): string {
  const spread = runs > 1 ? ` (${numberText(least)}…${numberText(most)})` : '';
  return `${numberText(median)}${spread}`;
}

export function promiseText({ promised, unit }: Figure): string {
  if (!promised) return '';
  return `${promised.at === 'least' ? '≥' : '≤'} ${numberText(promised.limit)}${unitText(unit)}`;
}

/** How many times as much, or as little, would be needed; above 1 for a miss. */
export function distanceOf({ value, promised }: Figure): number {
  if (!promised) return 0;
  const { at, limit } = promised;
  return at === 'least' ? limit / value.median : value.median / limit;
}

/** Misses first, the farthest from its promise before all. */
export function missesOf(figures: readonly Figure[]): Figure[] {
  return figures.filter((figure) => !isKept(figure)).toSorted((a, b) => distanceOf(b) - distanceOf(a));
}

/** Whether a figure counts as broken: promises are made from a size on. */
export const isBroken = (figure: Figure) => !isKept(figure) && figure.users >= promisedFrom;

export const usersText = (users: number) => `${users.toLocaleString('en')} users`;

function line(figure: Figure): string {
  const { name, peer, ours, theirs, value, unit, measuredIn, promised } = figure;
  const what = peer === undefined ? name : `${name} : ${peer}`;
  const parts = [what.padEnd(58), `${spreadText(value)}${unitText(unit)}`.padEnd(34)];
  if (ours && theirs) {
    parts.push(`${numberText(ours.median)} : ${numberText(theirs.median)} ${measuredIn}`.padEnd(30));
  }
  if (promised) parts.push(`promised ${promiseText(figure)}, ${isKept(figure) ? 'kept' : 'MISSED'}`);
  return `  ${parts.join(' ')}`.trimEnd();
}

/** How many promises are missed, and at which size. */
export function headline(figures: readonly Figure[]): string {
  const promised = figures.filter((figure) => figure.promised);
  const users = promised[0]?.users ?? 0;
  const misses = missesOf(promised).length;
  const text =
    misses === 0
      ? `Each of ${promised.length} promised figures is kept at ${usersText(users)}`
      : `MISSED at ${usersText(users)}: ${misses} of ${promised.length} promised figures`;
  return users >= promisedFrom ? text : `${text} (they are promised from ${usersText(promisedFrom)} on)`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

export function reportText({ machine, figures, widgets, notes }: Report): string {
  const misses = missesOf(figures);
  const lines = [headline(figures), ...misses.map(line)];
  lines.push(
    ...section(
      'Machine',
      machine.map(([what, text]) => `  ${what.padEnd(26)} ${text}`),
    ),
  );
  for (const [users, ofSize] of Map.groupBy(figures, (figure) => figure.users)) {
    for (const [theme, ofTheme] of Map.groupBy(ofSize, (figure) => figure.theme)) {
      lines.push(...section(`${theme}, ${usersText(users)}: median (least…most)`, ofTheme.map(line)));
    }
  }
  lines.push(
    ...section(
      'Widgets',
      widgets.map(([what, text]) => `  ${what.padEnd(52)} ${text}`),
    ),
  );
  lines.push(
    ...section(
      'Notes',
      notes.map((note) => `  ${note}`),
    ),
  );
  return `${lines.join('\n')}\n`;
}
