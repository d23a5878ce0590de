// What was rejected, by reason: how often, and on which lines first.
import type { ProblemDetail } from '../../contract/index.ts';

const mostReasons = 100;
const linesShown = 5;

export interface Rejection {
  readonly reason: string;
  readonly count: number;
  /** The first lines that have it. */
  readonly lines: readonly number[];
}

interface Counted {
  count: number;
  readonly lines: number[];
}

export class Rejections {
  #count = 0;
  readonly #byReason = new Map<string, Counted>();

  /** How many lines were rejected. */
  get count(): number {
    return this.#count;
  }

  /** Notes a rejected line. It counts under each of its reasons. */
  add(line: number, errors: readonly ProblemDetail[]): void {
    this.#count += 1;
    for (const { path, message } of errors) {
      const reason = path === '' ? message : `${path} ${message}`;
      const isNew = !this.#byReason.has(reason);
      // A file of another kind could have as many reasons as lines.
      const key = isNew && this.#byReason.size >= mostReasons ? 'other reasons' : reason;
      const known = this.#byReason.get(key) ?? { count: 0, lines: [] };
      this.#byReason.set(key, known);
      known.count += 1;
      if (known.lines.length < linesShown) known.lines.push(line);
    }
  }

  /** The reasons, the most frequent first. */
  list(): Rejection[] {
    return Array.from(this.#byReason, ([reason, { count, lines }]) => ({ reason, count, lines })).toSorted(
      (a, b) => b.count - a.count,
    );
  }
}
