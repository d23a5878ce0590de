// The transitions as rows: what the diagram draws as lines, those it leaves out included.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowLink } from '../../flow/geometry.ts';
import { wholeShares } from '../../flow/shares.ts';
import type { Language } from '../../locales/language.ts';
import { shareText } from '../flow/diagram.ts';
import type { FlowModel } from '../flow/flow-model.ts';
import { sortHeader } from './sort-header.ts';
import { sortRows, type Sorting, type SortValue } from './sorting.ts';

interface TransitionRow {
  /** Null for first visits. */
  readonly from: string | null;
  readonly to: string;
  readonly label: string | null;
  readonly count: number;
  readonly users: number;
  readonly defined: boolean;
  /** In thousandths of those that moved on from its source; null for first visits. */
  readonly share: number | null;
}

/** More rows than this are drawn on demand, and always on paper. */
const firstRows = 100;

export const transitionOrder: Sorting = { column: 'from', descending: false };

const columns = [
  { id: 'from', title: 'table.from', number: false },
  { id: 'to', title: 'table.to', number: false },
  { id: 'label', title: 'table.outcome', number: false },
  { id: 'count', title: 'table.entries', number: true },
  { id: 'users', title: 'table.users', number: true },
  { id: 'share', title: 'table.share', number: true },
] as const;

export function isNumber(column: string): boolean {
  return columns.some(({ id, number }) => id === column && number);
}

/** In the order of the flow: first visits, then by step, the strongest first. */
function rowsOf(model: FlowModel): TransitionRow[] {
  const starts = model.flow.transitions.flatMap(({ from, to, count, users, defined }) =>
    from === null && model.steps.has(to)
      ? [{ from, to, count, users, defined, label: null, share: null }]
      : [],
  );
  const leaving = Map.groupBy(model.links, ({ from }) => from);
  const links = model.stepIds.flatMap((id) => withShares(leaving.get(id) ?? []));
  return [...starts, ...links];
}

function withShares(links: readonly FlowLink[]): TransitionRow[] {
  const shares = wholeShares(links.map(({ count }) => count));
  return links
    .map((link, index) => ({ ...link, share: shares[index] ?? 0 }))
    .toSorted((a, b) => b.count - a.count);
}

export interface TransitionTableParts {
  readonly model: FlowModel;
  readonly sorting: Sorting | null;
  readonly showAll: boolean;
  readonly language: Language;
  readonly sort: (column: string) => void;
  readonly toggleAll: () => void;
}

export function transitionTable(parts: TransitionTableParts): TemplateResult | typeof nothing {
  const { model, sorting, showAll, language, sort, toggleAll } = parts;
  const numbers = new Map(model.stepIds.map((id, index) => [id, index + 1]));
  const nameOf = (id: string) => model.steps.get(id)?.name ?? id;
  const valueOf = (row: TransitionRow, column: string): SortValue => {
    switch (column) {
      case 'from':
        return row.from === null ? 0 : (numbers.get(row.from) ?? 0);
      case 'to':
        return numbers.get(row.to) ?? 0;
      case 'label':
        return row.label;
      case 'count':
        return row.count;
      case 'users':
        return row.users;
      default:
        return row.share;
    }
  };
  const own = rowsOf(model);
  if (own.length === 0) return nothing;
  const rows = sorting
    ? sortRows(own, (row) => valueOf(row, sorting.column), sorting.descending, language.locale)
    : own;
  const shown = showAll ? rows : rows.slice(0, firstRows);
  const left = rows.length - shown.length;
  const end = (id: string) =>
    html`<span class="end-step"
      ><small>${language.count(numbers.get(id) ?? 0)}</small><span dir="auto">${nameOf(id)}</span></span
    >`;
  return html`<h4 class="table-title">${language.text('table.transitions')}</h4>
    <div
      class="table-frame ${shown.length > firstRows ? 'long' : ''}"
      tabindex="0"
      role="group"
      aria-label=${language.text('table.transitions')}
    >
      <table class="transitions">
        <thead>
          <tr>
            ${columns.map(({ id, title, number }) =>
              sortHeader({
                column: id,
                title: language.text(title),
                className: number ? 'number' : '',
                sorting: sorting ?? transitionOrder,
                sort,
              }),
            )}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) =>
              html`<tr>
                <th scope="row">${row.from === null ? language.text('table.start') : end(row.from)}</th>
                <td>${end(row.to)}</td>
                <td>
                  ${
                    row.label === null
                      ? html`<span class="none">${language.text('number.none')}</span>`
                      : html`<bdi>${row.label}</bdi>`
                  }
                  ${
                    row.defined || row.from === null
                      ? nothing
                      : html`<small>${language.text('flow.undefinedTransition')}</small>`
                  }
                </td>
                <td class="number ${row.count === 0 ? 'none' : ''}">${language.count(row.count)}</td>
                <td class="number ${row.users === 0 ? 'none' : ''}">${language.count(row.users)}</td>
                <td class="number ${row.share === null ? 'none' : ''}">
                  ${row.share === null ? language.text('number.none') : shareText(row.share, row.count, language)}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      left === 0
        ? nothing
        : html`<div class="table-more">
            <button class="button small" @click=${toggleAll}>
              ${language.text('table.showAll', { count: language.count(left) }, left)}
            </button>
          </div>`
    }`;
}
