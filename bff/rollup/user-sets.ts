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
export function countDifference(one: Uint8Array, other: Uint8Array): number {
  const left = read(one);
  const right = read(other);
  try {
    return left.xorCardinality(right);
  } finally {
    left.dispose();
    right.dispose();
  }
}
