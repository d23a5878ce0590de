// What a sender can be told, and what it does untold.
import type { limits } from '../contract/event.ts';
import type { IngestError } from './ingest-error.ts';
import type { IngestEvent } from './ingest-event.ts';

/** An event that the service found invalid, and why. It is not sent again. */
export interface Rejection {
  readonly event: IngestEvent;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

export interface IngestOptions {
  /** The BFF's base URL. */
  readonly endpoint: string;
  /** An API key of the workspace: `jk_…`. */
  readonly apiKey: string;
  /** A request is sent as soon as this many events wait. Default 5,000, at most 10,000. */
  readonly eventsPerRequest?: number | undefined;
  /** A request is sent as soon as this much JSON waits, before compression. Default 1 MB, at most 10 MB. */
  readonly bytesPerRequest?: number | undefined;
  /** A request is sent as soon as an event has waited this long. Default 1 s. */
  readonly delayMilliseconds?: number | undefined;
  /** How much JSON may wait before `enqueue` makes its caller wait. Default 64 MB. */
  readonly queueBytes?: number | undefined;
  /** How long a request is tried again, from its first attempt. Default 1 hour; `Infinity`: until `shutdown`. */
  readonly retryMilliseconds?: number | undefined;
  /** How long one attempt may take. Default 30 s. */
  readonly requestMilliseconds?: number | undefined;
  /** Called with the events of a request that are invalid; the others are stored. Default: a process warning. */
  readonly onRejected?: ((rejections: readonly Rejection[]) => unknown) | undefined;
  /** Called when events are given up. Default: a process warning. */
  readonly onError?: ((error: IngestError) => unknown) | undefined;
}

/** What one request may hold at most. Only the types of the contract are imported, and they hold these to its values. */
const eventsOfARequest: typeof limits.eventsPerRequest = 10_000;
export const bytesOfARequest: typeof limits.bytesPerRequest = 10_000_000;

/** Of each number its default, and between what it must lie. */
const numbers = {
  eventsPerRequest: [5_000, 1, eventsOfARequest],
  bytesPerRequest: [1_000_000, 1, bytesOfARequest],
  delayMilliseconds: [1_000, 0, 3_600_000],
  queueBytes: [64_000_000, 1, Number.MAX_SAFE_INTEGER],
  retryMilliseconds: [3_600_000, 0, Number.POSITIVE_INFINITY],
  requestMilliseconds: [30_000, 1, 3_600_000],
} as const;

export type CheckedOptions = Readonly<Record<keyof typeof numbers, number>> & {
  readonly url: string;
  readonly apiKey: string;
  readonly onRejected: (rejections: readonly Rejection[]) => unknown;
  readonly onError: (error: IngestError) => unknown;
};

function numberOf(options: IngestOptions, name: keyof typeof numbers): number {
  const [preset, least, most] = numbers[name];
  const number = options[name] ?? preset;
  if (typeof number === 'number' && number >= least && number <= most) return number;
  throw new RangeError(`${name} must be a number from ${least} to ${most}`);
}

function urlOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain =
    url && /^https?:$/.test(url.protocol) && `${url.username}${url.password}${url.search}` === '';
  if (!isPlain) throw new TypeError('endpoint must be an http or https URL without credentials and query');
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return new URL('v1/events', url).href;
}

/** @throws TypeError, RangeError when an option is not what it must be; never with its value, which may be a secret */
export function checkOptions(options: IngestOptions): CheckedOptions {
  const { endpoint, apiKey, onRejected = warnOfRejections, onError = warnOfError } = options;
  // fetch would repeat a key that no header can hold in the text of its error.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey must be an API key: jk_ and more');
  }
  return {
    url: urlOf(endpoint),
    apiKey,
    eventsPerRequest: numberOf(options, 'eventsPerRequest'),
    bytesPerRequest: numberOf(options, 'bytesPerRequest'),
    delayMilliseconds: numberOf(options, 'delayMilliseconds'),
    queueBytes: numberOf(options, 'queueBytes'),
    retryMilliseconds: numberOf(options, 'retryMilliseconds'),
    requestMilliseconds: numberOf(options, 'requestMilliseconds'),
    onRejected,
    onError,
  };
}

const warning = 'JourneyAnalyticsWarning';

function warnOfRejections(rejections: readonly Rejection[]): void {
  process.emitWarning(`${rejections.length} events are not valid and were not stored`, warning);
}

function warnOfError(error: IngestError): void {
  process.emitWarning(error.message, warning, error.code);
}
