// The conformance cases, played through the fold alone: what their overviews and flows expect must follow from their
// events without a database or a server.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as v from 'valibot';
import { numbersOf, Journeys, type Numbers } from './conformance-journeys.ts';

const folder = new URL('../../conformance/', import.meta.url);

const looseObject = v.record(v.string(), v.unknown());
const metrics = v.optional(v.record(v.string(), v.nullable(v.number())), {});
const stepSchema = v.object({
  stepId: v.string(),
  metrics,
  timeInStep: metrics,
  exitReasons: v.optional(v.record(v.string(), v.number())),
  platforms: v.optional(v.record(v.string(), metrics), {}),
  outcomes: v.optional(v.record(v.string(), metrics), {}),
});
const caseSchema = v.object({
  journeyId: v.string(),
  definition: v.optional(looseObject),
  otherJourneys: v.optional(v.record(v.string(), looseObject), {}),
  events: v.array(looseObject),
  requests: v.array(
    v.object({
      method: v.string(),
      path: v.string(),
      query: v.optional(v.object({ from: v.optional(v.string()), to: v.optional(v.string()) }), {}),
      body: v.optional(v.unknown()),
      expectStatus: v.optional(v.number(), 200),
      expect: v.optional(looseObject),
    }),
  ),
});
type Request = v.InferOutput<typeof caseSchema>['requests'][number];

const overviewSchema = v.object({
  metrics,
  timeToConvert: metrics,
  diagnostics: v.optional(v.object({ unattachedEvents: v.number() })),
});
const transitionSchema = v.object({
  from: v.nullable(v.string()),
  to: v.string(),
  count: v.number(),
  users: v.number(),
});
const flowSchema = v.object({
  steps: v.optional(v.array(stepSchema), []),
  transitions: v.optional(v.array(transitionSchema)),
});

/** Facts behind ids whose name is not the fact's with `Count`, or that end in `Users` for another reason. */
const irregular: Readonly<Record<string, string>> = {
  entryUsers: 'entryCount',
  convertedUsers: 'convertedUsers',
  creditedUsers: 'creditedConversions',
};

function stepMetric(numbers: Numbers, step: string, id: string, platform = ''): number | null {
  if (id === 'conversionRate')
    return numbers.rate(numbers.users('convertedUsers', step), numbers.users('entryCount', step));
  if (id === 'dropOffRate') {
    const visits = numbers.count('entryCount', step);
    return visits === 0 ? null : (100 * numbers.count('droppedOff', step)) / visits;
  }
  const fact = irregular[id];
  if (fact) return numbers.users(fact, step);
  if (!id.endsWith('Users')) return numbers.count(id, step, platform);
  const stem = id.slice(0, -'Users'.length);
  return numbers.users(`${stem}Count`, step, platform) || numbers.users(stem, step);
}

function assertQuantiles(
  found: Readonly<Record<string, number | null>>,
  expected: Readonly<Record<string, number | null>>,
) {
  for (const [name, exact] of Object.entries(expected)) {
    const served = found[name] ?? null;
    if (exact === null || served === null) assert.equal(served, exact, name);
    else assert.ok(Math.abs(served - exact) <= 0.02 * exact, `${name}: ${served} for ${exact}`);
  }
}

function assertOverview(numbers: Numbers, expected: v.InferOutput<typeof overviewSchema>): void {
  const found: Record<string, number | null> = {
    messagesSentUsers: numbers.users('messagesSent'),
    entryUsers: numbers.users('totalEntries'),
    convertedUsers: numbers.users('conversionEvents'),
    conversionRate: numbers.rate(numbers.users('conversionEvents'), numbers.users('totalEntries')),
    exitUsers: numbers.users('totalExits'),
    activeUsers: numbers.users('activeEntries'),
    exitsWindowOpen: numbers.windowsOpen,
  };
  for (const [id, value] of Object.entries(expected.metrics)) {
    assert.equal(id in found ? found[id] : numbers.count(id), value, id);
  }
  assertQuantiles(numbers.quantiles('timeToConvert', ''), expected.timeToConvert);
  if (expected.diagnostics)
    assert.equal(numbers.count('unattachedEvents'), expected.diagnostics.unattachedEvents);
}

