// Holds an answer against a part of it that a conformance case expects, and names each mismatch.

const quantileTolerance = 0.02;
const rateTolerance = 1e-6;

/** Lists whose elements are told apart by these fields, whatever their order. */
const keysOfLists: Readonly<Record<string, readonly string[]>> = {
  steps: ['stepId'],
  transitions: ['from', 'to'],
  points: ['date'],
  rejected: ['index'],
};
/** Members that may be left out where null is expected. */
const mayBeAbsent = new Set(['position', 'previous', 'campaignId', 'channel', 'label']);

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`;
}

/** Whether two numbers are the same, as far as the meaning has them exact. */
function isSameNumber(name: string, expected: number, got: number): boolean {
  const difference = Math.abs(expected - got);
  if (name === 'p50' || name === 'p90') return difference <= quantileTolerance * Math.abs(expected) + 1e-9;
  if (name === 'conversionRate' || name === 'dropOffRate') return difference <= rateTolerance;
  return difference === 0;
}

function* compareObjects(expected: Row, got: unknown, path: string, name: string): Generator<string> {
  if (!isRow(got)) {
    yield `${path || 'answer'}: expected an object, got ${brief(got)}`;
    return;
  }
  for (const [key, value] of Object.entries(expected)) {
    if (Object.hasOwn(got, key)) yield* mismatches(value, got[key], `${path}.${key}`, key);
    else if (value !== null || !mayBeAbsent.has(key))
      yield `${path}.${key}: missing, expected ${brief(value)}`;
  }
  // Reasons are expected completely.
  if (name !== 'exitReasons') return;
  for (const [key, value] of Object.entries(got)) {
    if (!Object.hasOwn(expected, key) && value !== 0)
      yield `${path}.${key}: not expected, got ${brief(value)}`;
  }
}

function byKeys(rows: readonly unknown[], keys: readonly string[]): Map<string, Row> {
  return new Map(rows.filter(isRow).map((row) => [JSON.stringify(keys.map((key) => row[key])), row]));
}

function* compareKeyedLists(
  expected: readonly unknown[],
  got: unknown,
  path: string,
  name: string,
  keys: readonly string[],
): Generator<string> {
  if (!Array.isArray(got)) {
    yield `${path}: expected a list, got ${brief(got)}`;
    return;
  }
  const expectedRows = byKeys(expected, keys);
  const gotRows = byKeys(got, keys);
  if (gotRows.size !== got.length)
    yield `${path}: the same ${keys.join('/')} twice, or an element that is no object`;
  for (const [key, row] of expectedRows) {
    const same = gotRows.get(key);
    if (same) yield* mismatches(row, same, `${path}${key}`, '');
    else if (name !== 'transitions' || row['count'] !== 0 || row['defined'] === true)
      yield `${path}${key}: missing, expected ${brief(row)}`;
  }
  if (name === 'transitions' || name === 'points') {
    // These are complete lists, but for undefined transitions that nobody took.
    for (const [key, row] of gotRows) {
      if (!expectedRows.has(key) && (name === 'points' || row['count'] !== 0))
        yield `${path}${key}: not expected, got ${brief(row)}`;
    }
  }
  if (name !== 'points') return;
  const dates = got.filter(isRow).map((row) => String(row['date']));
  if (dates.join() !== dates.toSorted().join()) yield `${path}: not in order of date`;
}

/**
 * Names every part of `got` that is not as expected. Objects may hold more than expected; steps are matched by their id;
 * transitions, points and reasons are expected completely; quantiles within 2 %, all else exactly.
 */
export function* mismatches(expected: unknown, got: unknown, path = '', name = ''): Generator<string> {
  if (isRow(expected)) {
    yield* compareObjects(expected, got, path, name);
    return;
  }
  if (Array.isArray(expected)) {
    const keys = keysOfLists[name];
    if (keys) {
      yield* compareKeyedLists(expected, got, path, name, keys);
    } else if (!Array.isArray(got) || got.length !== expected.length) {
      yield `${path}: expected ${brief(expected)}, got ${brief(got)}`;
    } else {
      for (const [index, value] of expected.entries()) {
        yield* mismatches(value, got[index], `${path}[${index}]`, name);
      }
    }
    return;
  }
  const isSame =
    typeof expected === 'number' && typeof got === 'number'
      ? isSameNumber(name, expected, got)
      : expected === got;
  if (!isSame) yield `${path || 'answer'}: expected ${brief(expected)}, got ${brief(got)}`;
}
