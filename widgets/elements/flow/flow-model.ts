// What is drawn of a flow, made once for each answer.
import type { Flow, FlowStep, StepType } from '../../../bff/contract/index.ts';
import { bandScale } from '../../flow/bands.ts';
import {
  linksOf,
  stepHeight,
  stepHeightWithFooter,
  type Direction,
  type FlowLink,
} from '../../flow/geometry.ts';
import { layoutFlow, type FlowLayout } from '../../flow/layout.ts';
import { drawLinks, drawStub, type DrawnLink, type Stub } from '../../flow/links.ts';
import { readingOrder } from '../../flow/navigation.ts';
import { flowSignals, type StepSignal } from '../../flow/signals.ts';
import { chooseLinks } from '../../flow/visible-links.ts';

/** What the widths of bands and stubs show. */
export type FlowWidth = 'entries' | 'users';

export interface FlowModel {
  readonly flow: Flow;
  readonly steps: ReadonlyMap<string, FlowStep>;
  /** The ids of the steps along the flow. */
  readonly stepIds: readonly string[];
  readonly links: readonly FlowLink[];
  /** Links that are not drawn at once. */
  readonly hidden: readonly FlowLink[];
  /** How many links are too rare to be drawn unless all are asked for. */
  readonly rarer: number;
  readonly layout: FlowLayout;
  readonly lines: readonly DrawnLink[];
  readonly stubs: readonly Stub[];
  readonly scale: number;
  /** What the widths show. */
  readonly width: FlowWidth;
  readonly weightOf: (link: FlowLink) => number;
  /** How many entries made their first visit at a step. */
  readonly starts: ReadonlyMap<string, number>;
  /** What deserves a look, by step, worst first. */
  readonly signals: ReadonlyMap<string, readonly StepSignal[]>;
}

export interface ModelOptions {
  readonly direction: Direction;
  readonly mirrored: boolean;
  readonly showAll: boolean;
  readonly width: FlowWidth;
}

/** By type, so that numbers that arrive do not change the size of a step; a custom step has one for its outcomes. */
export function hasFooter({ type, outcomes }: FlowStep): boolean {
  return isChannel(type) || (type === 'custom' && Object.keys(outcomes).length > 0);
}

const isChannel = (type: StepType): boolean =>
  type === 'push' || type === 'email' || type === 'sms' || type === 'in-app';

export function flowModel(flow: Flow, { direction, mirrored, showAll, width }: ModelOptions): FlowModel {
  const steps = new Map<string, FlowStep>();
  for (const step of flow.steps) if (!steps.has(step.stepId)) steps.set(step.stepId, step);
  const ids = [...steps.keys()];
  const links = linksOf(ids, flow.transitions);
  const chosen = chooseLinks(ids.length, links);
  const { drawn, hidden } = showAll ? { drawn: links, hidden: [] } : chosen;
  const layout = layoutFlow(
    Array.from(steps.values(), (step) => ({
      id: step.stepId,
      height: hasFooter(step) ? stepHeightWithFooter : stepHeight,
      isEntry: step.type === 'entry',
      position: step.position,
    })),
    drawn,
    { direction, mirrored },
  );
  const weightOf = ({ count, users }: FlowLink) => (width === 'users' ? users : count);
  const scale = bandScale(
    width === 'users' ? flow.totals.entryUsers : flow.totals.totalEntries,
    links.map(weightOf),
  );
  const starts = new Map<string, number>();
  for (const { from, to, count } of flow.transitions) if (from === null) starts.set(to, count);
  return {
    flow,
    steps,
    stepIds: readingOrder(layout, ids),
    links,
    hidden,
    rarer: chosen.hidden.length,
    layout,
    lines: drawLinks(layout, drawn, links, scale, weightOf),
    stubs: [...steps.values()].flatMap(({ stepId, type, metrics }) => {
      const left = width === 'users' ? metrics.droppedOffUsers : metrics.droppedOff;
      const stub = type === 'exit' ? null : drawStub(layout, stepId, left, scale);
      return stub ? [stub] : [];
    }),
    scale,
    width,
    weightOf,
    starts,
    signals: Map.groupBy(flowSignals(flow), ({ stepId }) => stepId),
  };
}
