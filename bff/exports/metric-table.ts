// The rows of a metric's export: the set says who, folding those users' histories says how often, when and why.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { listNames } from '../../db/queries/exported-rows.ts';
import type { FactName } from '../contract/index.ts';
import { compareEvents, fold, occurrences, type HistoryEvent } from '../fold/index.ts';
import type { DayRange } from '../metrics/journey-numbers.ts';
import type { Reading } from '../metrics/read-journey.ts';
import { membersOf, type Selection } from '../metrics/selection.ts';
import { loadGenerations, type Generation } from '../rollup/generation.ts';
import { listSet } from '../rollup/user-sets.ts';
import { oneAhead } from './one-ahead.ts';
import { openHistories } from './read-histories.ts';
import { externalId, perEvent, perUser, reason, type Row, type Table } from './table.ts';

/** How many are folded in one turn of the event loop. */
const usersInTurn = 500;
const namesAtOnce = 4_000;

const factsWithReason: ReadonlySet<FactName> = new Set([
  'failedCount',
  'bouncedCount',
  'skippedCount',
  'heldCount',
]);

/** What one user's occurrences come to. */
interface Summary {
  count: number;
  firstAt: number;
  lastAt: number;
  /** The latest event that gives a reason. */
  reasoned: HistoryEvent | undefined;
}

async function servedGeneration(reading: Reading): Promise<Generation> {
  const { workspaceId, journeyNumber } = reading.numbers;
  const generations = await loadGenerations(reading.tx, workspaceId, journeyNumber);
  const served = generations.find((generation) => generation.generation === reading.state.generation);
  if (!served) throw new Error('The served generation is not there');
  return served;
}

function isInRange(day: number, range: DayRange): boolean {
  return (range.first === null || day >= range.first) && (range.last === null || day <= range.last);
}

/** Calls `visit` for each occurrence of the selected fact in a user's history, for entries begun in the range. */
function visitOccurrences(
  generation: Generation,
  history: HistoryEvent[],
  { metric, stepId, detail }: Selection,
  range: DayRange,
  visit: (at: number, event: HistoryEvent) => void,
): void {
  occurrences(
    fold(generation.rules, history),
    (_fact, _step, ofDetail, day, at, event) => {
      if (ofDetail === detail && isInRange(day, range)) visit(at, event);
    },
    { fact: metric.fact, step: stepId },
  );
}

function summarize(
  generation: Generation,
  history: HistoryEvent[],
  selection: Selection,
  range: DayRange,
): Summary {
  const summary: Summary = { count: 0, firstAt: Infinity, lastAt: -Infinity, reasoned: undefined };
  visitOccurrences(generation, history, selection, range, (at, event) => {
    summary.count += 1;
    summary.firstAt = Math.min(summary.firstAt, at);
    summary.lastAt = Math.max(summary.lastAt, at);
    if (event.reason && (!summary.reasoned || compareEvents(summary.reasoned, event) < 0))
      summary.reasoned = event;
  });
  return summary;
}

/** The instants of a user's conversion events, in the order of the history. */
function conversionsOf(
  generation: Generation,
  history: HistoryEvent[],
  selection: Selection,
  range: DayRange,
): number[] {
  const events: HistoryEvent[] = [];
  visitOccurrences(generation, history, selection, range, (_at, event) => events.push(event));
  return events.toSorted(compareEvents).map((event) => event.at);
}

/** Everything the file of a metric needs, read in the snapshot of the reading. */
export async function metricTable(reading: Reading, selection: Selection, range: DayRange): Promise<Table> {
  const userIds = listSet(await membersOf(reading, selection, range));
  const isPerEvent = selection.metric.id === 'conversionEvents';
  const { fact } = selection.metric;
  const hasReason = factsWithReason.has(fact);
  const numbers = isPerEvent ? await reading.load(range, 'journey') : undefined;
  const generation = await servedGeneration(reading);
  const source = await openHistories(reading, generation, selection, hasReason);

  const rowsOf = (name: string, history: HistoryEvent[]): Row[] => {
    if (isPerEvent) {
      return conversionsOf(generation, history, selection, range).map((at) => [name, at]);
    }
    const { count, firstAt, lastAt, reasoned } = summarize(generation, history, selection, range);
    if (count === 0) throw new Error(`A user in the set of ${fact} has no occurrence: an audit will name it`);
    const row = [name, count, firstAt, lastAt];
    return [hasReason ? [...row, reasoned?.reason ?? null] : row];
  };

  return {
    columns: isPerEvent ? perEvent : hasReason ? [...perUser, reason] : perUser,
    rowCount: numbers ? numbers.tally(fact).count : userIds.length,
    async *rows() {
      for await (const people of oneAhead(source.read(userIds))) {
        // In parts, so that answers of the database and other requests get their turn.
        for (let from = 0; from < people.length; from += usersInTurn) {
          if (from > 0) await nextTurn();
          const part = people.slice(from, from + usersInTurn);
          yield part.flatMap((person) => rowsOf(person.externalId, person.history));
        }
      }
    },
  };
}

/** A table of nothing but External IDs. */
export function audienceTable(reading: Reading, members: Uint8Array): Table {
  const userIds = listSet(members);
  return {
    columns: [externalId],
    rowCount: userIds.length,
    async *rows() {
      yield* oneAhead(listNames(reading.tx, reading.numbers.workspaceId, userIds, namesAtOnce));
    },
  };
}
