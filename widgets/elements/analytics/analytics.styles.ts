// The header over the overview and the flow.
import { css } from 'lit';

export const analyticsStyles = css`
  .page > * + * {
    margin-top: 14px;
  }
  .header {
    display: grid;
    gap: 10px;
  }
  .title {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 6px 8px;
    min-height: 32px;
  }
  h2 {
    font-size: var(--j-text-xl);
    line-height: 28px;
    font-weight: 600;
    letter-spacing: -0.015em;
    margin-inline-end: 4px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .name-bone {
    width: 150px;
    height: 18px;
  }
  .facts-bone {
    width: min(430px, 90%);
  }
  .title .live {
    margin-inline-start: auto;
    padding-inline-start: 3px;
  }
  .range .muted {
    font-weight: 400;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0 6px;
    color: var(--j-text-muted);
    min-height: 18px;
    align-items: center;
  }
  .facts > * + *::before {
    content: '·';
    margin-inline-end: 6px;
    color: var(--j-text-subtle);
  }
  .panel {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
  }
  .audience > * + * {
    margin-top: 10px;
  }
  .audience > [aria-expanded='true'] .icon {
    rotate: 180deg;
  }
  @media print {
    .audience {
      display: none;
    }
  }
  @container journey (max-width: 520px) {
    .title .live {
      margin-inline-start: 0;
      flex: 1 0 calc(100% - 40px);
      order: 1;
    }
    .title > .icon-button {
      order: 2;
    }
    .title > .range {
      order: 3;
      flex: 1 1 100%;
      justify-content: center;
    }
    .range .muted {
      display: none;
    }
    .facts {
      display: block;
    }
    .facts > * {
      display: block;
    }
    .facts > * + *::before {
      display: none;
    }
  }
`;
