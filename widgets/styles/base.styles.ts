// What every element starts from: nothing of the host page comes in but colour scheme and direction.
import { css } from 'lit';

export const base = css`
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  /* The page's styles are inherited up to here and no further. */
  .root {
    all: initial;
    color-scheme: inherit;
    visibility: inherit;
    display: block;
    container: journey / inline-size;
    font: 400 var(--j-text-md) / 18px var(--j-font);
    font-variant-numeric: tabular-nums;
    color: var(--j-text);
    text-align: start;
    -webkit-font-smoothing: antialiased;
    -webkit-text-size-adjust: 100%;
  }
  .root :where(*, ::before, ::after) {
    box-sizing: border-box;
  }
  :where(h2, h3, h4, h5, p, dl, dt, dd, ul, li, figure) {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  :where(button) {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    margin: 0;
    text-align: start;
    cursor: pointer;
    letter-spacing: inherit;
  }
  :where(table) {
    border-collapse: collapse;
    width: 100%;
    font: inherit;
  }
  :where(th) {
    font-weight: 500;
    text-align: start;
  }
  :where(b) {
    font-weight: 600;
    color: var(--j-text);
  }
  :focus-visible {
    outline: 2px solid var(--j-focus);
    outline-offset: 2px;
  }
  .icon {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
    display: block;
  }
  .icon.small {
    width: 14px;
    height: 14px;
  }
  .icon.tiny {
    width: 12px;
    height: 12px;
    stroke-width: 1.75;
  }
  .icon.big {
    width: 22px;
    height: 22px;
    stroke-width: 1.25;
    color: var(--j-text-subtle);
  }
  .icon.big.bad {
    color: var(--j-negative);
  }
  .muted {
    color: var(--j-text-muted);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    .root *,
    .root ::before {
      animation: none !important;
      transition: none !important;
    }
  }
`;
