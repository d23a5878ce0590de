// What a journey's answers must say, from a direct fold of all histories: nothing of the rollup takes part in it.
import {
  journeyMetrics,
  messageMetrics,
  parseDate,
  platforms,
  stepMetrics,
  type FactName,
  type Flow,
  type Metric,
  type Overview,
  type ParsedEvent,
} from '../../bff/contract/index.ts';
import { factsOf, noDay, quantile, type Facts, type HistoryEvent, type Rules } from '../../bff/fold/index.ts';

interface Tally {
  readonly count: number;
  readonly users: number;
}

/** An event as the log holds it: what its type lacks, or what was not said, is null. */
function historyEvent(event: ParsedEvent): HistoryEvent {
  const { id, type, at, sequence } = event;
  return {
    id,
    type,
    at,
    sequence,
    entryId: 'entryId' in event ? (event.entryId ?? null) : null,
    stepId: 'stepId' in event ? event.stepId : null,
    outcome: 'outcome' in event ? event.outcome : null,
    platform: 'platform' in event ? (event.platform ?? null) : null,
    reason: 'reason' in event ? (event.reason ?? null) : null,
    name: 'name' in event ? event.name : null,
    properties: 'properties' in event ? (event.properties ?? null) : null,
  };
}

/** All numbers of a journey for a range of entry days. */
export class FoldedJourney {
  readonly #tallies = new Map<string, Tally>();
  readonly #durations = new Map<string, number[]>();

  constructor(facts: readonly Facts[], first: number, last: number) {
    for (const { counts, durations } of facts) {
      const own = new Map<string, number>();
      for (const { fact, step, detail, day, count } of counts.values()) {
        if (day !== noDay && (day < first || day > last)) continue;
        const key = `${fact}\0${step}\0${detail}`;
        own.set(key, (own.get(key) ?? 0) + count);
      }
      for (const [key, count] of own) {
        const known = this.#tallies.get(key) ?? { count: 0, users: 0 };
        this.#tallies.set(key, { count: known.count + count, users: known.users + 1 });
      }
      for (const { fact, step, day, bucket, count } of durations.values()) {
        if (day < first || day > last) continue;
        const histogram = this.#durations.get(`${fact}\0${step}`) ?? [];
        this.#durations.set(`${fact}\0${step}`, histogram);
        histogram[bucket] = (histogram[bucket] ?? 0) + count;
      }
    }
  }

  /** @param range dates as a query has them */
  static of(
    journeyId: string,
    rules: Rules,
    log: Iterable<ParsedEvent>,
    range: { from?: string; to?: string },
  ): FoldedJourney {
    const own = [...log].filter((event) => event.type === 'track' || event.journeyId === journeyId);
    const histories = [...Map.groupBy(own, (event) => event.userId).values()];
    const first = range.from === undefined ? -Infinity : (parseDate(range.from) ?? NaN);
    const last = range.to === undefined ? Infinity : (parseDate(range.to) ?? NaN);
    return new FoldedJourney(
      histories.map((history) => factsOf(rules, history.map(historyEvent))),
      first,
      last,
    );
  }

  #tally(fact: FactName, step = '', detail = ''): Tally {
    return this.#tallies.get(`${fact}\0${step}\0${detail}`) ?? { count: 0, users: 0 };
  }

  #details(fact: FactName, step: string): Map<string, Tally> {
    const prefix = `${fact}\0${step}\0`;
    return new Map(
      [...this.#tallies].flatMap(([key, tally]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), tally] as const] : [],
      ),
    );
  }

  #numbers(metrics: readonly Metric[], step: string, detail: string): Record<string, number> {
    return Object.fromEntries(
      metrics.map(({ id, fact, side }) => [id, this.#tally(fact, step, detail)[side]]),
    );
  }

  #quantiles(fact: 'timeInStep' | 'timeToConvert', step: string) {
    const histogram = this.#durations.get(`${fact}\0${step}`) ?? [];
    return { p50: quantile(histogram, 0.5), p90: quantile(histogram, 0.9) };
  }

  /** What of an overview follows from the log alone. */
  get overview() {
    return {
      metrics: this.#numbers(journeyMetrics, '', ''),
      timeToConvert: this.#quantiles('timeToConvert', ''),
      unattachedEvents: this.#tally('unattachedEvents').count,
    };
  }

  /** What of a step in the flow follows from the log alone. */
  step(stepId: string) {
    const outcomes = [...this.#details('outcome', stepId)].filter(([name]) => name !== '');
    return {
      metrics: this.#numbers(stepMetrics, stepId, ''),
      platforms: Object.fromEntries(
        platforms.map((platform) => [platform, this.#numbers(messageMetrics, stepId, platform)]),
      ),
      outcomes: Object.fromEntries(
        outcomes.map(([name, { count, users }]) => [
          name,
          { count, users, convertedUsers: this.#tally('outcomeConverted', stepId, name).users },
        ]),
      ),
      exitReasons: Object.fromEntries(
        Array.from(this.#details('exitReason', stepId), ([reason, { count }]) => [reason, count]),
      ),
      timeInStep: this.#quantiles('timeInStep', stepId),
    };
  }

  /** Taken transitions by `from\0to`. */
  get transitions(): Map<string, Tally> {
    const prefix = 'transition\0';
    return new Map(
      [...this.#tallies].flatMap(([key, tally]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), tally] as const] : [],
      ),
    );
  }
}

/** The same parts of an answer. */
export function partsOfOverview({ metrics, timeToConvert, diagnostics }: Overview) {
  return {
    metrics: Object.fromEntries(
      Object.entries(metrics).filter(([id]) => id !== 'conversionRate' && id !== 'exitsWindowOpen'),
    ),
    timeToConvert,
    unattachedEvents: diagnostics.unattachedEvents,
  };
}

export function partsOfStep({
  metrics,
  platforms: byPlatform,
  outcomes,
  exitReasons,
  timeInStep,
}: Flow['steps'][number]) {
  return {
    metrics: Object.fromEntries(Object.entries(metrics).filter(([id]) => !id.endsWith('Rate'))),
    platforms: byPlatform,
    outcomes: Object.fromEntries(
      Object.entries(outcomes).map(([name, { count, users, convertedUsers }]) => [
        name,
        { count, users, convertedUsers },
      ]),
    ),
    exitReasons,
    timeInStep,
  };
}

export function takenTransitions({ transitions }: Flow): Map<string, Tally> {
  return new Map(
    transitions
      .filter(({ count }) => count > 0)
      .map(({ from, to, count, users }) => [`${from ?? ''}\0${to}`, { count, users }]),
  );
}
