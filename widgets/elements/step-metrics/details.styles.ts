// What a step shows of itself, wherever it stands.
import { css } from 'lit';

export const stepDetailsStyles = css`
  .details-head {
    display: grid;
    grid-template-columns: 28px minmax(0, 1fr) auto auto;
    align-items: center;
    column-gap: 10px;
    padding-block: 12px;
    padding-inline: 14px 10px;
    flex: none;
  }
  .details-head .icon-button {
    grid-column: 4;
  }
  .details-head h4 {
    font-weight: 600;
    font-size: 14px;
    line-height: 18px;
    letter-spacing: -0.005em;
    overflow-wrap: anywhere;
    max-height: 54px;
    overflow: auto;
  }
  .details-head p {
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .details {
    overflow-y: auto;
    overscroll-behavior: contain;
    min-height: 0;
  }
  .details:focus-visible {
    outline-offset: -2px;
  }
  .details > section {
    border-top: 1px solid var(--j-border);
    padding: 10px 14px 12px;
  }
  .outcomes caption {
    padding-bottom: 4px;
    font-weight: 600;
    font-size: var(--j-text-xs);
    line-height: 16px;
    color: var(--j-text-muted);
    text-align: start;
  }
  h5 {
    margin: 0 0 6px;
    font-weight: 600;
    font-size: var(--j-text-xs);
    line-height: 16px;
    color: var(--j-text-muted);
    display: flex;
    justify-content: space-between;
  }
  h5 span {
    font-weight: 400;
  }
  .metrics > div,
  .balance > div {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }
  .metrics dt,
  .balance dt {
    flex: 1 1 auto;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .metrics dd,
  .balance dd {
    display: flex;
    align-items: center;
    flex: none;
  }
  .metrics dd b,
  .balance dd b {
    min-width: 56px;
    text-align: end;
  }
  .metrics small,
  .balance small {
    min-width: 58px;
    text-align: end;
    font-size: inherit;
    color: var(--j-text-muted);
  }
  .metrics small:empty {
    display: inline;
  }
  .bar {
    min-height: 0;
  }
  dd .bar,
  td .bar {
    padding: 0;
    border: 0;
  }
  .details .bar {
    display: block;
    width: 60px;
    height: 4px;
    border-radius: 2px;
    background: var(--j-track);
    overflow: hidden;
  }
  .details .bar i {
    display: block;
    height: 100%;
    width: calc(var(--v) * 100%);
    border-radius: 2px;
    background: var(--j-balance-moved);
    forced-color-adjust: none;
  }
  .details .bar.failed i {
    background: var(--j-balance-failed);
  }
  .platforms th,
  .platforms td,
  .outcomes th,
  .outcomes td {
    padding-block: 5px;
    padding-inline: 12px 0;
    text-align: end;
    vertical-align: top;
    white-space: nowrap;
  }
  :is(.platforms, .outcomes) th:first-child {
    padding-inline-start: 0;
    text-align: start;
    font-weight: 400;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  :is(.platforms, .outcomes) thead th {
    color: var(--j-text-muted);
    font-size: var(--j-text-xs);
    line-height: 14px;
    padding-block: 0 3px;
    font-weight: 500;
  }
  :is(.platforms, .outcomes) tbody tr + tr > * {
    border-top: 1px solid var(--j-border);
  }
  :is(.platforms, .outcomes) td > b {
    display: block;
  }
  :is(.platforms, .outcomes) small {
    display: block;
    font-size: var(--j-text-xs);
    line-height: 14px;
    color: var(--j-text-muted);
  }
  :is(.platforms, .outcomes) .bar {
    width: 72px;
    margin-block: 4px 3px;
    margin-inline-start: auto;
  }
  /* As wide as there is room beside whole names of metrics, however many platforms there are. */
  .platforms .bar {
    width: 100%;
    max-width: 72px;
  }
  .stack {
    display: flex;
    gap: 1.5px;
    height: 8px;
    border-radius: 3px;
    overflow: hidden;
    margin-bottom: 10px;
  }
  .stack i {
    flex: 0 1 0;
    min-width: 2px;
  }
  .balance {
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .balance > div {
    min-height: 24px;
  }
  .balance dt {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--j-text-muted);
  }
  .balance dd b {
    font-weight: 500;
  }
  .balance .inner dt {
    padding-inline-start: 18px;
  }
  .balance .inner b {
    color: var(--j-text-muted);
  }
  .balance .key {
    width: 10px;
    height: 10px;
    border-radius: 2.5px;
    flex: none;
  }
  .key {
    background: var(--c);
    forced-color-adjust: none;
  }
  .key.moved {
    --c: var(--j-balance-moved);
  }
  .key.converted {
    --c: var(--j-balance-converted);
  }
  .key.exited {
    --c: var(--j-balance-exited);
  }
  .key.failed {
    --c: var(--j-balance-failed);
  }
  .key.waiting {
    --c:
      repeating-linear-gradient(135deg, var(--j-balance-waiting) 0 2.5px, transparent 2.5px 4.5px),
      color-mix(in srgb, var(--j-balance-waiting) 35%, var(--j-surface));
  }
  .key.held {
    --c:
      repeating-linear-gradient(90deg, var(--j-balance-held) 0 2px, transparent 2px 4px),
      color-mix(in srgb, var(--j-balance-held) 35%, var(--j-surface));
  }
  .why {
    margin-block: 2px 0;
    margin-inline-start: 18px;
    color: var(--j-text-muted);
    font-size: var(--j-text-xs);
    line-height: 14px;
    overflow-wrap: anywhere;
  }
  .sum {
    display: flex;
    align-items: center;
    gap: 6px;
    margin-top: 8px;
    padding-top: 8px;
    border-top: 1px solid var(--j-border);
    color: var(--j-text-muted);
    font-size: var(--j-text-sm);
  }
  .sum .icon {
    color: var(--j-positive);
  }
  .details-foot {
    display: flex;
    gap: 6px;
    align-items: center;
    flex: none;
    border-top: 1px solid var(--j-border);
    padding: 9px 14px;
    font-size: var(--j-text-sm);
    line-height: 16px;
    color: var(--j-text-muted);
  }
  .details-foot .icon {
    color: var(--j-text-subtle);
  }
  .details-foot > span:last-child {
    margin-inline-start: auto;
  }
  journey-export-button {
    margin-inline-start: 4px;
  }
  td.action {
    width: 24px;
    padding-inline-start: 0;
  }
  td journey-export-button {
    margin-block: -5px;
  }
  .term {
    min-height: 24px;
    min-width: 24px;
    padding: 0;
    font-weight: inherit;
    line-height: 16px;
    border-radius: var(--j-radius-sm);
  }
  .term span {
    text-decoration: underline dotted var(--j-border-control) 1px;
    text-underline-offset: 3.5px;
  }
  :is(.platforms, .outcomes) .term {
    min-height: 24px;
    margin-block: -4px;
    text-align: inherit;
  }
  .details > .signal {
    display: flex;
    gap: 8px;
    padding: 8px 14px;
    border-top: 1px solid var(--j-border);
    font-size: var(--j-text-sm);
    line-height: 16px;
    overflow-wrap: anywhere;
  }
  .signal .icon {
    margin-top: 1px;
    color: var(--j-warning);
  }
  .verdict h5 {
    font-size: 14px;
    line-height: 18px;
    color: var(--j-text);
    overflow-wrap: anywhere;
  }
  .verdict .muted {
    font-size: var(--j-text-sm);
    line-height: 16px;
  }
  .difference {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    color: var(--j-text-muted);
  }
  .difference span:first-child {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .difference span:last-child {
    margin-inline-start: auto;
    font-size: var(--j-text-sm);
  }
  /* A number line runs from less to more, whichever way the text runs. */
  .interval {
    display: block;
    width: 100%;
    max-height: 40px;
    margin-block: 2px 6px;
    fill: none;
    stroke: var(--j-border-node);
  }
  .interval .zero {
    stroke: var(--j-text-muted);
    stroke-dasharray: 2 2;
  }
  .interval .range {
    stroke: var(--j-accent);
    stroke-width: 6;
    opacity: 0.28;
  }
  .interval .bounds {
    stroke: var(--j-accent);
    stroke-width: 1.5;
  }
  .interval .value {
    fill: var(--j-accent);
    stroke: none;
  }
  .split {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 6px;
    margin-top: 8px;
    padding-top: 8px;
    border-top: 1px solid var(--j-border);
    font-size: var(--j-text-sm);
    line-height: 16px;
    color: var(--j-text-muted);
  }
  .split:first-child {
    margin-top: 0;
    padding-top: 0;
    border-top: 0;
  }
  .split b {
    display: flex;
    align-items: center;
    gap: 6px;
    font-weight: 500;
  }
  .split span {
    margin-inline-start: auto;
  }
  .split .icon {
    color: var(--j-positive);
  }
  .split.differs .icon,
  .split.differs b {
    color: var(--j-warning);
  }
  @media (forced-colors: active) {
    .interval :is(.zero, .axis) {
      stroke: CanvasText;
    }
    .interval :is(.range, .bounds) {
      stroke: Highlight;
    }
    .interval .value {
      fill: Highlight;
    }
  }
`;
