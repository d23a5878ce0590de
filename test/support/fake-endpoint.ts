// A BFF for browser tests that answers as the test asks: `/fake/<scenario>/<name>/v1/…` over real HTTP. Each name has a
// state of its own, so that tests do not meet; `/fake/<scenario>/<name>/log` tells what has been asked, `…/streams` which
// streams of changes, `…/change` makes a change.
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';

/** What this middleware uses of Koa's context. */
export interface EndpointContext {
  readonly method: string;
  readonly path: string;
  readonly querystring: string;
  readonly req: AsyncIterable<unknown>;
  readonly res: ServerResponse;
  status: number;
  body: unknown;
  get(header: string): string;
  set(header: string, value: string): void;
}

/** One request, as the test reads it back. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization: string;
  readonly ifNoneMatch: string;
  readonly cookie: string;
  readonly referer: string;
  /** Of the scenarios about audiences. */
  body: string;
  /** 0 until there is an answer. */
  status: number;
  /** Whether the browser has hung up before the answer. */
  aborted: boolean;
}

interface Exchange {
  readonly context: EndpointContext;
  readonly request: FakeRequest;
  readonly journey: FakeJourney;
  /** 1 for the first request of this name, log readings not counted. */
  readonly turn: number;
  /** The token of this name's first request. */
  readonly firstToken: string;
}

/** What one name remembers. */
interface FakeJourney {
  readonly log: FakeRequest[];
  /** Streams of changes are kept apart: whether there is one must not alter what the other tests count. */
  readonly streams: FakeRequest[];
  readonly listeners: Set<ServerResponse>;
  revision: number;
}

const metrics = {
  messagesSent: 54_745,
  messagesSentUsers: 22_010,
  totalEntries: 24_816,
  entryUsers: 23_940,
  convertedUsers: 6_402,
  conversionRate: 26.7419,
  conversionEvents: 7_318,
  totalExits: 13_921,
  exitUsers: 13_400,
  activeEntries: 4_440,
  activeUsers: 4_301,
  exitsWindowOpen: 1_106,
};

/** An overview of the contract's shape; `revision` makes one answer differ from the next. */
function overview(revision: number, pendingEvents: number): Record<string, unknown> {
  return {
    journeyId: 'welcome',
    range: { from: null, to: null, timeZone: 'Europe/Istanbul' },
    metrics: { ...metrics, totalEntries: metrics.totalEntries + revision },
    timeToConvert: { p50: 86_400, p90: 259_200 },
    previous: null,
    diagnostics: { unattachedEvents: 0 },
    asOf: new Date(Date.UTC(2026, 10, 24, 12, 0, revision)).toISOString(),
    pendingEvents,
  };
}

/** A trend of the contract's shape over the days that are asked for, of which the last is the day of `asOf`. */
function trend(query: string, revision: number): Record<string, unknown> {
  const asked = new URLSearchParams(query);
  const from = asked.get('from') ?? '2026-10-28';
  const to = asked.get('to') ?? '2026-11-24';
  const points: { date: string; count: number; users: number }[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    const count = 100 + points.length + revision;
    points.push({ date: new Date(at).toISOString().slice(0, 10), count, users: count - 10 });
  }
  const { asOf, pendingEvents } = overview(revision, 0);
  const range = { from: asked.get('from'), to: asked.get('to'), timeZone: 'Europe/Istanbul' };
  return { points, range, asOf, pendingEvents };
}

function answer({ context, request }: Exchange, revision = 0, pendingEvents = 0): void {
  const tag = `"${revision}-${pendingEvents}"`;
  context.set('ETag', tag);
  context.set('Cache-Control', 'private, no-cache');
  if (request.ifNoneMatch === tag) {
    context.status = 304;
    return;
  }
  context.status = 200;
  context.body = request.path.endsWith('/trend')
    ? trend(request.query, revision)
    : overview(revision, pendingEvents);
}

function problem({ context }: Exchange, status: number, code: string): void {
  context.status = status;
  context.set('Content-Type', 'application/problem+json');
  context.body = JSON.stringify({
    type: 'about:blank',
    title: code,
    status,
    detail: '<img src=x onerror="globalThis.hostile = true">',
    code,
    requestId: 'request-1',
    errors: [],
  });
}

function page({ context }: Exchange, status: number): void {
  context.status = status;
  context.set('Content-Type', 'text/html');
  context.body = '<!doctype html><title>A proxy</title><script>globalThis.hostile = true</script>';
}

/** The steps of a welcome journey, whatever is asked of them. */
function stepAnswer({ context, request }: Exchange): void {
  const id = decodeURIComponent(request.path.split('/').at(-1) ?? '');
  const step = welcomeFlow.steps.find(({ stepId }) => stepId === id);
  const { range, asOf, pendingEvents } = welcomeFlow;
  context.set('Cache-Control', 'private, no-cache');
  context.status = step ? 200 : 404;
  context.body = { ...step, range, asOf, pendingEvents };
}

