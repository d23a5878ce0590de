// How a table is sorted: what a press on a header changes, and the order that follows from it.

/** What a cell is sorted by; null is a dash. */
export type SortValue = number | string | null;

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/**
 * The first press sorts the way that is asked for most, the second the other way, the third restores the table's own
 * order, which is null.
 */
export function nextSorting(now: Sorting | null, column: string, descendingFirst: boolean): Sorting | null {
  if (now?.column !== column) return { column, descending: descendingFirst };
  return now.descending === descendingFirst ? { column, descending: !descendingFirst } : null;
}

/** Dashes stand last either way; rows of equal value keep their order. */
export function sortRows<T>(
  rows: readonly T[],
  valueOf: (row: T) => SortValue,
  descending: boolean,
  locale: string,
): T[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .toSorted(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
      return sign * compare(String(a), String(b));
    })
    .map(({ row }) => row);
}
