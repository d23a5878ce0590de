// A Report button on its own.
import { css } from 'lit';

export const reportButtonStyles = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  /* As wide as its button: there is nothing to lay out by the width of a container. */
  .root {
    display: inline-block;
    container: none;
  }
  .report {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 24px;
    padding: 0 6px;
    border-radius: var(--j-radius-sm);
    color: var(--j-accent);
    font-size: var(--j-text-sm);
    font-weight: 500;
    white-space: nowrap;
    transition: background-color 120ms;
  }
  .report:hover {
    background: var(--j-accent-soft);
  }
  .icon.directional:dir(rtl) {
    scale: -1 1;
  }
  @media (forced-colors: active) {
    .report {
      border: 1px solid ButtonBorder;
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
