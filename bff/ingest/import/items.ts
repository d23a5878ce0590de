// Decides how a file is to be read, by its name, its first characters and what was asked for.
import type { Item } from './item.ts';
import { ImportError } from './import-error.ts';
import { readActivityLog } from './activity-log.ts';
import { readLines } from './lines.ts';
import { mappingOfHeader, rowMapper } from './mapping.ts';
import type { ImportOptions } from './options.ts';
import { readTable, type Row, type Table } from './rows.ts';
import type { Source } from './source.ts';
import { timeReader } from './time-in-zone.ts';

const formatsByName: readonly [RegExp, 'ndjson' | 'csv'][] = [
  [/\.(ndjson|jsonl|json)$/i, 'ndjson'],
  [/\.(csv|tsv)$/i, 'csv'],
];

/** Looks at the first bytes, and gives all of them on. */
async function peek(chunks: AsyncIterable<Buffer>) {
  const bytes = chunks[Symbol.asyncIterator]();
  const first = await bytes.next();
  const whole = (async function* () {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => bytes };
  })();
  const beginning = first.done
    ? ''
    : first.value
        .toString('utf8', 0, 1_000)
        .replace(/^\uFEFF/, '')
        .trimStart();
  return { beginning, chunks: whole };
}

/** Gives the journey to events that name none. */
function ofJourney(items: Item[], journeyId: string | undefined): Item[] {
  if (journeyId === undefined) return items;
  return items.map((item) => {
    if (!('value' in item) || typeof item.value !== 'object' || item.value === null) return item;
    if ('journeyId' in item.value || ('type' in item.value && item.value.type === 'track')) return item;
    return { line: item.line, value: { ...item.value, journeyId } };
  });
}

async function* ofRows(table: Table, map: (row: Row) => Item, skipped: number): AsyncGenerator<Item[]> {
  for await (const rows of table.rows) {
    const fresh = rows.filter((row) => row.number > skipped);
    if (fresh.length > 0) yield fresh.map(map);
  }
}

/**
 * Reads a source as events, in groups.
 * @param skipped how many items at the beginning are left out, since they are stored already
 * @throws ImportError when the file is not of a kind that can be read
 */
export async function* readItems(
  source: Source,
  options: ImportOptions,
  skipped: number,
): AsyncGenerator<Item[]> {
  const { beginning, chunks } = await peek(source.chunks);
  const byName = formatsByName.find(([pattern]) => pattern.test(source.name ?? ''))?.[1];
  const format = options.format ?? byName ?? (beginning.startsWith('{') ? 'ndjson' : 'csv');
  const { journeyId, conversion } = options;
  if (format === 'ndjson') {
    if (beginning.startsWith('[')) {
      throw new ImportError(
        'The file is one JSON array. Import a file with one event a line, as this makes it: jq -c ".[]" FILE',
      );
    }
    for await (const items of readLines(chunks, skipped)) yield ofJourney(items, journeyId);
    return;
  }
  const table = await readTable(chunks, options.delimiter);
  const readTime = timeReader(options.zone);
  const mapping = options.mapping ?? mappingOfHeader(table.header);
  if (mapping) {
    const map = rowMapper(table.header, mapping, readTime);
    for await (const items of ofRows(table, map, skipped)) yield ofJourney(items, journeyId);
    return;
  }
  if (journeyId === undefined)
    throw new ImportError('Say with --journey ID which journey the activity log is of.');
  yield* readActivityLog(table, options.columns, { journeyId, conversion }, readTime, skipped);
}
