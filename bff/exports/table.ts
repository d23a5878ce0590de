// What an export is before it is a file: columns, and rows in portions.

/** An instant is milliseconds since 1970. A missing value is null. */
export type Cell = string | number | null;

export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'instant';
}

export type Row = readonly Cell[];

export interface Table {
  readonly columns: readonly Column[];
  /** How many rows there are; known before the first of them. */
  readonly rowCount: number;
  rows(): AsyncIterable<readonly Row[]>;
}

export const externalId: Column = { name: 'External ID', kind: 'text' };
export const perUser: readonly Column[] = [
  externalId,
  { name: 'Count', kind: 'number' },
  { name: 'First At', kind: 'instant' },
  { name: 'Last At', kind: 'instant' },
];
export const reason: Column = { name: 'Reason', kind: 'text' };
export const perEvent: readonly Column[] = [externalId, { name: 'Event Timestamp', kind: 'instant' }];
