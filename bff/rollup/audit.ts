// The audit: folds the whole log of a journey afresh and holds it against the stored numbers, in one snapshot.
import { inWorkspace, type Database, type Transaction } from '../../db/client.ts';
import type { Numbers } from '../../db/numbers.ts';
import { changePairs, noPairs, readPairs } from '../../db/packed-numbers.ts';
import { selectAllClosings } from '../../db/queries/closings.ts';
import { selectReadState } from '../../db/queries/generations.ts';
import { selectUsersOfJourney } from '../../db/queries/histories.ts';
import { selectAllRollups } from '../../db/queries/rollups.ts';
import { selectAllSets } from '../../db/queries/sets.ts';
import { selectPendingBatches, selectRefolds } from '../../db/queries/work.ts';
import { formatDate, type Audit, type DistributionFact } from '../contract/index.ts';
import { noDay } from '../fold/index.ts';
import { Failure } from '../failure.ts';
import { allTimeLevel, dayLevel, firstDayOf, hasSets } from './blocks.ts';
import { Changes } from './changes.ts';
import { loadGenerations, type Generation } from './generation.ts';
import { conversionNamesOf, loadHistories, PortionSize } from './histories.ts';
import { shardOf, shards, userBlockOf } from './shards.ts';
import { changeSet, countDifference, uniteSets } from './user-sets.ts';

type Difference = Audit['differences'][number];

const lastUser = 2 ** 31 - 1;

interface Count {
  readonly fact: string;
  readonly stepId: string;
  readonly detail: string;
  readonly level: number;
  readonly block: number;
  count: number;
  users: number;
  earlier: Uint8Array;
}

interface Histogram {
  readonly stepId: string;
  readonly level: number;
  readonly block: number;
  readonly buckets: Uint8Array;
}

type Place = Pick<Count, 'level' | 'block' | 'stepId'>;

function histogramKey({ level, block, stepId }: Place): string {
  return `${level}\0${block}\0${stepId}`;
}

function countKey(count: Place & Pick<Count, 'fact' | 'detail'>): string {
  return `${histogramKey(count)}\0${count.fact}\0${count.detail}`;
}

/** What one shard holds: recomputed from the log, or as stored. */
class ShardNumbers {
  readonly counts = new Map<string, Count>();
  /** By the key of a count: the sets of all ranges of users. */
  readonly sets = new Map<string, Uint8Array[]>();
  readonly histograms = new Map<string, Histogram>();
  readonly closings = new Map<string, number>();

  addCount(count: Count): void {
    this.counts.set(countKey(count), count);
  }

  addHistogram(histogram: Histogram): void {
    this.histograms.set(histogramKey(histogram), histogram);
  }

  addChanges(changes: Changes): void {
    for (const change of changes.counts) {
      const key = countKey(change);
      const before = this.counts.get(key);
      const count: Count = { ...change, users: 0, earlier: noPairs, ...before };
      count.count = (before?.count ?? 0) + change.count;
      count.users += change.joined.length;
      if (hasSets(change.level)) {
        const [members = null] = this.sets.get(key) ?? [];
        this.sets.set(key, [changeSet(members, change.joined, change.left).members]);
      }
      if (change.earlier) count.earlier = changePairs(count.earlier, change.earlier);
      this.counts.set(key, count);
    }
    for (const change of changes.distributions) {
      const key = histogramKey(change);
      const buckets = changePairs(this.histograms.get(key)?.buckets ?? noPairs, change.buckets);
      this.histograms.set(key, { ...change, buckets });
    }
    for (const { day, closesAt, count } of changes.closings.values()) this.addClosing(day, closesAt, count);
  }

  addClosing(day: number, closesAt: number, count: number): void {
    const key = `${day} ${closesAt}`;
    this.closings.set(key, (this.closings.get(key) ?? 0) + count);
  }
}

function placeOf(level: number, block: number): string | null {
  return level === allTimeLevel ? null : formatDate(firstDayOf(level, block));
}

