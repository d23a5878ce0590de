// Adds collected changes to the stored numbers of one generation in one shard.
import type { Transaction } from '../../db/client.ts';
import {
  addClosings,
  deleteRollups,
  selectDistributionsByKey,
  selectRollupsByKey,
  writeDistributions,
  writeRollups,
  type Numbers,
  type RollupRow,
} from '../../db/queries/rollups.ts';
import { allTimeLevel } from './blocks.ts';
import type { Changes, CountChange, DistributionChange } from './changes.ts';
import { factKeyOf } from './fact-key.ts';
import { changeSet } from './user-sets.ts';

/** How many rows one statement reads or writes, so that neither memory nor a parameter grows without bound. */
const rowsAtOnce = 5_000;

/** Closings are kept for a day after they passed, so that a clock that is set back does not miscount. */
const closingsKept = 86_400_000;

function* portions<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += rowsAtOnce) yield items.slice(start, start + rowsAtOnce);
}

async function writeCounts(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  changes: readonly CountChange[],
) {
  const keyed = changes.map((change) => ({
    change,
    level: change.level,
    block: change.block,
    factKey: factKeyOf(change.fact, change.stepId, change.detail),
  }));
  const stored = await selectRollupsByKey(tx, numbers, shard, keyed);
  const added: RollupRow[] = [];
  const changed: RollupRow[] = [];
  const gone: RollupRow[] = [];
  for (const { change, level, block, factKey } of keyed) {
    const known = stored.get(`${level} ${block} ${factKey}`);
    const before = known ?? { count: 0, users: 0, members: null };
    const { fact, stepId, detail } = change;
    const count = before.count + change.count;
    const set =
      level === allTimeLevel
        ? { members: null, users: before.users + change.joined.length - change.left.length }
        : changeSet(before.members, change.joined, change.left);
    if (count < 0 || set.users < 0 || (count === 0) !== (set.users === 0)) {
      throw new Error(`The numbers of ${fact} do not match the log: an audit will name them`);
    }
    const kept = known === undefined ? added : changed;
    (count === 0 ? gone : kept).push({ level, factKey, block, fact, stepId, detail, count, ...set });
  }
  await writeRollups(tx, numbers, shard, added, false);
  await writeRollups(tx, numbers, shard, changed, true);
  await deleteRollups(tx, numbers, shard, gone);
}

async function writeHistograms(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  changes: readonly DistributionChange[],
) {
  const stored = await selectDistributionsByKey(tx, numbers, shard, changes);
  const rows = changes.map(({ level, block, fact, stepId, buckets }, index) => {
    const sum = new Map(stored[index]);
    for (const [bucket, count] of buckets) {
      const total = (sum.get(bucket) ?? 0) + count;
      if (total === 0) sum.delete(bucket);
      else sum.set(bucket, total);
    }
    return { level, block, fact, stepId, buckets: sum };
  });
  await writeDistributions(tx, numbers, shard, rows);
}

/** Adds changes to a generation's stored numbers. The caller holds the shard. */
export async function writeChanges(
  tx: Transaction,
  numbers: Numbers,
  shard: number,
  changes: Changes,
): Promise<void> {
  for (const portion of portions(changes.counts)) await writeCounts(tx, numbers, shard, portion);
  const distributions = changes.distributions.filter(({ buckets }) => buckets.size > 0);
  for (const portion of portions(distributions)) {
    await writeHistograms(tx, numbers, shard, portion);
  }
  for (const portion of portions([...changes.closings.values()])) {
    await addClosings(tx, numbers, shard, portion, Date.now() - closingsKept);
  }
}
