// Adds collected changes to the stored numbers of one generation in one shard.
import type { Transaction } from '../../db/client.ts';
import type { Numbers } from '../../db/numbers.ts';
import { addClosings } from '../../db/queries/closings.ts';
import {
  deleteRollups,
  selectRollups,
  selectRollupSizes,
  writeRollups,
  type RollupRow,
} from '../../db/queries/rollups.ts';
import type { Changes } from './changes.ts';
import { changeRow, changesByPart, changesByRow, keyOfRow, type RowChanges } from './rows-of-steps.ts';

/** How many rows one statement reads or writes, so that neither memory nor a parameter grows without bound. */
const rowsAtOnce = 5_000;
/** How many bytes the stored sets have that one statement reads. */
const bytesAtOnce = 16_000_000;

/** Closings are kept for a day after they passed, so that a clock that is set back does not miscount. */
const closingsKept = 86_400_000;

function* portions<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += rowsAtOnce) yield items.slice(start, start + rowsAtOnce);
}

/** Divides rows so that neither are many nor their sets large. Each comes with how many bytes its sets have, if it is stored. */
function* portionsOfRows(
  rows: readonly RowChanges[],
  sizes: readonly (number | undefined)[],
): Generator<readonly { row: RowChanges; isStored: boolean }[]> {
  let portion: { row: RowChanges; isStored: boolean }[] = [];
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    const size = sizes[index];
    if (portion.length >= rowsAtOnce || (portion.length > 0 && bytes + (size ?? 0) > bytesAtOnce)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push({ row, isStored: size !== undefined });
    bytes += size ?? 0;
  }
  if (portion.length > 0) yield portion;
}

/** Changes rows of a shard. @returns the changes of facts that find no room in theirs, for rows of other parts */
async function writeRows(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  rows: readonly RowChanges[],
): Promise<RowChanges[]> {
  const without: RowChanges[] = [];
  const sizes = await selectRollupSizes(tx, numbers, shard, rows);
  for (const portion of portionsOfRows(rows, sizes)) {
    const keys = portion.filter(({ isStored }) => isStored).map(({ row }) => row);
    const stored = new Map(
      (await selectRollups(tx, numbers, shard, keys)).map((row) => [keyOfRow(row), row]),
    );
    const written: Record<'added' | 'changed' | 'gone', RollupRow[]> = { added: [], changed: [], gone: [] };
    for (const { row: changes, isStored } of portion) {
      const { row, left } = changeRow(stored.get(keyOfRow(changes)), changes);
      if (left.length > 0) without.push({ ...changes, changes: left });
      if (row.facts.length > 0) written[isStored ? 'changed' : 'added'].push(row);
      else if (isStored) written.gone.push(row);
    }
    await writeRollups(tx, numbers, shard, written.added, false);
    await writeRollups(tx, numbers, shard, written.changed, true);
    await deleteRollups(tx, numbers, shard, written.gone);
  }
  return without;
}

/** Adds changes to a generation's stored numbers. The caller holds the shard. */
export async function writeChanges(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  changes: Changes,
): Promise<void> {
  const without = await writeRows(tx, numbers, shard, changesByRow(changes.counts, changes.distributions));
  await writeRows(tx, numbers, shard, changesByPart(without));
  for (const portion of portions([...changes.closings.values()])) {
    await addClosings(tx, numbers, shard, portion, Date.now() - closingsKept);
  }
}
