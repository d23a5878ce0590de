// The panel and the diagram.
import { css } from 'lit';

export const flowStyles = css`
  .panel {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    overflow: clip;
  }
  .bar {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 8px;
    min-height: 48px;
    padding: 6px 16px;
    border-bottom: 1px solid var(--j-border);
  }
  .bar h3 {
    font-size: 14px;
    font-weight: 600;
    letter-spacing: -0.005em;
    margin-inline-end: 8px;
  }
  .segmented {
    display: inline-flex;
    padding: 2px;
    gap: 2px;
    border-radius: 8px;
    background: var(--j-track);
  }
  .segmented button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    height: 26px;
    padding: 0 10px;
    border-radius: var(--j-radius-md);
    color: var(--j-text-muted);
    font-weight: 500;
    font-size: var(--j-text-sm);
  }
  .segmented [aria-pressed='true'] {
    background: var(--j-surface-selected);
    color: var(--j-text);
    box-shadow: var(--j-shadow-1);
  }
  .tools {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 8px;
    margin-inline-start: auto;
  }
  .width-label {
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
  }
  .stale {
    padding: 12px 16px 0;
  }
  .nobody {
    padding: 10px 16px;
    border-bottom: 1px solid var(--j-border);
    color: var(--j-text-muted);
  }
  .stage {
    position: relative;
  }
  .canvas {
    position: relative;
    overflow: clip;
    background: var(--j-flow-canvas);
    /* Two fingers pinch the picture, one scrolls the page. */
    touch-action: pan-x pan-y;
    cursor: grab;
  }
  .canvas:active {
    cursor: grabbing;
  }
  .layer {
    position: absolute;
    inset: 0 auto auto 0;
    transform-origin: 0 0;
  }
  /* Steps out of view cost no layout; their size is known from the start. */
  .layer .node {
    position: absolute;
    height: 50px;
    content-visibility: auto;
    contain-intrinsic-size: 240px 50px;
  }
  .layer .node.tall {
    height: 78px;
    contain-intrinsic-height: 78px;
  }
  .layer .node-main:focus-visible {
    outline: none;
  }
  .layer .node:has(.node-main:focus-visible) {
    outline: 2px solid var(--j-focus);
    outline-offset: 2px;
  }
  .links {
    position: absolute;
    inset: 0 auto auto 0;
    display: block;
    overflow: visible;
  }
  .link path {
    fill: none;
    transition: opacity 120ms;
  }
  .link .reach {
    stroke: transparent;
    stroke-width: 10;
  }
  .link .band {
    stroke: var(--j-flow-band);
    transition:
      stroke-width 250ms,
      opacity 120ms;
  }
  .link .line {
    stroke: var(--j-flow-line);
    stroke-width: 1.25;
  }
  .link .tip {
    fill: var(--j-flow-line);
  }
  .link.back .line,
  .link.undefined .line {
    stroke-dasharray: 4 4;
  }
  .link.forward.undefined .line {
    stroke-dasharray: none;
  }
  .link.unused .line {
    stroke-dasharray: 2 3;
  }
  .link:hover .band {
    stroke: var(--j-flow-band-active);
  }
  .fade {
    stop-color: var(--j-flow-line);
  }
  .fade.named {
    stop-color: var(--j-negative);
  }
  .labels {
    pointer-events: none;
  }
  .link-label {
    position: absolute;
    translate: -50% -50%;
    display: flex;
    align-items: baseline;
    gap: 4px;
    max-width: 250px;
    padding: 0 7px;
    height: 20px;
    line-height: 18px;
    border-radius: var(--j-radius-full);
    border: 1px solid var(--j-border-node);
    background: var(--j-surface);
    font-size: var(--j-text-xs);
    color: var(--j-text-muted);
    white-space: nowrap;
  }
  .link-label b,
  .link-label .target {
    min-width: 0;
    max-width: 130px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .stub-label {
    position: absolute;
    font-size: var(--j-text-xs);
    line-height: 14px;
    color: var(--j-text-muted);
    white-space: nowrap;
  }
  .stub-label:dir(rtl) {
    translate: -100% 0;
  }
  .stub-label.named,
  .stub-label.named b {
    color: var(--j-negative);
  }
  .corner-mark {
    position: absolute;
    width: 0;
    height: 0;
    pointer-events: none;
  }

  /* What belongs to the step that is looked at, and what does not. */
  [data-tracing] :is(.node, .corner-mark, .stub-label, .link-label):not([data-traced]),
  [data-tracing] .link:not([data-traced]),
  [data-tracing] .stub {
    opacity: 0.45;
  }
  [data-tracing] .link[data-traced] .band {
    stroke: var(--j-flow-band-active);
  }
  .passing .line {
    stroke: var(--j-accent);
  }
  .passing .tip {
    fill: var(--j-accent);
  }
  /* Too small to be read. The steps stay whole: their Report buttons are there at every size. */
  [data-far] .labels {
    display: none;
  }
  .corner {
    position: absolute;
    inset-block-end: 16px;
    inset-inline-end: 16px;
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
  }
  .zoom {
    display: grid;
    grid-template-columns: 28px 1fr 28px 28px;
    align-items: center;
    width: 148px;
    padding: 2px;
    text-align: center;
    font-size: var(--j-text-sm);
    font-weight: 500;
  }
  .minimap {
    display: block;
    margin: 8px;
  }
  .minimap + .zoom {
    border-top: 1px solid var(--j-border);
  }
  .minimap[data-needless] {
    display: none;
  }
  .minimap[data-needless] + .zoom {
    border-top: 0;
  }
  .map-node {
    fill: var(--tile);
  }
  .map-node.logic {
    fill: var(--j-flow-line);
  }
  .map-view {
    fill: none;
    stroke: var(--j-accent);
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }
  @container journey (max-width: 900px) {
    .minimap {
      display: none;
    }
    .zoom {
      border-top: 0 !important;
    }
  }
  .zoom .icon-button {
    width: 28px;
    height: 28px;
    color: var(--j-text-muted);
  }
  .rarer {
    position: absolute;
    inset-block-end: 16px;
    inset-inline-start: 16px;
    display: flex;
    align-items: center;
    gap: 6px;
    padding: 4px 6px 4px 12px;
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    font-size: var(--j-text-sm);
    color: var(--j-text-muted);
  }
  .link-button {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 26px;
    padding: 0 6px;
    border-radius: var(--j-radius-md);
    color: var(--j-accent);
    font-weight: 500;
  }
  .link-button:hover {
    background: var(--j-accent-soft);
  }
  @media print {
    .bar .segmented,
    .tools {
      display: none;
    }
    .panel {
      border: 0;
    }
  }
  @media (forced-colors: active) {
    .link .band {
      stroke: GrayText;
      opacity: 0.4;
    }
    .link .line {
      stroke: CanvasText;
    }
    .link .tip {
      fill: CanvasText;
    }
    .segmented [aria-pressed='true'] {
      outline: 2px solid Highlight;
    }
  }
`;
