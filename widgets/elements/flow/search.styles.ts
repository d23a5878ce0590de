// The field that finds a step, and the list below it.
import { css } from 'lit';

export const searchStyles = css`
  .search {
    position: relative;
    display: flex;
    align-items: center;
    width: 200px;
  }
  .search > .icon {
    position: absolute;
    inset-inline-start: 9px;
    color: var(--j-text-subtle);
    pointer-events: none;
  }
  .search input {
    width: 100%;
    height: 30px;
    margin: 0;
    padding-block: 0;
    padding-inline: 30px 28px;
    border: 1px solid var(--j-border-control);
    border-radius: var(--j-radius-md);
    background: var(--j-surface);
    color: var(--j-text);
    font: inherit;
    font-size: var(--j-text-sm);
    text-overflow: ellipsis;
  }
  .search input::placeholder {
    color: var(--j-text-muted);
    opacity: 1;
  }
  .search kbd {
    position: absolute;
    inset-inline-end: 7px;
    min-width: 16px;
    padding: 0 4px;
    border: 1px solid var(--j-border-node);
    border-radius: var(--j-radius-sm);
    font: inherit;
    font-size: var(--j-text-xs);
    line-height: 16px;
    text-align: center;
    color: var(--j-text-subtle);
    pointer-events: none;
  }
  .search input:focus ~ kbd {
    display: none;
  }
  .found {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    border: 0;
    border-radius: var(--j-radius-lg);
    width: 300px;
    max-width: calc(100vw - 16px);
    max-height: min(340px, 60vh);
    overflow-y: auto;
    background: var(--j-surface-raised);
    color: var(--j-text);
    box-shadow: var(--j-shadow-2);
  }
  .found li {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    padding: 2px 8px;
    border-radius: var(--j-radius-md);
    cursor: pointer;
  }
  .found li:hover,
  .found [aria-selected='true'] {
    background: var(--j-surface-hover);
  }
  .found [aria-selected='true'] {
    outline: 2px solid var(--j-focus);
    outline-offset: -2px;
  }
  .found .tile {
    width: 20px;
    height: 20px;
    border-radius: 5px;
  }
  .found-name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .found small {
    font-size: var(--j-text-xs);
    color: var(--j-text-muted);
    white-space: nowrap;
  }
  .found p {
    padding: 8px;
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
  }
  @container journey (max-width: 520px) {
    .tools {
      flex: 1 1 100%;
    }
    .search {
      flex: 1 1 100%;
      width: auto;
    }
  }
  @media (forced-colors: active) {
    .found {
      border: 1px solid CanvasText;
    }
  }
  @media print {
    .search {
      display: none;
    }
  }
`;
