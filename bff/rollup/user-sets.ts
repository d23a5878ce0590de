// Sets of user numbers, stored as Roaring bitmaps in the portable format. Bitmaps of the library live outside the
// garbage collector, so none leaves this file: everything goes in and out as bytes.
import {
  DeserializationFormat,
  RoaringBitmap32,
  roaringLibraryInitialize,
  SerializationFormat,
} from 'roaring-wasm';

await roaringLibraryInitialize();

/** A stored set, and how many users are in it. */
export interface StoredSet {
  readonly members: Buffer;
  readonly users: number;
}

function read(members: Uint8Array): RoaringBitmap32 {
  return RoaringBitmap32.deserialize(DeserializationFormat.portable, members);
}

/** Adds users to a stored set and takes others out of it; null is the empty set. */
export function changeSet(
  stored: Uint8Array | null,
  joined: readonly number[],
  left: readonly number[],
): StoredSet {
  const bitmap = stored === null ? new RoaringBitmap32() : read(stored);
  try {
    if (left.length > 0) bitmap.removeMany(left);
    if (joined.length > 0) bitmap.addMany(joined);
    const bytes = bitmap.serialize(SerializationFormat.portable);
    return { members: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), users: bitmap.size };
  } finally {
    bitmap.dispose();
  }
}

/** Combines sets into one, from the first on. */
function combine(
  sets: readonly Uint8Array[],
  step: (combined: RoaringBitmap32, next: RoaringBitmap32) => void,
): RoaringBitmap32 {
  const [first, ...others] = sets;
  const combined = first === undefined ? new RoaringBitmap32() : read(first);
  try {
    for (const members of others) {
      const next = read(members);
      try {
        step(combined, next);
      } finally {
        next.dispose();
      }
    }
    return combined;
  } catch (error) {
    combined.dispose();
    throw error;
  }
}

function union(sets: readonly Uint8Array[]): RoaringBitmap32 {
  return combine(sets, (combined, next) => combined.orInPlace(next));
}

/** Takes a result out of a bitmap and frees it. */
function finish<Result>(bitmap: RoaringBitmap32, take: (bitmap: RoaringBitmap32) => Result): Result {
  try {
    return take(bitmap);
  } finally {
    bitmap.dispose();
  }
}

const toBytes = (bitmap: RoaringBitmap32) => bitmap.serialize(SerializationFormat.portable);

/** How a set begins that has no container of runs, as all do that are written here. */
const withoutRuns = 12_346;
/** How a set begins that has containers of runs, in two of its bytes. */
const withRuns = 12_347;
/** No container has such a key. */
const afterAll = 65_536;
/** A container of more users is a bitmap; others list their users. */
const mostListed = 4_096;
const bytesOfBitmap = 8_192;
/** The users of one container, one bit each, while sets are united. */
const marked = new Uint32Array(bytesOfBitmap / 4);

