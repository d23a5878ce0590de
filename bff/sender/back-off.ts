// How long to wait before a request is tried again.

const firstMilliseconds = 200;
const mostMilliseconds = 30_000;
/** While the process waits to end, a service that comes back must be noticed soon. */
const mostWhileClosing = 1_000;
/** A service that asks for more, asks for what no sender should do. */
const mostAskedFor = 300_000;

/**
 * Twice as long with every failure, half of it by chance, so that senders that failed together do not come back together.
 * @param failures 1 after the first
 */
export function backOffMilliseconds(failures: number, isClosing: boolean): number {
  const most = isClosing ? mostWhileClosing : mostMilliseconds;
  const whole = Math.min(most, firstMilliseconds * 2 ** (failures - 1));
  return (whole * (1 + Math.random())) / 2;
}

/**
 * Reads the header Retry-After: seconds, or a date.
 * @returns milliseconds from now, 5 minutes at most; null when it is missing or neither
 */
export function retryAfterMilliseconds(header: string | null): number | null {
  if (header === null) return null;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? null : Math.min(mostAskedFor, Math.max(0, milliseconds));
}
