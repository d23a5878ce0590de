// Readings against plain SQL and DuckDB: cold, with nothing kept in the process, and warm. Each run asks all three one after
// the other, about a range that lies elsewhere, and their numbers must be the same.
import { formatDate, type Audience } from '../../../bff/contract/index.ts';
import { audienceMembers } from '../../../bff/metrics/audience.ts';
import { readFlow } from '../../../bff/metrics/flow.ts';
import { readOverview } from '../../../bff/metrics/overview.ts';
import { answerJourney, type Reading } from '../../../bff/metrics/read-journey.ts';
import { ReadingCache } from '../../../bff/metrics/reading-cache.ts';
import { readTrend } from '../../../bff/metrics/trend.ts';
import { countSet } from '../../../bff/rollup/user-sets.ts';
import { compareFlow, compareOverview, compareTrend } from './compare.ts';
import { firstDay, seededDays } from './generate.ts';
import { journeyId, steps, stepOfStage } from './journey.ts';
import { alone, ratioOf, timed, type Figure, type Promised } from './measure.ts';
import type { Peer } from './peers.ts';
import { audienceQuery, queryOf, questions, trendQuery, type Answer, type DaySpan } from './questions.ts';
import type { Site } from './site.ts';

export const theme = 'Reading';
const longest = 10;
const longestAudience = 50;
/** How many readings go before those that are measured: until then a process compiles its code. */
const readingsBefore = 25;

export interface Readings {
  readonly site: Site;
  readonly peers: readonly Peer[];
  readonly runs: number;
  /** Whether the peers have every user that the product has: not after live traffic. */
  readonly hasAllUsers: boolean;
  readonly say: (text: string) => void;
}

interface Question {
  readonly name: string;
  readonly days: DaySpan | null;
  /** What the route of this question is called with: it names the answer in the cache. */
  readonly route: string;
  readonly query: string;
  read(reading: Reading): Promise<object>;
  /** Names what our answer has other than the peer's. */
  compare(ours: object, theirs: Answer): string[];
}

/** What a question is named by, in all its runs: a question of another range is another question of the same name. */
type Asked = (run: number) => Question;

/** Answers as the route does, with what a process knows. */
async function ask(site: Site, cache: ReadingCache, question: Question): Promise<object> {
  const source = { database: site.database, cache, workspaceId: site.workspaceId, journeyId };
  const { text } = await answerJourney(
    source,
    question.route,
    () => false,
    (reading) => question.read(reading),
  );
  return JSON.parse(text ?? '{}') as object; // every answer is one
}

const rangeOf = (days: DaySpan | null) =>
  days ? { from: formatDate(days.first), to: formatDate(days.last) } : {};

function rangedQuestion(kind: (typeof questions)[number], length: number | null): Asked {
  return (run) => {
    // Ends that lie well or badly for blocks of days, all before the end of the year.
    const last = firstDay + seededDays - 1 - 5 * run;
    const days = length === null ? null : { first: last - length + 1, last };
    const range = rangeOf(days);
    const isOverview = kind === 'overview';
    return {
      name: `${kind}, ${length === null ? 'all time' : `${length} days`}`,
      days,
      route: JSON.stringify([kind, range]),
      query: queryOf(kind, days),
      read: (reading) => (isOverview ? readOverview(reading, journeyId, range) : readFlow(reading, range)),
      compare: isOverview ? compareOverview : compareFlow,
    };
  };
}

const trendQuestion: Asked = () => ({
  name: 'trend of entries, all time',
  days: null,
  route: 'trend',
  query: trendQuery(),
  read: (reading) => readTrend(reading, { metric: 'totalEntries' }),
  compare: compareTrend,
});

const stepAt = (stage: number, side: 0 | 1) => steps[stepOfStage(stage, side)]?.stepId ?? '';

