// The popover of a step, with what it shows.
import { css, type CSSResultGroup } from 'lit';
import { tooltip } from '../../styles/tooltip.styles.ts';
import { stepDetailsStyles } from '../step-metrics/details.styles.ts';

const popover = css`
  .popover {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0;
    border: 0;
    width: min(408px, calc(100vw - 16px));
    max-height: min(640px, calc(100vh - 16px));
    border-radius: 12px;
    background: var(--j-surface-raised);
    color: var(--j-text);
    box-shadow: var(--j-shadow-2);
    overflow: clip;
  }
  .popover:popover-open {
    display: flex;
    flex-direction: column;
    transition: opacity 160ms;
  }
  @starting-style {
    .popover:popover-open {
      opacity: 0;
    }
  }
  /* It takes the focus only to be read; what can be pressed in it shows its own ring. */
  .popover:focus-visible {
    outline: none;
  }
  @media (max-width: 520px) {
    .popover:popover-open {
      inset: auto 0 0 0 !important;
      width: 100vw;
      max-height: 80vh;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
  }
  @media (forced-colors: active) {
    .popover {
      border: 1px solid CanvasText;
    }
  }
`;

export const detailsStyles: CSSResultGroup = [tooltip, stepDetailsStyles, popover];
