// How many exports may run at once: few for each credential, some for the process, since each holds a snapshot open.
import { Failure } from '../failure.ts';

const perCredential = 2;
const perProcess = 8;

export class ExportSlots {
  readonly #running = new Map<string, number>();
  #total = 0;

  /** How many exports run. */
  get running(): number {
    return this.#total;
  }

  /**
   * Takes a slot.
   * @returns what gives it back
   * @throws Failure `too_many_requests`
   */
  take(credential: string): () => void {
    const own = this.#running.get(credential) ?? 0;
    if (own >= perCredential || this.#total >= perProcess) {
      throw new Failure(
        'too_many_requests',
        own >= perCredential
          ? `At most ${perCredential} exports run at once for one credential.`
          : `At most ${perProcess} exports run at once here.`,
      );
    }
    this.#running.set(credential, own + 1);
    this.#total += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#total -= 1;
      const left = (this.#running.get(credential) ?? 1) - 1;
      if (left === 0) this.#running.delete(credential);
      else this.#running.set(credential, left);
    };
  }
}
