// The tables: rows of steps, rows of transitions.
import { css } from 'lit';

export const tableStyles = css`
  .table-panel {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    overflow: clip;
  }
  .table-panel .stale {
    padding: 12px 16px;
  }
  .table-frame {
    overflow-x: auto;
    overscroll-behavior-x: contain;
  }
  /* So many rows that the headers would leave the view. */
  .table-frame.long {
    max-height: min(760px, 90vh);
    overflow-y: auto;
  }
  .table-frame:focus-visible {
    outline-offset: -2px;
  }
  .tables table {
    font-size: var(--j-text-md);
    border-collapse: separate;
    border-spacing: 0;
  }
  .tables :is(th, td) {
    padding: 0 6px;
    height: 44px;
    border-bottom: 1px solid var(--j-border);
    background: var(--j-surface);
    white-space: nowrap;
  }
  .tables tr > :last-child {
    padding-inline-end: 16px;
  }
  .tables thead :is(th, td) {
    height: 34px;
    background: var(--j-surface-sunken);
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    font-weight: 500;
  }
  .tables .groups > * {
    height: 26px;
    padding-top: 6px;
    border-bottom: 0;
    font-size: var(--j-text-xs);
    color: var(--j-text-subtle);
  }
  .tables .groups th + th,
  .tables .first {
    border-inline-start: 1px solid var(--j-border);
  }
  .tables .long thead {
    position: sticky;
    top: 0;
    z-index: 2;
  }
  .sort {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    min-height: 24px;
    padding: 0 3px;
    border-radius: var(--j-radius-sm);
    font-weight: 500;
  }
  .steps .number .sort {
    max-width: 92px;
    white-space: normal;
    text-align: end;
    line-height: 14px;
  }
  .sort .icon {
    color: var(--j-text-subtle);
  }
  .sort:hover {
    background: var(--j-surface-hover);
    color: var(--j-text);
  }
  .tables :is([aria-sort='ascending'], [aria-sort='descending']),
  .tables :is([aria-sort='ascending'], [aria-sort='descending']) .icon {
    color: var(--j-text);
  }
  .tables .number {
    text-align: end;
  }
  .tables .number small {
    display: inline-block;
    min-width: 43px;
    margin-inline-start: 3px;
    font-size: var(--j-text-sm);
    color: var(--j-text-muted);
  }
  .tables .none,
  .tables .none small {
    color: var(--j-text-subtle);
  }
  .tables .nr {
    width: 40px;
    padding-inline: 12px 4px;
    text-align: end;
    color: var(--j-text-subtle);
    font-size: var(--j-text-sm);
  }
  .tables tbody tr:hover > * {
    background: var(--j-surface-hover);
  }
  .tables tfoot :is(th, td) {
    height: 40px;
    font-weight: 600;
    background: var(--j-surface-sunken);
  }
  .tables tfoot .none {
    font-weight: 400;
  }
  .share {
    display: inline-block;
    width: 30px;
    height: 4px;
    margin-inline-end: 6px;
    border-radius: 2px;
    vertical-align: 3px;
    background: var(--j-track);
    text-align: start;
    overflow: hidden;
  }
  .share i {
    display: block;
    height: 100%;
    background: var(--j-balance-moved);
  }
  .steps :is(th[scope='row'], thead .name) {
    position: sticky;
    inset-inline-start: 0;
    z-index: 1;
  }
  .row-head {
    display: flex;
    align-items: center;
    gap: 10px;
    /* A name that may be cut says nothing of its own width. */
    width: max-content;
    min-width: 100%;
  }
  .row-name {
    min-width: 0;
    display: grid;
    flex: none;
    justify-items: start;
  }
  .row-open {
    max-width: 200px;
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: 600;
    line-height: 24px;
    border-radius: var(--j-radius-sm);
  }
  .row-open:focus-visible {
    outline-offset: -2px;
  }
  .row-open:hover {
    text-decoration: underline;
  }
  .row-name small {
    margin-top: -5px;
    font-size: var(--j-text-xs);
    line-height: 14px;
    color: var(--j-text-muted);
    font-weight: 400;
  }
  .table-note {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 2px 24px;
    padding: 10px 16px;
    font-size: var(--j-text-sm);
    line-height: 16px;
    color: var(--j-text-muted);
  }
  .table-title {
    padding: 14px 16px 10px;
    font-size: 14px;
    font-weight: 600;
    border-block: 1px solid var(--j-border);
  }
  .transitions th[scope='row'],
  .transitions thead th:first-child {
    padding-inline-start: 16px;
  }
  .transitions :is(th, td) {
    height: 34px;
  }
  .transitions tbody th {
    font-weight: 400;
  }
  .transitions td > small {
    margin-inline-start: 6px;
    font-size: var(--j-text-sm);
    color: var(--j-text-muted);
  }
  .end-step {
    display: inline-flex;
    align-items: baseline;
    gap: 8px;
  }
  .end-step small {
    min-width: 18px;
    text-align: end;
    font-size: var(--j-text-sm);
    color: var(--j-text-subtle);
  }
  .end-step > span {
    max-width: 240px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .table-more {
    padding: 10px 16px;
  }
  .table-bones {
    display: grid;
    align-content: start;
    min-height: 320px;
  }
  .table-bones > div {
    display: flex;
    align-items: center;
    gap: 24px;
    height: 44px;
    padding: 0 16px;
    border-bottom: 1px solid var(--j-border);
  }
  .table-bones .bone {
    flex: 1 1 0;
    max-width: 160px;
  }
  @container journey (max-width: 520px) {
    .steps th[scope='row'],
    .steps thead .name {
      box-shadow: 1px 0 0 var(--j-border);
    }
    .steps .tile {
      display: none;
    }
    .row-head {
      display: grid;
      gap: 0;
      justify-items: start;
    }
    .row-open {
      max-width: 128px;
    }
    .row-name small {
      max-width: 128px;
      white-space: normal;
    }
    .row-head .report {
      margin-inline-start: -6px;
    }
    .end-step > span {
      max-width: 150px;
    }
  }
  @media (forced-colors: active) {
    .share {
      border: 1px solid CanvasText;
    }
    .share i {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
  @media print {
    .table-panel {
      border: 0;
    }
    .table-frame,
    .table-frame.long {
      overflow: visible;
      max-height: none;
    }
    .tables :is(thead, tbody, tfoot) :is(th, td) {
      position: static;
      height: auto;
      padding: 3px 3px;
      font-size: 8px;
      line-height: 11px;
    }
    .tables :is(thead, tbody, tfoot) :is(.number small, .end-step small, td > small, .sort) {
      font-size: inherit;
    }
    .tables :is(thead, tbody, tfoot) .nr {
      width: auto;
      padding-inline: 0 4px;
      font-size: inherit;
    }
    .tables .sort {
      max-width: none;
      min-height: 0;
      padding: 0;
      white-space: normal;
      line-height: inherit;
    }
    .tables .number small,
    .end-step small {
      min-width: 0;
    }
    .tables .groups > * {
      padding-top: 6px;
    }
    .tables tr {
      break-inside: avoid;
    }
    .tables thead {
      display: table-header-group;
    }
    .tables :is(.share, .tile, .report, .sort .icon, .table-more) {
      display: none;
    }
    .row-head {
      width: auto;
    }
    .row-name {
      flex: auto;
    }
    .row-open,
    .end-step > span {
      max-width: none;
      overflow: visible;
      white-space: normal;
      line-height: inherit;
    }
    .row-name small {
      margin: 0;
      font-size: inherit;
      line-height: inherit;
    }
  }
`;
