// One query for all who wait for the same answer, begun after each of them came: so an answer is never older than its
// question, and a crowd costs as much as one.

/** The query of a key that runs, and the one that begins when it has ended. */
interface Line<Value> {
  running: Promise<Value>;
  next: Promise<Value> | undefined;
}

export class SharedQuery<Value> {
  readonly #lines = new Map<string, Line<Value>>();

  /**
   * Asks for the value of a key. Who comes while a query runs shares the next one with all others who do.
   * @param key names all that the value depends on
   */
  ask(key: string, query: () => Promise<Value>): Promise<Value> {
    const line = this.#lines.get(key);
    if (line) {
      line.next ??= this.#settled(line.running).then(() => this.#begin(key, line, query));
      return line.next;
    }
    const begun: Line<Value> = { running: this.#run(key, query), next: undefined };
    this.#lines.set(key, begun);
    return begun.running;
  }

  #begin(key: string, line: Line<Value>, query: () => Promise<Value>): Promise<Value> {
    line.next = undefined;
    line.running = this.#run(key, query);
    return line.running;
  }

  async #run(key: string, query: () => Promise<Value>): Promise<Value> {
    try {
      // Not before the line is known, so that a query that fails at once leaves none behind.
      return await Promise.resolve().then(query);
    } finally {
      if (this.#lines.get(key)?.next === undefined) this.#lines.delete(key);
    }
  }

  /** Waits for a query whose failure is for those to judge who asked for it. */
  async #settled(query: Promise<Value>): Promise<void> {
    await Promise.allSettled([query]);
  }
}
