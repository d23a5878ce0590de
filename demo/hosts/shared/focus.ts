// Where the focus was before another view opened, so that the way back ends there.

/** What has the focus, through shadow roots: to a page, the focus of all that is inside a widget is the widget's. */
export function deepestFocus(): HTMLElement | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement ? focused : null;
}
