// The strip of signals.
import { css } from 'lit';

export const signalsStripStyles = css`
  .signals {
    display: flex;
    min-height: 38px;
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    overflow: clip;
  }
  .signals.waits {
    align-items: center;
    padding-inline: 13px;
  }
  .signals-bone {
    width: min(520px, 80%);
  }
  .signals h3 {
    display: grid;
    align-items: center;
    flex: none;
    padding: 8px 13px;
    font-weight: 600;
  }
  .signals ul {
    display: flex;
    flex: 1;
    min-width: 0;
  }
  .signals li {
    display: flex;
    flex: 1 1 0;
    min-width: 0;
    border-inline-start: 1px solid var(--j-border);
  }
  .signals .signal {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px;
    width: 100%;
    padding: 6px 13px;
    line-height: 16px;
    font-size: var(--j-text-sm);
  }
  .signals .signal:hover {
    background: var(--j-surface-hover);
  }
  .signals .signal:focus-visible {
    outline-offset: -2px;
    border-radius: var(--j-radius-lg);
  }
  .signal .icon {
    color: var(--j-warning);
  }
  .signal:is(.low, .note) .icon {
    color: var(--j-text-muted);
  }
  .fact {
    overflow-wrap: anywhere;
  }
  .target {
    max-width: 130px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--j-accent);
    font-weight: 500;
  }
  @container journey (max-width: 1160px) {
    .signals:not(.waits),
    .signals ul {
      display: block;
    }
    .signals h3 {
      padding-block: 9px 7px;
    }
    .signals li {
      border-inline-start: 0;
      border-top: 1px solid var(--j-border);
    }
    .signals .signal {
      min-height: 36px;
    }
  }
`;
