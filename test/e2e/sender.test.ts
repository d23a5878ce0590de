// The sender for Node and the real service, with a network between them that breaks.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect, promisify } from 'node:util';
import {
  createIngest,
  type Ingest,
  type IngestError,
  type IngestEvent,
  type IngestOptions,
  type Rejection,
} from '../../bff/sender/index.ts';
import { overviewSchema } from '../../bff/contract/index.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { HttpClient } from '../support/http-client.ts';
import { definition } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';
import { UnrulyProxy } from '../support/unruly-proxy.ts';

let service: TestService;
let proxy: UnrulyProxy;
let a: Workspace;
let made = 0;
let journeyId = '';
let errors: IngestError[] = [];
let rejections: Rejection[] = [];

before(async () => {
  service = await startTestService();
  proxy = await UnrulyProxy.start(service.url);
  a = await service.workspace('workspace-a');
  process.on('unhandledRejection', fail);
});
after(async () => {
  process.off('unhandledRejection', fail);
  proxy.stop();
  await service.stop();
});
beforeEach(async () => {
  made += 1;
  journeyId = `sent-${made}`;
  await a.api.put(`/v1/journeys/${journeyId}`, definition);
  proxy.next = [];
  proxy.otherwise = 'pass';
  proxy.requests.length = 0;
  [errors, rejections] = [[], []];
});

function fail(reason: unknown): never {
  throw new Error('A rejection was not handled', { cause: reason });
}

const at = '2026-03-02T08:00:00Z';
const entered = (userId: string): IngestEvent => ({ type: 'journey.entered', at, userId, journeyId });

function sender(options: Partial<IngestOptions> = {}): Ingest {
  return createIngest({
    endpoint: proxy.url,
    apiKey: a.key,
    onError: (error) => errors.push(error),
    onRejected: (some) => rejections.push(...some),
    ...options,
  });
}

function enqueueAll(ingest: Ingest, count: number): Promise<unknown> {
  return Promise.all(Array.from({ length: count }, (_, index) => ingest.enqueue(entered(`user ${index}`))));
}

async function entries(): Promise<number> {
  await settled(a.api, journeyId);
  return (await a.api.get(`/v1/journeys/${journeyId}/overview`)).as(overviewSchema).metrics.totalEntries;
}

/** Holds that everything that was sent is stored once, and that nothing was told of. */
async function assertStored(count: number): Promise<void> {
  assert.equal(await entries(), count);
  assert.deepEqual([errors, rejections], [[], []]);
}

describe('batches', () => {
  test('are made by number, in the order of enqueuing, and sent compressed', async () => {
    const ingest = sender({ eventsPerRequest: 10, delayMilliseconds: 60_000 });
    await enqueueAll(ingest, 35);
    await ingest.flush();
    await assertStored(35);
    assert.deepEqual(
      proxy.requests.map(({ ids }) => ids.length),
      [10, 10, 10, 5],
    );
    assert.ok(proxy.requests.every(({ encoding }) => encoding === 'gzip'));
    assert.equal(new Set(proxy.requests.flatMap(({ ids }) => ids)).size, 35);
  });

  test('are made by size, and one larger event goes alone', async () => {
    const ingest = sender({ bytesPerRequest: 2_000, delayMilliseconds: 60_000 });
    await enqueueAll(ingest, 30);
    await ingest.enqueue({
      type: 'track',
      at,
      userId: 'x',
      name: 'Big',
      properties: { text: 'ğ'.repeat(2_000) },
    });
    await ingest.enqueue(entered('last'));
    await ingest.flush();
    await assertStored(31);
    const large = proxy.requests.filter(({ bytes }) => bytes > 2_000);
    assert.deepEqual(
      large.map(({ ids }) => ids.length),
      [1],
    );
    assert.ok(proxy.requests.length >= 4);
  });

  test('are sent when the oldest event has waited long enough', async () => {
    const ingest = sender({ delayMilliseconds: 200 });
    const start = performance.now();
    await ingest.enqueue(entered('first'));
    await delay(100);
    await ingest.enqueue(entered('second'));
    while (proxy.requests.length === 0) await delay(10);
    const [request] = proxy.requests;
    assert.equal(request?.ids.length, 2);
    assert.ok((request?.at ?? 0) - start >= 190);
    await ingest.flush();
    await assertStored(2);
  });

  test('hold an event as it was when it was enqueued, under the id that it was given', async () => {
    const ingest = sender();
    const event = { ...entered('ann'), id: 'of its own' };
    void ingest.enqueue(event);
    event.userId = '';
    void ingest.enqueue({ ...entered('ann'), id: 'of its own' });
    await ingest.flush();
    await assertStored(1);
    assert.deepEqual(proxy.requests[0]?.ids, ['of its own', 'of its own']);
  });
});

