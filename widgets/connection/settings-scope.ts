// What an element is told by its own attributes, and what it takes from the nearest element around it that provides.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MessageOverrides } from '../locales/language.ts';
import type { GetToken } from './token-source.ts';

/** What elements share; null is "not said here". */
export interface Settings {
  readonly endpoint: string | null;
  readonly journey: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly compare: string | null;
  readonly locale: string | null;
  readonly getToken: GetToken | null;
  readonly messages: MessageOverrides | null;
}

/** Found across copies of the product, so that an element of one copy finds the provider of another. */
const scopeOf = Symbol.for('journey-analytics.settings-scope');
const providerNames: readonly string[] = ['journey-connection', 'journey-analytics'];

export interface SettingsProvider {
  readonly [scopeOf]: SettingsScope;
}

export type ScopeHost = ReactiveControllerHost & HTMLElement & { readonly ownSettings: Settings };

const parentOf = (node: Node): Node | null =>
  node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);

export class SettingsScope implements ReactiveController {
  readonly #host: ScopeHost;
  readonly #listeners = new Set<() => void>();
  #parent: SettingsScope | undefined;
  #leave: (() => void) | undefined;
  #told: Settings | undefined;

  /** @param provides whether elements inside this one take from it what they lack */
  constructor(host: ScopeHost, provides: boolean) {
    this.#host = host;
    host.addController(this);
    if (provides) Object.defineProperty(host, scopeOf, { value: this });
  }

  get settings(): Settings {
    const own = this.#host.ownSettings;
    const outer = this.#parent?.settings;
    if (!outer) return own;
    // A range is one thing: an element that states one end does not take the other from around it.
    const ranged = own.from !== null || own.to !== null ? own : outer;
    return {
      endpoint: own.endpoint ?? outer.endpoint,
      journey: own.journey ?? outer.journey,
      from: ranged.from,
      to: ranged.to,
      compare: own.compare ?? outer.compare,
      locale: own.locale ?? outer.locale,
      getToken: own.getToken ?? outer.getToken,
      messages: own.messages ? { ...outer.messages, ...own.messages } : outer.messages,
    };
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hostConnected(): void {
    this.#find();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#parent = undefined;
  }

  hostUpdate(): void {
    const settings = this.settings;
    const before = this.#told;
    this.#told = settings;
    // An element that is only drawn again must not draw all that is inside it again.
    const same =
      before && (Object.keys(settings) as (keyof Settings)[]).every((key) => before[key] === settings[key]);
    if (same) return;
    for (const listener of this.#listeners) listener();
  }

  #find(): void {
    this.#leave?.();
    this.#parent = undefined;
    for (let node = parentOf(this.#host); node !== null; node = parentOf(node)) {
      if (!(node instanceof HTMLElement) || !providerNames.includes(node.localName)) continue;
      const scope = (node as Partial<SettingsProvider>)[scopeOf];
      if (!scope) {
        void this.#findWhenDefined(node.localName);
        return;
      }
      this.#parent = scope;
      this.#leave = scope.listen(() => this.#host.requestUpdate());
      return;
    }
  }

  /** The provider's class is not there yet: looks again when it is. */
  async #findWhenDefined(name: string): Promise<void> {
    await customElements.whenDefined(name);
    if (this.#host.isConnected && this.#parent === undefined) this.hostConnected();
  }
}
