// npm run test:soak: everything at once for SOAK_MINUTES (10): events arrive, late ones and duplicates among them, readers
// read, files are exported, listeners listen. Says every 30 seconds how it goes, and in the end whether it held.
import { randomBytes } from 'node:crypto';
import { get, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { auditSchema, ingestAnswerSchema, overviewSchema } from '../../bff/contract/index.ts';
import { Random } from '../../demo/random.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import { type Answer, HttpClient } from '../support/http-client.ts';
import { definition } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 10);
if (!(minutes > 0)) throw new Error('SOAK_MINUTES must be a number above 0');

const eventsPerSecond = 1_000;
const batchSize = 100;
const senders = 4;
const journeys = ['welcome', 'orders', 'winback', 'birthday'];
const readers = 50;
const listeners = 200;
const people = 20_000;
const reportMilliseconds = 30_000;
/** What must hold. */
const promised = {
  /** Of memory, from the middle third to the last one. What was read lately is kept, up to a bound that takes minutes to fill. */
  growth: 0.15,
  judgedSeconds: 480,
  pendingSeconds: 30,
};

const key = `jk_${randomBytes(24).toString('hex')}`;
const site = makeSite();
const service = new ServiceProcess(site, { BOOTSTRAP_API_KEY: key });
const stopping = new AbortController();
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** What went wrong: what it was, and how often. */
const errors = new Map<string, number>();
const fail = (what: string) => errors.set(what, (errors.get(what) ?? 0) + 1);
const totalErrors = () => errors.values().reduce((sum, count) => sum + count, 0);

/** Times of answers, in milliseconds: those since the last report, and all. */
class Latencies {
  #lately: number[] = [];
  readonly #all: number[] = [];

  add(milliseconds: number): void {
    this.#lately.push(milliseconds);
    this.#all.push(milliseconds);
  }

