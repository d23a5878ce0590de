// A metric by day: the panel, the chart, and what is read on hover.
import { css } from 'lit';

export const trendStyles = css`
  .trend {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    padding: 11px 13px 9px;
    min-width: 0;
  }
  .heading {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 8px;
    min-height: 20px;
    font-size: var(--j-text-sm);
    color: var(--j-text-muted);
  }
  h3 {
    font-size: var(--j-text-md);
    font-weight: 600;
    color: var(--j-text);
    overflow-wrap: anywhere;
  }
  .key {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin-inline-start: auto;
  }
  .key svg {
    width: 18px;
    height: 2px;
    overflow: visible;
  }
  .notice {
    margin-bottom: 8px;
  }
  /* The height is the same in every state, so that nothing moves when numbers come. */
  .plot {
    position: relative;
    height: 200px;
    margin-top: 8px;
    border-radius: var(--j-radius-sm);
    touch-action: pan-y;
  }
  .plot-bone {
    height: 178px;
  }
  .trend .message {
    height: 208px;
    min-height: 0;
    padding: 12px 16px;
  }
  .chart {
    display: block;
    width: 100%;
    height: 200px;
    overflow: hidden;
  }
  .chart path {
    fill: none;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .chart .now {
    stroke: var(--j-accent);
    stroke-width: 1.75;
  }
  .chart .running {
    stroke: var(--j-accent);
    stroke-width: 1.5;
    stroke-dasharray: 1 4;
  }
  .chart path.area {
    fill: var(--j-accent-soft);
    opacity: 0.7;
  }
  .chart .before,
  .key .before {
    fill: none;
    stroke: var(--j-text-subtle);
    stroke-width: 1.25;
    stroke-dasharray: 3 3;
  }
  .chart .grid {
    stroke: var(--j-border);
    stroke-width: 1;
    shape-rendering: crispEdges;
  }
  .chart .base {
    stroke: var(--j-border-control);
  }
  .chart text {
    fill: var(--j-text-muted);
    font-size: var(--j-text-xs);
    font-family: inherit;
    /* Over the line, where both must be in one place. */
    paint-order: stroke;
    stroke: var(--j-surface);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .chart .date {
    text-anchor: middle;
  }
  .chart .date.first {
    text-anchor: start;
  }
  .chart .date.last {
    text-anchor: end;
  }
  .chart .dot {
    fill: var(--j-surface);
    stroke: var(--j-accent);
    stroke-width: 1.75;
  }
  .chart .cursor {
    stroke: var(--j-border-control);
    stroke-width: 1;
  }
  .reading {
    position: absolute;
    inset: 0 auto auto 0;
    max-width: min(230px, 100%);
    padding: 6px 9px;
    border-radius: 8px;
    background: var(--j-solid);
    color: var(--j-text-on-solid);
    font-size: var(--j-text-sm);
    line-height: 16px;
    box-shadow: var(--j-shadow-2);
    pointer-events: none;
  }
  @media (forced-colors: active) {
    .reading {
      border: 1px solid CanvasText;
    }
    .chart .now,
    .chart .running,
    .chart .dot {
      stroke: CanvasText;
    }
    .chart path.area {
      fill: none;
    }
    .chart .before,
    .chart .grid,
    .key .before {
      stroke: GrayText;
    }
    .chart text {
      fill: CanvasText;
      stroke: Canvas;
    }
  }
`;
