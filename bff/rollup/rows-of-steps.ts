// Which row a fact stands in: that of its step in its block of days. A row holds a number of facts; those that come when it
// is full, such as the ten-thousandth reason of an exit, stand in rows beside it, so that no row grows without bound.
import { hash } from 'node:crypto';
import { changePairs, noPairs, type Pairs } from '../../db/packed-numbers.ts';
import type { RollupKey, RollupRow, StoredFact } from '../../db/queries/rollups.ts';
import type { CountChange, DistributionChange } from './changes.ts';

/** The part of a step that most are whole in. */
const firstPart = 0;
/** When the first part is full, and stays so: a fact that is not in it then stands in another. Others are never full. */
const factsInFirstPart = 512;
const otherParts = 1_024;

/** What changes in one row. */
export interface RowChanges extends RollupKey {
  readonly changes: readonly CountChange[];
  readonly durations: Pairs;
}

export function keyOfRow({ level, block, stepId, part }: RollupKey): string {
  return `${level} ${block} ${part} ${stepId}`;
}

const noDurations: Pairs = new Map<number, number>();

interface GrowingRow extends RollupKey {
  readonly changes: CountChange[];
  durations: Pairs;
}

/** Changes by row. */
class Rows {
  readonly #byKey = new Map<string, GrowingRow>();

  of({ level, block, stepId }: Omit<RollupKey, 'part'>, part: number): GrowingRow {
    const key = { level, block, stepId, part };
    const name = keyOfRow(key);
    let row = this.#byKey.get(name);
    if (!row) this.#byKey.set(name, (row = { ...key, changes: [], durations: noDurations }));
    return row;
  }

  list(): RowChanges[] {
    return [...this.#byKey.values()];
  }
}

/** Changes by the row of their step. */
export function changesByRow(
  changes: readonly CountChange[],
  distributions: readonly DistributionChange[],
): RowChanges[] {
  const rows = new Rows();
  for (const change of changes) rows.of(change, firstPart).changes.push(change);
  for (const change of distributions) {
    if (change.buckets.size > 0) rows.of(change, firstPart).durations = change.buckets;
  }
  return rows.list();
}

/** Changes for which there is no room in the first part, by the row where their facts then stand. */
export function changesByPart(without: readonly RowChanges[]): RowChanges[] {
  const rows = new Rows();
  for (const change of without.flatMap((row) => row.changes)) {
    // Anyone may choose details, but not so that many are in one row.
    const digits = hash('sha256', `${change.fact}\0${change.detail}`, 'hex').slice(0, 8);
    rows.of(change, 1 + (Number.parseInt(digits, 16) % otherParts)).changes.push(change);
  }
  return rows.list();
}

const nobody = { count: 0, users: 0, earlier: noPairs };

function changeFact(before: Omit<StoredFact, 'fact' | 'detail'>, change: CountChange): StoredFact {
  const { fact, detail, joined, left } = change;
  const count = before.count + change.count;
  const users = before.users + joined.length - left.length;
  const earlier = change.earlier ? changePairs(before.earlier, change.earlier) : before.earlier;
  if (count < 0 || users < 0 || (count === 0) !== (users === 0)) {
    throw new Error(`The numbers of ${fact} do not match the log: an audit will name them`);
  }
  return { fact, detail, count, users, earlier };
}

/**
 * Changes a row.
 * @param stored the row as it is, if it is
 * @returns the row as it then is, its facts in order; the changes that are in it; and those of facts that are not among them
 * and find no room
 */
export function changeRow(
  stored: RollupRow | undefined,
  { level, block, stepId, part, changes, durations: changedDurations }: RowChanges,
): { row: RollupRow; done: CountChange[]; left: CountChange[] } {
  const facts = new Map(stored?.facts.map((fact) => [`${fact.fact}\0${fact.detail}`, fact]));
  const done: CountChange[] = [];
  const left: CountChange[] = [];
  let isFull = false;
  for (const change of changes) {
    isFull ||= part === firstPart && facts.size >= factsInFirstPart;
    const key = `${change.fact}\0${change.detail}`;
    const before = facts.get(key);
    if (!before && isFull) {
      left.push(change);
      continue;
    }
    done.push(change);
    const fact = changeFact(before ?? nobody, change);
    // In a full row a fact that comes to nothing keeps its place.
    if (fact.count > 0 || isFull) facts.set(key, fact);
    else facts.delete(key);
  }
  // One order, so that rows with the same facts list them the same.
  const inOrder = [...facts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
  const durations = changePairs(stored?.durations ?? noPairs, changedDurations);
  if (inOrder.length === 0 && durations.length > 0) {
    throw new Error('Durations do not match the log: an audit will name them');
  }
  return { row: { level, block, stepId, part, facts: inOrder, durations }, done, left };
}
