// A step, wherever it stands.
import { css } from 'lit';

export const nodeStyles = css`
  .push {
    --tile: var(--j-channel-push);
    --tile-soft: var(--j-channel-push-soft);
  }
  .email {
    --tile: var(--j-channel-email);
    --tile-soft: var(--j-channel-email-soft);
  }
  .sms {
    --tile: var(--j-channel-sms);
    --tile-soft: var(--j-channel-sms-soft);
  }
  .inapp {
    --tile: var(--j-channel-inapp);
    --tile-soft: var(--j-channel-inapp-soft);
  }
  .custom {
    --tile: var(--j-channel-custom);
    --tile-soft: var(--j-channel-custom-soft);
  }
  .logic {
    --tile: var(--j-channel-logic);
    --tile-soft: var(--j-channel-logic-soft);
  }
  .converted {
    --tile: var(--j-positive);
    --tile-soft: var(--j-positive-soft);
  }
  .tile {
    width: 28px;
    height: 28px;
    border-radius: 7px;
    display: grid;
    place-items: center;
    flex: none;
    color: var(--tile);
    background: var(--tile-soft);
  }
  .node {
    width: 240px;
    border: 1px solid var(--j-border-node);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface-raised);
    box-shadow: var(--j-shadow-1);
    transition:
      opacity 120ms,
      border-color 120ms;
  }
  .node:hover {
    border-color: var(--j-border-control);
  }
  .node-main {
    display: grid;
    grid-template-columns: 28px minmax(0, 1fr);
    column-gap: 8px;
    align-content: center;
    align-items: center;
    width: 100%;
    height: 48px;
    padding-block: 0;
    padding-inline: 9px;
    border-radius: inherit;
    position: relative;
  }
  .node-main .tile {
    grid-row: span 2;
  }
  .node-line {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 5px;
    min-width: 0;
  }
  .node-name,
  .node-type {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .node-name {
    font-weight: 600;
    line-height: 17px;
    letter-spacing: -0.015em;
  }
  .node-count {
    font-weight: 600;
    font-size: 14px;
    line-height: 17px;
    letter-spacing: -0.01em;
    flex: none;
  }
  .node-type,
  .node-users {
    font-size: var(--j-text-xs);
    line-height: 15px;
    color: var(--j-text-muted);
    white-space: nowrap;
  }
  .node-users {
    flex: none;
  }
  /* What deserves a look, on the step's corner. */
  .mark {
    position: absolute;
    inset-block-start: -11px;
    inset-inline-end: -9px;
    pointer-events: none;
    display: grid;
    place-items: center;
    width: 20px;
    height: 20px;
    border-radius: 50%;
    color: var(--j-warning);
    background: var(--j-warning-soft);
    border: 1px solid color-mix(in srgb, var(--j-warning) 40%, transparent);
  }
  .mark.low {
    color: var(--j-text-muted);
    background: var(--j-surface-raised);
    border-color: var(--j-border-control);
  }
  .node-foot {
    display: flex;
    align-items: center;
    gap: 4px;
    height: 28px;
    padding-inline: 9px 4px;
    border-top: 1px solid var(--j-border);
    font-size: var(--j-text-xs);
    color: var(--j-text-muted);
    white-space: nowrap;
    overflow: hidden;
  }
  /* The most important fact stands first. What finds no room goes to a line of its own, which is cut off: no word is. */
  .facts {
    display: flex;
    flex-wrap: wrap;
    flex: 1;
    column-gap: 10px;
    min-width: 0;
    height: 28px;
    overflow: hidden;
  }
  /* Alone, a label gives way; a count never shrinks. */
  .fact {
    display: flex;
    align-items: center;
    gap: 4px;
    flex: none;
    max-width: 100%;
    height: 28px;
  }
  .fact span {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .fact b {
    font-weight: 500;
    flex: none;
  }
  .report {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    height: 24px;
    margin-inline-start: auto;
    padding: 0 6px;
    border-radius: 5px;
    color: var(--j-accent);
    font-weight: 500;
    font-size: var(--j-text-xs);
    flex: none;
  }
  .report:hover {
    background: var(--j-accent-soft);
  }
  .report:focus-visible {
    outline-offset: -2px;
  }
  .icon.directional:dir(rtl) {
    scale: -1 1;
  }
  .node.end {
    border-radius: 25px;
  }
  .node.end .tile {
    border-radius: 50%;
  }
  .node.end .node-main {
    padding-inline: 10px 18px;
  }
  .node.undefined {
    border-style: dashed;
    border-color: var(--j-border-control);
    box-shadow: none;
  }
  @media (forced-colors: active) {
    .node,
    .tile {
      border: 1px solid CanvasText;
    }
    .node.undefined {
      border-style: dashed;
    }
  }
`;
