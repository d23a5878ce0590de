// What all journey elements have in common: shared settings, language and theme.
import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import { SettingsScope, type Settings } from '../connection/settings-scope.ts';
import type { GetToken } from '../connection/token-source.ts';
import { languageFor, type Language, type MessageOverrides } from '../locales/language.ts';
import { version } from '../version.ts';
import { textDirection } from './text-direction.ts';

/** The nearest `lang` around an element, through shadow roots, else the browser's language. */
function inheritedLocale(element: Element): string {
  let node: Element | null = element;
  while (node) {
    const named: Element | null = node.closest('[lang]');
    const lang = named?.getAttribute('lang');
    if (lang) return lang;
    const root: Node = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : null;
  }
  return navigator.language;
}

const textOrNull = { fromAttribute: (value: string | null) => (value === '' ? null : value) };

/**
 * The base of every journey element.
 *
 * @property endpoint - The BFF's base URL.
 * @property journey - The journey's id.
 * @property from - First day of the range, `YYYY-MM-DD`.
 * @property to - Last day of the range, `YYYY-MM-DD`.
 * @property compare - `previous` to compare with the range before.
 * @property locale - BCP 47; default: the nearest `lang`, then the browser's.
 * @property theme - `light`, `dark` or `auto`, which follows the page's `color-scheme`.
 * @property getToken - Asks the host for an embed token.
 * @property messages - Overrides of any text.
 */
export abstract class JourneyElement extends LitElement {
  static readonly version = version;

  static override properties: PropertyDeclarations = {
    endpoint: { converter: textOrNull },
    journey: { converter: textOrNull },
    from: { converter: textOrNull },
    to: { converter: textOrNull },
    compare: { converter: textOrNull },
    locale: { converter: textOrNull },
    theme: { reflect: true },
    getToken: { attribute: false },
    messages: { attribute: false },
  };

  declare endpoint: string | null;
  declare journey: string | null;
  declare from: string | null;
  declare to: string | null;
  declare compare: string | null;
  declare locale: string | null;
  declare theme: string | null;
  declare getToken: GetToken | null;
  declare messages: MessageOverrides | null;

  readonly #scope: SettingsScope;

  constructor(provides = false) {
    super();
    this.endpoint = null;
    this.journey = null;
    this.from = null;
    this.to = null;
    this.compare = null;
    this.locale = null;
    this.theme = null;
    this.getToken = null;
    this.messages = null;
    this.#scope = new SettingsScope(this, provides);
  }

  /** What this element itself says. */
  get ownSettings(): Settings {
    return {
      endpoint: this.endpoint ?? null,
      journey: this.journey ?? null,
      from: this.from ?? null,
      to: this.to ?? null,
      // Some frameworks write a false attribute as text.
      compare: this.compare === 'previous' ? 'previous' : null,
      locale: this.locale ?? null,
      getToken: typeof this.getToken === 'function' ? this.getToken : null,
      messages: this.messages ?? null,
    };
  }

  /** What this element says, with what it lacks from around it. */
  get settings(): Settings {
    return this.#scope.settings;
  }

  protected get language(): Language {
    const { locale, messages } = this.settings;
    return languageFor(locale ?? inheritedLocale(this), messages);
  }

  /** Writes language and direction on what is drawn, and not on the element itself, whose attributes are the host's. */
  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { locale } = this.language;
    for (const drawn of this.renderRoot.children) {
      if (!(drawn instanceof HTMLElement) || drawn instanceof HTMLSlotElement) continue;
      drawn.lang = locale;
      drawn.dir = textDirection(locale);
    }
  }
}
