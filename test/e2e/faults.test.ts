// A service that is killed at any moment loses nothing that it acknowledged and counts nothing twice. FAULT_KILLS says how
// often it is killed.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { auditSchema, ingestAnswerSchema, overviewSchema } from '../../bff/contract/index.ts';
import { Random } from '../../demo/random.ts';
import type { SentEvent } from '../support/conformance-case.ts';
import type { Answer, HttpClient } from '../support/http-client.ts';
import { definition, event } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';
import { settled } from '../support/test-service.ts';

const kills = Number(process.env['FAULT_KILLS'] ?? 5);
const clients = 4;
const key = `jk_${'fault-injection-key-'.repeat(2)}`;
const path = '/v1/journeys/welcome';

const site = makeSite();
let running: ServiceProcess | undefined;
after(async () => {
  if (running?.child.exitCode === null) await running.stop('SIGKILL');
  site.remove();
});

function start(): ServiceProcess {
  running = new ServiceProcess(site, { BOOTSTRAP_API_KEY: key });
  return running;
}

/** The events of one request. Each is an entry with a message, so that counts and sets both have something to get wrong. */
function batchOf(random: Random): SentEvent[] {
  return Array.from({ length: random.between(1, 40) }, () => {
    const userId = `user ${random.between(1, 300)}`;
    const at = `2026-0${random.between(1, 9)}-1${random.between(0, 9)}T08:00:00Z`;
    return [
      event('journey.entered', userId, at),
      event('message.sent', userId, at, { stepId: 'hello', platform: 'ios' }),
    ];
  }).flat();
}

/** What clients know of the events they have sent. */
class Ledger {
  acknowledged = 0;
  /** By client: sent, and no answer came. */
  readonly open = new Map<number, SentEvent[]>();
  readonly #random = Array.from({ length: clients }, (_, client) => new Random(Date.now() + client));

  get openEvents(): number {
    let events = 0;
    for (const batch of this.open.values()) events += batch.length;
    return events;
  }

  /** Sends a client's open batch, or a new one. @returns whether it was acknowledged. */
  async send(api: HttpClient, client: number): Promise<boolean> {
    const random = this.#random[client] ?? new Random(client);
    const batch = this.open.get(client) ?? batchOf(random);
    this.open.set(client, batch);
    let answer: Answer;
    try {
      answer = await api.post('/v1/events', batch);
    } catch {
      return false; // the service is gone, and nobody knows whether the events are stored
    }
    if (answer.status === 503) return false;
    assert.equal(answer.status, 202, answer.text);
    const { accepted, duplicates } = answer.as(ingestAnswerSchema);
    assert.equal(accepted + duplicates, batch.length);
    this.open.delete(client);
    this.acknowledged += batch.length;
    return true;
  }
}

async function countsOf(api: HttpClient): Promise<number> {
  await settled(api, 'welcome', 60_000);
  const { metrics } = (await api.get(`${path}/overview`)).as(overviewSchema);
  assert.equal(metrics.messagesSent, metrics.totalEntries);
  assert.equal(metrics.messagesSentUsers, metrics.entryUsers);
  const { differences } = (await api.post(`${path}/audit`)).as(auditSchema);
  assert.deepEqual(differences, []);
  return metrics.totalEntries + metrics.messagesSent;
}

test(`${kills} times killed under load, everything acknowledged is counted once`, async (t) => {
  const ledger = new Ledger();
  const random = new Random(Date.now());
  let service = start();
  let api = await service.client(key);
  assert.equal((await api.put(path, definition)).status, 201);
  for (let kill = 1; kill <= kills; kill += 1) {
    const traffic = Array.from({ length: clients }, async (_, client) => {
      while (await ledger.send(api, client));
    });
    await delay(random.between(50, 1_200));
    await service.stop('SIGKILL');
    await Promise.all(traffic);
    api.close();

    service = start();
    api = await service.client(key);
    const { acknowledged, openEvents } = ledger;
    const counted = await countsOf(api);
    assert.ok(
      counted >= acknowledged && counted <= acknowledged + openEvents,
      `kill ${kill}: ${acknowledged} acknowledged and ${openEvents} open, ${counted} counted`,
    );
  }
  for (let client = 0; client < clients; client += 1) assert.ok(await ledger.send(api, client));
  assert.equal(ledger.openEvents, 0);
  assert.equal(await countsOf(api), ledger.acknowledged);
  assert.ok(ledger.acknowledged > kills * 100, `only ${ledger.acknowledged} events`);
  t.diagnostic(`${ledger.acknowledged} events`);
  api.close();
  assert.equal(await service.stop(), 0);
});