const scenarios: Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>> = {
  /** The same numbers for ever. */
  steady: (exchange) => answer(exchange),
  steps: (exchange) => stepAnswer(exchange),
  /** A step at first, then failures. */
  'steps-then-failing': (exchange) =>
    exchange.turn === 1 ? stepAnswer(exchange) : problem(exchange, 500, 'internal'),
  /** Other numbers each time. */
  changing: (exchange) => answer(exchange, exchange.turn),
  /** Events are on their way for the first two answers. */
  pending: (exchange) => answer(exchange, exchange.turn, exchange.turn <= 2 ? 3 : 0),
  /** The first token is not good any more from the start. */
  'old-token': (exchange) =>
    exchange.request.authorization === exchange.firstToken
      ? problem(exchange, 401, 'unauthorized')
      : answer(exchange),
  unauthorized: (exchange) => problem(exchange, 401, 'unauthorized'),
  forbidden: (exchange) => problem(exchange, 403, 'missing_scope'),
  unknown: (exchange) => problem(exchange, 404, 'not_found'),
  failing: (exchange) => problem(exchange, 500, 'internal'),
  /** The flow fails at once, everything else a while later. */
  'failing-flow-first': async (exchange) => {
    if (!exchange.request.path.endsWith('/flow')) await wait(200);
    problem(exchange, 500, 'internal');
  },
  /** Only the flow fails, before the rest is answered. */
  'failing-flow': async (exchange) => {
    if (exchange.request.path.endsWith('/flow')) {
      problem(exchange, 500, 'internal');
      return;
    }
    await wait(200);
    answer(exchange);
  },
  'failing-once': (exchange) =>
    exchange.turn === 1 ? problem(exchange, 503, 'unavailable') : answer(exchange),
  /** Good at first, then never again. */
  'failing-later': (exchange) =>
    exchange.turn === 1 ? answer(exchange) : problem(exchange, 500, 'internal'),
  /** Access is taken away after the first answer. */
  'forbidden-later': (exchange) =>
    exchange.turn === 1 ? answer(exchange) : problem(exchange, 403, 'forbidden'),
  'slow-down': (exchange) => {
    exchange.context.set('Retry-After', '7');
    problem(exchange, 429, 'too_many_requests');
  },
  /** Something between answers with a page of its own. */
  'proxy-error': (exchange) => page(exchange, 502),
  'proxy-page': (exchange) => page(exchange, 200),
  redirecting: (exchange) => {
    exchange.context.status = 302;
    exchange.context.set('Location', '/fake/steady/elsewhere/v1/journeys/welcome/overview');
  },
  /** Half a second late. */
  slow: async (exchange) => {
    await wait(500);
    answer(exchange);
  },
  /** No answer until the browser hangs up. */
  hanging: async ({ context }) => {
    await new Promise<void>((resolve) => context.res.once('close', resolve));
    context.status = 504;
  },
  /** Numbers that change when the test says so, and a stream that tells. */
  live: (exchange) => answer(exchange, exchange.journey.revision),
  'live-ending': (exchange) => answer(exchange, exchange.journey.revision),
  exporting: (exchange) => exporting(exchange, { state: 'complete', rows: exportRows, rowsSent: exportRows }),
  'export-broken': (exchange) => exporting(exchange, { state: 'broken', rows: exportRows, rowsSent: 3_841 }),
  'export-expired': (exchange) => exporting(exchange, { state: 'expired', rows: exportRows, rowsSent: 0 }),
  'export-refused': (exchange) =>
    exchange.request.method === 'POST' ? problem(exchange, 403, 'missing_scope') : answer(exchange),
  'export-emptied': (exchange) =>
    exchange.request.method === 'POST' ? problem(exchange, 409, 'nothing_to_export') : answer(exchange),
  /** Its state is asked for in vain. */
  'export-lost': (exchange) =>
    exchange.request.path.startsWith('v1/exports/')
      ? problem(exchange, 404, 'not_found')
      : exporting(exchange, {}),
  /** Names a file of another server. */
  'export-elsewhere': (exchange) => {
    exporting(exchange, {});
    if (exchange.request.method !== 'POST') return;
    exchange.context.body = { ...(exchange.context.body as object), url: 'https://elsewhere.example/file' };
  },
  /** The welcome journey's flow, and an audience of so many users as its body has characters. */
  audience: (exchange) => audience(exchange),
  'audience-slow': async (exchange) => {
    if (exchange.request.method === 'POST') await wait(400);
    await audience(exchange);
  },
  'audience-nobody': (exchange) => audience(exchange, 0),
  'audience-failing-once': (exchange) =>
    exchange.request.method === 'POST' && posts(exchange) === 1
      ? problem(exchange, 503, 'unavailable')
      : audience(exchange),
  'audience-refused': (exchange) =>
    exchange.request.method === 'POST' ? problem(exchange, 403, 'missing_scope') : audience(exchange),
  /** As `live`, half a second late. */
  'live-slow': async (exchange) => {
    const { revision } = exchange.journey;
    await wait(500);
    answer(exchange, revision);
  },
};

