// `journey-analytics/client`: the reading routes of the API with their types, for hosts that draw numbers themselves or hand
// them to the elements as `data`. It needs no DOM, so a server may use it too.
import type {
  Audience,
  EmbedTokenAnswer,
  ExportFormat,
  Flow,
  Journey,
  Overview,
  Scope,
  StepAnswer,
  Trend,
} from '../bff/contract/index.ts';
import {
  audienceLinkPath,
  audiencePath,
  exportLinkPath,
  exportPath,
  flowPath,
  journeyPath,
  overviewPath,
  stepPath,
  trendPath,
} from './connection/paths.ts';
import { Requests } from './connection/requests.ts';
import { TokenSource, type GetToken } from './connection/token-source.ts';

export { LoadFailure, type LoadFailureCode } from './connection/load-failure.ts';
export type { GetToken, TokenAnswer, TokenReason } from './connection/token-source.ts';
export type { Audience, EmbedTokenAnswer, ExportFormat, Flow, Journey, Overview, Scope, StepAnswer, Trend };

export interface ClientOptions {
  /** The BFF's base URL. */
  readonly endpoint: string;
  /** Gives an embed token, or on a server an API key. Asked at first need, and again when the token is over. */
  readonly getToken: GetToken;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** Days as `YYYY-MM-DD`, both inclusive; absent: all time. */
export interface RangeOptions extends RequestOptions {
  readonly from?: string | null;
  readonly to?: string | null;
}

export interface CompareOptions extends RangeOptions {
  readonly compare?: 'previous' | null;
}

export interface MetricOptions extends RangeOptions {
  readonly stepId?: string | null;
  readonly platform?: string | null;
  readonly outcome?: string | null;
}

export interface AudienceCount {
  readonly users: number;
  readonly asOf: string;
  readonly pendingEvents: number;
}

/** A link to one file, good once and for a minute. */
export interface ExportLink {
  readonly url: string;
  readonly expiresAt: string;
  readonly exportId: string;
  readonly rows: number;
}

export interface ExportState {
  readonly state: 'waiting' | 'streaming' | 'complete' | 'broken' | 'expired';
  readonly rows: number;
  readonly rowsSent: number;
}

export interface EmbedTokenOptions extends RequestOptions {
  /** Who the token is for, as the audit trail of exports will name them. */
  readonly subject: string;
  /** `['*']`: all of the workspace. */
  readonly journeyIds: readonly string[];
  readonly scopes: readonly Scope[];
  /** Default: 600, at most 3,600. */
  readonly expiresInSeconds?: number;
}

/** Every method rejects with a LoadFailure, or with the reason of its signal. */
export interface Client {
  /** The journeys that the token may read, in pages of 100 in order of their ids. */
  journeys(
    options?: RequestOptions & { readonly cursor?: string | null },
  ): Promise<{ readonly journeys: readonly Journey[]; readonly nextCursor: string | null }>;
  journey(journeyId: string, options?: RequestOptions): Promise<Journey>;
  /** With the points of each metric by day. */
  overview(journeyId: string, options?: CompareOptions): Promise<Overview>;
  flow(journeyId: string, options?: CompareOptions): Promise<Flow>;
  step(journeyId: string, stepId: string, options?: RangeOptions): Promise<StepAnswer>;
  trend(journeyId: string, metric: string, options?: MetricOptions): Promise<Trend>;
  audience(journeyId: string, where: Audience, options?: RangeOptions): Promise<AudienceCount>;
  exportLink(
    journeyId: string,
    metric: string,
    format: ExportFormat,
    options?: MetricOptions,
  ): Promise<ExportLink>;
  audienceLink(
    journeyId: string,
    where: Audience,
    format: ExportFormat,
    options?: RangeOptions,
  ): Promise<ExportLink>;
  exportState(exportId: string, options?: RequestOptions): Promise<ExportState>;
  /** With an API key only: what a host's backend answers to its page's `getToken`. */
  embedToken(request: EmbedTokenOptions): Promise<EmbedTokenAnswer>;
}

const never = new AbortController().signal;

/**
 * A client of one BFF.
 * @throws TypeError for an endpoint that is no http or https address
 */
export function createClient({ endpoint, getToken }: ClientOptions): Client {
  const requests = new Requests(endpoint, new TokenSource(getToken));
  // Each route answers with the type that the contract gives it.
  const get = async <Answer>(path: string, { signal = never }: RequestOptions): Promise<Answer> => {
    const answer = await requests.get(path, null, signal);
    return (answer as { readonly data: Answer }).data; // without an ETag asked about, there is always one
  };
  const post = async <Answer>(path: string, { signal = never }: RequestOptions, body?: unknown) =>
    (await requests.post(path, signal, body)) as Answer;
  const link = async (path: string, options: RequestOptions, body?: unknown): Promise<ExportLink> => {
    const answer = await post<ExportLink>(path, options, body);
    // The service writes it from its own root, which may lie behind a path.
    return { ...answer, url: requests.resolve(answer.url)?.href ?? answer.url };
  };
  const range = ({ from = null, to = null }: RangeOptions) => ({ from, to });
  const all = (journey: string, options: CompareOptions) => ({
    journey,
    ...range(options),
    compare: options.compare ?? null,
  });
  const one = (
    journey: string,
    metric: string,
    { stepId: step = null, platform = null, outcome = null, ...options }: MetricOptions,
  ) => ({ journey, metric, step, platform, outcome, ...range(options) });

  return {
    journeys: ({ cursor, ...options } = {}) =>
      get(
        cursor === undefined || cursor === null
          ? 'v1/journeys'
          : `v1/journeys?cursor=${encodeURIComponent(cursor)}`,
        options,
      ),
    journey: (journey, options = {}) => get(journeyPath(journey), options),
    overview: (journey, options = {}) => get(overviewPath(all(journey, options)), options),
    flow: (journey, options = {}) => get(flowPath(all(journey, options)), options),
    step: (journey, stepId, options = {}) => get(stepPath(all(journey, options), stepId), options),
    trend: (journey, metric, options = {}) => get(trendPath(one(journey, metric, options)), options),
    audience: (journey, where, options = {}) =>
      post(audiencePath({ journey, ...range(options) }), options, { where }),
    exportLink: (journey, metric, format, options = {}) =>
      link(exportLinkPath(one(journey, metric, options), format), options),
    audienceLink: (journey, where, format, options = {}) =>
      link(audienceLinkPath({ journey, ...range(options) }, format), options, { where }),
    exportState: (exportId, options = {}) => get(exportPath(exportId), options),
    embedToken: ({ signal = never, ...request }) => post('v1/embed-tokens', { signal }, request),
  };
}
