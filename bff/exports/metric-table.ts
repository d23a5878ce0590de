// The rows of a metric's export: the set says who, folding those users' histories says how often, when and why.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  listUsers,
  selectWantedEvents,
  type NamedUser,
  type WantedEvents,
} from '../../db/queries/exports.ts';
import { selectPendingBatches } from '../../db/queries/work.ts';
import { eventTypes, type EventType, type FactName } from '../contract/index.ts';
import { compareEvents, fold, occurrences, type HistoryEvent } from '../fold/index.ts';
import type { DayRange } from '../metrics/journey-numbers.ts';
import type { Reading } from '../metrics/read-journey.ts';
import { membersOf, type Selection } from '../metrics/selection.ts';
import { loadGenerations, type Generation } from '../rollup/generation.ts';
import { shardOf, shards } from '../rollup/shards.ts';
import { listSet } from '../rollup/user-sets.ts';
import { oneAhead } from './one-ahead.ts';
import { neededEventsOf } from './needed-events.ts';
import { externalId, perEvent, perUser, reason, type Row, type Table } from './table.ts';

/** How many users' histories are in memory at once. */
const usersAtOnce = 2_000;
/** How many are folded in one turn of the event loop. */
const usersInTurn = 500;
const namesAtOnce = 10_000;

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

/** Loads what of some users' histories matters, as the served numbers know them: without what is not rolled up yet. */
async function loadHistories(
  reading: Reading,
  wanted: WantedEvents,
  users: readonly NamedUser[],
  isCounted: ((userId: number, batchId: number) => boolean) | null,
): Promise<Map<number, HistoryEvent[]>> {
  const userIds = users.map(({ userId }) => userId);
  const histories = new Map<number, HistoryEvent[]>(userIds.map((userId) => [userId, []]));
  for (const row of await selectWantedEvents(reading.tx, reading.numbers.workspaceId, userIds, wanted)) {
    if (isCounted && !isCounted(row.user_id, Number(row.batch_id))) continue;
    const type = eventTypes[row.event_type];
    if (type === undefined)
      throw new Error(`The log holds an event of type ${row.event_type}, which is unknown here`);
    histories.get(row.user_id)?.push({
      id: row.event_id,
      type,
      at: row.at,
      sequence: Number(row.sequence),
      entryId: row.entry_id,
      stepId: row.step_id,
      outcome: row.outcome ?? null,
      platform: row.platform ?? null,
      reason: row.reason ?? null,
      // Of product events none but those of this name are read.
      name: type === 'track' ? wanted.productName : null,
      properties: row.properties ?? null,
    });
  }
  return histories;
}

/** What an export of a fact reads of the log. */
function wantedEventsOf(
  { journeyNumber, rules }: Generation,
  { metric, stepId, detail }: Selection,
  columns: WantedEvents['also'],
): WantedEvents {
  const { anywhere, atStep, conversions } = neededEventsOf(metric.fact);
  const numbersOf = (types: readonly EventType[]) => types.map((type) => eventTypes.indexOf(type));
  return {
    journeyNumber,
    types: numbersOf(anywhere),
    stepTypes: numbersOf(atStep),
    stepId,
    productName: conversions ? (rules.conversion?.event ?? null) : null,
    also: [
      ...columns,
      // The fold reads the outcome of every outcome event, and the platform where the selection names one.
      ...(metric.byOutcome ? (['outcome'] as const) : []),
      ...(metric.byPlatform && detail !== '' ? (['platform'] as const) : []),
    ],
  };
}

/** Tells which events of a user are in the served numbers, by their batches; null: all. */
async function countedBatches(
  reading: Reading,
): Promise<((userId: number, batchId: number) => boolean) | null> {
  const waiting = new Map<number, ReadonlySet<number>>();
  for (const shard of shards) {
    const { batches } = await selectPendingBatches(reading.tx, reading.numbers.workspaceId, shard);
    if (batches.length > 0) waiting.set(shard, new Set(batches.map((batch) => batch.batchId)));
  }
  return waiting.size === 0 ? null : (userId, batchId) => waiting.get(shardOf(userId))?.has(batchId) !== true;
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
  const numbers = isPerEvent ? await reading.load(range) : undefined;
  const generation = await servedGeneration(reading);
  const isCounted = await countedBatches(reading);
  const wanted = wantedEventsOf(generation, selection, [
    ...(isCounted ? (['batch_id'] as const) : []),
    ...(hasReason ? (['reason'] as const) : []),
  ]);

  const rowsOf = (user: NamedUser, history: HistoryEvent[]): Row[] => {
    if (isPerEvent) {
      return conversionsOf(generation, history, selection, range).map((at) => [user.externalId, at]);
    }
    const { count, firstAt, lastAt, reasoned } = summarize(generation, history, selection, range);
    if (count === 0) throw new Error(`A user in the set of ${fact} has no occurrence: an audit will name it`);
    const row = [user.externalId, count, firstAt, lastAt];
    return [hasReason ? [...row, reasoned?.reason ?? null] : row];
  };

  async function* portions() {
    for await (const users of listUsers(reading.tx, reading.numbers.workspaceId, userIds, usersAtOnce)) {
      yield { users, histories: await loadHistories(reading, wanted, users, isCounted) };
    }
  }

  return {
    columns: isPerEvent ? perEvent : hasReason ? [...perUser, reason] : perUser,
    rowCount: numbers ? numbers.tally(fact).count : userIds.length,
    async *rows() {
      for await (const { users, histories } of oneAhead(portions())) {
        // In parts, so that answers of the database and other requests get their turn.
        for (let from = 0; from < users.length; from += usersInTurn) {
          if (from > 0) await nextTurn();
          const part = users.slice(from, from + usersInTurn);
          yield part.flatMap((user) => rowsOf(user, histories.get(user.userId) ?? []));
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
      const names = listUsers(reading.tx, reading.numbers.workspaceId, userIds, namesAtOnce);
      for await (const users of oneAhead(names)) yield users.map((user) => [user.externalId]);
    },
  };
}
