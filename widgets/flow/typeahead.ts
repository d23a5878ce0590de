// Letters find a step by its name, as in a list of the system: typed quickly they make a word, one pressed again goes on.

interface Named {
  readonly id: string;
  readonly name: string;
}

const pause = 800;

/** The form in which names are compared: without case and marks, in the rules of a language. */
export function comparable(text: string, locale: string): string {
  return text.toLocaleLowerCase(locale).normalize('NFKD').replaceAll(/\p{M}/gu, '');
}

export class Typeahead {
  #typed = '';
  #at = 0;

  /**
   * @param now - Milliseconds of any clock.
   * @returns the id of the step that the letters lead to from `current`, undefined when no name begins with them
   */
  find(
    key: string,
    steps: readonly Named[],
    current: string | undefined,
    locale: string,
    now: number,
  ): string | undefined {
    this.#typed = now - this.#at > pause ? key : this.#typed + key;
    this.#at = now;
    const typed = comparable(this.#typed, locale);
    const first = typed.slice(0, 1);
    const isRepeated = typed === first.repeat(typed.length);
    const wanted = isRepeated ? first : typed;
    const at = steps.findIndex(({ id }) => id === current);
    // One letter goes on to the next; a word may go on to fit the step it has found.
    const begin = isRepeated ? at + 1 : Math.max(0, at);
    const inOrder = [...steps.slice(begin), ...steps.slice(0, begin)];
    return inOrder.find(({ name }) => comparable(name, locale).startsWith(wanted))?.id;
  }
}
