// Registers an element once a page, whichever copy of the product comes first.
import { version } from '../version.ts';

interface VersionedElement extends CustomElementConstructor {
  readonly version?: string;
}

let warned = false;

/**
 * Registers `element` as `name`. A second call with the same class does nothing; when another copy of the product has
 * taken the name, that one stays, and one warning a copy names both versions. Without a DOM it does nothing.
 */
export function defineElement(name: `journey-${string}`, element: CustomElementConstructor): void {
  // On a server Lit puts a registry of its own on globalThis, so the registry tells nothing: the document does.
  if (typeof document === 'undefined') return;
  const registered: VersionedElement | undefined = customElements.get(name);
  if (!registered) {
    customElements.define(name, element);
    return;
  }
  if (registered === element || warned) return;
  warned = true;
  console.warn(
    `journey-analytics is on this page twice: version ${registered.version ?? 'unknown'} was first and stays, ` +
      `version ${version} is not used.`,
  );
}