const changeOf = ({ revision }: FakeJourney): string =>
  `event: change\r\ndata: ${JSON.stringify({ revision, asOf: overview(revision, 0)['asOf'] })}\r\n\r\n`;

const exportRows = 6_402;

/** An export of the contract's shape; `end` is what the third question for its state is answered with. */
function exporting(exchange: Exchange, end: Readonly<Record<string, unknown>>): void {
  const { context, request, journey } = exchange;
  if (request.path.endsWith('/link')) {
    if (request.method !== 'POST') {
      problem(exchange, 405, 'method_not_allowed');
      return;
    }
    context.status = 201;
    context.body = {
      url: '/v1/downloads/ticket',
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      exportId: 'export-1',
      rows: exportRows,
    };
    return;
  }
  if (request.path === 'v1/exports/export-1') {
    const asked = journey.log.filter(({ path }) => path === request.path).length;
    const states = [
      { state: 'waiting', rows: exportRows, rowsSent: 0 },
      { state: 'streaming', rows: exportRows, rowsSent: 3_841 },
    ];
    context.status = 200;
    context.body = states[asked - 1] ?? end;
    return;
  }
  answer(exchange);
}

const posts = ({ journey }: Exchange): number => journey.log.filter(({ method }) => method === 'POST').length;

async function bodyOf({ context }: Exchange): Promise<string> {
  let body = '';
  for await (const chunk of context.req) body += String(chunk);
  return body;
}

async function audience(exchange: Exchange, users?: number): Promise<void> {
  const { context, request } = exchange;
  if (request.method === 'POST') request.body = await bodyOf(exchange);
  if (request.path.endsWith('/audience')) {
    context.status = 200;
    const { asOf, pendingEvents } = welcomeFlow;
    context.body = { users: users ?? request.body.length, asOf, pendingEvents };
  } else if (request.path.endsWith('/flow')) {
    context.status = 200;
    context.body = welcomeFlow;
  } else {
    exporting(exchange, { state: 'complete', rows: exportRows, rowsSent: exportRows });
  }
}

/** The stream of changes: of the live scenarios only, as a BFF that lacks the route would refuse it in the others. */
async function stream(exchange: Exchange, scenario: string): Promise<void> {
  const { context, request, journey } = exchange;
  if (!scenario.startsWith('live')) {
    problem(exchange, 404, 'not_found');
    return;
  }
  // Each token is good for one stream here, as if each stream lasted to its token's end.
  const used = journey.streams.some(
    (other) => other !== request && other.status === 200 && other.authorization === request.authorization,
  );
  if (scenario === 'live-ending' && used) {
    problem(exchange, 401, 'unauthorized');
    return;
  }
  const { res } = context;
  request.status = 200;
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write(changeOf(journey));
  journey.listeners.add(res);
  const closed = new Promise<void>((resolve) => res.once('close', resolve));
  if (scenario === 'live-ending') {
    await wait(100);
    res.end();
  }
  await closed;
  journey.listeners.delete(res);
}

const journeys = new Map<string, FakeJourney>();

/** Koa middleware for everything under `/fake/`. */
export async function fakeEndpoint(context: EndpointContext, next: () => Promise<unknown>): Promise<void> {
  const [, , scenario = '', name = '', ...rest] = context.path.split('/');
  const respond = scenarios[scenario];
  if (respond === undefined || name === '') {
    await next();
    return;
  }
  const key = `${scenario}/${name}`;
  const journey = journeys.get(key) ?? { log: [], streams: [], listeners: new Set(), revision: 0 };
  journeys.set(key, journey);
  const path = rest.join('/');
  if (path === 'log' || path === 'streams') {
    context.set('Cache-Control', 'no-store');
    context.body = journey[path];
    return;
  }
  if (path === 'change' || path === 'heartbeat') {
    if (path === 'change') journey.revision += 1;
    for (const listener of journey.listeners) {
      listener.write(path === 'change' ? changeOf(journey) : ': still here\n\n');
    }
    context.body = '';
    return;
  }
  const request: FakeRequest = {
    method: context.method,
    path,
    query: context.querystring,
    authorization: context.get('Authorization'),
    ifNoneMatch: context.get('If-None-Match'),
    cookie: context.get('Cookie'),
    referer: context.get('Referer'),
    body: '',
    status: 0,
    aborted: false,
  };
  const ofChanges = path.endsWith('/changes');
  const log = ofChanges ? journey.streams : journey.log;
  log.push(request);
  context.res.once('close', () => {
    request.aborted = !context.res.writableFinished;
  });
  const exchange: Exchange = {
    context,
    request,
    journey,
    turn: log.length,
    firstToken: log[0]?.authorization ?? '',
  };
  await (ofChanges ? stream(exchange, scenario) : respond(exchange));
  request.status = context.status;
}
