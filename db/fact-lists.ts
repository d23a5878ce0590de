// The lists of facts that rows of numbers hold. Most rows of a step have the same, so each is read once.

/** The facts of one row, in order. */
export type FactList = readonly (readonly [fact: string, detail: string])[];

/** Lists as they were read, by their texts. */
export class FactLists {
  readonly #known = new Map<string, FactList>();

  read(text: string): FactList {
    let list = this.#known.get(text);
    if (!list) {
      list = JSON.parse(text) as FactList; // as writeRollups wrote it
      this.#known.set(text, list);
    }
    return list;
  }
}
