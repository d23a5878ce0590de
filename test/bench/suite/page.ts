// The report as one page that needs nothing else.
import { isKept, type Figure } from './measure.ts';
import { barPlot, barsOf, escapeText, growthPlot, type Bar, type Line } from './plots.ts';
import {
  distanceOf,
  headline,
  missesOf,
  numberText,
  promiseText,
  spreadText,
  unitText,
  usersText,
  type Report,
} from './report.ts';

const style = `
:root { color-scheme: light dark; --ours: #2b6cb0; --plain: #b7791f; --duck: #2f855a; --other: #718096;
  --line: color-mix(in srgb, CanvasText 15%, Canvas); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1060px; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem } figure { margin: 1.5rem 0 } figcaption { font-weight: 600 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px }
th, td { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid var(--line) }
td:nth-child(n+2) { white-space: nowrap } .missed { color: light-dark(#c53030, #fc8181); font-weight: 600 }
small span { padding: 0 .4em; margin-inline-start: .4em; color: #fff; border-radius: 3px }
svg { width: 100%; height: auto; font-size: 11px; fill: CanvasText }
.grid { stroke: var(--line) } .spread { stroke: CanvasText } .tick { text-anchor: middle } .label { text-anchor: end }
polyline { fill: none !important; stroke-width: 2 }
figure { --own: var(--other) } .kind-ours { --own: var(--ours) } .kind-plain-sql, .kind-plain-insert { --own: var(--plain) }
.kind-duckdb { --own: var(--duck) } figcaption [class] { background: var(--own) }
rect, circle { fill: var(--own) } polyline { stroke: var(--own) }`;

function row(figure: Figure): string {
  const { name, peer, value, unit, ours, theirs, measuredIn, promised } = figure;
  const both =
    ours && theirs ? `${numberText(ours.median)} : ${numberText(theirs.median)} ${measuredIn}` : '';
  const verdict = promised ? (isKept(figure) ? 'kept' : `missed by ${numberText(distanceOf(figure))}×`) : '';
  const cells = [
    peer === undefined ? name : `${name} : ${peer}`,
    `${spreadText(value)}${unitText(unit)}`,
    both,
    promiseText(figure),
  ].map((text) => `<td>${escapeText(text)}</td>`);
  return `<tr>${cells.join('')}<td${isKept(figure) ? '' : ' class="missed"'}>${verdict}</td></tr>`;
}

function table(figures: readonly Figure[]): string {
  const heads = `<th>what</th><th>median (least…most)</th><th>ours : theirs</th><th>promised</th><th></th>`;
  return `<table><tr>${heads}</tr>${figures.map((figure) => row(figure)).join('')}</table>`;
}

const pairs = (rows: readonly (readonly [string, string])[]) =>
  `<table>${rows.map(([what, text]) => `<tr><td>${escapeText(what)}</td><td>${escapeText(text)}</td></tr>`).join('')}</table>`;

/** How far from their promises the figures are: left of 1 is kept. */
function promisesPlot(figures: readonly Figure[]): string {
  const bars = figures
    .filter(({ promised }) => promised)
    .map((figure): Bar => {
      const { name, peer } = figure;
      const distance = distanceOf(figure);
      const value = { median: distance, least: distance, most: distance, runs: 1 };
      return { label: peer === undefined ? name : `${name} : ${peer}`, kind: 'ours', value };
    });
  return barPlot('Distance from what is promised: at most 1 is kept', 'times', bars);
}

/** How each reading grows, of those that were measured at several sizes. */
function growth(figures: readonly Figure[]): string {
  const names = [...new Set(figures.filter(({ ours }) => ours).map(({ name }) => name))];
  return names
    .map((name) => {
      const same = figures.filter((figure) => figure.name === name);
      const lineOf = (kind: string, of: (figure: Figure) => number | undefined): Line => {
        const bySize = new Map<number, number>();
        for (const figure of same) {
          const value = of(figure);
          if (value !== undefined) bySize.set(figure.users, value);
        }
        return { kind, points: [...bySize].toSorted(([a], [b]) => a - b) };
      };
      const peers = [...new Set(same.flatMap(({ peer }) => peer ?? []))];
      return growthPlot(name, same[0]?.measuredIn ?? '', [
        lineOf('ours', ({ ours }) => ours?.median),
        ...peers.map((peer) =>
          lineOf(peer, (figure) => (figure.peer === peer ? figure.theirs?.median : undefined)),
        ),
      ]);
    })
    .join('');
}

export function reportPage({ machine, figures, widgets, notes }: Report): string {
  const misses = missesOf(figures);
  const sizes = [...Map.groupBy(figures, ({ users }) => users)].toSorted(([a], [b]) => b - a);
  const largest = sizes[0]?.[1] ?? [];
  const parts = [
    `<h1>Journey Analytics: the benchmark</h1>`,
    `<h2${misses.length > 0 ? ' class="missed"' : ''}>${escapeText(headline(figures))}</h2>`,
    misses.length > 0 ? table(misses) : '',
    `<h2>Machine</h2>${pairs(machine)}`,
    `<h2>Promises, ${usersText(largest[0]?.users ?? 0)}</h2>${promisesPlot(largest)}`,
    ...sizes.flatMap(([users, ofSize]) => [
      `<h2>${usersText(users)}</h2>`,
      ...[...Map.groupBy(ofSize, ({ theme }) => theme)].map(([theme, ofTheme]) => {
        const timesOnly = ofTheme.filter(({ measuredIn, ours }) => measuredIn === 'ms' && ours);
        return `<h3>${theme}</h3>${barPlot(theme, 'ms', barsOf(timesOnly))}${table(ofTheme)}`;
      }),
    ]),
    `<h2>How cost grows</h2>${growth(figures) || '<p>One size was measured.</p>'}`,
    widgets.length > 0 ? `<h2>Widgets</h2>${pairs(widgets)}` : '',
    `<h2>Notes</h2><ul>${notes.map((note) => `<li>${escapeText(note)}</li>`).join('')}</ul>`,
  ];
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>Journey Analytics: the benchmark</title><style>${style}</style><body>${parts.join('\n')}</body></html>\n`
  );
}
