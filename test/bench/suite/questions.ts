// The questions that are put to the product, to plain SQL and to DuckDB, and what the two peers are asked for them.
/**
 * The table of the peers. It holds what only a fold can know, which favours them: which entry an event belongs to, on
 * which day that began, and whether an order counts for it. Repeated events are left out before they get there, and users
 * are numbers already. So the questions below need no attribution, no windows and no sorting out of what came twice.
 */
export const plainColumns = `journey text NOT NULL, user_id integer NOT NULL, occurred_at timestamptz NOT NULL,
  event_id text NOT NULL, type text NOT NULL, sequence smallint NOT NULL, entry smallint NOT NULL,
  entry_day integer NOT NULL, step text, detail text`;
export const journeyOfPeers = 'bench';
const where = `journey = '${journeyOfPeers}' AND entry_day`;

export const questions = ['overview', 'steps', 'flow'] as const;
export type Question = (typeof questions)[number];

/** Days since 1970, both inclusive; null for all time. */
export interface DaySpan {
  readonly first: number;
  readonly last: number;
}

const counted = ['journey.entered', 'message.sent', 'track', 'journey.exited'];

/** All are counted in two steps, by user and then over users: in both engines faster than count(DISTINCT). */
function byUser(what: string, from: string, groups: string): string {
  return `SELECT ${groups}, sum(occurrences)::bigint AS count, count(*) AS users
    FROM (SELECT ${what}, user_id, count(*) AS occurrences ${from} GROUP BY ${what}, user_id) AS by_user
    GROUP BY ${groups}`;
}

/** What is asked of a peer: one statement, whose rows have a key, a count and a number of users. */
export function queryOf(question: Question, days: DaySpan | null): string {
  const inDays = `${where} ${days ? `BETWEEN ${days.first} AND ${days.last}` : '>= 0'}`;
  if (question === 'overview') {
    const types = counted.map((type) => `'${type}'`).join(', ');
    const from = `FROM plain_events WHERE ${inDays} AND type IN (${types})`;
    return `SELECT type AS key, count, users FROM (${byUser('type', from, 'type')}) AS totals`;
  }
  const isVisit = `${inDays} AND type = 'step.entered'`;
  if (question === 'steps') {
    const from = `FROM plain_events WHERE ${isVisit}`;
    return `SELECT step AS key, count, users FROM (${byUser('step', from, 'step')}) AS totals`;
  }
  return `WITH visits AS MATERIALIZED (
      SELECT user_id, step, coalesce(lag(step) OVER (PARTITION BY user_id, entry ORDER BY occurred_at, sequence), '') AS before
      FROM plain_events WHERE ${isVisit})
    SELECT step AS key, count, users FROM (${byUser('step', 'FROM visits', 'step')}) AS steps
    UNION ALL
    SELECT before || ' > ' || step, count, users
    FROM (${byUser('before, step', 'FROM visits', 'before, step')}) AS transitions`;
}

/** Entries by day. */
export function trendQuery(): string {
  const from = `FROM plain_events WHERE ${where} >= 0 AND type = 'journey.entered'`;
  return `SELECT entry_day AS key, count, users FROM (${byUser('entry_day', from, 'entry_day')}) AS days`;
}

/** Who reached a step and was mailed or pushed, but neither reached another nor ordered. */
export function audienceQuery(reached: string, mailed: string, pushed: string, left: string): string {
  const users = (type: string, step: string) =>
    `SELECT user_id FROM plain_events WHERE ${where} >= 0 AND type = '${type}'` +
    (step === '' ? '' : ` AND step = '${step}'`);
  return `SELECT 'audience' AS key, count(*) AS count, count(*) AS users FROM (
    (${users('step.entered', reached)} INTERSECT (${users('message.sent', mailed)} UNION ${users('message.sent', pushed)}))
    EXCEPT (${users('step.entered', left)} UNION ${users('track', '')})) AS members`;
}

/** An answer as numbers by name: `count` and `users` of each key. */
export type Answer = ReadonlyMap<string, number>;

export interface PeerRow {
  readonly key: string | number;
  readonly count: string | number | bigint;
  readonly users: string | number | bigint;
}

export function answerOf(rows: readonly PeerRow[]): Answer {
  const answer = new Map<string, number>();
  for (const { key, count, users } of rows) {
    answer.set(`${key} count`, Number(count));
    answer.set(`${key} users`, Number(users));
  }
  return answer;
}