function assertStep(numbers: Numbers, expected: v.InferOutput<typeof stepSchema>): void {
  const { stepId } = expected;
  for (const [id, value] of Object.entries(expected.metrics))
    assert.equal(stepMetric(numbers, stepId, id), value, id);
  for (const [platform, ids] of Object.entries(expected.platforms)) {
    for (const [id, value] of Object.entries(ids))
      assert.equal(stepMetric(numbers, stepId, id, platform), value, id);
  }
  for (const [name, ids] of Object.entries(expected.outcomes)) {
    const users = numbers.users('outcome', stepId, name);
    const convertedUsers = numbers.users('outcomeConverted', stepId, name);
    const conversionRate = numbers.rate(convertedUsers, users);
    const found = { count: numbers.count('outcome', stepId, name), users, convertedUsers, conversionRate };
    assert.deepEqual({ ...found, ...ids }, found, name);
  }
  if (expected.exitReasons) {
    const found = numbers.keys
      .map((key) => key.split('\0'))
      .filter(([fact, step]) => fact === 'exitReason' && step === stepId);
    assert.deepEqual(
      Object.fromEntries(
        found.map(([, , reason = '']) => [reason, numbers.count('exitReason', stepId, reason)]),
      ),
      expected.exitReasons,
    );
  }
  assertQuantiles(numbers.quantiles('timeInStep', stepId), expected.timeInStep);
}

const line = (from: string, to: string, count: number, users: number) =>
  `${from} > ${to}: ${count} by ${users}`;

function assertFlow(numbers: Numbers, { steps, transitions }: v.InferOutput<typeof flowSchema>): void {
  for (const step of steps) assertStep(numbers, step);
  if (!transitions) return;
  const found = numbers.keys.map((key) => key.split('\0')).filter(([fact]) => fact === 'transition');
  assert.deepEqual(
    new Set(
      found.map(([, from = '', to = '']) =>
        line(from, to, numbers.count('transition', from, to), numbers.users('transition', from, to)),
      ),
    ),
    new Set(
      transitions
        .filter(({ count }) => count > 0)
        .map(({ from, to, count, users }) => line(from ?? '', to, count, users)),
    ),
  );
}

/** Plays one request: those that change something change it, overviews and flows are held against the fold. */
function play(journeys: Journeys, { method, path, query, body, expect, expectStatus }: Request): void {
  const [, journeyId = '', reading] = /^\/v1\/journeys\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  // What is invalid among events is left out of the log; any other refused request changes nothing.
  if (method === 'POST' && path === '/v1/events') journeys.post(v.parse(v.array(looseObject), body));
  if (expectStatus >= 300) return;
  if (method === 'PUT') journeys.define(journeyId, body);
  if (method === 'DELETE' && path.startsWith('/v1/users/'))
    journeys.erase(decodeURIComponent(path.slice('/v1/users/'.length)));
  if (method !== 'GET' || !expect) return;
  if (reading === 'overview')
    assertOverview(numbersOf(journeys, journeyId, query), v.parse(overviewSchema, expect));
  if (reading === 'flow') assertFlow(numbersOf(journeys, journeyId, query), v.parse(flowSchema, expect));
}

describe('Conformance cases', { skip: existsSync(folder) ? false : 'there are none here' }, () => {
  for (const file of globSync('*.json', { cwd: folder })) {
    test(file, () => {
      const { journeyId, definition, otherJourneys, events, requests } = v.parse(
        caseSchema,
        JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
      );
      const journeys = new Journeys();
      journeys.define(journeyId, definition);
      for (const [id, other] of Object.entries(otherJourneys)) journeys.define(id, other);
      journeys.post(events);
      requests.forEach((request, index) => {
        try {
          play(journeys, request);
        } catch (error) {
          throw new Error(`request ${index}: ${request.method} ${request.path}`, { cause: error });
        }
      });
    });
  }
});
