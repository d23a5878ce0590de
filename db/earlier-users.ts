// Which of the users whom a block of days counts had the same fact on an earlier day: how many, by how many days before the
// block that last was. A range is covered by blocks, one after the other, and a user is new in a block unless the last time
// lies in the range: so distinct users of any range are added up, however many they are, and no set is read.
//
// What is stored of a fact are pairs, by ascending days: how many days more than in the pair before, and how many users.
// All numbers are written seven bits a byte, the lowest first; the highest bit says that another byte follows.

/** Numbers of users by the days before the block. */
export type EarlierUsers = ReadonlyMap<number, number>;

const nobody = new Uint8Array(0);

function put(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}

/** Reads one number after the other. */
class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** @throws RangeError when the bytes end too early */
  next(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw new RangeError('These bytes are no numbers of earlier users');
      this.at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
}

export function listEarlier(stored: Uint8Array): Map<number, number> {
  const reader = new Reader(stored);
  const users = new Map<number, number>();
  for (let days = 0; !reader.isAtEnd;) {
    days += reader.next();
    users.set(days, reader.next());
  }
  return users;
}

/** Adds to the numbers of a fact. @throws RangeError when one would be below 0 */
export function changeEarlier(stored: Uint8Array, changes: EarlierUsers): Uint8Array {
  const users = listEarlier(stored);
  for (const [days, more] of changes) {
    const sum = (users.get(days) ?? 0) + more;
    if (sum < 0) throw new RangeError('There cannot be fewer than no earlier users');
    if (sum === 0) users.delete(days);
    else users.set(days, sum);
  }
  if (users.size === 0) return nobody;
  const bytes: number[] = [];
  let before = 0;
  for (const [days, count] of [...users].toSorted(([one], [other]) => one - other)) {
    put(bytes, days - before);
    put(bytes, count);
    before = days;
  }
  return Uint8Array.from(bytes);
}

/** The facts of a row one after the other, each after how many bytes it has; nothing when there is nobody in any. */
export function joinEarlier(ofFacts: readonly Uint8Array[]): Uint8Array {
  if (ofFacts.every(({ length }) => length === 0)) return nobody;
  const parts: Uint8Array[] = [];
  for (const ofFact of ofFacts) {
    const length: number[] = [];
    put(length, ofFact.length);
    parts.push(Uint8Array.from(length), ofFact);
  }
  return Buffer.concat(parts);
}

/** Takes a row apart, of so many facts. */
export function splitEarlier(row: Uint8Array, facts: number): Uint8Array[] {
  if (row.length === 0) return Array.from({ length: facts }, () => nobody);
  const reader = new Reader(row);
  return Array.from({ length: facts }, () => {
    const length = reader.next();
    const ofFact = row.subarray(reader.at, reader.at + length);
    reader.at += length;
    return ofFact;
  });
}

/** How many users of each fact of a row had it in the last `days` before the block. */
export function countEarlier(row: Uint8Array, facts: number, days: number): number[] {
  const counts = Array.from({ length: facts }, () => 0);
  if (row.length === 0 || days <= 0) return counts;
  const reader = new Reader(row);
  for (let fact = 0; fact < facts; fact += 1) {
    const length = reader.next();
    const end = reader.at + length;
    let count = 0;
    for (let at = 0; reader.at < end;) {
      at += reader.next();
      if (at > days) break;
      count += reader.next();
    }
    counts[fact] = count;
    reader.at = end;
  }
  return counts;
}
