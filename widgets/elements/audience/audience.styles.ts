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
  .group-head > :last-child {
    margin-inline-start: auto;
  }
  .not {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 24px;
    color: var(--j-text-muted);
  }
  .not input {
    appearance: none;
    display: grid;
    place-content: center;
    width: 16px;
    height: 16px;
    margin: 0;
    border: 1px solid var(--j-border-control);
    border-radius: 4px;
    background: var(--j-surface);
  }
  .not input:checked {
    border-color: var(--j-accent);
    background: var(--j-accent);
  }
  .not input:checked::before {
    content: '';
    width: 10px;
    height: 10px;
    background: var(--j-surface);
    clip-path: polygon(12% 46%, 0 60%, 40% 96%, 100% 18%, 86% 6%, 38% 70%);
  }
  /* The arrow is drawn here, since the browser's own is heavier than every other icon. */
  select {
    appearance: none;
    font: inherit;
    color: var(--j-text);
    background: conic-gradient(from -45deg at bottom, var(--j-text-muted) 90deg, transparent 0) right 10px
      center / 8px 4px no-repeat var(--j-surface);
    border: 1px solid var(--j-border-control);
    border-radius: var(--j-radius-md);
    height: 32px;
    min-width: 0;
    max-width: 100%;
    padding-block: 0;
    padding-inline: 10px 24px;
    text-overflow: ellipsis;
  }
  select:dir(rtl) {
    background-position-x: 10px;
  }
  .condition select {
    flex: 0 1 190px;
  }
  .button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .ready .button {
    height: auto;
    min-height: 28px;
    padding-block: 4px;
    text-align: start;
    white-space: normal;
  }
  .ready [aria-disabled='true'] {
    border-style: dashed;
    box-shadow: none;
    background: none;
    color: var(--j-text-muted);
    cursor: not-allowed;
  }
  .ready i {
    white-space: nowrap;
    font-style: normal;
    font-weight: 400;
    color: var(--j-text-subtle);
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
  @media (forced-colors: active) {
    .not input,
    select {
      appearance: auto;
    }
    .not input:checked::before {
      content: none;
    }
  }
  /* Paper has nothing to build with. */
  @media print {
    :host {
      display: none;
    }
  }
  @container journey (max-width: 520px) {
    /* The step beside "Not", and what is told of it in the next line, with the cross. */
    .condition select {
      flex: 1 1 35%;
    }
    .condition .not + select {
      flex-basis: 60%;
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
