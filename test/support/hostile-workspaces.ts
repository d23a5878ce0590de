// Two workspaces in which every text is recognisable, so that a byte of one in an answer to the other is seen; and what every
// answer to a hostile request must be.
import assert from 'node:assert/strict';
import {
  embedTokenAnswerSchema,
  exportLinkSchema,
  ingestAnswerSchema,
  problemSchema,
  type JourneyDefinitionInput,
  type Problem,
} from '../../bff/contract/index.ts';
import type { SentEvent } from './conformance-case.ts';
import type { Answer } from './http-client.ts';
import { assertProblem } from './problem-document.ts';
import { definition } from './sample-journey.ts';
import { settled, type TestService, type Workspace } from './test-service.ts';

/** Stands in what is sent, and must come back in no answer and stand in no line of the log. */
export const marker = 'echo-c0ffee';

export interface MarkedWorkspace extends Workspace {
  /** Begins every name, label, reason, outcome and id of a person. */
  readonly mark: string;
  /** A journey that only this workspace has. */
  readonly journeyId: string;
  readonly definition: JourneyDefinitionInput;
  /** A person who may be erased. */
  readonly spareUserId: string;
  /** What the other workspace must never see. */
  readonly secrets: readonly string[];
}

function visit(mark: string, journeyId: string, userId: string): SentEvent[] {
  const event = (type: string, clock: string, fields: Readonly<Record<string, unknown>> = {}) => ({
    id: `${userId} ${type} ${clock}`,
    type,
    userId,
    at: `2026-03-02T${clock}Z`,
    ...(type === 'track' ? {} : { journeyId }),
    ...fields,
  });
  return [
    event('journey.entered', '08:00:00'),
    event('step.entered', '08:00:01', { stepId: 'start' }),
    event('step.entered', '08:01:00', { stepId: 'hello' }),
    event('message.failed', '08:01:01', { stepId: 'hello', reason: `${mark} reason`, platform: mark }),
    event('step.entered', '08:02:00', { stepId: `${mark} step` }),
    event('step.entered', '08:03:00', { stepId: 'ask' }),
    event('step.outcome', '08:03:01', { stepId: 'ask', outcome: `${mark} outcome` }),
    event('journey.exited', '08:04:00', { reason: `${mark} exit` }),
    event('track', '09:00:00', { name: `${mark} bought`, properties: { [mark]: mark } }),
  ];
}

/** Makes a workspace with two journeys, of which the first has people. */
export async function markedWorkspace(service: TestService, mark: string): Promise<MarkedWorkspace> {
  const workspace = await service.workspace(`${mark} workspace`);
  const { api, key, apiKeyId } = workspace;
  const journeyId = `of-${mark.slice(0, 5)}`;
  const marked = {
    ...definition,
    name: `${mark} journey`,
    conversion: { ...definition.conversion, event: `${mark} bought` },
    steps: definition.steps.map((step) => ({ ...step, name: `${mark} ${step.name}`, campaignId: mark })),
    transitions: definition.transitions.map((transition) => ({ ...transition, label: `${mark} label` })),
  };
  for (const id of [journeyId, `also-${mark.slice(0, 5)}`]) {
    assert.equal((await api.put(`/v1/journeys/${id}`, marked)).status, 201);
  }
  const spareUserId = `${mark}-spare`;
  const events = [`${mark}-ann`, `${mark}-bob`, spareUserId].flatMap((userId) =>
    visit(mark, journeyId, userId),
  );
  const sent = await api.post('/v1/events', events);
  assert.equal(sent.as(ingestAnswerSchema).accepted, events.length);
  await settled(api, journeyId);
  const secrets = [mark, key, apiKeyId];
  return { ...workspace, mark, journeyId, definition: marked, spareUserId, secrets };
}

/** Mints an embed token that reads and exports what it is not told otherwise. */
export async function mint(
  { api }: Workspace,
  request: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const whole = { subject: 'viewer', journeyIds: ['*'], scopes: ['metrics:read', 'users:export'] };
  const answer = await api.post('/v1/embed-tokens', { ...whole, ...request });
  return answer.as(embedTokenAnswerSchema).token;
}

/** Makes a one-time link with the workspace's key. */
export async function makeLink({
  api,
  journeyId,
}: MarkedWorkspace): Promise<{ url: string; exportId: string }> {
  const path = `/v1/journeys/${journeyId}/exports/totalEntries/link`;
  return (await api.post(path, undefined, { format: 'csv' })).as(exportLinkSchema);
}

/** Holds that an answer is no success and no fault of the service's, in the form of all problems. @returns the document. */
export function assertRefusal(answer: Answer): Problem {
  assert.ok(
    answer.status >= 400 && answer.status < 500,
    `expected a refusal, got ${answer.status}: ${answer.text}`,
  );
  return assertProblem(answer, answer.as(problemSchema).code);
}

/** As assertRefusal, or the bare 400 with which a request is refused that is no HTTP or names no place of a server. */
export function assertRefusalOrBare(answer: Answer): void {
  if (answer.status === 400 && answer.body.length === 0) return;
  assertRefusal(answer);
}

/** Holds that the service is as it was: ready, nothing failed inside, nothing sent stands in the log. */
export async function assertUnharmed(service: TestService, secrets: readonly string[] = []): Promise<void> {
  assert.equal((await service.nobody.get('/health/ready')).status, 200);
  assert.deepEqual(
    service.log.filter((line) => /"level":[456]0|"status":5/.test(line)),
    [],
  );
  const log = service.log.join('');
  for (const text of [marker, ...secrets]) assert.ok(!log.includes(text), `the log has ${text}`);
  assert.deepEqual(
    Reflect.ownKeys(Object.prototype).filter((name) => /polluted/.test(String(name))),
    [],
  );
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.equal(Reflect.get([], 'polluted'), undefined);
}
