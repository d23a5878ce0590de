// Plays conformance cases over HTTP: defines, posts the events in some way, and holds every answer against the case.
import { gzipSync } from 'node:zlib';
import { Random } from '../../demo/random.ts';
import { settled } from './test-service.ts';
import { Names, type CaseRequest, type ConformanceCase, type SentEvent } from './conformance-case.ts';
import { mismatches } from './conformance-comparison.ts';
import { guarded, readCsv, readXlsx, type ReadCell } from './export-file.ts';
import type { Answer, HttpClient } from './http-client.ts';

/** How the events of a case reach the service. */
export interface Way {
  readonly name: string;
  /** A seed: the events are posted in another order. */
  readonly shuffle?: number;
  /** Events a request. Default: all in one. */
  readonly batch?: number;
  /** The share of events that are sent a second time. */
  readonly duplicates?: number;
  /** How many requests at once. */
  readonly parallel?: number;
  /** NDJSON with gzip instead of a JSON array. */
  readonly compressed?: boolean;
}

/** The items in another order. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

let runs = Date.now() % 1_000_000_000;

const describeAnswer = (answer: Answer) => `status ${answer.status}: ${answer.text.slice(0, 300)}`;

class Play {
  readonly found: string[] = [];
  readonly #api: HttpClient;
  readonly #case: ConformanceCase;
  readonly #names: Names;

  constructor(api: HttpClient, from: ConformanceCase) {
    this.#api = api;
    this.#case = from;
    runs += 1;
    this.#names = new Names(from, String(runs).padStart(12, '0'));
  }

  #pathOf(journeyId: string): string {
    return `/v1/journeys/${this.#names.journey(journeyId)}`;
  }

  async define(): Promise<void> {
    const { journeyId, definition, otherJourneys } = this.#case;
    for (const [id, each] of Object.entries({ [journeyId]: definition, ...otherJourneys })) {
      const answer = await this.#api.put(this.#pathOf(id), each);
      if (answer.status !== 201) this.found.push(`PUT ${id}: ${describeAnswer(answer)}`);
    }
  }

  /** Posts the case's events as the way says. */
  async post(way: Way): Promise<void> {
    const isOrdered = this.#case.ordered;
    const random = new Random(way.shuffle ?? 1);
    let events = this.#case.events.map((event) => this.#names.event(event));
    const ids = new Set(events.map((event) => event['id']));
    if (way.shuffle !== undefined && !isOrdered) events = shuffled(events, random);
    if (way.duplicates !== undefined && !isOrdered) {
      const again = shuffled(events, random).slice(0, Math.ceil(events.length * way.duplicates));
      for (const event of again) events.splice(Math.floor(random.next() * (events.length + 1)), 0, event);
    }
    const size = way.batch ?? events.length;
    const batches: SentEvent[][] = [];
    for (let start = 0; start < events.length; start += size) batches.push(events.slice(start, start + size));
    let accepted = 0;
    const lane = async () => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        const added = await this.#postBatch(batch, way.compressed ?? false);
        accepted += added;
      }
    };
    await Promise.all(Array.from({ length: isOrdered ? 1 : (way.parallel ?? 1) }, lane));
    if (accepted !== ids.size) this.found.push(`accepted ${accepted} events in all, expected ${ids.size}`);
  }

  async #postBatch(events: readonly SentEvent[], compressed: boolean): Promise<number> {
    const answer = compressed
      ? await this.#api.call('POST', '/v1/events', {
          bytes: gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
          headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
        })
      : await this.#api.post('/v1/events', events);
    if (answer.status !== 202) {
      this.found.push(`POST /v1/events: ${describeAnswer(answer)}`);
      return 0;
    }
    const { accepted, duplicates, rejected } = answer.json() as Record<string, unknown>; // checked next
    const isRight =
      Number(accepted) + Number(duplicates) === events.length &&
      Array.isArray(rejected) &&
      rejected.length === 0;
    if (!isRight) this.found.push(`POST /v1/events of ${events.length}: ${answer.text}`);
    return Number(accepted);
  }

  /** Waits until no event is pending in any journey that is defined now. */
  async settle(): Promise<void> {
    for (const journeyId of this.#names.journeyIds) {
      const answer = await this.#api.get(`${this.#pathOf(journeyId)}/overview`);
      if (answer.status !== 404) await settled(this.#api, this.#names.journey(journeyId));
    }
  }

  async request(request: CaseRequest): Promise<void> {
    const { method, query } = request;
    const path = this.#names.path(request.path);
    const isEvents = path === '/v1/events';
    const body =
      isEvents && Array.isArray(request.body)
        ? request.body.map((event: SentEvent) => this.#names.event(event))
        : request.body;
    if (request.expectRows) {
      const formats = query['format'] === undefined ? ['csv', 'xlsx'] : [query['format']];
      for (const format of formats) {
        await this.#exported(request, request.expectRows, path, { ...query, format });
      }
      return;
    }
    const answer = await this.#api.call(method, path, body === undefined ? { query } : { query, json: body });
    const label = `${method} ${request.path} ${JSON.stringify(query)}`;
    const status = request.expectStatus ?? (isEvents ? 202 : 200);
    if (answer.status !== status) {
      this.found.push(`${label}: expected ${status}, ${describeAnswer(answer)}`);
      return;
    }
    if (request.expect !== undefined) {
      for (const mismatch of mismatches(request.expect, answer.json()))
        this.found.push(`${label}: ${mismatch}`);
    }
    if (method !== 'GET' && !/\/(?:audience|audit)$/.test(path)) await this.settle();
  }

  /** Exports twice in one format: the expected cells, of the right kind, and the same bytes. */
  async #exported(
    { method, path: written, body }: CaseRequest,
    expected: NonNullable<CaseRequest['expectRows']>,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<void> {
    const label = `${method} ${written} ${JSON.stringify(query)}`;
    const sending = body === undefined ? { query } : { query, json: body };
    const answer = await this.#api.call(method, path, sending);
    if (answer.status !== 200) {
      this.found.push(`${label}: expected 200, ${describeAnswer(answer)}`);
      return;
    }
    const rows = this.#names.rows(expected.rows);
    if (answer.headers['x-row-count'] !== String(rows.length)) {
      this.found.push(
        `${label}: X-Row-Count ${String(answer.headers['x-row-count'])}, expected ${rows.length}`,
      );
    }
    const again = await this.#api.call(method, path, sending);
    if (!again.body.equals(answer.body)) this.found.push(`${label}: other bytes at the second time`);
    const isCsv = query['format'] === 'csv';
    const file = isCsv ? readCsv(answer.body, { bom: query['bom'] !== 'false' }) : readXlsx(answer.body);
    const wanted = rows.map((row) =>
      row.map((cell, index): ReadCell => {
        if (isCsv) return { text: typeof cell === 'number' ? String(cell) : guarded(cell) };
        if (cell === '') return null;
        if (typeof cell === 'number') return { number: cell };
        return / At$| Timestamp$/.test(expected.columns[index] ?? '') ? { instant: cell } : { text: cell };
      }),
    );
    for (const mismatch of mismatches({ columns: expected.columns, rows: wanted }, file))
      this.found.push(`${label}: ${mismatch}`);
  }

  /** A strong ETag, and 304 when nothing has changed. */
  async conditional(): Promise<void> {
    const path = `${this.#pathOf(this.#case.journeyId)}/overview`;
    const first = await this.#api.get(path);
    if (first.status !== 200) return;
    if (!/^"[^"]+"$/.test(first.etag)) this.found.push(`the overview's ETag is ${first.etag}, no strong one`);
    const second = await this.#api.get(path, {}, { 'if-none-match': first.etag });
    if (second.status !== 304 || second.body.length > 0) {
      this.found.push(`If-None-Match with its own ETag: ${describeAnswer(second)}`);
    }
  }

  async audit(): Promise<void> {
    for (const journeyId of this.#names.journeyIds) {
      const answer = await this.#api.post(`${this.#pathOf(journeyId)}/audit`);
      if (answer.status === 404) continue;
      if (answer.status !== 200) this.found.push(`audit of ${journeyId}: ${describeAnswer(answer)}`);
      else {
        for (const mismatch of mismatches({ differences: [] }, answer.json()))
          this.found.push(`audit of ${journeyId}: ${mismatch}`);
      }
    }
  }
}

/** Plays a case. @returns every mismatch. */
export async function playCase(api: HttpClient, from: ConformanceCase, way: Way): Promise<string[]> {
  const play = new Play(api, from);
  await play.define();
  await play.post(way);
  await play.settle();
  for (const request of from.requests) await play.request(request);
  await play.conditional();
  await play.audit();
  return play.found;
}
