// Valid bodies made invalid, by their structure and by their bytes.
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { hostileJson, hostileKeys, hostileTexts, rawNumber, rawNumbers } from './hostile-values.ts';

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.constantFrom(...rawNumbers.map(rawNumber)) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, '', [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(...hostileKeys) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...hostileKeys), fc.constantFrom(...hostileTexts))
      .map(([key, text]): unknown => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(text)}}`)),
  },
);

/** What is done to one value of a body. */
type Change =
  | { readonly do: 'delete' | 'duplicate' | 'wrap' | 'retype' }
  | { readonly do: 'replace'; readonly value: unknown }
  | { readonly do: 'insert'; readonly key: string; readonly value: unknown };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ do: fc.constantFrom('delete', 'duplicate', 'wrap', 'retype') }),
  fc.record({ do: fc.constant('replace' as const), value: hostileValue }),
  fc.record({ do: fc.constant('replace' as const), value: hostileValue }),
  fc.record({
    do: fc.constant('insert' as const),
    key: fc.constantFrom(...hostileKeys),
    value: hostileValue,
  }),
);

/** Where a value of a body stands. */
interface Place {
  readonly owner: object;
  readonly key: string;
}

function placesIn(owner: object): Place[] {
  return Object.entries(owner).flatMap(([key, value]: [string, unknown]) => [
    { owner, key },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

/** Sets a member of whatever name, as JSON would. */
function set(owner: object, key: string, value: unknown): void {
  if (Array.isArray(owner)) owner.push(value);
  else Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
}

function retyped(value: unknown): unknown {
  if (typeof value === 'string') return value.split('').slice(0, 3);
  if (Array.isArray(value)) return Object.fromEntries(value.map((item: unknown, index) => [index, item]));
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  return String(value);
}

function apply({ owner, key }: Place, made: Change): void {
  const value: unknown = Reflect.get(owner, key);
  const replace = (by: unknown) => {
    Object.defineProperty(owner, key, { value: by, enumerable: true, configurable: true, writable: true });
  };
  switch (made.do) {
    case 'delete':
      if (Array.isArray(owner)) owner.splice(Number(key), 1);
      else Reflect.deleteProperty(owner, key);
      break;
    case 'duplicate':
      set(owner, `${key} again`, structuredClone(value));
      break;
    case 'wrap':
      replace([{ [key]: value }]);
      break;
    case 'retype':
      replace(retyped(value));
      break;
    case 'replace':
      replace(structuredClone(made.value));
      break;
    case 'insert':
      set(typeof value === 'object' && value !== null ? value : owner, made.key, structuredClone(made.value));
      break;
  }
}

/** Bytes taken out, put in or turned over, by how far into the body they stand. */
const damage = fc.record({
  do: fc.constantFrom('flip', 'cut', 'insert', 'end'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  byte: fc.nat(255),
});

function damaged(
  bytes: Buffer,
  made: { readonly do: string; readonly at: number; readonly byte: number },
): Buffer {
  const at = Math.floor(made.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (made.do === 'end') return before;
  if (made.do === 'cut') return Buffer.concat([before, after.subarray(1 + (made.byte % 8))]);
  if (made.do === 'insert') return Buffer.concat([before, Buffer.from([made.byte]), after]);
  return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (made.byte || 1)]), after.subarray(1)]);
}

export interface Mutation {
  readonly changes: readonly { readonly at: number; readonly change: Change }[];
  readonly damages: readonly { readonly do: string; readonly at: number; readonly byte: number }[];
  readonly asLines: boolean;
  readonly isGzip: boolean;
}

/** Mostly changes of structure, which get further into the service than damaged bytes do. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  changes: fc.array(fc.record({ at: fc.nat(1_000), change }), { maxLength: 4 }),
  damages: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) },
  ),
  asLines: fc.boolean(),
  isGzip: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
});

/**
 * Makes a body of a valid one.
 * @param asLines writes the elements of a list as NDJSON
 */
export function mutated(
  body: unknown,
  { changes, damages, asLines, isGzip }: Mutation,
): { readonly bytes: Buffer; readonly isLines: boolean; readonly isGzip: boolean } {
  const root: { body: unknown } = { body: structuredClone(body) };
  for (const { at, change: made } of changes) {
    const places = placesIn(root);
    const place = places[at % Math.max(1, places.length)];
    if (place) apply(place, made);
  }
  const isLines = asLines && Array.isArray(root.body);
  const text =
    Array.isArray(root.body) && isLines ? root.body.map(hostileJson).join('\n') : hostileJson(root.body);
  let bytes: Buffer = Buffer.from(text);
  // Compressed bytes are damaged too: half the time before, half after.
  const isDamagedInside = damages.length % 2 === 1;
  if (isDamagedInside) for (const made of damages) bytes = damaged(bytes, made);
  if (isGzip) bytes = gzipSync(bytes);
  if (!isDamagedInside) for (const made of damages) bytes = damaged(bytes, made);
  return { bytes, isLines, isGzip };
}