  lately(): string {
    const text = percentiles(this.#lately);
    this.#lately = [];
    return text;
  }

  all(): string {
    return `${percentiles(this.#all)} of ${whole.format(this.#all.length)}`;
  }
}

function percentiles(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => whole.format(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
  return `${at(0.5)}/${at(0.95)}/${at(0.99)} ms`;
}

const ingest = new Latencies();
const reading = new Latencies();
let acknowledged = 0;
let duplicates = 0;
let notModified = 0;
let repeated = 0;
let exported = 0;
let heard = 0;
let open = 0;

/** Asks once more when a kept connection was closed just when it was to be used again, as every client of HTTP must. */
async function again(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
    repeated += 1;
    return ask();
  }
}

/** A person's way through a journey, at a day of March 2026; each event with the second at which it happens. */
function wayOf(random: Random, made: number): SentEvent[] {
  const journeyId = journeys[made % journeys.length] ?? 'welcome';
  const userId = `user ${random.between(1, people)}`;
  const start = Date.UTC(2026, 2, random.between(1, 31), random.between(0, 23), random.between(0, 59));
  const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
  const of = (type: string, seconds: number, fields: Record<string, unknown> = {}) => ({
    id: `${made} ${type} ${seconds}`,
    type,
    userId,
    at: at(seconds),
    ...(type === 'track' ? {} : { journeyId }),
    ...fields,
  });
  const platform = random.oneOf(['ios', 'android', 'web']);
  return [
    of('journey.entered', 0),
    of('step.entered', 1, { stepId: 'start' }),
    of('step.entered', 60, { stepId: 'hello' }),
    of('message.sent', 61, { stepId: 'hello', platform }),
    ...(random.chance(0.6) ? [of('message.clicked', 300, { stepId: 'hello', platform })] : []),
    of('step.entered', 3_600, { stepId: 'ask' }),
    of('step.outcome', 3_601, { stepId: 'ask', outcome: random.oneOf(['yes', 'no']) }),
    ...(random.chance(0.8) ? [of('journey.exited', 7_200, { reason: 'done' })] : []),
    ...(random.chance(0.25) ? [of('track', 9_000, { name: 'Purchase', properties: { total: 60 } })] : []),
  ];
}

/** Sends at an even pace: one event in ten comes late, and one batch in twenty comes twice. */
async function send(api: HttpClient, sender: number): Promise<void> {
  const random = new Random(sender + 1);
  const pause = (batchSize * senders * 1_000) / eventsPerSecond;
  const waiting: SentEvent[] = [];
  const late: SentEvent[] = [];
  let made = sender * 1e9;
  let due = performance.now() + (sender * pause) / senders;
  while (!stopping.signal.aborted) {
    while (waiting.length < batchSize) {
      for (const event of wayOf(random, (made += 1))) (random.chance(0.1) ? late : waiting).push(event);
      if (late.length > 2_000) waiting.push(...late.splice(0, 1_000));
    }
    const batch = waiting.splice(0, batchSize);
    for (let times = random.chance(0.05) ? 2 : 1; times > 0; times -= 1) {
      const begun = performance.now();
      const answer = await again(() => api.post('/v1/events', batch));
      if (answer.status === 202) {
        ingest.add(performance.now() - begun);
        const stored = answer.as(ingestAnswerSchema);
        acknowledged += stored.accepted;
        duplicates += stored.duplicates;
        if (stored.accepted + stored.duplicates !== batch.length) fail('a batch is not counted whole');
      } else fail(`ingest ${answer.status}`);
    }
    due = Math.max(due + pause, performance.now() - 5_000);
    await delay(Math.max(0, due - performance.now()));
  }
}

/** Reads one thing after the other, as a page does, with the ETags it was given. */
async function read(api: HttpClient, reader: number): Promise<void> {
  const random = new Random(1_000 + reader);
  const etags = new Map<string, string>();
  while (!stopping.signal.aborted) {
    await delay(random.between(500, 2_500));
    const journey = random.oneOf(['welcome', 'orders', 'winback', 'birthday']);
    const [route, query] = random.oneOf<readonly [string, Record<string, string>]>([
      ['overview', {}],
      ['overview', { from: '2026-03-05', to: '2026-03-20', compare: 'previous', trend: 'day' }],
      ['flow', {}],
      ['flow', { from: '2026-03-01', to: '2026-03-14' }],
      ['trend', { metric: 'totalEntries' }],
      ['steps/hello', {}],
    ]);
    const name = `${journey} ${route} ${JSON.stringify(query)}`;
    const begun = performance.now();
    const ifNoneMatch = { 'if-none-match': etags.get(name) ?? '""' };
    const answer = await again(() => api.get(`/v1/journeys/${journey}/${route}`, query, ifNoneMatch));
    reading.add(performance.now() - begun);
    if (answer.status === 200) etags.set(name, answer.etag);
    else if (answer.status === 304) notModified += 1;
    else fail(`reading ${route} ${answer.status}`);
  }
}

/** Exports one file after the other, and looks that each is as long as it says. */
async function exportAll(base: string, format: 'csv' | 'xlsx'): Promise<void> {
  const random = new Random(format === 'csv' ? 7 : 8);
  while (!stopping.signal.aborted) {
    const metric = random.oneOf(['entryUsers', 'convertedUsers', 'sentCount?stepId=hello&', 'totalExits']);
    const target = `/v1/journeys/${random.oneOf(['welcome', 'orders'])}/exports/${metric}`;
    const asking = request(`${base}${target}${target.includes('?') ? '' : '?'}format=${format}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    asking.end();
    try {
      const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as node:http has it
      let lines = -1;
      response.on('data', (part: Buffer) => {
        for (const byte of part) if (byte === 10) lines += 1;
      });
      await once(response, 'end');
      if (response.statusCode === 200) {
        exported += 1;
        // Neither ids nor times hold a line break.
        if (format === 'csv' && lines !== Number(response.headers['x-row-count']))
          fail('a file has other rows');
      } else if (response.statusCode !== 409) fail(`export ${response.statusCode}`);
    } catch (error) {
      fail(`export broken off: ${String(error)}`);
    }
    await delay(500);
  }
}

/** Listens until all is over; a stream that ends before is an error. */
function listen(base: string, journey: string): void {
  const listening = get(
    `${base}/v1/journeys/${journey}/changes`,
    { headers: { authorization: `Bearer ${key}` }, agent: false, signal: stopping.signal },
    (response) => {
      if (response.statusCode !== 200) fail(`changes ${response.statusCode}`);
      open += 1;
      response.on(
        'data',
        (part: Buffer) => (heard += part.toString('latin1').split('event: change').length - 1),
      );
      response.on('error', () => {}); // its end is what counts
      response.once('close', () => {
        open -= 1;
        if (!stopping.signal.aborted) fail('a stream ended');
      });
    },
  );
  listening.on('error', (error) => {
    if (!stopping.signal.aborted) fail(`changes: ${error.message}`);
  });
}

/** What a process has of memory, in megabytes. */
function memoryOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) / 1_024;
}

const base = await service.running();
const api = await service.client(key);
for (const journey of journeys) await api.put(`/v1/journeys/${journey}`, definition);
const pid = service.child.pid ?? 0;
const begun = performance.now();
const seconds = () => (performance.now() - begun) / 1_000;
const memory: { readonly at: number; readonly megabytes: number }[] = [];
let pendingSince: number | undefined;
let longestPending = 0;
let pending = 0;

/** Watches memory, and for how long no journey was wholly counted. */
async function watch(): Promise<void> {
  while (!stopping.signal.aborted) {
    memory.push({ at: seconds(), megabytes: memoryOf(pid) });
    const answer = await again(() => api.get('/v1/journeys/welcome/overview'));
    if (answer.status === 200) {
      const { asOf, pendingEvents } = answer.as(overviewSchema);
      pending = pendingEvents;
      pendingSince = pendingEvents === 0 ? undefined : Math.min(pendingSince ?? Infinity, Date.parse(asOf));
      if (pendingEvents > 0)
        longestPending = Math.max(longestPending, (Date.now() - Date.parse(asOf)) / 1_000);
    } else fail(`watching ${answer.status}`);
    await delay(1_000);
  }
}

let reported = { at: 0, acknowledged: 0 };
function report(): void {
  const at = seconds();
  const rate = (acknowledged - reported.acknowledged) / (at - reported.at);
  reported = { at, acknowledged };
  console.log(
    [
      `${whole.format(at)} s`.padStart(6),
      `${whole.format(rate)} events/s`,
      `ingest ${ingest.lately()}`,
      `reading ${reading.lately()}`,
      `${whole.format(pending)} pending, lag ${longestPending.toFixed(1)} s at most`,
      `${whole.format(memory.at(-1)?.megabytes ?? 0)} MB`,
      `${exported} files`,
      `${open} listeners heard ${whole.format(heard)}`,
      `${totalErrors()} errors`,
    ].join(' | '),
  );
}

console.log(
  `${minutes} minutes: ${eventsPerSecond} events/s, ${readers} readers, 2 exports, ${listeners} listeners`,
);
for (let index = 0; index < listeners; index += 1)
  listen(base, journeys[index % journeys.length] ?? 'welcome');
const work = [
  ...Array.from({ length: senders }, (_, sender) => send(api, sender)),
  ...Array.from({ length: readers }, (_, reader) => read(api, reader)),
  exportAll(base, 'csv'),
  exportAll(base, 'xlsx'),
  watch(),
].map((task) =>
  task.catch((error: unknown) => {
    fail(`a client gave up: ${String(error)}`);
  }),
);
const reporting = setInterval(report, reportMilliseconds);
await delay(minutes * 60_000);
const lasted = seconds();
stopping.abort();
clearInterval(reporting);
await Promise.all(work);
report();

/** Waits until everything is counted, then folds the whole log afresh. */
async function audit(): Promise<void> {
  const end = performance.now() + promised.pendingSeconds * 1_000;
  for (const journey of journeys) {
    for (;;) {
      const { pendingEvents } = (await api.get(`/v1/journeys/${journey}/overview`)).as(overviewSchema);
      if (pendingEvents === 0) break;
      if (performance.now() > end)
        return void fail(`${journey} is not counted within ${promised.pendingSeconds} s`);
      await delay(200);
    }
    const { differences } = (await api.post(`/v1/journeys/${journey}/audit`)).as(auditSchema);
    if (differences.length > 0) fail(`the audit of ${journey} names ${differences.length} differences`);
  }
}
await audit();
api.close();
if ((await service.stop()) !== 0) fail('the service did not stop in good order');
if (service.errors !== '') fail('the service wrote to its standard error');
site.remove();

const mean = (from: number, to: number) => {
  const some = memory.filter(({ at }) => at >= from * lasted && at < to * lasted);
  return some.reduce((sum, { megabytes }) => sum + megabytes, 0) / some.length;
};
const [middle, last] = [mean(1 / 3, 2 / 3), mean(2 / 3, 1)];
const growth = last / middle - 1;
const isJudged = lasted >= promised.judgedSeconds;
if (isJudged && growth > promised.growth) fail('memory grows');
if (longestPending > promised.pendingSeconds) fail('counting lags behind');
const rate = acknowledged / lasted;
if (rate < eventsPerSecond * 0.85) fail('events are taken too slowly');
console.log(
  [
    `${whole.format(acknowledged)} events, ${whole.format(rate)} a second, and ${whole.format(duplicates)} duplicates`,
    `ingest ${ingest.all()}`,
    `reading ${reading.all()}, ${whole.format(notModified)} not modified, ${repeated} asked again`,
    `memory ${whole.format(middle)} MB in the middle third, ${whole.format(last)} MB in the last: ${(growth * 100).toFixed(1)} %${isJudged ? '' : ' (too short to judge)'}`,
    ...[...errors].map(([what, count]) => `NOT HELD: ${what} (${count})`),
    errors.size === 0 ? 'It held.' : 'It did not hold.',
  ].join('\n'),
);
process.exit(errors.size === 0 ? 0 : 1);
