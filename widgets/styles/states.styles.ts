// Skeletons, notices and the panels that stand where numbers cannot.
import { css } from 'lit';

export const states = css`
  .bone {
    display: block;
    height: 10px;
    border-radius: 4px;
    background: var(--j-track);
    /* Quick answers show no skeleton at all. */
    animation: journey-appear 0s 150ms both;
  }
  @keyframes journey-appear {
    from {
      visibility: hidden;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .bone {
      animation:
        journey-appear 0s 150ms both,
        journey-breathe 1.6s 150ms ease-in-out infinite alternate;
    }
    @keyframes journey-breathe {
      to {
        opacity: 0.55;
      }
    }
  }
  .message {
    display: grid;
    justify-items: center;
    gap: 6px;
    padding: 40px 24px 36px;
    text-align: center;
    min-height: 224px;
    align-content: center;
  }
  .message h4 {
    font-weight: 600;
    font-size: var(--j-text-lg);
    line-height: 20px;
    letter-spacing: -0.01em;
    margin-top: 6px;
  }
  .message p {
    color: var(--j-text-muted);
    max-width: 400px;
    text-wrap: balance;
  }
  .message p.code {
    color: var(--j-text-subtle);
    font-size: var(--j-text-sm);
  }
  .message .actions {
    display: flex;
    gap: 8px;
    margin: 8px 0 2px;
  }
  .notice {
    display: grid;
    grid-template-columns: 16px 1fr auto;
    gap: 10px;
    align-items: center;
    padding: 10px 10px 10px 14px;
    border: 1px solid var(--j-border);
    border-radius: var(--j-radius-lg);
    background: var(--j-surface);
    color: var(--j-text);
  }
  .notice.warning {
    background: var(--j-warning-soft);
    border-color: color-mix(in srgb, var(--j-warning) 28%, transparent);
  }
  .notice > .icon {
    color: var(--j-warning);
  }
  .live {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    white-space: nowrap;
  }
  .live > i {
    width: 7px;
    height: 7px;
    border-radius: 50%;
    flex: none;
    background: var(--j-positive);
    box-shadow: 0 0 0 3px var(--j-positive-soft);
    forced-color-adjust: none;
  }
  .live.late > i {
    background: var(--j-warning);
    box-shadow: 0 0 0 3px var(--j-warning-soft);
  }
`;
