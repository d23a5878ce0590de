// Sets CSS properties of an element by CSSOM. A `style` attribute in a template would be blocked by a strict policy.
import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

class CssValues extends Directive {
  readonly #set = new Map<string, string>();

  render(_values: Readonly<Record<string, string>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Readonly<Record<string, string>>]): typeof noChange {
    const { style } = part.element as HTMLElement | SVGElement; // templates hold no other elements
    for (const [name, value] of Object.entries(values)) {
      if (this.#set.get(name) === value) continue;
      this.#set.set(name, value);
      style.setProperty(name, value);
    }
    return noChange;
  }
}

/** On an element of a template: `<i ${cssValues({ '--share': '0.4' })}></i>`. */
export const cssValues = directive(CssValues);

/** The place of a box in the picture. */
export function placedAt({
  x,
  y,
}: {
  readonly x: number;
  readonly y: number;
}): Readonly<Record<string, string>> {
  return { left: `${Math.round(x * 100) / 100}px`, top: `${Math.round(y * 100) / 100}px` };
}
