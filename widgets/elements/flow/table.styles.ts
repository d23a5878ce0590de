// The table twin.
import { css } from 'lit';

export const tableStyles = css`
  .table-frame {
    overflow-x: auto;
  }
  .table-frame:focus-visible {
    outline-offset: -2px;
  }
  .steps {
    font-size: var(--j-text-md);
  }
  .steps :is(th, td) {
    padding: 0 10px;
    height: 48px;
    border-bottom: 1px solid var(--j-border);
    white-space: nowrap;
  }
  .steps thead th {
    height: 40px;
    background: var(--j-surface-sunken);
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    font-weight: 500;
  }
  .steps .number {
    text-align: end;
  }
  .steps .number small {
    display: inline-block;
    min-width: 46px;
    margin-inline-start: 4px;
    font-size: var(--j-text-sm);
    color: var(--j-text-muted);
  }
  .steps .number small:empty {
    display: none;
  }
  .steps .none {
    color: var(--j-text-subtle);
  }
  .steps .nr {
    width: 44px;
    padding-inline: 16px 4px;
    text-align: end;
    color: var(--j-text-subtle);
    font-size: var(--j-text-sm);
  }
  .steps tbody tr:hover > * {
    background: var(--j-surface-hover);
  }
  .steps tbody tr:last-child > * {
    border-bottom: 0;
  }
  .steps th[scope='row'] {
    position: sticky;
    inset-inline-start: 0;
    background: var(--j-surface);
    min-width: 236px;
  }
  .row-head {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .row-name {
    display: grid;
    flex: none;
    justify-items: start;
  }
  .row-open {
    max-width: 240px;
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: 600;
    line-height: 24px;
    border-radius: var(--j-radius-sm);
  }
  .row-open:hover {
    text-decoration: underline;
  }
  .row-name small {
    margin-top: -4px;
    font-size: var(--j-text-xs);
    line-height: 14px;
    color: var(--j-text-muted);
    font-weight: 400;
  }
  @container journey (max-width: 520px) {
    .steps th[scope='row'] {
      position: static;
    }
  }
`;