describe('what fails for now is sent again', () => {
  for (const [name, behaviour] of [
    ['the connection is cut before the service hears of it', 'cut before'],
    ['the connection is cut after the service has stored it', 'cut after'],
    ['the service is busy', { status: 503 }],
    ['a gateway has lost the service', { status: 502, body: '<html>' }],
    ['a page comes in the place of an answer', { status: 200, body: '<html>We are back soon' }],
    [
      'the answer is about other events',
      { status: 202, body: '{"accepted":1,"duplicates":0,"rejected":[]}' },
    ],
  ] as const) {
    test(`when ${name}`, async () => {
      proxy.next = [behaviour, behaviour];
      const ingest = sender();
      await enqueueAll(ingest, 20);
      await ingest.flush();
      await assertStored(20);
      assert.equal(proxy.requests.length, 3);
      const [first, ...others] = proxy.requests.map(({ ids }) => ids);
      for (const ids of others) assert.deepEqual(ids, first);
      const [one, two, three] = proxy.requests.map((request) => request.at);
      // Half of it is chance: 100 to 200 ms, then 200 to 400.
      assert.ok((two ?? 0) - (one ?? 0) >= 95);
      assert.ok((three ?? 0) - (two ?? 0) >= 195);
    });
  }

  test('when there is no answer in time', async () => {
    proxy.next = ['hang'];
    const ingest = sender({ requestMilliseconds: 200 });
    await enqueueAll(ingest, 3);
    await ingest.flush();
    await assertStored(3);
    assert.equal(proxy.requests.length, 2);
  });

  test('not before the time that the service asks for', async () => {
    const inTwoSeconds = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 2_000).toUTCString();
    for (const [retryAfter, least] of [
      ['1', 990],
      [inTwoSeconds, 900],
    ] as const) {
      proxy.requests.length = 0;
      proxy.next = [{ status: 429, headers: { 'retry-after': retryAfter } }];
      const ingest = sender();
      await enqueueAll(ingest, 3);
      await ingest.flush();
      const [one, two] = proxy.requests.map((request) => request.at);
      assert.ok((two ?? 0) - (one ?? 0) >= least, retryAfter);
    }
    await assertStored(6);
  });

  test('while others wait, and none overtakes', async () => {
    proxy.next = ['cut before', { status: 500 }];
    const ingest = sender({ eventsPerRequest: 5, delayMilliseconds: 10 });
    await enqueueAll(ingest, 20);
    await ingest.flush();
    await assertStored(20);
    const sizes = proxy.requests.map(({ ids }) => ids[0]);
    assert.equal(sizes[0], sizes[1]);
    assert.equal(sizes[1], sizes[2]);
    assert.equal(new Set(sizes).size, 4);
  });

  test('until it is given up, and then told with its events', async () => {
    proxy.otherwise = { status: 503 };
    const ingest = sender({ retryMilliseconds: 500 });
    const start = performance.now();
    await enqueueAll(ingest, 3);
    await ingest.flush();
    const took = performance.now() - start;
    assert.ok(took >= 490 && took < 3_000, String(took));
    const [error] = errors;
    assert.deepEqual([errors.length, error?.code, error?.status], [1, 'gave_up', 503]);
    assert.deepEqual(
      error?.events.map(({ userId }) => userId),
      ['user 0', 'user 1', 'user 2'],
    );
    // What was given up can be enqueued again, under the same ids.
    proxy.otherwise = 'pass';
    for (const event of error.events) void ingest.enqueue(event);
    await ingest.flush();
    assert.equal(await entries(), 3);
    assert.deepEqual(proxy.requests.at(-1)?.ids, proxy.requests[0]?.ids);
  });

  test('when the service itself is killed and starts again', async () => {
    const database = await freshDatabase();
    const site = makeSite();
    const key = `jk_${'sender-key-'.repeat(4)}`;
    const environment = {
      DATABASE_URL: database.url,
      TOKEN_SECRET: 'a secret of the test of senders that is long enough',
      BOOTSTRAP_API_KEY: key,
    };
    let running = new ServiceProcess(site, environment);
    const own = await UnrulyProxy.start(await running.running());
    try {
      const ingest = sender({ endpoint: own.url, apiKey: key, eventsPerRequest: 20, delayMilliseconds: 5 });
      await (await running.client(key)).put(`/v1/journeys/${journeyId}`, definition);
      const sending = (async () => {
        for (let index = 0; index < 600; index += 1) {
          await ingest.enqueue(entered(`user ${index}`));
          if (index % 10 === 0) await delay(10);
        }
      })();
      await delay(200);
      own.next = ['cut after'];
      await running.stop('SIGKILL');
      await sending;
      running = new ServiceProcess(site, environment);
      own.target = await running.running();
      await ingest.shutdown({ timeoutMilliseconds: 20_000 });
      assert.deepEqual([errors, rejections], [[], []]);
      const api = new HttpClient(own.target, key);
      await settled(api, journeyId);
      const { metrics } = (await api.get(`/v1/journeys/${journeyId}/overview`)).as(overviewSchema);
      assert.deepEqual([metrics.totalEntries, metrics.entryUsers], [600, 600]);
      api.close();
    } finally {
      own.stop();
      await running.stop();
      site.remove();
      await database.drop();
    }
  });
});

