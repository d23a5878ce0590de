// The panels in the corners of the diagram, and the balance of the whole journey wherever it stands.
import { css } from 'lit';

export const panelStyles = css`
  .key.nowhere {
    --c: var(--j-track);
    box-shadow: inset 0 0 0 1px var(--j-border-control);
  }
  .where-sub {
    margin: 1px 0 10px;
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .where-block {
    max-width: 420px;
    padding: 14px 16px 16px;
  }
  .where-block h4 {
    font-size: 14px;
    font-weight: 600;
  }
  .overlay {
    position: absolute;
    inset-block-start: 16px;
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .overlay.legend {
    inset-inline-start: 16px;
    width: 240px;
  }
  .overlay.where {
    inset-inline-end: 16px;
    width: 292px;
  }
  .overlay[data-folded] {
    width: auto;
    max-width: 45%;
    z-index: 0;
  }
  .overlay h4 {
    font-weight: 600;
  }
  .fold {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 6px;
    width: 100%;
    min-height: 28px;
    padding: 8px 12px 2px 14px;
    border-radius: inherit;
    font-weight: 600;
  }
  .fold:focus-visible {
    outline-offset: -2px;
  }
  .overlay[data-folded] .fold {
    padding: 4px 10px;
    font-weight: 500;
  }
  .overlay:not([data-folded]) .fold .icon {
    rotate: 180deg;
  }
  .fold .icon {
    color: var(--j-text-subtle);
  }
  .overlay-body {
    padding: 4px 14px 13px;
  }
  .overlay[data-folded] .overlay-body {
    display: none;
  }
  .legend-keys {
    display: grid;
    gap: 7px;
    padding-top: 4px;
    color: var(--j-text-muted);
  }
  .legend-keys li {
    display: grid;
    grid-template-columns: 44px 1fr;
    align-items: center;
    gap: 10px;
  }
  .legend-keys svg {
    display: block;
    width: 44px;
    height: 14px;
    overflow: hidden;
  }
  .legend-keys svg:dir(rtl) {
    scale: -1 1;
  }
  .legend-keys path {
    fill: none;
    stroke: var(--j-flow-line);
  }
  .legend-keys path:not(.band) {
    stroke-width: 1.25;
  }
  .legend-keys .band {
    stroke: var(--j-flow-band);
  }
  .legend-keys .tip {
    fill: var(--j-flow-line);
    stroke: none;
  }
  .legend-keys .dashed {
    stroke-dasharray: 4 4;
  }
  .legend-keys .dotted {
    stroke-dasharray: 2 3;
  }
  .legend-kinds {
    display: grid;
    grid-template-columns: auto auto;
    justify-content: space-between;
    gap: 7px 8px;
    margin-top: 10px;
    padding-top: 10px;
    border-top: 1px solid var(--j-border);
    color: var(--j-text-muted);
  }
  .legend-kinds li {
    display: grid;
    grid-template-columns: 18px 1fr;
    align-items: center;
    gap: 7px;
  }
  .legend-kinds .tile {
    width: 18px;
    height: 18px;
    border-radius: 5px;
  }
  @media (forced-colors: active) {
    .legend-keys path {
      stroke: CanvasText;
    }
    .legend-keys .band {
      stroke: GrayText;
    }
  }
`;