const audienceQuestion: Asked = () => {
  const [reached, left] = [stepAt(2, 0), stepAt(7, 1)];
  const [pushed, mailed] = [stepAt(0, 0), stepAt(0, 1)];
  const where: Audience = {
    all: [
      { metric: 'entryUsers', stepId: reached },
      {
        any: [
          { metric: 'sentCount', stepId: mailed },
          { metric: 'sentCount', stepId: pushed },
        ],
      },
      { not: { any: [{ metric: 'entryUsers', stepId: left }, { metric: 'convertedUsers' }] } },
    ],
  };
  const nobodyLeftOut = { first: null, last: null };
  return {
    name: 'audience of 5 metrics, all time',
    days: null,
    route: 'audience',
    query: audienceQuery(reached, mailed, pushed, left),
    async read(reading) {
      return { users: countSet(await audienceMembers(reading, where, nobodyLeftOut)) };
    },
    compare: (ours, theirs) => {
      const users = 'users' in ours ? Number(ours.users) : NaN;
      const others = theirs.get('audience users');
      return users === others ? [] : [`audience: ${users} here, ${others} there`];
    },
  };
};

const isRanged = ({ route }: Question) => route.startsWith('[');

/** What is promised of a cold reading against each peer. */
function promisedOf(question: Question, peer: string): Promised | undefined {
  if (!isRanged(question)) return undefined;
  const isPlain = peer === 'plain SQL';
  if (question.days) return { at: 'most', limit: isPlain ? 1 / 10 : 1 / 2 };
  return { at: 'most', limit: isPlain ? 1 / 100 : 1 / 20 };
}

async function measure({ site, peers, runs, hasAllUsers }: Readings, asked: Asked): Promise<Figure[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  const theirs = peers.map((): number[] => []);
  /* oxlint-disable no-await-in-loop -- one after the other is what is measured */
  for (let before = 0; before < readingsBefore; before += 1) {
    await ask(site, new ReadingCache(), asked(before % runs));
  }
  // The run before the first is not counted: statements are parsed and pages are fetched.
  for (let run = -1; run < runs; run += 1) {
    const question = asked(Math.max(run, 0));
    const cache = new ReadingCache();
    const [coldTime, answer] = await timed(() => ask(site, cache, question));
    // The route of audiences keeps no answers.
    const again = question.route === 'audience' ? { ...question, route: 'again' } : question;
    const [warmTime] = await timed(() => ask(site, cache, again));
    for (const [index, peer] of peers.entries()) {
      const [time, answered] = await timed(() => peer.ask(question.query));
      if (run >= 0) theirs[index]?.push(time);
      const differences = hasAllUsers || question.days ? question.compare(answer, answered) : [];
      if (differences.length > 0) {
        throw new Error(
          `${question.name}: ${peer.name} has other numbers. ${differences.slice(0, 5).join('; ')}`,
        );
      }
    }
    if (run < 0) continue;
    cold.push(coldTime);
    warm.push(warmTime);
  }
  /* oxlint-enable no-await-in-loop */
  const question = asked(0);
  const { users } = site;
  const common = { theme, users, name: `${question.name}, cold`, measuredIn: 'ms' } as const;
  const figures: Figure[] = peers.map(({ name: peer }, index) => {
    const promised = promisedOf(question, peer);
    return ratioOf({ ...common, peer, ...(promised ? { promised } : {}) }, cold, theirs[index] ?? []);
  });
  const isAudience = question.route === 'audience';
  const limit = isAudience ? longestAudience : longest;
  const promised: Promised = { at: 'most', limit };
  if (isAudience) figures.push(alone({ theme, users, name: `${question.name}, cold`, promised }, cold, 'ms'));
  figures.push(alone({ theme, users, name: `${question.name}, warm`, promised }, warm, 'ms'));
  return figures;
}

/** Puts every question to the product and to its peers. */
export async function measureReadings(readings: Readings): Promise<Figure[]> {
  const asked = [
    ...questions.flatMap((kind) => [null, 7, 30, 60, 365].map((length) => rangedQuestion(kind, length))),
    trendQuestion,
    audienceQuestion,
  ];
  const figures: Figure[] = [];
  for (const each of asked) {
    readings.say(each(0).name);
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
    figures.push(...(await measure(readings, each)));
  }
  return figures;
}
