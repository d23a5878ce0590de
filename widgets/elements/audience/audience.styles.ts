// The audience builder: rows of native controls that wrap, and the count with its export under them.
import { css } from 'lit';

export const audienceStyles = css`
  .panel {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
  }
  .builder {
    padding: 14px;
    display: grid;
    gap: 12px;
    min-width: 0;
  }
  h3 {
    font-size: var(--j-text-lg);
    line-height: 20px;
    font-weight: 600;
    letter-spacing: -0.01em;
  }
  .ready,
  .actions,
  .group-head,
  .condition,
  .result {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
    min-width: 0;
  }
  .parts {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .parts:empty {
    display: none;
  }
  .conditions,
  .group {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .group {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-md);
    background: var(--j-surface-sunken);
    padding: 10px;
  }
  .group-head {
    justify-content: space-between;
  }
  .not {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 24px;
    color: var(--j-text-muted);
  }
  .not input {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--j-accent);
  }
  select {
    font: inherit;
    color: var(--j-text);
    background: var(--j-surface);
    border: 1px solid var(--j-border-control);
    border-radius: var(--j-radius-md);
    height: 32px;
    min-width: 0;
    max-width: min(260px, 100%);
    padding: 0 6px;
    text-overflow: ellipsis;
  }
  .button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .result {
    border-top: 1px solid var(--j-border);
    padding-top: 12px;
    justify-content: space-between;
    min-height: 45px;
  }
  .result > p {
    flex: 1 1 220px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .users {
    font-size: var(--j-text-xl);
    line-height: 28px;
    font-weight: 600;
    letter-spacing: -0.015em;
    white-space: nowrap;
  }
  .users.stale {
    color: var(--j-text-muted);
  }
  .code {
    color: var(--j-text-subtle);
    font-size: var(--j-text-sm);
  }
  .builder > .bone {
    height: 28px;
  }
  /* Paper has nothing to build with. */
  @media print {
    :host {
      display: none;
    }
  }
  @container journey (max-width: 520px) {
    .condition select {
      flex: 1 1 40%;
      max-width: none;
    }
    .condition {
      border: 1px solid var(--j-border);
      border-radius: var(--j-radius-md);
      padding: 8px;
    }
    .group {
      padding: 8px;
    }
  }
`;