describe('what the service does not take', () => {
  test('invalid events are told of, not sent again, and keep no other out', async () => {
    const ingest = sender();
    await enqueueAll(ingest, 2);
    await ingest.enqueue({ ...entered('bad'), id: 'bad', at: 'yesterday' });
    await enqueueAll(ingest, 1);
    // @ts-expect-error: an event of a step names it, and so says the compiler
    const incomplete: IngestEvent = { type: 'step.entered', at, userId: 'ann', journeyId, id: 'incomplete' };
    await ingest.enqueue(incomplete);
    await ingest.flush();
    assert.equal(await entries(), 3);
    assert.equal(proxy.requests.length, 1);
    assert.deepEqual(
      rejections.map(({ event, errors: found }) => [event, found.map(({ path }) => path)]),
      [
        [{ ...entered('bad'), id: 'bad', at: 'yesterday' }, ['at']],
        [incomplete, ['stepId']],
      ],
    );
    assert.deepEqual(errors, []);
  });

  test('a key that is none, by the real service; a body too large and others, by whatever stands before it', async () => {
    const unknown = sender({ apiKey: `jk_${'unknown'.repeat(6)}` });
    await unknown.enqueue(entered('ann'));
    await unknown.flush();
    for (const status of [403, 413, 404, 307, 422]) {
      proxy.next = [{ status, headers: { location: '/elsewhere' }, body: '{}' }];
      const ingest = sender();
      await ingest.enqueue(entered('ann'));
      await ingest.flush();
    }
    assert.equal(proxy.requests.length, 6);
    assert.deepEqual(
      errors.map(({ code, status, events }) => [code, status, events.length]),
      [401, 403, 413, 404, 307, 422].map((status) => ['refused', status, 1]),
    );
    assert.match(errors[0]?.requestId ?? '', /^[0-9a-f-]{36}$/);
    assert.ok(service.log.some((line) => line.includes(errors[0]?.requestId ?? 'none')));
    assert.equal(await entries(), 0);
  });

  test('by a real limit of requests, it waits as long as it is asked to', async (t) => {
    const limited = await startTestService({ rateLimits: { key: 1, token: 1 } });
    t.after(() => limited.stop());
    const { key } = await limited.workspace('workspace-a');
    const ingest = sender({ endpoint: limited.url, apiKey: key });
    await ingest.enqueue(entered('ann'));
    await ingest.flush();
    await ingest.enqueue(entered('ben'));
    await ingest.shutdown({ timeoutMilliseconds: 1_500 });
    const statuses = limited.log.flatMap(
      (line) => /"route":"\/v1\/events","status":(\d+)/.exec(line)?.[1] ?? [],
    );
    assert.deepEqual(statuses, ['202', '429']);
    assert.deepEqual(
      errors.map(({ code, status }) => [code, status]),
      [['shut_down', 429]],
    );
  });

  test('no event that is no JSON, or too large for any request', async () => {
    const ingest = sender();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const properties of [cycle, { n: 1n }, { text: 'x'.repeat(10_000_000) }]) {
      await ingest.enqueue({ type: 'track', at, userId: 'ann', name: 'Odd', properties });
    }
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['invalid_event', 'invalid_event', 'invalid_event'],
    );
    await ingest.enqueue(entered('ann'));
    await ingest.flush();
    assert.equal(await entries(), 1);
  });

  test('callbacks that throw or reject stop nothing, and a warning tells of them', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    proxy.next = [{ status: 403 }];
    const ingest = sender({
      onError: () => {
        throw new TypeError('of the host');
      },
      onRejected: () => Promise.reject(new RangeError('of the host')),
    });
    await ingest.enqueue(entered('refused'));
    await ingest.flush();
    await ingest.enqueue({ ...entered('bad'), at: '' });
    await ingest.enqueue(entered('good'));
    await ingest.flush();
    assert.equal(await entries(), 1);
    process.off('warning', warned);
    assert.deepEqual(
      warnings.map(({ message }) => /\((\w+)\)/.exec(message)?.[1]),
      ['TypeError', 'RangeError'],
    );
  });
});

