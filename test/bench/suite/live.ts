// Live traffic through the product's server: how many events a second it takes to the numbers, and at half of that how long
// after their 202 they are seen.
import { setTimeout as delay } from 'node:timers/promises';
import type { Overview } from '../../../bff/contract/index.ts';
import { firstDay, generate, seededDays, toJson } from './generate.ts';
import { alone, ratioOf, spreadOf, type Figure } from './measure.ts';
import { insertPlain } from './peers.ts';
import { mostMemory, readJson } from './serving.ts';
import { memoryOf, startProduct, type RunningServer, type Site } from './site.ts';

const theme = 'Writing';
const eventsInRequest = 500;
const senders = 4;
/** Senders that send each event in a request of its own. */
const singleSenders = 32;
const plainSchema = 'plain_live';
const secondsOfRun = 5;
const longestUntilSeen = 2_000;
/** How many people are inserted plainly beside each run. */
const plainUsers = 20_000;
/** More than all runs can send. */
export const usersOfRun = 400_000;

interface Request {
  readonly body: string;
  readonly events: number;
  /** How many entries it begins. */
  readonly entries: number;
}

/** People who come after all those of the backfill. */
const peopleFrom = (firstUser: number, users: number) =>
  generate({ seed: 7, firstUser, users, firstDay: firstDay + seededDays + 40, days: 30 });

/** Gives requests of so many events, one after the other. */
type NextRequest = (events: number) => Request;

function requestsFrom(firstUser: number): NextRequest {
  function* eventsOf() {
    for (const arriving of peopleFrom(firstUser, usersOfRun)) yield* arriving;
  }
  const source = eventsOf();
  return (events) => {
    const lines: string[] = [];
    let entries = 0;
    while (lines.length < events) {
      const { value: event, done } = source.next();
      if (done) throw new Error('There are not enough people for so many events');
      lines.push(toJson(event));
      if (event.type === 0 && !event.isRepeated) entries += 1;
    }
    return { body: `[${lines.join(',')}]`, events, entries };
  };
}

const headersOf = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

async function post(server: RunningServer, key: string, body: string): Promise<void> {
  const answer = await fetch(`${server.url}/v1/events`, { method: 'POST', headers: headersOf(key), body });
  if (answer.status !== 202) throw new Error(`POST /v1/events: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function overviewOf(server: RunningServer, key: string): Promise<Overview> {
  return (await readJson(server, key, '/overview')) as Overview; // what the route answers
}

interface Run {
  /** Events a second, from the first request until all are seen. */
  readonly rate: number;
  /** How long after its 202 each request was seen, in milliseconds. */
  readonly waits: readonly number[];
}

/** Sends for some seconds, as fast as it goes or at a rate, and watches the overview meanwhile. */
async function send(server: RunningServer, key: string, next: NextRequest, rate?: number): Promise<Run> {
  const base = (await overviewOf(server, key)).metrics.totalEntries;
  const started = performance.now();
  const end = started + secondsOfRun * 1_000;
  const sending = { isOver: false };
  let [due, events, entries] = [started, 0, 0];
  const unseen: { entries: number; at: number }[] = [];
  const waits: number[] = [];
  /* oxlint-disable no-await-in-loop -- a sender waits for its answer, the watcher for its next look */
  const sender = async () => {
    while (performance.now() < end) {
      const request = next(eventsInRequest);
      if (rate !== undefined) {
        const wait = due - performance.now();
        due += (request.events / rate) * 1_000;
        if (wait > 0) await delay(wait);
      }
      await post(server, key, request.body);
      events += request.events;
      entries += request.entries;
      unseen.push({ entries: base + entries, at: performance.now() });
    }
  };
  const watcher = async () => {
    while (!sending.isOver || unseen.length > 0) {
      const { metrics } = await overviewOf(server, key);
      const now = performance.now();
      for (let [first] = unseen; first && first.entries <= metrics.totalEntries; [first] = unseen) {
        waits.push(now - first.at);
        unseen.shift();
      }
      if (now > end + 300_000) throw new Error('What was sent is not seen after five minutes');
      await delay(20);
    }
  };
  /* oxlint-enable no-await-in-loop */
  const watching = watcher();
  await Promise.all([
    Promise.all(Array.from({ length: senders }, sender)).then(() => (sending.isOver = true)),
    watching,
  ]);
  return { rate: events / ((performance.now() - started) / 1_000), waits };
}

/** Sends one event a request for some seconds. @returns how many a second were stored */
async function sendSingly(server: RunningServer, key: string, next: NextRequest): Promise<number> {
  const started = performance.now();
  const end = started + secondsOfRun * 1_000;
  let events = 0;
  const sender = async () => {
    while (performance.now() < end) {
      await post(server, key, next(1).body); // oxlint-disable-line no-await-in-loop -- a sender waits for its answer
      events += 1;
    }
  };
  await Promise.all(Array.from({ length: singleSenders }, sender));
  return events / ((performance.now() - started) / 1_000);
}

export async function measureLive(site: Site, liveUsers: number, runs: number): Promise<Figure[]> {
  const { users, key, client } = site;
  const firstUser = users + liveUsers + 1;
  const next = requestsFrom(firstUser);
  const server = await startProduct(site);
  try {
    const rates: number[] = [];
    const plainRates: number[] = [];
    const slowest: number[] = [];
    /* oxlint-disable no-await-in-loop -- one after the other is what is measured */
    await send(server, key, next);
    for (let run = 0; run < runs; run += 1) {
      rates.push((await send(server, key, next)).rate);
      const plain = await insertPlain(client, peopleFrom(firstUser, plainUsers), plainSchema);
      plainRates.push(plain.events / plain.seconds);
    }
    await client.unsafe(`DROP SCHEMA ${plainSchema} CASCADE`);
    const half = spreadOf(rates).median / 2;
    for (let run = 0; run < runs; run += 1) {
      slowest.push(Math.max(...(await send(server, key, next, half)).waits));
    }
    const singly: number[] = [];
    for (let run = 0; run < runs; run += 1) singly.push(await sendSingly(server, key, next));
    while ((await overviewOf(server, key)).pendingEvents > 0) await delay(20);
    /* oxlint-enable no-await-in-loop */
    const most = memoryOf(server.pid, 'VmHWM');
    const seen = { at: 'most', limit: longestUntilSeen } as const;
    const name = 'live to visible';
    const promised = { at: 'least', limit: 0.1 } as const;
    return [
      ratioOf(
        { theme, users, name, peer: 'plain insert', measuredIn: 'events/s', promised },
        rates,
        plainRates,
      ),
      alone(
        { theme, users, name: 'slowest request until seen, at half that load', promised: seen },
        slowest,
        'ms',
      ),
      alone(
        { theme, users, name: `stored, one event a request from ${singleSenders} senders` },
        singly,
        'events/s',
      ),
      alone(
        {
          theme,
          users,
          name: 'most memory of the server, live traffic',
          promised: { at: 'most', limit: mostMemory },
        },
        [most],
        'MB',
      ),
    ];
  } finally {
    await server.stop();
  }
}
