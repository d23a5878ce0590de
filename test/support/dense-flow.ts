// A flow of as many steps as wanted, the same each time: rows of five that branch, meet again and go back now and then.
import type { Flow, FlowTransition } from '../../bff/contract/index.ts';
import { flowStep } from '../fixtures/flow-steps.ts';

const types = ['push', 'wait', 'condition', 'email', 'sms', 'in-app', 'split', 'custom'] as const;
const abreast = 5;

export function denseFlow(count: number): Flow {
  const steps = Array.from({ length: count }, (_, index) => {
    const type = index === 0 ? 'entry' : (types[(index * 7) % types.length] ?? 'wait');
    const entryCount = Math.max(40, Math.round(50_000 / (1 + index / 6)));
    const sentCount = ['push', 'email', 'sms', 'in-app'].includes(type) ? Math.round(entryCount * 0.97) : 0;
    return flowStep({
      stepId: `step-${index}`,
      type,
      name: index === 0 ? 'Entered' : `${type} ${index}`,
      ...(sentCount > 0 ? { campaignId: `c-${index}` } : {}),
      metrics: {
        entryCount,
        movedOn: Math.round(entryCount * 0.9),
        waiting: Math.round(entryCount * 0.04),
        droppedOff: Math.round(entryCount * 0.06),
        sentCount,
        clickedCount: Math.round(sentCount * 0.2),
        failedCount: Math.round(sentCount * 0.02),
        convertedUsers: Math.round(entryCount * 0.1),
      },
    });
  });
  const transitions: FlowTransition[] = [];
  const link = (from: number | null, to: number, share: number) => {
    const source = steps[from ?? 0];
    if (!source || to >= count) return;
    const moved = Math.round(source.metrics.entryCount * share);
    transitions.push({
      from: from === null ? null : `step-${from}`,
      to: `step-${to}`,
      count: moved,
      users: moved,
      defined: true,
      label: null,
    });
  };
  link(null, 0, 1);
  for (let next = 1; next <= abreast; next += 1) link(0, next, 0.18);
  for (let index = 1; index < count; index += 1) {
    const row = Math.floor((index - 1) / abreast);
    const place = (index - 1) % abreast;
    const below = (shift: number) => 1 + (row + 1) * abreast + ((place + shift) % abreast);
    link(index, below(0), 0.6);
    if (index % 3 === 0) link(index, below(1), 0.25);
    if (index % 11 === 0 && row > 1) link(index, index - 2 * abreast, 0.05);
  }
  const total = steps[0]?.metrics.entryCount ?? 0;
  return {
    steps,
    transitions,
    totals: { totalEntries: total, entryUsers: total, activeEntries: 4_000, totalExits: 12_000 },
    range: { from: null, to: null, timeZone: 'Europe/Istanbul' },
    previous: null,
    asOf: '2026-11-24T11:32:00.000Z',
    pendingEvents: 0,
  };
}
