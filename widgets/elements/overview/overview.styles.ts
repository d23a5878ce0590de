// Six cards in a row, three, or two, by the width of the container.
import { css } from 'lit';

export const overviewStyles = css`
  .cards {
    display: grid;
    grid-template-columns: repeat(6, minmax(0, 1fr));
    gap: 12px;
  }
  .panel {
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
  }
  .below {
    margin-top: 10px;
  }
  @container journey (max-width: 1160px) {
    .cards {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
  @container journey (max-width: 520px) {
    .cards {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 8px;
    }
  }
`;