/** What a number is called: its fact, its detail, and for coarser blocks that it is one. */
function nameOf({ fact, detail, level }: { fact: string; detail?: string; level: number }): string {
  const block = level === dayLevel || level === allTimeLevel ? '' : ` (block of level ${level})`;
  return `${fact}${detail ? `[${detail}]` : ''}${block}`;
}

function compareCounts(served: ShardNumbers, recomputed: ShardNumbers): Difference[] {
  const differences: Difference[] = [];
  for (const key of new Set([...served.counts.keys(), ...recomputed.counts.keys()])) {
    const stored = served.counts.get(key);
    const fresh = recomputed.counts.get(key);
    const either = fresh ?? stored;
    if (!either) continue;
    const place = { stepId: either.stepId || null, day: placeOf(either.level, either.block) };
    const add = (metric: string, servedValue: number, recomputedValue: number) => {
      if (servedValue !== recomputedValue) {
        differences.push({ metric, ...place, served: servedValue, recomputed: recomputedValue });
      }
    };
    add(nameOf(either), stored?.count ?? 0, fresh?.count ?? 0);
    add(`${nameOf(either)} users`, stored?.users ?? 0, fresh?.users ?? 0);
    const membersOf = ({ sets }: ShardNumbers) => uniteSets(sets.get(key) ?? []);
    add(`${nameOf(either)} members`, countDifference(membersOf(served), membersOf(recomputed)), 0);
    const storedEarlier = readPairs(stored?.earlier ?? noPairs);
    const freshEarlier = readPairs(fresh?.earlier ?? noPairs);
    for (const days of new Set([...storedEarlier.keys(), ...freshEarlier.keys()])) {
      const name = `${nameOf(either)} users of ${days} days before`;
      add(name, storedEarlier.get(days) ?? 0, freshEarlier.get(days) ?? 0);
    }
  }
  return differences;
}

function compareHistograms(served: ShardNumbers, recomputed: ShardNumbers): Difference[] {
  const differences: Difference[] = [];
  for (const key of new Set([...served.histograms.keys(), ...recomputed.histograms.keys()])) {
    const stored = served.histograms.get(key);
    const fresh = recomputed.histograms.get(key);
    const either = fresh ?? stored;
    if (!either) continue;
    const storedBuckets = readPairs(stored?.buckets ?? noPairs);
    const freshBuckets = readPairs(fresh?.buckets ?? noPairs);
    const fact: DistributionFact = either.stepId === '' ? 'timeToConvert' : 'timeInStep';
    for (const bucket of new Set([...storedBuckets.keys(), ...freshBuckets.keys()])) {
      const servedValue = storedBuckets.get(bucket) ?? 0;
      const recomputedValue = freshBuckets.get(bucket) ?? 0;
      if (servedValue === recomputedValue) continue;
      differences.push({
        metric: `${nameOf({ ...either, fact })} bucket ${bucket}`,
        stepId: either.stepId || null,
        day: placeOf(either.level, either.block),
        served: servedValue,
        recomputed: recomputedValue,
      });
    }
  }
  return differences;
}

function compareClosings(served: ShardNumbers, recomputed: ShardNumbers, now: number): Difference[] {
  const differences: Difference[] = [];
  for (const key of new Set([...served.closings.keys(), ...recomputed.closings.keys()])) {
    const [day = noDay, closesAt = 0] = key.split(' ').map(Number);
    const servedValue = served.closings.get(key) ?? 0;
    const recomputedValue = recomputed.closings.get(key) ?? 0;
    if (closesAt < now || servedValue === recomputedValue) continue;
    differences.push({
      metric: 'exitsWindowOpen',
      stepId: null,
      day: formatDate(day),
      served: servedValue,
      recomputed: recomputedValue,
    });
  }
  return differences;
}

