// The menu under the range.
import { css } from 'lit';

export const rangePickerStyles = css`
  .menu {
    position: fixed;
    inset: auto;
    margin: 0;
    width: 308px;
    max-width: calc(100vw - 16px);
    padding: 14px;
    border: 0;
    border-radius: 12px;
    background: var(--j-surface-raised);
    color: var(--j-text);
    box-shadow: var(--j-shadow-2);
  }
  .menu form {
    display: grid;
    gap: 12px;
  }
  .lengths {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .dates {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .dates label {
    display: grid;
    gap: 4px;
    min-width: 0;
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
  }
  .menu input[type='date'] {
    font: inherit;
    font-size: var(--j-text-md);
    color: var(--j-text);
    background: var(--j-surface);
    border: 1px solid var(--j-border-control);
    border-radius: var(--j-radius-md);
    height: 32px;
    min-width: 0;
    width: 100%;
    padding: 0 8px;
  }
  .compare {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }
  .compare input {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--j-accent);
  }
  .foot {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .foot .button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  @media (forced-colors: active) {
    .menu {
      border: 1px solid CanvasText;
    }
  }
`;
