// <journey-connection>: says once what all journey elements inside it need.
import { css, html, type TemplateResult } from 'lit';
import { JourneyElement } from '../../internal/journey-element.ts';

/**
 * Gives `endpoint`, `getToken`, `journey`, `from`, `to`, `compare`, `locale` and `messages` to the journey elements
 * inside it that do not say them themselves. It draws nothing.
 *
 * @slot - The host's content, with journey elements anywhere in it.
 */
export class JourneyConnection extends JourneyElement {
  static override styles = css`
    :host {
      display: contents;
    }
    :host([hidden]) {
      display: none;
    }
    :host([theme='light']) {
      color-scheme: light;
    }
    :host([theme='dark']) {
      color-scheme: dark;
    }
  `;

  constructor() {
    super(true);
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }
}
