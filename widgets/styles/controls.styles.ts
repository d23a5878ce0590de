// Buttons.
import { css } from 'lit';

export const controls = css`
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    height: 32px;
    padding: 0 10px;
    border-radius: var(--j-radius-md);
    border: 1px solid var(--j-border-node);
    background: var(--j-surface);
    color: var(--j-text);
    font-weight: 500;
    white-space: nowrap;
    box-shadow: var(--j-shadow-1);
    transition: background-color 120ms;
  }
  .button:hover {
    background: var(--j-surface-hover);
  }
  .button .icon {
    color: var(--j-text-muted);
  }
  .button.solid {
    background: var(--j-solid);
    border-color: var(--j-solid);
    color: var(--j-text-on-solid);
  }
  .button.solid .icon {
    color: inherit;
  }
  .button.small {
    height: 28px;
    padding: 0 8px;
    font-size: var(--j-text-sm);
  }
  .icon-button {
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    border-radius: var(--j-radius-sm);
    color: var(--j-text-subtle);
    flex: none;
    transition: background-color 120ms;
  }
  .icon-button:hover {
    background: var(--j-surface-hover);
    color: var(--j-text);
  }
  .link {
    min-height: 24px;
    padding: 0 4px;
    border-radius: var(--j-radius-sm);
    color: var(--j-accent);
    font-weight: 500;
  }
  .link:hover {
    background: var(--j-accent-soft);
  }
  /* Paper has no buttons to press. */
  @media print {
    .icon-button {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonBorder;
    }
  }
`;