async function recompute(
  tx: Transaction,
  workspaceId: number,
  generation: Generation,
): Promise<ShardNumbers[]> {
  const recomputed = shards.map(() => new ShardNumbers());
  const waiting = new Set<number>();
  for (const shard of shards) {
    const { batches } = await selectPendingBatches(tx, workspaceId, shard);
    // A batch waits in each of its shards for itself; users tell the shards apart.
    for (const batch of batches) waiting.add(batch.batchId * shards.length + shard);
  }
  const refolds = await selectRefolds(tx, workspaceId, { journeyNumber: generation.journeyNumber });
  const notYetFolded = new Set(
    refolds.filter((refold) => refold.generation === generation.generation).map((refold) => refold.userBlock),
  );
  const names = conversionNamesOf([generation]);
  let from = 0;
  const portion = new PortionSize();
  for (;;) {
    const { journeyNumber } = generation;
    const most = portion.users;
    const users = await selectUsersOfJourney(tx, workspaceId, journeyNumber, from, lastUser, most);
    const pairs = users.map((userId) => ({ userId, journeyNumber }));
    const histories = await loadHistories(tx, workspaceId, pairs, names);
    const changes = shards.map(() => new Changes());
    for (const userId of users) {
      if (notYetFolded.has(userBlockOf(userId))) continue;
      const shard = shardOf(userId);
      const isDone = (batchId: number) => !waiting.has(batchId * shards.length + shard);
      const nothing = histories.facts(generation, userId, () => false);
      changes[shard]?.add(userId, nothing, histories.facts(generation, userId, isDone));
    }
    changes.forEach((changesOfShard, shard) => recomputed[shard]?.addChanges(changesOfShard));
    const last = users.at(-1);
    if (last === undefined || users.length < most) return recomputed;
    portion.learn(users.length, histories.size);
    from = last + 1;
  }
}

async function load(tx: Transaction, numbers: Numbers, shard: number, now: number): Promise<ShardNumbers> {
  const served = new ShardNumbers();
  for (const { level, block, stepId, facts, durations } of await selectAllRollups(tx, numbers, shard)) {
    for (const fact of facts) served.addCount({ level, block, stepId, ...fact });
    if (durations.length > 0) served.addHistogram({ level, block, stepId, buckets: durations });
  }
  for (const { level, block, stepId, sets } of await selectAllSets(tx, numbers, shard)) {
    for (const { fact, detail, members } of sets) {
      const place = { level, block, stepId, fact, detail };
      const key = countKey(place);
      served.sets.set(key, [...(served.sets.get(key) ?? []), members]);
      if (!served.counts.has(key)) served.addCount({ ...place, count: 0, users: 0, earlier: noPairs });
    }
  }
  for (const row of await selectAllClosings(tx, numbers, shard, now)) {
    served.addClosing(row.day, row.closesAt, row.count);
  }
  return served;
}

/**
 * Names every stored number that differs from the log folded afresh, counting exactly the events that are rolled up.
 * @throws Failure `not_found`
 */
export async function auditJourney(
  database: Database,
  workspaceId: number,
  journeyId: string,
): Promise<Audit> {
  return inWorkspace(
    database,
    workspaceId,
    async (tx) => {
      const state = await selectReadState(tx, workspaceId, journeyId);
      if (!state) throw new Failure('not_found', 'There is no such journey.');
      const generations = await loadGenerations(tx, workspaceId, state.journeyNumber);
      const differences: Difference[] = [];
      for (const generation of generations) {
        if (!generation.serving) continue;
        const recomputed = await recompute(tx, workspaceId, generation);
        for (const shard of shards) {
          const served = await load(tx, { workspaceId, ...generation }, shard, state.now);
          const fresh = recomputed[shard] ?? new ShardNumbers();
          differences.push(
            ...compareCounts(served, fresh),
            ...compareHistograms(served, fresh),
            ...compareClosings(served, fresh, state.now),
          );
        }
      }
      return { differences };
    },
    { snapshot: true, patient: true },
  );
}
