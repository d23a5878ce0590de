// How long to wait before the next attempt.
const first = 1_000;
const most = 60_000;

/** @returns milliseconds: 1, 2, 4 … 60 s, with up to a fifth more so that many pages do not come back at once. */
export function backOff(failures: number): number {
  const wait = Math.min(most, first * 2 ** Math.max(0, failures - 1));
  return wait * (1 + Math.random() / 5);
}
