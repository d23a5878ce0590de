// Reads Segment's HTTP tracking format: `track` calls become events, other calls are counted as ignored.
import { ignoredSegmentCalls, messageOutcomes, type EventType } from '../contract/index.ts';
import { parseEvents, type ParsedEvents } from './parse-events.ts';

/** The fields that an event of a journey takes from the call's properties. */
const journeyFields = [
  'journeyId',
  'entryId',
  'stepId',
  'outcome',
  'platform',
  'reason',
  'sequence',
] as const;

/**
 * What a `track` call becomes, by its `event`, to the letter:
 *
 * | event | type | properties |
 * |---|---|---|
 * | `Journey Entered` | `journey.entered` | journeyId, entryId? |
 * | `Journey Step Entered` | `step.entered` | journeyId, stepId, entryId? |
 * | `Journey Step Outcome` | `step.outcome` | journeyId, stepId, outcome, entryId? |
 * | `Journey Message Sent` `… Failed` `… Delivered` `… Shown` `… Clicked` `… Held` `… Skipped` `… Bounced` `… Unsubscribed` `… Complained` | `message.sent` and so on | journeyId, stepId, entryId?, platform?, reason? |
 * | `Journey Exited` | `journey.exited` | journeyId, entryId?, reason? |
 * | any other | `track`, `name` = event | all of them |
 *
 * Those of journeys may have `sequence` among their properties. All names begin with "Journey", so that a product's own
 * "Message Sent" stays a product event.
 */
const journeyEvents: ReadonlyMap<unknown, EventType> = new Map<unknown, EventType>([
  ['Journey Entered', 'journey.entered'],
  ['Journey Step Entered', 'step.entered'],
  ['Journey Step Outcome', 'step.outcome'],
  ['Journey Exited', 'journey.exited'],
  ...messageOutcomes.map(
    (outcome) =>
      [
        `Journey Message ${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`,
        `message.${outcome}`,
      ] as const,
  ),
]);

const ignoredTypes: ReadonlySet<unknown> = new Set(ignoredSegmentCalls);

type JsonObject = Readonly<Record<string, unknown>>;

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A call as an event that is not checked yet, and by its fields where the sender wrote them. */
interface Translated {
  readonly index: number;
  readonly event: JsonObject;
  readonly paths: Readonly<Record<string, string>>;
}

/** Many senders write null for what is missing. */
const given = (value: unknown): unknown => value ?? undefined;

/**
 * Where the time of a call stands: `timestamp`, else `originalTimestamp`, else the time of sending. The sender's clock is
 * taken at its word: an event that is sent again has the same time then, whenever it arrives.
 */
function timeOf(call: JsonObject, batch: JsonObject): { readonly path: string; readonly time: unknown } {
  const path = ['timestamp', 'originalTimestamp', 'sentAt'].find((name) => given(call[name]) !== undefined);
  if (path !== undefined) return { path, time: call[path] };
  return { path: 'timestamp', time: given(batch['sentAt']) };
}

function translate(call: JsonObject, batch: JsonObject, index: number): Translated {
  const { path, time } = timeOf(call, batch);
  const common = { id: given(call['messageId']), at: time, userId: given(call['userId']) };
  const paths = { id: 'messageId', at: path };
  const type = journeyEvents.get(call['event']);
  const properties = given(call['properties']);
  if (type === undefined) {
    const event = { ...common, type: 'track', name: given(call['event']), properties };
    return { index, event, paths: { ...paths, name: 'event' } };
  }
  const told = isJsonObject(properties) ? properties : {};
  const fields = Object.fromEntries(journeyFields.map((name) => [name, given(told[name])]));
  const inProperties = Object.fromEntries(journeyFields.map((name) => [name, `properties.${name}`]));
  return { index, event: { ...common, type, ...fields }, paths: { ...paths, ...inProperties } };
}

export interface ParsedSegmentBatch extends ParsedEvents {
  /** How many calls are no events of this product. */
  readonly ignored: number;
}

/**
 * Parses each call on its own. What is wrong is named as the sender wrote it, so `messageId` and not `id`.
 * @param body with its `batch`; all other fields but `sentAt` are ignored
 */
export function parseSegmentBatch(body: {
  readonly batch: readonly unknown[];
  readonly sentAt?: unknown;
}): ParsedSegmentBatch {
  const tracked: Translated[] = [];
  const unknown: ParsedEvents['rejected'] = [];
  let ignored = 0;
  body.batch.forEach((call, index) => {
    if (!isJsonObject(call)) {
      unknown.push({ index, id: null, errors: [{ path: '', message: 'must be an object' }] });
    } else if (call['type'] === 'track') {
      tracked.push(translate(call, { sentAt: body.sentAt }, index));
    } else if (ignoredTypes.has(call['type'])) {
      ignored += 1;
    } else {
      const message = `must be track or one of ${ignoredSegmentCalls.join(', ')}`;
      unknown.push({ index, id: null, errors: [{ path: 'type', message }] });
    }
  });
  const { events, rejected } = parseEvents(tracked.map(({ event }) => ({ value: event })));
  const asWritten = rejected.map(({ index, id, errors }) => {
    const call = tracked[index];
    return {
      index: call?.index ?? index,
      id,
      errors: errors.map(({ path, message }) => ({ path: call?.paths[path] ?? path, message })),
    };
  });
  return { events, rejected: [...unknown, ...asWritten].toSorted((a, b) => a.index - b.index), ignored };
}
