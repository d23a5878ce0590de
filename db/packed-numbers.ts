// The numbers of a row in few bytes: of each fact its count, its users, and how many of these were there before; then the
// row's histogram of durations. As arrays PostgreSQL takes longer to write them out than for all else in a reading.
//
// Users who were there before: a range is covered by blocks, one after the other, and a user is new in a block unless the
// last day with the same fact lies in the range too. So a block tells how many of its users had the fact before, by how many
// days before the block that last was, and distinct users of any range are added up without reading who they are.
//
// All are whole numbers, seven bits a byte, the lowest first; the highest bit says that another byte follows.

/** Counts by key, in ascending order: of users by days before the block, or of durations by bucket. Stored, both are pairs. */
export type Pairs = ReadonlyMap<number, number>;

/** The numbers of one fact. */
export interface FactNumbers {
  readonly count: number;
  readonly users: number;
  /** Pairs: by how many days before the block users last had the fact, how many did. */
  readonly earlier: Uint8Array;
}

export const noPairs = new Uint8Array(0);

const bitsInByte = 7;
const more = 0x80;
/** Up to here numbers may be shifted; above they would lose their highest bits. */
const shiftable = 2 ** 28;

function put(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= shiftable) {
    bytes.push((rest % more) + more);
    rest = Math.floor(rest / more);
  }
  while (rest >= more) {
    bytes.push((rest & (more - 1)) | more);
    rest >>>= bitsInByte;
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
    for (let weight = 1; ; weight *= more) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw new RangeError('The numbers of a row end too early');
      this.at += 1;
      if (byte < more) return value + byte * weight;
      value += (byte - more) * weight;
    }
  }

  /** The bytes up to a place. */
  take(length: number): Uint8Array {
    const from = this.at;
    this.at += length;
    return this.#bytes.subarray(from, this.at);
  }
}

export function readPairs(stored: Uint8Array): Map<number, number> {
  const reader = new Reader(stored);
  const pairs = new Map<number, number>();
  for (let key = 0; !reader.isAtEnd;) {
    key += reader.next();
    pairs.set(key, reader.next());
  }
  return pairs;
}

/** Adds to pairs. @throws RangeError when one would be below 0 */
export function changePairs(stored: Uint8Array, changes: Pairs): Uint8Array {
  if (changes.size === 0) return stored;
  const pairs = readPairs(stored);
  for (const [key, added] of changes) {
    const sum = (pairs.get(key) ?? 0) + added;
    if (sum < 0) throw new RangeError('A number would be below 0: an audit will name it');
    if (sum === 0) pairs.delete(key);
    else pairs.set(key, sum);
  }
  const bytes: number[] = [];
  let before = 0;
  for (const [key, count] of [...pairs].toSorted(([one], [other]) => one - other)) {
    put(bytes, key - before);
    put(bytes, count);
    before = key;
  }
  return Uint8Array.from(bytes);
}

/** Puts the numbers of a row together. */
export function packNumbers(facts: readonly FactNumbers[], durations: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  for (const { count, users, earlier } of facts) {
    put(bytes, count);
    put(bytes, users);
    put(bytes, earlier.length);
    for (const byte of earlier) bytes.push(byte);
  }
  return Buffer.concat([Uint8Array.from(bytes), durations]);
}

/** Takes a row apart, of so many facts. */
export function unpackNumbers(
  row: Uint8Array,
  facts: number,
): { readonly facts: readonly FactNumbers[]; readonly durations: Uint8Array } {
  const reader = new Reader(row);
  const numbers = Array.from({ length: facts }, (): FactNumbers => {
    const count = reader.next();
    const users = reader.next();
    return { count, users, earlier: reader.take(reader.next()) };
  });
  return { facts: numbers, durations: row.subarray(reader.at) };
}

/** What is added up of a fact. */
export interface Sum {
  count: number;
  users: number;
}

/**
 * Adds a row up without taking it apart.
 * @param sums of the row's facts, in their order
 * @param histogram of durations, by bucket
 * @param days how many days of the range are before the row's block: users who were there in these are left out
 */
export function addNumbers(row: Uint8Array, sums: readonly Sum[], histogram: number[], days: number): void {
  const reader = new Reader(row);
  for (const sum of sums) {
    sum.count += reader.next();
    let users = reader.next();
    const length = reader.next();
    const end = reader.at + length;
    for (let before = 0; reader.at < end;) {
      before += reader.next();
      if (before > days) break;
      users -= reader.next();
    }
    reader.at = end;
    sum.users += users;
  }
  for (let bucket = 0; !reader.isAtEnd;) {
    bucket += reader.next();
    // Without gaps: no duration is so long that its bucket would be above 2,000.
    while (histogram.length <= bucket) histogram.push(0);
    histogram[bucket] = (histogram[bucket] ?? 0) + reader.next();
  }
}
