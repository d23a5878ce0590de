// One query for all who wait for the same answer, begun after each of them came: so an answer is never older than its
// question, and a crowd costs as much as one.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** For how many turns of the event loop a query waits for more who ask, as long as each turn brings some. */
const mostTurns = 8;

/** A query that has not begun. */
interface Gathering<Value> {
  readonly value: Promise<Value>;
  /** How many share it. */
  size: number;
}

export class SharedQuery<Value> {
  /** The query of a key that has not begun: whoever comes shares it. */
  readonly #gathering = new Map<string, Gathering<Value>>();
  /** Settles when the query of a key that has begun is over. */
  readonly #running = new Map<string, Promise<unknown>>();

  /**
   * Asks for the value of a key. All who come before the query begins share it; it begins when the one before it is over and
   * a turn has brought nobody more.
   * @param key names all that the value depends on
   */
  ask(key: string, query: () => Promise<Value>): Promise<Value> {
    const gathering = this.#gathering.get(key);
    if (gathering) {
      gathering.size += 1;
      return gathering.value;
    }
    const value = this.#begin(key, query);
    this.#gathering.set(key, { value, size: 1 });
    return value;
  }

  async #begin(key: string, query: () => Promise<Value>): Promise<Value> {
    await this.#running.get(key);
    await this.#gather(key);
    this.#gathering.delete(key);
    const value = query();
    // Whether it fails is for those who share it.
    const over = Promise.allSettled([value]);
    this.#running.set(key, over);
    try {
      return await value;
    } finally {
      if (this.#running.get(key) === over) this.#running.delete(key);
    }
  }

  /**
   * Waits for those whose requests come in the same turns: a query more costs more than a turn. Begun after the first turn,
   * the queries of 64 connections took a fifth of what a cached reading costs.
   */
  async #gather(key: string): Promise<void> {
    let size = 0;
    for (let turns = 0; turns < mostTurns; turns += 1) {
      const sizeNow = this.#gathering.get(key)?.size ?? 0;
      if (sizeNow === size) return;
      size = sizeNow;
      await nextTurn(); // oxlint-disable-line no-await-in-loop -- one turn after the other
    }
  }
}
