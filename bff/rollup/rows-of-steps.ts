// Which row a fact stands in: that of its step in its block of days. A row holds a number of facts; those that come when it
// is full, such as the ten-thousandth reason of an exit, stand in rows beside it, so that no row grows without bound.
import { hash } from 'node:crypto';
import { changeEarlier } from '../../db/earlier-users.ts';
import type { RollupKey, StoredFact } from '../../db/queries/rollups.ts';
import { hasSets } from './blocks.ts';
import type { CountChange } from './changes.ts';
import { changeSet } from './user-sets.ts';

/** The part of a step that most are whole in. */
const firstPart = 0;
/** When the first part is full, and stays so: a fact that is not in it then stands in another. Others are never full. */
const factsInFirstPart = 512;
const otherParts = 1_024;

/** What changes in one row. */
export interface RowChanges extends RollupKey {
  readonly changes: readonly CountChange[];
}

export function keyOfRow({ level, block, stepId, part }: RollupKey): string {
  return `${level} ${block} ${part} ${stepId}`;
}

/** Changes by the row of their step. */
export function changesByRow(changes: readonly CountChange[]): RowChanges[] {
  return groupByRow(changes, () => firstPart);
}

/** Changes for which there is no room in the first part, by the row where their facts then stand. */
export function changesByPart(without: readonly RowChanges[]): RowChanges[] {
  const changes = without.flatMap((row) => row.changes);
  return groupByRow(changes, ({ fact, detail }) => {
    // Anyone may choose details, but not so that many are in one row.
    const digits = hash('sha256', `${fact}\0${detail}`, 'hex').slice(0, 8);
    return 1 + (Number.parseInt(digits, 16) % otherParts);
  });
}

function groupByRow(changes: readonly CountChange[], partOf: (change: CountChange) => number): RowChanges[] {
  const rows = new Map<string, RollupKey & { readonly changes: CountChange[] }>();
  for (const change of changes) {
    const { level, block, stepId } = change;
    const key = { level, block, stepId, part: partOf(change) };
    const name = keyOfRow(key);
    const row = rows.get(name);
    if (row) row.changes.push(change);
    else rows.set(name, { ...key, changes: [change] });
  }
  return [...rows.values()];
}

const nobody = { count: 0, users: 0, members: null, earlier: new Uint8Array(0) };

function changeFact(before: Omit<StoredFact, 'fact' | 'detail'>, change: CountChange): StoredFact {
  const { fact, detail, level, joined, left } = change;
  const count = before.count + change.count;
  const set = hasSets(level)
    ? changeSet(before.members, joined, left)
    : { members: null, users: before.users + joined.length - left.length };
  const earlier = change.earlier ? changeEarlier(before.earlier, change.earlier) : before.earlier;
  if (count < 0 || set.users < 0 || (count === 0) !== (set.users === 0)) {
    throw new Error(`The numbers of ${fact} do not match the log: an audit will name them`);
  }
  return { fact, detail, count, ...set, earlier };
}

/**
 * Changes the facts of a row.
 * @returns the facts as they then are, in order, and the changes of facts that are not among them and find no room
 */
export function changeRow(
  stored: readonly StoredFact[],
  { part, changes }: RowChanges,
): { facts: StoredFact[]; left: CountChange[] } {
  const facts = new Map(stored.map((fact) => [`${fact.fact}\0${fact.detail}`, fact]));
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
    const fact = changeFact(before ?? nobody, change);
    // In a full row a fact that comes to nothing keeps its place.
    if (fact.count > 0 || isFull) facts.set(key, fact);
    else facts.delete(key);
  }
  // One order, so that rows with the same facts list them the same.
  const inOrder = [...facts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { facts: inOrder.map(([, fact]) => fact), left };
}
