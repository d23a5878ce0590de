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

/** How many users are in any of the sets. */
export function countUnion(sets: readonly Uint8Array[]): number {
  const [first, ...others] = sets;
  if (first === undefined) return 0;
  const union = read(first);
  try {
    for (const members of others) {
      const bitmap = read(members);
      try {
        union.orInPlace(bitmap);
      } finally {
        bitmap.dispose();
      }
    }
    return union.size;
  } finally {
    union.dispose();
  }
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
