// Clients that send events, and send again what was not acknowledged, while a test breaks the service under them. It
// knows what must be counted in the end.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { auditSchema, ingestAnswerSchema, overviewSchema } from '../../bff/contract/index.ts';
import { Random } from '../../demo/random.ts';
import type { SentEvent } from './conformance-case.ts';
import type { Answer, HttpClient } from './http-client.ts';
import { event, journeyId } from './sample-journey.ts';
import { settled } from './test-service.ts';

const path = `/v1/journeys/${journeyId}`;

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

interface Client {
  readonly random: Random;
  /** Sent, and no answer came. */
  open: SentEvent[] | undefined;
}

export class Ledger {
  /** Events that were acknowledged. */
  acknowledged = 0;
  /** Requests that were answered by 503. */
  refused = 0;
  readonly #clients: readonly Client[];

  /** @param seed of what they send; the ids of events differ all the same */
  constructor(clients: number, seed = Date.now()) {
    this.#clients = Array.from({ length: clients }, (_, index) => ({
      random: new Random(seed + index),
      open: undefined,
    }));
  }

  /** How many events were sent and not acknowledged: they may be stored or not. */
  get open(): number {
    return this.#clients.reduce((total, { open }) => total + (open?.length ?? 0), 0);
  }

  /** Sends until told to stop. */
  async traffic(apiOf: (client: number) => HttpClient, signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#clients.map(async (client, index) => {
        while (!signal.aborted) {
          if (!(await this.#send(apiOf(index), client))) await delay(25);
        }
      }),
    );
  }

  /** Sends again what is open, until all is acknowledged. */
  async resend(apiOf: (client: number) => HttpClient, milliseconds = 30_000): Promise<void> {
    const end = Date.now() + milliseconds;
    for (const [index, client] of this.#clients.entries()) {
      while (client.open && !(await this.#send(apiOf(index), client))) {
        assert.ok(Date.now() < end, 'what was not acknowledged is not taken');
        await delay(50);
      }
    }
  }

  /** Waits until so many more events are acknowledged while traffic goes on. */
  async growsBy(events: number, milliseconds = 30_000): Promise<void> {
    const [known, end] = [this.acknowledged, Date.now() + milliseconds];
    while (this.acknowledged < known + events) {
      assert.ok(Date.now() < end, `only ${this.acknowledged - known} events in ${milliseconds} ms`);
      await delay(20);
    }
  }

  /** @returns whether it was acknowledged */
  async #send(api: HttpClient, client: Client): Promise<boolean> {
    const batch = (client.open ??= batchOf(client.random));
    let answer: Answer;
    try {
      answer = await api.post('/v1/events', batch);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return false; // the service is gone, and nobody knows whether the events are stored
    }
    if (answer.status === 503) {
      assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/);
      this.refused += 1;
      return false;
    }
    assert.equal(answer.status, 202, answer.text);
    const { accepted, duplicates } = answer.as(ingestAnswerSchema);
    assert.equal(accepted + duplicates, batch.length);
    client.open = undefined;
    this.acknowledged += batch.length;
    return true;
  }

  /** Holds what is counted against what was acknowledged: nothing is missing, nothing is there twice. */
  async assertCounted(api: HttpClient, what = ''): Promise<void> {
    const [least, most] = [this.acknowledged, this.acknowledged + this.open];
    await settled(api, journeyId, 60_000);
    const { metrics } = (await api.get(`${path}/overview`)).as(overviewSchema);
    assert.equal(metrics.messagesSent, metrics.totalEntries);
    assert.equal(metrics.messagesSentUsers, metrics.entryUsers);
    const counted = metrics.totalEntries + metrics.messagesSent;
    assert.ok(
      counted >= least && counted <= most,
      `${what} ${least} acknowledged and ${most - least} open, ${counted} counted`,
    );
  }
}

/** Holds the stored numbers against the log folded afresh. */
export async function assertClean(api: HttpClient, journey = journeyId): Promise<void> {
  assert.deepEqual((await api.post(`/v1/journeys/${journey}/audit`)).as(auditSchema), { differences: [] });
}
