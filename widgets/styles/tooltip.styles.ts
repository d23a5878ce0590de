// Definitions beside the terms they explain: text only.
import { css } from 'lit';

export const tooltip = css`
  .tooltip {
    position: fixed;
    inset: auto;
    margin: 0;
    width: 244px;
    max-width: calc(100vw - 16px);
    padding: 8px 10px;
    border: 0;
    border-radius: 8px;
    background: var(--j-solid);
    color: var(--j-text-on-solid);
    font-size: var(--j-text-sm);
    line-height: 16px;
    font-weight: 400;
    white-space: normal;
    box-shadow: var(--j-shadow-2);
  }
  .tooltip b {
    color: inherit;
  }
  @media (forced-colors: active) {
    .tooltip {
      border: 1px solid CanvasText;
    }
  }
`;
