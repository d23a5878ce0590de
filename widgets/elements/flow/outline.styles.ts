// The outline, and the skeleton that stands before there are numbers.
import { css } from 'lit';

export const outlineStyles = css`
  .outline {
    padding: 14px;
    background: var(--j-flow-canvas);
    list-style: none;
    margin: 0;
    display: grid;
  }
  .outline > li {
    padding-block-end: 22px;
    position: relative;
  }
  .outline > li:last-child {
    padding-block-end: 0;
  }
  .outline .node {
    width: auto;
    position: relative;
  }
  .outline .mark {
    inset-inline-end: 8px;
  }
  .outline .joined::after {
    content: '';
    position: absolute;
    inset-block: auto 0;
    inset-inline-start: 24px;
    height: 22px;
    border-inline-start: 1.25px solid var(--j-flow-line);
  }
  .left {
    display: flex;
    justify-content: space-between;
    padding: 5px 12px 5px 10px;
    border-top: 1px solid var(--j-border);
    font-size: var(--j-text-xs);
    line-height: 15px;
    color: var(--j-text-muted);
  }
  .left span {
    display: flex;
    gap: 4px;
    align-items: center;
  }
  .ways {
    display: grid;
    gap: 4px;
    padding: 8px 12px 0 18px;
    font-size: var(--j-text-sm);
    line-height: 16px;
    color: var(--j-text-muted);
  }
  .ways li {
    display: grid;
    grid-template-columns: 12px minmax(0, 1fr) auto;
    gap: 8px;
    align-items: center;
  }
  .ways small {
    font-size: inherit;
    display: inline-block;
    min-width: 46px;
    text-align: end;
  }

  .skeleton {
    display: grid;
    justify-content: center;
    align-content: start;
    gap: 36px;
    padding: 28px 14px;
    min-height: 320px;
    background: var(--j-flow-canvas);
  }
  .bones {
    display: grid;
    grid-template-columns: 28px 130px;
    column-gap: 10px;
    row-gap: 6px;
    align-content: center;
    height: 50px;
    padding: 0 10px;
    border-color: var(--j-border);
    box-shadow: none;
  }
  .tile-bone {
    grid-row: span 2;
    width: 28px;
    height: 28px;
    border-radius: 7px;
  }
  .name-bone {
    align-self: end;
  }
  .type-bone {
    width: 74px;
    height: 8px;
  }
`;
