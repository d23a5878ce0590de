// What was read lately. A key names a revision, so what is kept can never be out of date.
import { LRUCache } from 'lru-cache';
import type { Freshness } from '../../db/queries/generations.ts';
import { SharedQuery } from '../shared-query.ts';
import type { JourneyNumbers } from './journey-numbers.ts';

/** An answer with its ETag; `text` is null when the caller has it already. */
export interface Answer {
  readonly etag: string;
  readonly text: string | null;
}

/** How many numbers are kept, of about a hundred bytes each. */
const mostNumbers = 250_000;
/** How much text of answers is kept, in characters. */
const mostText = 24_000_000;

export class ReadingCache {
  /** How fresh journeys are, asked once for all who wait. */
  readonly freshness = new SharedQuery<Freshness | undefined>();
  readonly #numbers = new LRUCache<string, JourneyNumbers>({
    maxSize: mostNumbers,
    sizeCalculation: (numbers) => numbers.size,
  });
  readonly #answers = new LRUCache<string, string>({
    maxSize: mostText,
    sizeCalculation: (text) => text.length,
  });
  readonly #underWay = new Map<string, Promise<Answer>>();

  async numbers(key: string, load: () => Promise<JourneyNumbers>): Promise<JourneyNumbers> {
    const known = this.#numbers.get(key);
    if (known) return known;
    const numbers = await load();
    this.#numbers.set(key, numbers);
    return numbers;
  }

  /**
   * The answer with this ETag: the one kept, the one that is being made, or one made now.
   * @param make reads what is there now, which may be newer and then has another ETag
   */
  async answer(etag: string, make: () => Promise<Answer>): Promise<Answer> {
    const text = this.#answers.get(etag);
    if (text !== undefined) return { etag, text };
    const underWay = this.#underWay.get(etag);
    if (underWay) return underWay;
    const making = make();
    this.#underWay.set(etag, making);
    try {
      const answer = await making;
      if (answer.text !== null) this.#answers.set(answer.etag, answer.text);
      return answer;
    } finally {
      this.#underWay.delete(etag);
    }
  }
}