const shortAt = (bytes: Uint8Array, at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const wordAt = (bytes: Uint8Array, at: number) => shortAt(bytes, at) | (shortAt(bytes, at + 2) << 16);
const bytesOfContainer = (users: number) => (users > mostListed ? bytesOfBitmap : 2 * users);

/** The containers of a set that are still to be read: each has a key and its users less one in the header, and its bytes. */
interface Containers {
  readonly bytes: Uint8Array;
  header: number;
  readonly headerEnd: number;
  data: number;
}

/** Finds the containers of sets that stand one after the other. @throws RangeError when these bytes are no sets */
function findContainers(bytes: Uint8Array, found: Containers[]): void {
  let at = 0;
  while (at < bytes.length) {
    const cookie = wordAt(bytes, at);
    if ((cookie & 0xffff) === withRuns) {
      const bitmap = read(bytes.subarray(at));
      const length = bitmap.getSerializationSizeInBytes(SerializationFormat.portable);
      bitmap.removeRunCompression();
      findContainers(finish(bitmap, toBytes), found);
      at += length;
      continue;
    }
    const containers = wordAt(bytes, at + 4);
    const header = at + 8;
    const headerEnd = header + 4 * containers;
    // What follows the header is where each container begins: one after the other.
    const data = headerEnd + 4 * containers;
    let end = data;
    if (cookie === withoutRuns && containers >= 0 && containers <= afterAll && data <= bytes.length) {
      for (let each = header; each < headerEnd; each += 4) {
        end += bytesOfContainer(shortAt(bytes, each + 2) + 1);
      }
    } else {
      end = Infinity;
    }
    if (end > bytes.length) throw new RangeError('These bytes are no set');
    if (containers > 0) found.push({ bytes, header, headerEnd, data });
    at = end;
  }
}

/** Marks the users of a container. @returns how many were not marked before; of a bitmap it is not told */
function mark(bytes: Uint8Array, from: number, users: number): number {
  if (users > mostListed) {
    for (let word = 0, at = from; at < from + bytesOfBitmap; word += 1, at += 4) {
      marked[word] = (marked[word] ?? 0) | wordAt(bytes, at);
    }
    return 0;
  }
  let added = 0;
  for (let at = from; at < from + 2 * users; at += 2) {
    const user = shortAt(bytes, at);
    const before = marked[user >>> 5] ?? 0;
    const bit = 1 << (user & 31);
    if ((before & bit) === 0) {
      marked[user >>> 5] = before | bit;
      added += 1;
    }
  }
  return added;
}

/** How many bits are set in all words. */
function countMarked(): number {
  let count = 0;
  for (const word of marked) {
    const pairs = word - ((word >>> 1) & 0x55555555);
    const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    count += Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/**
 * How many users are in any of the sets. Several may stand one after the other in the same bytes. Most are so small that
 * to hand them over to the library takes many times as long as to read them, so this does without it.
 * @throws when any bytes are no sets
 */
export function countUnion(sets: readonly Uint8Array[]): number {
  const all: Containers[] = [];
  for (const bytes of sets) findContainers(bytes, all);
  let count = 0;
  let key = afterAll;
  for (const { bytes, header } of all) key = Math.min(key, shortAt(bytes, header));
  while (key < afterAll) {
    let next = afterAll;
    let first: Containers | undefined;
    let [firstData, firstUsers, added] = [0, 0, 0];
    let isMarked = false;
    let hasBitmap = false;
    for (const each of all) {
      if (each.header === each.headerEnd) continue;
      const { bytes, header, data } = each;
      let keyOfEach = shortAt(bytes, header);
      if (keyOfEach === key) {
        const users = shortAt(bytes, header + 2) + 1;
        hasBitmap ||= users > mostListed;
        if (first === undefined) {
          [first, firstData, firstUsers] = [each, data, users];
        } else {
          // One alone need not be read: its header says how many users it has.
          if (!isMarked) added = mark(first.bytes, firstData, firstUsers);
          isMarked = true;
          added += mark(bytes, data, users);
        }
        each.data = data + bytesOfContainer(users);
        each.header = header + 4;
        if (each.header === each.headerEnd) continue;
        keyOfEach = shortAt(bytes, each.header);
      }
      if (keyOfEach < next) next = keyOfEach;
    }
    if (!isMarked) count += firstUsers;
    else {
      count += hasBitmap ? countMarked() : added;
      marked.fill(0);
    }
    key = next;
  }
  return count;
}

/** The users who are in any of the sets. */
export function uniteSets(sets: readonly Uint8Array[]): Uint8Array {
  return finish(union(sets), toBytes);
}

/** The users who are in all of the sets, of which there is at least one. */
export function intersectSets(sets: readonly Uint8Array[]): Uint8Array {
  const intersection = combine(sets, (combined, next) => combined.andInPlace(next));
  return finish(intersection, toBytes);
}

/** The users of a set who are not in another. */
export function subtractSet(from: Uint8Array, what: Uint8Array): Uint8Array {
  return finish(
    combine([from, what], (combined, next) => combined.andNotInPlace(next)),
    toBytes,
  );
}

/** How many users are in a set. */
export function countSet(members: Uint8Array): number {
  return finish(read(members), (bitmap) => bitmap.size);
}

/** The numbers of the users in a set, ascending. */
export function listSet(members: Uint8Array): Uint32Array {
  return finish(read(members), (bitmap) => bitmap.toUint32Array());
}

/** How many users are in one set and not in the other, both ways together. */
export function countDifference(one: Uint8Array | null, other: Uint8Array | null): number {
  const left = one === null ? new RoaringBitmap32() : read(one);
  const right = other === null ? new RoaringBitmap32() : read(other);
  try {
    return left.xorCardinality(right);
  } finally {
    left.dispose();
    right.dispose();
  }
}
