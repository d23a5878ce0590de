// One query for all who wait for the same answer, begun after each of them came: so an answer is never older than its
// question, and a crowd costs as much as one.
import { setImmediate as nextTurn } from 'node:timers/promises';

export class SharedQuery<Value> {
  /** The query of a key that has not begun: whoever comes shares it. */
  readonly #gathering = new Map<string, Promise<Value>>();
  /** Settles when the query of a key that has begun is over. */
  readonly #running = new Map<string, Promise<unknown>>();

  /**
   * Asks for the value of a key. All who come before the query begins share it; it begins a turn after the one before it is
   * over.
   * @param key names all that the value depends on
   */
  ask(key: string, query: () => Promise<Value>): Promise<Value> {
    const gathering = this.#gathering.get(key);
    if (gathering) return gathering;
    const shared = this.#begin(key, query);
    this.#gathering.set(key, shared);
    return shared;
  }

  async #begin(key: string, query: () => Promise<Value>): Promise<Value> {
    const running = this.#running.get(key);
    if (running) await running;
    // Those whose requests came in the same turn are waited for: a query more costs more than the turn.
    await nextTurn();
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
}
