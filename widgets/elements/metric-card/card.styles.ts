// A card: the same rows in every one, so that the eye runs across.
import { css } from 'lit';

export const cardStyles = css`
  .card {
    position: relative;
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    padding: 11px 13px;
    display: grid;
    grid-template: 20px 34px 18px auto / minmax(0, 1fr);
    row-gap: 4px;
    min-width: 0;
  }
  .label {
    display: flex;
    align-items: center;
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    font-weight: 500;
    white-space: nowrap;
    min-width: 0;
  }
  .label h3 {
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: 500;
  }
  .help {
    margin: -2px 0 -2px -1px;
  }
  journey-export-button {
    position: absolute;
    inset-block-start: 9px;
    inset-inline-end: 8px;
  }
  .label.exported {
    padding-inline-end: 22px;
  }
  .value {
    display: flex;
    align-items: end;
    justify-content: space-between;
    gap: 8px;
    font-size: var(--j-text-value);
    line-height: 32px;
    font-weight: 600;
    letter-spacing: -0.022em;
    white-space: nowrap;
  }
  .value.stale {
    color: var(--j-text-muted);
  }
  .note {
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .note .live {
    padding-inline-start: 3px;
  }
  .change {
    display: flex;
    align-items: center;
    /* In the narrowest cards what it is compared with goes below, whole. */
    flex-wrap: wrap;
    gap: 0 4px;
    font-size: var(--j-text-sm);
    color: var(--j-text-muted);
    border-top: 1px solid var(--j-border);
    margin-top: 4px;
    padding-top: 8px;
    white-space: nowrap;
    min-height: 27px;
  }
  .change > span:first-child {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    font-weight: 600;
  }
  .change > span:last-child {
    margin-inline-start: auto;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .good {
    color: var(--j-positive);
  }
  .bad {
    color: var(--j-negative);
  }
  .spark {
    width: 74px;
    height: 30px;
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
  }
  .spark path {
    fill: none;
    stroke-width: 1.5;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .spark .now {
    stroke: var(--j-accent);
  }
  .spark .before {
    stroke: var(--j-text-subtle);
    stroke-width: 1;
    stroke-dasharray: 2 2.5;
  }
  .spark .end {
    fill: var(--j-surface);
    stroke: var(--j-accent);
    stroke-width: 1.5;
  }
  .value-bone {
    width: 92px;
    height: 22px;
    align-self: center;
  }
  .line-bone {
    width: 74px;
    height: 22px;
    align-self: center;
  }
  .note-bone {
    width: 104px;
    align-self: center;
  }
  .change-bone {
    width: 56px;
    margin: 4px 0;
  }
  @container journey (max-width: 520px) {
    /* No icon: the label itself is what explains. */
    .cards .help {
      position: absolute;
      inset: 9px 8px auto;
      width: auto;
      margin: 0;
      background: none;
    }
    .cards .help .icon {
      display: none;
    }
    .cards .label.exported .help {
      inset-inline-end: 34px;
    }
    .cards .label h3 {
      text-decoration: underline dotted var(--j-border-control) 1px;
      text-underline-offset: 3.5px;
    }
    .cards .card {
      padding-inline: 11px;
    }
    .cards .spark {
      width: 52px;
      height: 26px;
    }
    .cards .value {
      font-size: 22px;
      letter-spacing: -0.02em;
    }
  }
  @media (forced-colors: active) {
    .help {
      border: 0;
    }
    .spark .now,
    .spark .end {
      stroke: CanvasText;
    }
    .spark .before {
      stroke: GrayText;
    }
  }
`;
