// A conformance case as it stands in its file, and renamed so that cases never meet on one server.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { compareCodePoints } from '../../bff/contract/index.ts';

const records = v.record(v.string(), v.unknown());

const requestSchema = v.strictObject({
  method: v.optional(v.picklist(['GET', 'POST', 'PUT', 'DELETE']), 'GET'),
  path: v.string(),
  query: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.unknown()),
  expectStatus: v.optional(v.number()),
  expect: v.optional(v.unknown()),
  expectRows: v.optional(
    v.strictObject({
      columns: v.array(v.string()),
      rows: v.array(v.array(v.union([v.string(), v.number()]))),
    }),
  ),
});
export type CaseRequest = v.InferOutput<typeof requestSchema>;

const caseSchema = v.strictObject({
  name: v.string(),
  why: v.string(),
  notes: v.string(),
  journeyId: v.string(),
  definition: v.unknown(),
  otherJourneys: v.optional(v.record(v.string(), v.unknown()), {}),
  laterJourneys: v.optional(v.array(v.string()), []),
  ordered: v.optional(v.boolean(), false),
  events: v.array(records),
  requests: v.array(requestSchema),
});
export type ConformanceCase = v.InferOutput<typeof caseSchema>;

const folder = path.join(import.meta.dirname, '../conformance');

/** Every case, in order of its file. */
export function conformanceCases(): ConformanceCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => v.parse(caseSchema, JSON.parse(readFileSync(path.join(folder, name), 'utf8'))));
}

const relative = /^now(?:([+-]\d+)(ms|s|m|h|d))?$/;
const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An event as it is sent. */
export type SentEvent = Readonly<Record<string, unknown>>;

/** The names of one run of a case: journeys get a suffix, events and users a prefix, times that are relative an instant. */
export class Names {
  /** Every journey of the case, whether it is defined at the start or later. */
  readonly journeyIds: readonly string[];
  readonly #run: string;
  readonly #now = Date.now();

  /** @param run digits that no other run has; always of one length, so that ids keep their order */
  constructor(from: ConformanceCase, run: string) {
    this.journeyIds = [from.journeyId, ...Object.keys(from.otherJourneys), ...from.laterJourneys];
    this.#run = run;
  }

  journey(journeyId: string): string {
    return this.journeyIds.includes(journeyId) ? `${journeyId}-${this.#run}` : journeyId;
  }

  user(userId: string): string {
    return userId.includes('{run}') ? userId.replaceAll('{run}', this.#run) : `${this.#run}-${userId}`;
  }

  at(at: string): string {
    const parts = relative.exec(at);
    if (!parts) return at;
    const [, amount = '0', unit = 'ms'] = parts;
    return new Date(this.#now + Number(amount) * units[unit as keyof typeof units]).toISOString(); // as the pattern has it
  }

  event(event: SentEvent): SentEvent {
    const renamed = { ...event };
    const rename = (field: string, by: (text: string) => string) => {
      if (typeof renamed[field] === 'string') renamed[field] = by(renamed[field]);
    };
    rename('id', (id) => `${this.#run}-${id}`);
    rename('userId', (userId) => this.user(userId));
    rename('journeyId', (journeyId) => this.journey(journeyId));
    rename('at', (at) => this.at(at));
    return renamed;
  }

  path(written: string): string {
    const parts = written.split('/').map(decodeURIComponent);
    return parts
      .map((part, index) => {
        const before = parts[index - 1];
        if (before === 'journeys') return this.journey(part);
        return before === 'users' ? this.user(part) : part;
      })
      .map(encodeURIComponent)
      .join('/');
  }

  /** Expected rows of an export, renamed, and in its order: by id, one id's events by their time. */
  rows(rows: readonly (readonly (string | number)[])[]): (string | number)[][] {
    return rows
      .map(([id, ...others]) => [this.user(String(id)), ...others])
      .toSorted(
        ([id, second], [otherId, otherSecond]) =>
          compareCodePoints(String(id), String(otherId)) || (String(second) < String(otherSecond) ? -1 : 1),
      );
  }
}
