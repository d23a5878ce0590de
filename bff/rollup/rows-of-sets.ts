// Which row a user stands in of the sets behind a fact: that of a range of users, so that whatever the size of a journey a
// change writes little again. A range is what one container of a Roaring bitmap holds.
import type { SetKey, SetRow, StoredSet } from '../../db/queries/sets.ts';
import type { CountChange } from './changes.ts';
import { changeSet } from './user-sets.ts';

const bitsInRange = 16;

/** Who joins and leaves the sets of one row, by fact and detail. */
export interface SetChanges extends SetKey {
  readonly changes: Map<string, SetChange>;
}

interface SetChange {
  readonly fact: string;
  readonly detail: string;
  readonly joined: number[];
  readonly left: number[];
}

export function keyOfSets({ level, block, stepId, part, userRange }: SetKey): string {
  return `${level} ${block} ${part} ${userRange} ${stepId}`;
}

/** Collects changes of sets by row. */
export class ChangesOfSets {
  readonly #byKey = new Map<string, SetChanges>();

  /** @param part of the row that holds the numbers */
  add(change: CountChange, part: number): void {
    for (const side of ['joined', 'left'] as const) {
      let range = -1;
      let users: number[] = [];
      for (const userId of change[side]) {
        // They mostly come in order, and so from few ranges.
        if (userId >>> bitsInRange !== range) {
          range = userId >>> bitsInRange;
          users = this.#of(change, part, range)[side];
        }
        users.push(userId);
      }
    }
  }

  #of({ level, block, stepId, fact, detail }: CountChange, part: number, userRange: number): SetChange {
    const key = { level, block, stepId, part, userRange };
    const name = keyOfSets(key);
    let row = this.#byKey.get(name);
    if (!row) this.#byKey.set(name, (row = { ...key, changes: new Map<string, SetChange>() }));
    const nameOfFact = `${fact}\0${detail}`;
    let change = row.changes.get(nameOfFact);
    if (!change) row.changes.set(nameOfFact, (change = { fact, detail, joined: [], left: [] }));
    return change;
  }

  list(): SetChanges[] {
    return [...this.#byKey.values()];
  }
}

/** Changes a row. @returns the row as it then is, its facts in order; a set that comes to nobody is gone */
export function changeSets(stored: SetRow | undefined, { changes, ...key }: SetChanges): SetRow {
  const sets = new Map(stored?.sets.map((set) => [`${set.fact}\0${set.detail}`, set]));
  for (const [name, { fact, detail, joined, left }] of changes) {
    const { members, users } = changeSet(sets.get(name)?.members ?? null, joined, left);
    if (users === 0) sets.delete(name);
    else sets.set(name, { fact, detail, members } satisfies StoredSet);
  }
  return { ...key, sets: [...sets].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, set]) => set) };
}
