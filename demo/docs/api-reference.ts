// The reference of the HTTP API, written from the OpenAPI document.
import { problems } from '../../bff/contract/index.ts';
import { table } from './markdown.ts';
import { openApi, shapeText, type Operation } from './open-api.ts';

interface Group {
  readonly title: string;
  readonly text: string;
  /** Whether an operation belongs here; the first group that says so has it. */
  has(method: string, path: string): boolean;
}

const groups: readonly Group[] = [
  {
    title: 'The service itself',
    text: 'Open to everybody, but for `/metrics` when `METRICS_TOKEN` is set.',
    has: (_method, path) => !path.startsWith('/v1/') || path === '/v1/openapi.json',
  },
  {
    title: 'Exports and audiences',
    text: 'Files of users, and combinations of metrics. See [Exports and audiences](/docs/exports).',
    has: (_method, path) => /\/(exports|audience|downloads)\b/.test(path),
  },
  {
    title: 'Reading',
    text: 'Numbers, each with `asOf`, the time of what is served, and `pendingEvents`, what is accepted but not yet counted.',
    has: (method, path) => method === 'get' || path.endsWith('/audit'),
  },
  { title: 'Writing', text: 'For servers with an API key only.', has: () => true },
];

const callers: Readonly<Record<string, string>> = {
  apiKey: 'API key',
  apiKeyAsUser: 'API key as the user name of Basic authentication',
  embedToken: 'embed token or token of a registered identity provider',
};

function whoMayCall({ security }: Operation, path: string): string {
  const names = security.flatMap((scheme) => Object.keys(scheme));
  if (names.length === 0) return 'Open: no credential.';
  const scope = /\/(exports|audience\/)/.test(path) ? 'users:export' : 'metrics:read';
  const kinds = names.map((name) =>
    name === 'embedToken' ? `${callers[name]} with \`${scope}\`` : (callers[name] ?? name),
  );
  return `Called with: ${kinds.join('; or ')}.`;
}

/** What each parameter says, wherever it stands. */
const parameterMeanings: Readonly<Record<string, string>> = {
  journeyId: 'the journey: 1 to 100 of `A-Z a-z 0-9 . _ ~ -`',
  stepId: 'a step of the journey',
  userId: 'your External ID of the person',
  exportId: 'as an answer named it',
  ticket: 'the last part of a link’s `url`',
  from: 'first day, `YYYY-MM-DD`, in the journey’s time zone',
  to: 'last day, included',
  compare: 'the same numbers of the range before, in `previous`',
  trend: 'with the points of each day, so that six cards are one request',
  metric: 'a metric’s id; see [What the numbers mean](/docs/numbers)',
  platform: 'only with a step’s metrics of messages',
  outcome: 'only with the metric `outcome`: one of the step’s outcomes',
  format: 'of the file',
  bom: '`false` leaves the byte order mark out of CSV',
  rebuild: '`true` allows a change that recomputes all numbers',
  cursor: 'the `nextCursor` of the answer before',
  limit: 'how many at most, 1 to 500',
};

/** @throws Error when a parameter has no words yet */
function parameterMeaning(name: string): string {
  const meaning = parameterMeanings[name];
  if (meaning === undefined) throw new Error(`api-reference.ts says nothing of the parameter ${name}`);
  return meaning;
}

function section(method: string, path: string, operation: Operation): string {
  const { summary, parameters, requestBody, responses } = operation;
  const shown = Object.entries(responses).filter(([status]) => /^[23]/.test(status));
  const refused = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
  const shape = (title: string, text: string) =>
    `<details><summary>${title}</summary>\n\n\`\`\`ts\n${text}\n\`\`\`\n\n</details>`;
  return [
    `### \`${method.toUpperCase()} ${path}\``,
    `${summary}. ${whoMayCall(operation, path)}`,
    parameters.length > 0
      ? table(
          ['parameter', 'in', 'values', 'what it says'],
          parameters.map(({ name, in: place, required, schema }) => [
            `\`${name}\`${required ? ' (required)' : ''}`,
            place,
            `\`${shapeText(schema)}\`${schema.default === undefined ? '' : `, default \`${JSON.stringify(schema.default)}\``}`,
            parameterMeaning(name),
          ]),
        )
      : '',
    ...Object.entries(requestBody?.content ?? {}).map(([media, { schema }]) =>
      shape(`Body, <code>${media}</code>`, shapeText(schema)),
    ),
    ...shown.map(([status, { description, content }]) => {
      const schema = content?.['application/json']?.schema;
      if (schema) return shape(`Answer <code>${status}</code>`, shapeText(schema));
      return status === '304' ? `Answer \`${status}\`: ${description}.` : `Answer \`${status}\`.`;
    }),
    `Refusals: ${refused
      .flatMap(([status, { description }]) =>
        Array.from(description.matchAll(/\((\w+)\)/g), ([, code]) => `\`${status} ${code}\``),
      )
      .join(', ')}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** @returns Markdown: a section for each route, by groups */
export function apiReference(): string {
  const operations = Object.entries(openApi().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const byGroup = Map.groupBy(operations, ({ method, path }) =>
    groups.find((group) => group.has(method, path)),
  );
  return groups
    .toReversed()
    .map((group) =>
      [
        `## ${group.title}`,
        group.text,
        ...(byGroup.get(group) ?? []).map(({ method, path, operation }) => section(method, path, operation)),
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** What to do about each problem. */
const remedies: Readonly<Record<keyof typeof problems, string>> = {
  invalid_parameter: 'Look at `errors`: each names a parameter and what it must be.',
  unknown_parameter:
    'A parameter is misspelt, or the route does not take it. It is refused, so that a range never gets lost.',
  invalid_body: 'The body is no JSON, no array where one is needed, no UTF-8, or broken gzip.',
  unauthorized: 'Send a credential that is valid. A widget asks `getToken` once more by itself.',
  forbidden: 'An embed token cannot write. Call from your server with the API key.',
  missing_scope: 'Mint the token with the scope that the route needs.',
  not_found:
    'The journey, step or export does not exist, or this credential must not know of it. Both look the same.',
  method_not_allowed: 'The `Allow` header names the methods.',
  rebuild_required:
    'The conversion or time zone of a journey with events changes. Repeat with `?rebuild=true`.',
  nothing_to_export: 'The number is 0, so there is no file.',
  link_used: 'A link works once, for 60 seconds. Ask for another.',
  payload_too_large: 'Send smaller batches: 10,000 events and 10 MB at most.',
  unsupported_media_type: 'The `Content-Type` or `Content-Encoding` is none that the route reads.',
  validation_failed:
    'Look at `errors`, or at `rejected` for events: each names what is wrong. Valid events of the batch are stored.',
  too_many_requests: 'Wait as long as `Retry-After` says.',
  internal: 'An error of the service. Its log has the `requestId`.',
  unavailable:
    'The database cannot be reached, or there is no room. Try again; nothing that was acknowledged is lost.',
};

/** @returns Markdown: the closed list of codes */
export function problemReference(): string {
  return table(
    ['code', 'status', 'what it says, and what to do'],
    Object.entries(problems).map(([code, { status, title }]) => [
      `\`${code}\``,
      String(status),
      // Its keys are those of the list.
      `${title}. ${remedies[code as keyof typeof problems]}`,
    ]),
  );
}
