// GET …/changes: who listens hears of changes of that journey, and of nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { settled, startTestService, type TestService, type Workspace } from '../support/test-service.ts';

let service: TestService;
let one: Workspace;
let other: Workspace;

const definition = { name: 'Welcome', steps: [{ stepId: 'start', type: 'entry' }] };

before(async () => {
  service = await startTestService();
  one = await service.workspace('one');
  other = await service.workspace('other');
});
after(() => service.stop());

/** Listens until the stream ends or `stop` is called, and keeps what was heard. */
async function listen(credential: string, journeyId: string) {
  const aborted = new AbortController();
  const response = await fetch(`${service.url}/v1/journeys/${journeyId}/changes`, {
    headers: { Authorization: `Bearer ${credential}` },
    signal: aborted.signal,
  });
  let text = '';
  let isEnded = false;
  const read = async () => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    } catch (error) {
      if (!aborted.signal.aborted) throw error;
    }
    isEnded = true;
  };
  const finished = read();
  return {
    response,
    events: () => text.split('\n\n').filter((part) => part.startsWith('event: change')),
    isEnded: () => isEnded,
    async stop() {
      aborted.abort();
      await finished;
    },
  };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (condition()) return;
    await pause(25);
  }
  assert.fail(`It did not happen: ${what}`);
}

const entered = (id: string, userId: string) => [
  { id, type: 'journey.entered', at: '2026-03-02T09:00:00Z', userId, journeyId: 'welcome' },
];

test('a listener hears the present revision at once, each change, and the end', async () => {
  for (const { api } of [one, other]) await api.put('/v1/journeys/welcome', definition);
  const ours = await listen(one.key, 'welcome');
  const theirs = await listen(other.key, 'welcome');
  assert.equal(ours.response.status, 200);
  assert.equal(ours.response.headers.get('content-type'), 'text/event-stream');
  await until(
    () => ours.events().length === 1 && theirs.events().length === 1,
    'both hear the present revision',
  );

  await one.api.post('/v1/events', entered('e1', 'ann'));
  await settled(one.api, 'welcome');
  await until(() => ours.events().length === 2, 'the change is heard');
  const [, data = ''] = (ours.events()[1] ?? '').split('data: ');
  assert.match(data, /^\{"revision":"\d+","asOf":"\d{4}-\d\d-\d\dT[0-9:.]+Z"\}$/);
  assert.notEqual(ours.events()[0], ours.events()[1]);

  await one.api.delete('/v1/journeys/welcome');
  await until(ours.isEnded, 'the stream ends with the journey');
  assert.equal(theirs.events().length, 1, 'another workspace hears nothing of it');
  assert.equal(theirs.isEnded(), false);
  await theirs.stop();
});

test('many changes are told at most once a second, and the last one is told', async () => {
  await one.api.put('/v1/journeys/welcome', definition);
  await settled(one.api, 'welcome');
  const stream = await listen(one.key, 'welcome');
  await until(() => stream.events().length === 1, 'the present revision is heard');
  const begun = Date.now();
  for (let index = 0; index < 12; index += 1) {
    await one.api.post('/v1/events', entered(`m${index}`, `user ${index}`));
    await settled(one.api, 'welcome');
  }
  const overview = await one.api.get('/v1/journeys/welcome/overview');
  const { asOf } = JSON.parse(overview.text) as { asOf: string };
  await until(
    () => stream.events().at(-1)?.includes(asOf) === true,
    'the last event is of the revision that is served',
  );
  const seconds = (Date.now() - begun) / 1_000;
  assert.ok(stream.events().length <= 2 + seconds, `${stream.events().length} events in ${seconds} s`);
  await stream.stop();
});

test('a stream ends when its token does', async () => {
  const minted = await one.api.post('/v1/embed-tokens', {
    subject: 'ann',
    journeyIds: ['welcome'],
    scopes: ['metrics:read'],
    expiresInSeconds: 3,
  });
  const { token } = JSON.parse(minted.text) as { token: string };
  const stream = await listen(token, 'welcome');
  assert.equal(stream.response.status, 200);
  await until(stream.isEnded, 'the stream ends');
});

test('a journey that is not there, or not in the token, is 404', async () => {
  assert.equal((await one.api.get('/v1/journeys/nowhere/changes')).status, 404);
  const minted = await one.api.post('/v1/embed-tokens', {
    subject: 'ann',
    journeyIds: ['another'],
    scopes: ['metrics:read'],
  });
  const { token } = JSON.parse(minted.text) as { token: string };
  assert.equal((await service.nobody.as(token).get('/v1/journeys/welcome/changes')).status, 404);
});
