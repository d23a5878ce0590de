// A header cell whose button sorts the table by its column.
import { html, type TemplateResult } from 'lit';
import { icon } from '../../internal/icons.ts';
import type { Sorting } from './sorting.ts';

export interface SortHeaderParts {
  readonly column: string;
  readonly title: string;
  readonly className: string;
  readonly sorting: Sorting;
  readonly sort: (column: string) => void;
}

export function sortHeader({ column, title, className, sorting, sort }: SortHeaderParts): TemplateResult {
  const order = sorting.column === column ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  const mark = order === 'none' ? 'sort' : order === 'descending' ? 'down' : 'up';
  return html`<th scope="col" class=${className} aria-sort=${order}>
    <button class="sort" @click=${() => sort(column)}>${icon(mark, 'tiny')}${title}</button>
  </th>`;
}