describe('room', () => {
  test('a caller that awaits keeps the queue small; one that does not loses nothing', async () => {
    proxy.otherwise = { status: 503 };
    const ingest = sender({ queueBytes: 2_000, eventsPerRequest: 5, delayMilliseconds: 5 });
    let taken = 0;
    const sending = (async () => {
      for (; taken < 100; taken += 1) await ingest.enqueue(entered(`user ${taken}`));
    })();
    await delay(500);
    const takenWhileFull = taken;
    assert.ok(takenWhileFull >= 5 && takenWhileFull <= 20, String(takenWhileFull));
    proxy.otherwise = 'pass';
    await sending;
    for (let index = 0; index < 50; index += 1) void ingest.enqueue(entered(`hasty ${index}`));
    await ingest.flush();
    await assertStored(150);
  });
});

describe('shutdown', () => {
  test('sends what waits, tells of what comes later, and may be called twice', async () => {
    const ingest = sender({ eventsPerRequest: 10, delayMilliseconds: 60_000 });
    void enqueueAll(ingest, 25);
    const [first, second] = [ingest.shutdown(), ingest.shutdown()];
    void ingest.enqueue(entered('late'));
    await Promise.all([first, second]);
    assert.equal(await entries(), 25);
    assert.deepEqual(
      errors.map(({ code, events }) => [code, events.map(({ userId }) => userId)]),
      [['shut_down', ['late']]],
    );
    await ingest.flush();
    await sender().shutdown();
  });

  test('tries at once what waits for its next attempt', async () => {
    proxy.next = Array.from({ length: 5 }, () => ({ status: 503 }));
    const ingest = sender({ delayMilliseconds: 1 });
    await ingest.enqueue(entered('ann'));
    while (proxy.requests.length < 5) await delay(20);
    // The pause after five failures is 1.6 s or more.
    const start = performance.now();
    await ingest.shutdown();
    assert.ok(performance.now() - start < 1_000);
    await assertStored(1);
  });

  test('ends in time, and tells of every event that was not acknowledged', async () => {
    proxy.otherwise = 'hang';
    const ingest = sender({ eventsPerRequest: 10 });
    await enqueueAll(ingest, 25);
    const start = performance.now();
    await ingest.shutdown({ timeoutMilliseconds: 300 });
    const took = performance.now() - start;
    assert.ok(took >= 290 && took < 1_000, String(took));
    assert.ok(errors.every(({ code }) => code === 'shut_down'));
    assert.deepEqual(
      errors.flatMap(({ events }) => events.map(({ userId }) => userId)),
      Array.from({ length: 25 }, (_, index) => `user ${index}`),
    );
  });

  /** Runs a process of its own in which there is a sender named ingest. */
  async function run(script: string): Promise<{ readonly took: number; readonly stderr: string }> {
    const module = join(import.meta.dirname, '../../bff/sender/index.ts');
    const start = performance.now();
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createIngest } from ${JSON.stringify(module)};
       const [endpoint, apiKey] = ${JSON.stringify([proxy.url, a.key])};
       const ingest = createIngest({ endpoint, apiKey });
       const event = ${JSON.stringify(entered('ann'))};
       ${script}`,
      ],
      { timeout: 20_000 },
    );
    return { took: performance.now() - start, stderr };
  }

  test('keeps a process alive until it is done, as flush does', async () => {
    for (const script of [
      `void ingest.enqueue(event); await ingest.shutdown();`,
      `void ingest.enqueue(event); await ingest.flush();`,
      // In the middle of a pause that would not keep it alive.
      `const hasty = createIngest({ endpoint, apiKey, delayMilliseconds: 0 }); void hasty.enqueue(event);
       await new Promise((done) => setTimeout(done, 500)); await hasty.flush();`,
    ]) {
      proxy.next = [{ status: 429, headers: { 'retry-after': '1' } }, 'cut before', { status: 503 }];
      await run(script);
      assert.deepEqual(proxy.next, []);
    }
    await assertStored(3);
  });

  test('without it nothing of the sender keeps a process alive, neither a delay nor a pause', async () => {
    for (const [delayMilliseconds, requests] of [
      [0, 1],
      [3_600_000, 0],
    ] as const) {
      proxy.requests.length = 0;
      proxy.next = [{ status: 503, headers: { 'retry-after': '300' } }];
      const { took } = await run(
        `const other = createIngest({ endpoint, apiKey, delayMilliseconds: ${delayMilliseconds} });
         await other.enqueue(event);`,
      );
      assert.ok(took < 10_000);
      assert.equal(proxy.requests.length, requests);
    }
  });

  test('without callbacks a warning of the process tells what is lost, and names neither key nor person', async () => {
    proxy.next = [{ status: 403 }];
    const { stderr } = await run(`void ingest.enqueue(event); await ingest.shutdown();`);
    assert.match(stderr, /\[refused\] JourneyAnalyticsWarning: 1 events are given up/);
    assert.ok(!stderr.includes(a.key) && !stderr.includes('ann'), stderr);
  });
});

describe('options', () => {
  test('that cannot be are refused at once, without their value', () => {
    const secret = 'hunter2';
    for (const options of [
      { endpoint: `https://user:${secret}@host.example` },
      { endpoint: `ftp://${secret}.example` },
      { endpoint: secret },
      { endpoint: `https://host.example?key=${secret}` },
      { apiKey: `jk_${secret}\n` },
      { apiKey: '' },
      { eventsPerRequest: 10_001 },
      { eventsPerRequest: 0 },
      { bytesPerRequest: 10_000_001 },
      { retryMilliseconds: Number.NaN },
    ]) {
      assert.throws(
        () => sender(options),
        (error: unknown) =>
          (error instanceof TypeError || error instanceof RangeError) && !error.message.includes(secret),
        JSON.stringify(options),
      );
    }
  });

  test('the endpoint may have a path', async () => {
    const ingest = sender({ endpoint: `${proxy.url}/below`, retryMilliseconds: 0 });
    await ingest.enqueue(entered('ann'));
    await ingest.flush();
    assert.deepEqual(
      errors.map(({ code, status }) => [code, status]),
      [['refused', 404]],
    );
  });

  test('the key and the events are in nothing that a log would print', async () => {
    proxy.next = ['cut before', { status: 403, body: a.key }];
    const ingest = sender({ retryMilliseconds: 0 });
    for (const userId of ['a person', 'another person']) {
      await ingest.enqueue(entered(userId));
      await ingest.flush();
    }
    const gone = await UnrulyProxy.start(service.url);
    const endpoint = gone.url;
    gone.stop();
    const lost = sender({ endpoint, retryMilliseconds: 0 });
    await lost.enqueue(entered('a person'));
    await lost.flush();
    assert.deepEqual(
      errors.map(({ code, message }) => [code, message]),
      [
        ['gave_up', '1 events are given up: no answer (UND_ERR_SOCKET)'],
        ['refused', '1 events are given up: the service refuses them (403)'],
        ['gave_up', '1 events are given up: no answer (ECONNREFUSED)'],
      ],
    );
    const printed = inspect([errors, ingest], { depth: 20, showHidden: true });
    for (const text of [a.key, 'a person', 'another person']) {
      assert.ok(!printed.includes(text), printed);
      assert.ok(!JSON.stringify([errors, ingest]).includes(text));
    }
  });
});
