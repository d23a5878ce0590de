// Tells the developer of a host page, in the console and once a page, why an element stays in its skeleton: it was never told
// whom to ask. People who look at the page see no error, since nothing has failed.
import type { Settings } from '../connection/settings-scope.ts';

/** A host may set them late, such as after a sign-in. */
const patience = 5_000;

let told = false;

/** @returns the names of what an element cannot do without */
function missingOf({ endpoint, getToken }: Settings): string[] {
  return [...(endpoint === null ? ['endpoint'] : []), ...(getToken === null ? ['getToken'] : [])];
}

export class MissingSettings {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Waits while something is missing. Called whenever the settings may have changed. */
  watch(elementName: string, settings: () => Settings): void {
    if (told || missingOf(settings()).length === 0) {
      this.stop();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const missing = missingOf(settings());
      if (told || missing.length === 0) return;
      told = true;
      console.warn(
        `journey-analytics: <${elementName}> waits for ${missing.join(' and ')}. Set it on the element, or on a ` +
          '<journey-connection> around it; or give it `data`.',
      );
    }, patience);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
