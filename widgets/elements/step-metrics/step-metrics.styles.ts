// The panel of a step that stands alone, and its skeleton.
import { css } from 'lit';

export const stepMetricsStyles = css`
  .panel {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    overflow: clip;
    max-width: 480px;
  }
  .stale {
    padding: 10px 10px 0;
  }
  .tile-bone {
    width: 28px;
    height: 28px;
    border-radius: 7px;
  }
  .head-bones {
    display: grid;
    gap: 8px;
    padding-block: 4px;
  }
  .head-bones :first-child {
    width: 130px;
  }
  .head-bones :last-child {
    width: 74px;
    height: 8px;
  }
  .line-bones {
    display: flex;
    align-items: center;
    justify-content: space-between;
    height: 24px;
  }
  .line-bones :first-child {
    width: 38%;
  }
  .line-bones :last-child {
    width: 64px;
  }
  @container journey (max-width: 340px) {
    .bar {
      display: none !important;
    }
    :is(.platforms, .outcomes) :is(th, td) {
      padding-inline-start: 6px;
    }
  }
`;
