// The download icon, and the box under it.
import { css } from 'lit';

export const exportButtonStyles = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  .root {
    container-type: normal;
  }
  [aria-disabled='true'] {
    opacity: 0.6;
    cursor: not-allowed;
  }
  .icon-button[aria-expanded='true'] {
    background: var(--j-surface-hover);
    color: var(--j-text);
  }
  .box {
    position: fixed;
    inset: auto;
    margin: 0;
    width: 272px;
    max-width: calc(100vw - 16px);
    padding: 12px 14px;
    border: 0;
    border-radius: 12px;
    background: var(--j-surface-raised);
    color: var(--j-text-muted);
    box-shadow: var(--j-shadow-2);
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .box > * + * {
    margin-top: 8px;
  }
  h4 {
    display: flex;
    gap: 6px;
    font-size: 14px;
    line-height: 18px;
    font-weight: 600;
    color: var(--j-text);
    overflow-wrap: anywhere;
  }
  h4 .icon {
    margin-top: 2px;
  }
  h4.good .icon {
    color: var(--j-positive);
  }
  h4.bad .icon {
    color: var(--j-negative);
  }
  .items {
    display: grid;
    margin-inline: -8px;
    margin-bottom: -6px;
  }
  .items button {
    display: grid;
    grid-template-columns: 16px 1fr;
    align-items: center;
    gap: 10px;
    min-height: 34px;
    padding: 5px 8px;
    border-radius: 7px;
    color: var(--j-text);
    font-size: var(--j-text-md);
    font-weight: 500;
  }
  .items button:hover,
  .items button:focus-visible {
    background: var(--j-surface-hover);
  }
  .items button:focus-visible {
    outline-offset: -2px;
  }
  .items .icon {
    color: var(--j-text-muted);
  }
  /* The file's name is written from left to right, wherever it stands. */
  .items span {
    unicode-bidi: isolate;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .code {
    color: var(--j-text-subtle);
    overflow-wrap: anywhere;
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 6px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    background: var(--j-track);
    color: var(--j-accent);
  }
  progress::-webkit-progress-bar {
    background: var(--j-track);
  }
  progress::-webkit-progress-value {
    background: var(--j-accent);
    border-radius: 3px;
  }
  progress::-moz-progress-bar {
    background: var(--j-accent);
    border-radius: 3px;
  }
  progress.stopped::-webkit-progress-value {
    background: var(--j-negative);
  }
  progress.stopped::-moz-progress-bar {
    background: var(--j-negative);
  }
  @media (forced-colors: active) {
    .box {
      border: 1px solid CanvasText;
    }
    progress {
      appearance: auto;
      height: auto;
    }
  }
`;
