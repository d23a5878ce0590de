// Adds collected changes to the stored numbers of one generation in one shard.
import type { Transaction } from '../../db/client.ts';
import type { Numbers } from '../../db/numbers.ts';
import { addClosings } from '../../db/queries/closings.ts';
import { deleteRollups, selectRollups, writeRollups, type RollupRow } from '../../db/queries/rollups.ts';
import { deleteSets, selectSets, selectSetSizes, writeSets } from '../../db/queries/sets.ts';
import { hasSets } from './blocks.ts';
import type { Changes } from './changes.ts';
import { ChangesOfSets, changeSets, keyOfSets, type SetChanges } from './rows-of-sets.ts';
import { changeRow, changesByPart, changesByRow, keyOfRow, type RowChanges } from './rows-of-steps.ts';

/** How many rows one statement reads or writes, so that neither memory nor a parameter grows without bound. */
const rowsAtOnce = 1_000;
/** How many bytes the stored sets have that one statement reads. */
const bytesAtOnce = 16_000_000;

/** Closings are kept for a day after they passed, so that a clock that is set back does not miscount. */
const closingsKept = 86_400_000;

function* portions<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += rowsAtOnce) yield items.slice(start, start + rowsAtOnce);
}

/** Changes rows of a shard. @returns the changes of facts that find no room in theirs, for rows of other parts */
async function writeRows(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  rows: readonly RowChanges[],
  ofSets: ChangesOfSets,
): Promise<RowChanges[]> {
  const without: RowChanges[] = [];
  for (const portion of portions(rows)) {
    const stored = new Map(
      (await selectRollups(tx, numbers, shard, portion)).map((row) => [keyOfRow(row), row]),
    );
    const written: Record<'added' | 'changed' | 'gone', RollupRow[]> = { added: [], changed: [], gone: [] };
    for (const changes of portion) {
      const before = stored.get(keyOfRow(changes));
      const { row, done, left } = changeRow(before, changes);
      if (left.length > 0) without.push({ ...changes, changes: left });
      if (hasSets(row.level)) for (const change of done) ofSets.add(change, row.part);
      if (row.facts.length > 0) written[before ? 'changed' : 'added'].push(row);
      else if (before) written.gone.push(row);
    }
    await writeRollups(tx, numbers, shard, written.added, false);
    await writeRollups(tx, numbers, shard, written.changed, true);
    await deleteRollups(tx, numbers, shard, written.gone);
  }
  return without;
}

/** Divides rows so that neither are many nor their stored sets large. */
function* portionsOfSets(
  rows: readonly SetChanges[],
  sizes: readonly (number | undefined)[],
): Generator<SetChanges[]> {
  let portion: SetChanges[] = [];
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    const size = sizes[index] ?? 0;
    if (portion.length >= rowsAtOnce || (portion.length > 0 && bytes + size > bytesAtOnce)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(row);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}

async function writeSetsOf(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  ofSets: ChangesOfSets,
): Promise<void> {
  const all = ofSets.list();
  for (const portion of portionsOfSets(all, await selectSetSizes(tx, numbers, shard, all))) {
    const stored = new Map(
      (await selectSets(tx, numbers, shard, portion)).map((row) => [keyOfSets(row), row]),
    );
    const rows = portion.map((changes) => changeSets(stored.get(keyOfSets(changes)), changes));
    await writeSets(
      tx,
      numbers,
      shard,
      rows.filter(({ sets }) => sets.length > 0),
    );
    await deleteSets(
      tx,
      numbers,
      shard,
      rows.filter(({ sets }) => sets.length === 0),
    );
  }
}

/** Adds changes to a generation's stored numbers. The caller holds the shard. */
export async function writeChanges(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  changes: Changes,
): Promise<void> {
  const ofSets = new ChangesOfSets();
  const rows = changesByRow(changes.counts, changes.distributions);
  const without = await writeRows(tx, numbers, shard, rows, ofSets);
  await writeRows(tx, numbers, shard, changesByPart(without), ofSets);
  await writeSetsOf(tx, numbers, shard, ofSets);
  for (const portion of portions([...changes.closings.values()])) {
    await addClosings(tx, numbers, shard, portion, Date.now() - closingsKept);
  }
}
