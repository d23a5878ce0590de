// One export: a one-time link, and then the question how far the download has come until it ends.
import { backOff } from './back-off.ts';
import type { Connection } from './connection.ts';
import { LoadFailure } from './load-failure.ts';
import { exportPath } from './paths.ts';

export interface ExportLink {
  /** Of the BFF itself, in full. */
  readonly url: URL;
  readonly exportId: string;
  readonly rows: number;
}

export interface ExportProgress {
  readonly state: 'waiting' | 'streaming' | 'complete' | 'broken' | 'expired';
  readonly rows: number;
  readonly rowsSent: number;
}

const firstWait = 300;
const longestWait = 2_000;
/** After so many questions in a row without an answer, what becomes of the download is not known. */
const mostFailures = 5;

const states: readonly unknown[] = ['waiting', 'streaming', 'complete', 'broken', 'expired'];
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isProgress(value: unknown): value is ExportProgress {
  return (
    isRecord(value) &&
    states.includes(value['state']) &&
    typeof value['rows'] === 'number' &&
    typeof value['rowsSent'] === 'number'
  );
}

/** Asks for a link that is good for one download; `body` says of which audience. @throws LoadFailure */
export async function requestLink(
  connection: Connection,
  path: string,
  signal: AbortSignal,
  body?: unknown,
): Promise<ExportLink> {
  const answer = await connection.post(path, signal, body);
  if (isRecord(answer)) {
    const { url, exportId, rows } = answer;
    if (typeof url === 'string' && typeof exportId === 'string' && typeof rows === 'number') {
      const resolved = connection.resolve(url);
      // Elsewhere, or as another kind of address, it is not the contract's link and is not opened.
      if (resolved) return { url: resolved, exportId, rows };
    }
  }
  throw new LoadFailure('invalid_answer', { status: 200 });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
  signal.throwIfAborted();
}

/**
 * Tells `progress` how far the export is until it ends.
 * @returns its end: complete, broken or expired
 * @throws LoadFailure when that cannot be learnt
 */
export async function followExport(
  connection: Connection,
  exportId: string,
  signal: AbortSignal,
  progress: (now: ExportProgress) => void,
): Promise<ExportProgress> {
  let failures = 0;
  for (let wait = firstWait; ; wait = Math.min(longestWait, wait * 1.5)) {
    await pause(failures > 0 ? backOff(failures) : wait, signal);
    try {
      const now = await connection.ask(exportPath(exportId), signal);
      if (!isProgress(now)) throw new LoadFailure('invalid_answer', { status: 200 });
      failures = 0;
      if (now.state !== 'waiting' && now.state !== 'streaming') return now;
      progress(now);
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      const lasting = !(error instanceof LoadFailure) || !error.retryable;
      if (lasting || failures >= mostFailures) throw error;
    }
  }
}
